#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <tenon/core/concepts.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/optim/proximal.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

static_assert(tn::Penalty<tn::l1_penalty> && tn::Penalty<tn::elastic_penalty> &&
              tn::Penalty<tn::group_lasso_penalty>);
static_assert(tn::detail::ProximalPenalty<tn::l1_penalty, float> &&
              tn::detail::ProximalPenalty<tn::group_lasso_penalty, double>);
static_assert(std::is_trivially_copyable_v<tn::elastic_penalty>);

namespace {

using values = std::vector<double>;
const values weights{1, -2, 0.05, 0, -0.1};

/// A proximal step in which weight i is reached as far as reach[i].
template <class P>
values stepped(const P& penalty, values w, const values& reach) {
    penalty.proximal(std::span<double>(w), [&](std::size_t i) { return reach[i]; });
    return w;
}

template <class P>
double value_of(const P& penalty, const values& w) {
    values g(w.size());
    return penalty(std::span<const double>(w), std::span<const double>(w), std::span<double>(g));
}

/// What a proximal step makes smallest: Σ (x - u)² / (2·reach) + penalty(x).
template <class P>
double objective(const P& penalty, const values& x, const values& u, const values& reach) {
    double sum = value_of(penalty, x);
    for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - u[i]) * (x[i] - u[i]) / (2 * reach[i]);
    return sum;
}

/// Whether the objective is larger all around where the proximal step ends.
template <class P>
bool ends_lowest(const P& penalty, const values& u, const values& reach) {
    const values x = stepped(penalty, u, reach);
    const double least = objective(penalty, x, u, reach);
    for (std::size_t i = 0; i < x.size(); ++i) {
        for (const double away : {-1e-2, -1e-4, 1e-4, 1e-2}) {
            values other = x;
            other[i] += away;
            if (!(least < objective(penalty, other, u, reach))) return false;
        }
    }
    return true;
}

const values even(5, 0.5), uneven{0.5, 0.1, 2, 1, 0.3};

} // namespace

TEST_CASE("l1 costs its strength times the sizes and moves weights towards zero, to exactly zero",
          "[optim]") {
    CHECK_THAT(value_of(tn::l1(0.2), weights), WithinRel(0.2 * 3.15, 1e-14));
    const values moved = stepped(tn::l1(0.2), weights, even);
    CHECK_THAT(moved[0], WithinRel(0.9, 1e-15));
    CHECK_THAT(moved[1], WithinRel(-1.9, 1e-15));
    CHECK(moved[2] == 0);
    CHECK(moved[3] == 0);
    CHECK(moved[4] == 0);
}

TEST_CASE("a proximal step finds the smallest sum of distance and penalty", "[optim]") {
    for (const values& reach : {even, uneven}) {
        CAPTURE(reach);
        CHECK(ends_lowest(tn::l1(0.2), weights, reach));
        CHECK(ends_lowest(tn::group_lasso(0.2), weights, reach));
        CHECK(ends_lowest(tn::group_lasso(0.9), weights, reach));
        CHECK(ends_lowest(tn::group_lasso(5), weights, reach));
    }
}

TEST_CASE("a group is shortened as the closed form says, and leaves as a whole", "[optim]") {
    const double length = std::sqrt(1 + 4 + 0.05 * 0.05 + 0.01);
    CHECK_THAT(value_of(tn::group_lasso(0.2), weights), WithinRel(0.2 * std::sqrt(5.0) * length, 1e-14));
    const values shorter = stepped(tn::group_lasso(0.2), weights, even);
    const double share = 1 - 0.5 * 0.2 * std::sqrt(5.0) / length;
    for (std::size_t i = 0; i < 5; ++i) CHECK_THAT(shorter[i], WithinAbs(share * weights[i], 1e-14));
    CHECK(stepped(tn::group_lasso(5), weights, even) == values(5, 0.0));
    CHECK(stepped(tn::group_lasso(5), values(5, 0.0), even) == values(5, 0.0));
}

TEST_CASE("elastic is l1 by its step and l2 by its slope", "[optim]") {
    const auto penalty = tn::elastic({.l1 = 0.2, .l2 = 0.7});
    CHECK_THAT(value_of(penalty, weights), WithinRel(0.2 * 3.15 + 0.35 * 5.0125, 1e-14));
    values g(5);
    penalty(std::span<const double>(weights), std::span<const double>(weights), std::span<double>(g));
    const auto smooth = tn::elastic({.l2 = 0.7});
    for (std::size_t i = 0; i < 5; ++i) {
        constexpr double h = 1e-6;
        values up = weights, down = weights;
        up[i] += h;
        down[i] -= h;
        CHECK_THAT(g[i], WithinAbs((value_of(smooth, up) - value_of(smooth, down)) / (2 * h), 1e-8));
    }
    CHECK(stepped(penalty, weights, uneven) == stepped(tn::l1(0.2), weights, uneven));
}

TEST_CASE("where the optimizer made no step, the penalty makes none", "[optim]") {
    const values still(5, 0.0);
    CHECK(stepped(tn::l1(3), weights, still) == weights);
    CHECK(stepped(tn::group_lasso(3), weights, still) == weights);
}

TEST_CASE("a weight that is NaN is not hidden", "[optim]") {
    const values broken{1, std::numeric_limits<double>::quiet_NaN()};
    CHECK(std::isnan(stepped(tn::l1(3), broken, even)[1]));
    CHECK(std::isnan(stepped(tn::group_lasso(3), broken, even)[1]));
}

TEST_CASE("Adam with proximal steps ends where slope and pull are equal", "[optim]") {
    // ½ Σ a·(w - c)² + Σ |w|: w = c ∓ 1/a where |c| > 1/a, else 0, whatever the steps are scaled by.
    constexpr std::array<double, 3> a{1, 10, 0.1}, c{3, -2, 4};
    const auto optimizer = tn::adam(0.01);
    tn::adam_optimizer::state<double> state(3);
    values w{0.5, 0.5, 0.5}, g(3);
    for (int t = 0; t < 6000; ++t) {
        for (std::size_t i = 0; i < 3; ++i) g[i] = a[i] * (w[i] - c[i]);
        optimizer.step(state, std::span<double>(w), std::span<const double>(g));
        tn::l1(1).proximal(std::span<double>(w), optimizer.reach(state));
    }
    CHECK_THAT(w[0], WithinAbs(2, 1e-6));
    CHECK_THAT(w[1], WithinAbs(-1.9, 1e-6));
    CHECK(w[2] == 0);
}
