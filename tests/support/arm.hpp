// Rows with two targets of different sizes.
#pragma once

#include <array>
#include <cstddef>
#include <tenon/core/random.hpp>
#include <tenon/data/dataset.hpp>
#include <utility>
#include <vector>

namespace tenon_test {

struct arm : tenon::schema<tenon::numeric<"a">, tenon::numeric<"b">, tenon::target<"x">, tenon::target<"y">> {
};

/// x = a² + b and y = a - 2·b + noise in units of `scale`, from `shift` on.
inline tenon::dataset<arm> moves(double scale = 1, double shift = 0, std::size_t rows = 300) {
    tenon::philox random(21);
    tenon::matrix<double> x(rows, 2);
    std::vector<std::array<double, 2>> y;
    for (std::size_t r = 0; r < rows; ++r) {
        const double a = x(r, 0) = random.normal(), b = x(r, 1) = random.normal();
        y.push_back({a * a + b, scale * (a - 2 * b + 0.1 * random.normal()) + shift});
    }
    return {std::move(x), std::move(y), arm::info()};
}

} // namespace tenon_test
