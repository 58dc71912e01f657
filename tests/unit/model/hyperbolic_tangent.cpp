// Exact points of tanh; how far all others are right is looked at in elementary.cpp.

#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <tenon/core/lanes.hpp>
#include <tenon/model/hyperbolic_tangent.hpp>

using tenon::hyperbolic_tangent;
using tenon::hyperbolic_tangent_of;
using tenon_test::WithinRel;

TEMPLATE_TEST_CASE("tanh has its exact points", "[model]", float, double) {
    using T = TestType;
    const double rounding = 4 * static_cast<double>(std::numeric_limits<T>::epsilon());
    const auto at = [](double v) { return static_cast<double>(hyperbolic_tangent(static_cast<T>(v))); };
    // (e²ᵛ - 1) / (e²ᵛ + 1) of logarithms.
    CHECK_THAT(at(std::log(3.0) / 2), WithinRel(0.5, rounding));
    CHECK_THAT(at(std::log(2.0)), WithinRel(0.6, rounding));
    CHECK_THAT(at(-std::log(3.0)), WithinRel(-0.8, rounding));
    CHECK_THAT(at(-std::log(7.0)), WithinRel(-0.96, rounding));
    CHECK_THAT(at(0.5), WithinRel(0.46211715726000976, rounding));
    CHECK_THAT(at(1), WithinRel(0.76159415595576489, rounding));
    CHECK_THAT(at(5), WithinRel(0.99990920426259513, rounding));
}

TEMPLATE_TEST_CASE("so near zero that it is straight, tanh gives back what came", "[model]", float, double) {
    using limits = std::numeric_limits<TestType>;
    for (const TestType v : {TestType(1e-12), TestType(1e-30), limits::min(), limits::min() / 8}) {
        CHECK(hyperbolic_tangent(v) == v);
        CHECK(hyperbolic_tangent(-v) == -v);
    }
    // The next term is -v³/3.
    CHECK_THAT(static_cast<double>(hyperbolic_tangent(TestType(0.0078125))),
               WithinRel(0.0078123410581610138, 2 * static_cast<double>(limits::epsilon())));
}

TEST_CASE("tanh goes on to 1 until it is nearer than any number below", "[model]") {
    CHECK(hyperbolic_tangent(8.0F) < 1);
    CHECK(hyperbolic_tangent(10.0F) == 1);
    CHECK(hyperbolic_tangent(17.0) < 1);
    CHECK(hyperbolic_tangent(-20.0) == -1);
}

TEMPLATE_TEST_CASE("numbers side by side take either formula, each its own", "[model]", float, double) {
    using T = TestType;
    constexpr std::size_t n = 16 / sizeof(T);
    const T infinity = std::numeric_limits<T>::infinity();
    const T all[] = {T(0.1),  infinity, T(-0.0), T(-3),   infinity - infinity, T(0.79),
                     T(0.81), T(-1e30), T(2),    T(1e-9), -infinity,           T(-0.5)};
    for (std::size_t first = 0; first < 12; first += n) {
        tenon::detail::lanes<T, n> v{};
        for (std::size_t k = 0; k < n; ++k) v[k] = all[first + k];
        hyperbolic_tangent_of(v);
        for (std::size_t k = 0; k < n; ++k) {
            const T got = v[k], alone = hyperbolic_tangent(all[first + k]);
            if (std::isnan(all[first + k])) {
                CHECK(std::isnan(got));
                continue;
            }
            CHECK(std::abs(got - alone) <= 4 * std::numeric_limits<T>::epsilon() * std::abs(alone));
            CHECK(std::signbit(got) == std::signbit(all[first + k]));
        }
    }
}
