#include "support/catch.hpp"

#include "unit/optim/descent.hpp"
#include <cstddef>
#include <tenon/core/concepts.hpp>
#include <tenon/optim/gradient_descent.hpp>
#include <tenon/optim/sgd.hpp>
#include <type_traits>

using tenon_test::descent;
using tenon_test::WithinAbs;

static_assert(tenon::Optimizer<tenon::sgd_optimizer>);
static_assert(std::is_trivially_copyable_v<tenon::sgd_optimizer>);
static_assert(tenon::sgd(0.5).options.momentum == 0);

TEST_CASE("sgd with momentum steps as PyTorch's", "[optim]") {
    // torch 2.15, torch.optim.SGD(lr=0.05, momentum=0.9) in float64.
    constexpr double expected[6][3] = {{0.925, -1.85, -0.25},
                                       {0.79, -1.5725, -1.3},
                                       {0.6145, -1.194125, -2.095},
                                       {0.4201, -0.74388125, -2.263},
                                       {0.22813, -0.2514678125, -1.7827},
                                       {0.057544, 0.254277671875, -0.95908}};
    descent<tenon::sgd_optimizer> run{tenon::sgd(0.05, {.momentum = 0.9})};
    for (std::size_t t = 0; t < 6; ++t) {
        run.step();
        for (std::size_t i = 0; i < 3; ++i) CHECK_THAT(run.w[i], WithinAbs(expected[t][i], 1e-14));
    }
}

TEST_CASE("sgd without momentum is gradient descent", "[optim]") {
    descent<tenon::sgd_optimizer> run{tenon::sgd(0.05)};
    descent<tenon::gradient_descent_optimizer> plain{tenon::gradient_descent(0.05)};
    for (int t = 0; t < 6; ++t) {
        run.step();
        plain.step();
        CHECK(run.w == plain.w);
    }
}

TEST_CASE("a constant gradient drives the velocity to gradient / (1 - momentum)", "[optim]") {
    tenon::sgd_optimizer::state<float> state(1);
    float w = 0;
    const float g = 2;
    for (int t = 0; t < 400; ++t)
        tenon::sgd(0.1, {.momentum = 0.9}).step(state, std::span(&w, 1), std::span<const float>(&g, 1));
    CHECK_THAT(state.velocity[0], WithinAbs(20.0, 1e-3));
}
