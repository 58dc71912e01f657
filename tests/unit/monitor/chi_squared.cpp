#include "support/catch.hpp"

#include <cmath>
#include <tenon/monitor/chi_squared.hpp>

namespace tn = tenon;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

TEST_CASE("two degrees of freedom have a closed form", "[chi_squared]") {
    for (double p : {1e-9, 0.01, 0.3, 0.5, 0.95, 0.999, 1 - 1e-9})
        CHECK_THAT(tn::chi_squared_quantile(p, 2), WithinRel(-2 * std::log1p(-p), 1e-7));
    for (double p : {0.01, 0.5, 0.99})
        CHECK_THAT(tn::chi_squared_quantile(p, 2), WithinRel(-2 * std::log1p(-p), 1e-12));
}

TEST_CASE("one degree of freedom is a squared normal variable", "[chi_squared]") {
    // The two-sided quantiles of the normal distribution, squared.
    CHECK_THAT(tn::chi_squared_quantile(0.95, 1), WithinRel(1.959963984540054 * 1.959963984540054, 1e-12));
    CHECK_THAT(tn::chi_squared_quantile(0.99, 1), WithinRel(2.5758293035489004 * 2.5758293035489004, 1e-12));
}

TEST_CASE("quantiles rise with the probability and with the degrees", "[chi_squared]") {
    for (double d : {1.0, 9.0, 40.0}) {
        CHECK(tn::chi_squared_quantile(0.5, d) < tn::chi_squared_quantile(0.6, d));
        CHECK(tn::chi_squared_quantile(0.5, d) < tn::chi_squared_quantile(0.5, d + 1));
    }
    CHECK(tn::chi_squared_quantile(0.99, 0) == 0); // one bin: nothing can vary
}

TEST_CASE("the incomplete gamma function is a probability on both sides of its branches", "[chi_squared]") {
    CHECK(tn::detail::incomplete_gamma(2, 0) == 0);
    CHECK(tn::detail::incomplete_gamma(2, -1) == 0);
    CHECK_THAT(tn::detail::incomplete_gamma(1, 3),
               WithinRel(1 - std::exp(-3.0), 1e-14)); // the continued fraction
    CHECK_THAT(tn::detail::incomplete_gamma(1, 0.5), WithinRel(1 - std::exp(-0.5), 1e-14)); // the series
    for (double a : {0.5, 4.5, 100.0}) { // where one takes over from the other
        const double below = tn::detail::incomplete_gamma(a, std::nextafter(a + 1, 0.0));
        CHECK_THAT(tn::detail::incomplete_gamma(a, a + 1), WithinRel(below, 1e-12));
    }
    CHECK_THAT(tn::detail::incomplete_gamma(3, 200), WithinAbs(1.0, 1e-15));
}
