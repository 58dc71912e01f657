#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <tenon/optim/lbfgs.hpp>
#include <vector>

using tenon_test::WithinAbs;

namespace {

/// Rosenbrock's valley in n dimensions: minimum 0 at (1, …, 1).
double rosenbrock(std::span<const double> w, std::span<double> g) {
    double value = 0;
    for (double& v : g) v = 0;
    for (std::size_t i = 0; i + 1 < w.size(); ++i) {
        const double a = w[i + 1] - w[i] * w[i], b = 1 - w[i];
        value += 100 * a * a + b * b;
        g[i] += -400 * a * w[i] - 2 * b;
        g[i + 1] += 200 * a;
    }
    return value;
}

/// ½ Σ aᵢ (wᵢ - i)², a from 1 to 1e6.
double ill_conditioned(std::span<const double> w, std::span<double> g) {
    double value = 0;
    for (std::size_t i = 0; i < w.size(); ++i) {
        const double a = std::pow(10.0, 6 * static_cast<double>(i) / static_cast<double>(w.size() - 1));
        const double away = w[i] - static_cast<double>(i);
        value += a * away * away / 2;
        g[i] = a * away;
    }
    return value;
}

} // namespace

TEST_CASE("l-bfgs finds the bottom of Rosenbrock's valley", "[optim]") {
    for (std::size_t n : {std::size_t{2}, std::size_t{10}}) {
        std::vector<double> w(n, -1.2);
        const auto result = tenon::minimize_lbfgs(std::span<double>(w), rosenbrock, {.tolerance = 1e-10});
        CHECK(result.converged);
        CHECK(result.iterations < 200);
        CHECK_THAT(result.value, WithinAbs(0, 1e-18));
        for (double v : w) CHECK_THAT(v, WithinAbs(1, 1e-9));
    }
}

TEST_CASE("l-bfgs minimizes a quadratic with condition number 1e6", "[optim]") {
    std::vector<double> w(5);
    const auto result = tenon::minimize_lbfgs(std::span<double>(w), ill_conditioned, {.tolerance = 1e-7});
    CHECK(result.converged);
    CHECK(result.iterations < 60);
    for (std::size_t i = 0; i < w.size(); ++i) CHECK_THAT(w[i], WithinAbs(static_cast<double>(i), 1e-6));
}

TEST_CASE("l-bfgs that starts at the minimum stays there", "[optim]") {
    std::vector<double> w{1, 1, 1};
    const auto result = tenon::minimize_lbfgs(std::span<double>(w), rosenbrock);
    CHECK(result.converged);
    CHECK(result.iterations == 0);
    CHECK(w == std::vector<double>{1, 1, 1});
}

TEST_CASE("l-bfgs says when its iterations do not suffice", "[optim]") {
    std::vector<double> w(10, -1.2);
    std::vector<double> g(10);
    const double before = rosenbrock(w, g);
    const auto result = tenon::minimize_lbfgs(std::span<double>(w), rosenbrock, {.max_iterations = 3});
    CHECK(!result.converged);
    CHECK(result.iterations == 3);
    CHECK(result.value < before);
    CHECK(result.value == rosenbrock(w, g)); // w is where the value was found
}

TEST_CASE("l-bfgs never goes up, and one kept pair suffices", "[optim]") {
    std::vector<double> w(4, -1.2);
    double last = std::numeric_limits<double>::infinity();
    for (int i = 1; i <= 30; ++i) {
        std::vector<double> at(4, -1.2);
        const auto result =
            tenon::minimize_lbfgs(std::span<double>(at), rosenbrock, {.max_iterations = i, .memory = 1});
        CHECK(result.value <= last);
        last = result.value;
    }
    CHECK(last < 1);
}

TEST_CASE("l-bfgs does not call a function converged that is not a number", "[optim]") {
    auto broken = [](std::span<const double>, std::span<double> g) {
        for (double& v : g) v = std::numeric_limits<double>::quiet_NaN();
        return std::numeric_limits<double>::quiet_NaN();
    };
    std::vector<double> w(2);
    CHECK(!tenon::minimize_lbfgs(std::span<double>(w), broken).converged);
}

TEST_CASE("l-bfgs does not call a point converged whose gradient is not a number", "[optim]") {
    auto broken = [](std::span<const double> at, std::span<double> g) {
        g[0] = std::numeric_limits<double>::quiet_NaN();
        return at[0] * at[0];
    };
    std::vector<double> w{1};
    CHECK(!tenon::minimize_lbfgs(std::span<double>(w), broken).converged);
}
