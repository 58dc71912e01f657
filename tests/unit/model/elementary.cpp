#include "support/catch.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tenon/core/random.hpp>
#include <tenon/model/elementary.hpp>
#include <type_traits>

using tenon::hyperbolic_tangent;
using tenon_test::WithinAbs;

namespace {

/// How many floating-point numbers lie between a and b.
template <class T>
std::int64_t distance_in_ulp(T a, T b) {
    using bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    auto ordered = [](T v) {
        const bits i = std::bit_cast<bits>(v);
        return static_cast<std::int64_t>(i < 0 ? std::numeric_limits<bits>::min() - i : i);
    };
    const std::int64_t d = ordered(a) - ordered(b);
    return d < 0 ? -d : d;
}

template <class T>
T reference(T v) {
    return static_cast<T>(std::tanh(static_cast<long double>(v)));
}

} // namespace

TEMPLATE_TEST_CASE("tanh is within 4 units in the last place", "[model]", float, double) {
    tenon::philox random(1);
    std::int64_t worst = 0;
    for (int i = 0; i < 200000; ++i) {
        // Magnitudes from 1e-8 to 40, both signs.
        const double size = std::exp(random.uniform(std::log(1e-8), std::log(40.0)));
        const TestType v = static_cast<TestType>(random.below(2) == 0 ? size : -size);
        worst = std::max(worst, distance_in_ulp(hyperbolic_tangent(v), reference(v)));
    }
    CHECK(worst <= 4);
}

TEMPLATE_TEST_CASE("tanh is odd, between -1 and 1, and 0 at 0", "[model]", float, double) {
    CHECK(hyperbolic_tangent(TestType{0}) == 0);
    for (int i = 1; i < 4000; ++i) {
        const TestType v = static_cast<TestType>(i) / 100;
        const TestType t = hyperbolic_tangent(v);
        CHECK((t > 0 && t <= 1));
        CHECK(distance_in_ulp(hyperbolic_tangent(-v), -t) <= 4);
    }
}

TEMPLATE_TEST_CASE("tanh saturates and lets NaN through", "[model]", float, double) {
    using limits = std::numeric_limits<TestType>;
    CHECK(hyperbolic_tangent(limits::infinity()) == 1);
    CHECK(hyperbolic_tangent(-limits::infinity()) == -1);
    CHECK(hyperbolic_tangent(limits::max()) == 1);
    CHECK(hyperbolic_tangent(limits::lowest()) == -1);
    CHECK(std::isnan(hyperbolic_tangent(limits::quiet_NaN())));
    CHECK_THAT(hyperbolic_tangent(limits::denorm_min()), WithinAbs(0, 1e-30));
}

TEST_CASE("tanh can be computed by the compiler", "[model]") {
    constexpr double half = hyperbolic_tangent(0.5);
    STATIC_REQUIRE(half > 0.46211715726000 && half < 0.46211715726002);
}
