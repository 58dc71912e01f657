#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <tenon/monitor/psi.hpp>

namespace tn = tenon;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {
using counts = std::array<double, 3>;
}

TEST_CASE("the index of proportional counts is zero", "[psi]") {
    CHECK_THAT(tn::psi(counts{10, 20, 30}, counts{10, 20, 30}), WithinAbs(0.0, 1e-15));
    CHECK_THAT(tn::psi(counts{10, 20, 30}, counts{100, 200, 300}), WithinAbs(0.0, 1e-15));
}

TEST_CASE("the index is the sum over bins of (p - q) ln(p / q), the same both ways", "[psi]") {
    const counts before{50, 30, 20}, now{20, 30, 50};
    const double wanted = 2 * 0.3 * std::log(2.5);
    CHECK_THAT(tn::psi(before, now), WithinRel(wanted, 1e-14));
    CHECK_THAT(tn::psi(now, before), WithinRel(wanted, 1e-14));
}

TEST_CASE("an empty bin is floored, one that is empty on both sides does not count", "[psi]") {
    const double floored = (0.5 - 1e-4) * std::log(0.5 / 1e-4) + (0.5 - 1) * std::log(0.5);
    CHECK_THAT(tn::psi(counts{50, 50, 0}, counts{0, 80, 0}), WithinRel(floored, 1e-12));
    CHECK(tn::psi(counts{0, 0, 0}, counts{1, 2, 3}) == 0);
    CHECK(tn::psi(counts{1, 2, 3}, counts{0, 0, 0}) == 0);
}

TEST_CASE("a count added to every bin keeps an empty one from deciding alone", "[psi]") {
    // The bin that is empty on both sides takes none.
    const std::array<double, 3> before{50, 50, 0}, now{5, 4, 0};
    const double p = 50.5 / 101, q = 5.5 / 10;
    CHECK_THAT(tn::psi(before, now, 0.5),
               WithinRel((p - q) * std::log(p / q) + (q - p) * std::log((1 - p) / (1 - q)), 1e-12));
    const counts rare{90, 9, 1}, later{18, 2, 0};
    CHECK(tn::psi(rare, later, 0.5) < 0.5 * tn::psi(rare, later));
    CHECK_THAT(tn::psi(later, rare, 0.5), WithinRel(tn::psi(rare, later, 0.5), 1e-14));
}

TEST_CASE("the threshold falls with the sample sizes, to 0.1", "[psi]") {
    const counts hundred{40, 30, 30}, thousand{400, 300, 300}, many{4e5, 3e5, 3e5};
    // 99 % of a chi-squared variable with two degrees of freedom.
    const double quantile = -2 * std::log(0.01);
    CHECK_THAT(tn::psi_threshold(hundred, hundred, 0.01), WithinRel(quantile * 0.02, 1e-12));
    CHECK_THAT(tn::psi_threshold(thousand, counts{20, 0, 0}, 0.01),
               WithinRel(quantile * (0.001 + 0.05), 1e-12));
    CHECK(tn::psi_threshold(many, many, 0.01) == 0.1);
    CHECK(tn::psi_threshold(hundred, hundred, 0.001) > tn::psi_threshold(hundred, hundred, 0.01));
}

TEST_CASE("without rows on one side nothing passes the threshold", "[psi]") {
    CHECK(std::isinf(tn::psi_threshold(counts{1, 2, 3}, counts{0, 0, 0}, 0.01)));
    CHECK(std::isinf(tn::psi_threshold(counts{0, 0, 0}, counts{1, 2, 3}, 0.01)));
}

TEST_CASE("bins that are empty on both sides are no degrees of freedom", "[psi]") {
    const std::array<double, 5> padded{40, 0, 30, 30, 0};
    CHECK(tn::psi_threshold(padded, padded, 0.01) ==
          tn::psi_threshold(counts{40, 30, 30}, counts{40, 30, 30}, 0.01));
    const counts alone{50, 0, 0};
    CHECK(tn::psi_threshold(alone, alone, 0.01) == 0.1); // one bin: no chance at all
}
