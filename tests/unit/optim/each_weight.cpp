#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <tenon/core/random.hpp>
#include <tenon/optim/each_weight.hpp>
#include <vector>

namespace tn = tenon;

namespace {

template <class T>
std::vector<T> some(std::size_t n, std::uint64_t seed) {
    tn::philox random(seed);
    std::vector<T> values(n);
    for (T& v : values) v = static_cast<T>(random.uniform(0.5, 2));
    return values;
}

} // namespace

TEMPLATE_TEST_CASE("each weight is updated once, whatever their number", "[optim]", float, double) {
    using T = TestType;
    const auto update = [](auto& weight, const auto& slope, auto&& root, auto& sum, auto& last) {
        auto size = slope;
        root(size);
        sum += slope;
        weight -= size * last;
        last = weight + sum;
    };
    for (std::size_t n = 0; n < 70; ++n) {
        // One more of each, which stays as it is.
        auto w = some<T>(n + 1, 1), sum = some<T>(n + 1, 2), last = some<T>(n + 1, 3);
        const auto g = some<T>(n, 4);
        auto weights = w, sums = sum, lasts = last;
        for (std::size_t i = 0; i < n; ++i) {
            sums[i] += g[i];
            weights[i] -= std::sqrt(g[i]) * lasts[i];
            lasts[i] = weights[i] + sums[i];
        }
        tn::detail::each_weight(std::span(w).first(n), std::span<const T>(g), update, sum.data(),
                                last.data());
        INFO(n);
        CHECK(w == weights);
        CHECK(sum == sums);
        CHECK(last == lasts);
    }
}

TEST_CASE("the larger of two is NaN where the second is", "[optim]") {
    CHECK(tn::detail::larger_of(2.0, 1.0) == 2);
    CHECK(tn::detail::larger_of(1.0, 2.0) == 2);
    CHECK(std::isnan(tn::detail::larger_of(1.0, std::nan(""))));
}
