#include "support/catch.hpp"

#include "unit/optim/descent.hpp"
#include <cmath>
#include <cstddef>
#include <tenon/core/concepts.hpp>
#include <tenon/optim/gradient_descent.hpp>
#include <type_traits>

using tenon_test::descent;
using tenon_test::WithinAbs;

static_assert(tenon::Optimizer<tenon::gradient_descent_optimizer>);
static_assert(std::is_trivially_copyable_v<tenon::gradient_descent_optimizer>);

TEST_CASE("gradient descent follows its closed form on a quadratic", "[optim]") {
    // w_t = c + (1 - rate·a)^t (w_0 - c)
    constexpr double a[3] = {2, 1, 10}, c[3] = {0.25, 1, -1};
    descent<tenon::gradient_descent_optimizer> run{tenon::gradient_descent(0.05)};
    for (int t = 1; t <= 40; ++t) {
        run.step();
        for (std::size_t i = 0; i < 3; ++i)
            CHECK_THAT(run.w[i], WithinAbs(c[i] + std::pow(1 - 0.05 * a[i], t) *
                                                      (tenon_test::quadratic_start[i] - c[i]),
                                           1e-13));
    }
}

TEST_CASE("a step is the rate times the gradient, in the scalar of the parameters", "[optim]") {
    tenon::gradient_descent_optimizer::state<float> state(2);
    float w[2] = {1, 2};
    const float g[2] = {0.5F, -3};
    tenon::gradient_descent(0.25).step(state, std::span<float>(w), std::span<const float>(g));
    CHECK(w[0] == 0.875F);
    CHECK(w[1] == 2.75F);
}
