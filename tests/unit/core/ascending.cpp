#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <tenon/core/ascending.hpp>
#include <tenon/core/random.hpp>
#include <vector>

namespace tn = tenon;

namespace {

/// Of all sizes and signs, with many equal values.
std::vector<double> numbers(std::size_t n, std::uint64_t seed) {
    tn::philox random(tn::seed{seed});
    std::vector<double> values(n);
    for (double& v : values) {
        const std::uint64_t bits = random.bits();
        v = bits % 4 == 0
                ? static_cast<double>(bits >> 58) - 31
                : std::ldexp(static_cast<double>(bits >> 11) - 0x1p52, static_cast<int>(bits % 600) - 300);
    }
    return values;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

} // namespace

TEST_CASE("numbers are sorted as the standard library sorts them", "[ascending]") {
    for (const std::size_t n : {0u, 1u, 2u, 63u, 64u, 65u, 1000u, 5000u}) {
        std::vector<double> values = numbers(n, n), expected = values;
        std::sort(expected.begin(), expected.end());
        tn::detail::sort_ascending(values);
        CHECK(same_bits(values, expected));
    }
}

TEST_CASE("the ends of the number line have their places", "[ascending]") {
    constexpr double inf = std::numeric_limits<double>::infinity(), tiny = 5e-324;
    const std::vector<double> ordered{-inf, -1e308, -1, -tiny, -0.0, 0.0, tiny, 1, 1e308, inf};
    std::vector<double> values(ordered.rbegin(), ordered.rend());
    values.insert(values.begin() + 3, std::nan(""));
    tn::detail::sort_ascending(values);
    CHECK(std::isnan(values.back()));
    values.pop_back();
    CHECK(same_bits(values, ordered));
}

TEST_CASE("places of equal values keep their order", "[ascending]") {
    for (const std::size_t n : {10u, 3000u}) {
        const std::vector<double> values = numbers(n, 7);
        std::vector<std::size_t> expected(n);
        std::iota(expected.begin(), expected.end(), std::size_t{0});
        std::stable_sort(expected.begin(), expected.end(),
                         [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
        CHECK(tn::detail::ascending_places(n, [&](std::size_t i) { return values[i]; }) == expected);
    }
    const std::vector<double> zeros{0.0, -0.0, 0.0};
    CHECK(tn::detail::ascending_places(3, [&](std::size_t i) { return zeros[i]; }) ==
          std::vector<std::size_t>{0, 1, 2});
}
