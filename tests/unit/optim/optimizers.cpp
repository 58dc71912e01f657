// Adagrad, AdamW, AMSGrad, NAdam, RMSprop, SGD with Nesterov's momentum, L-BFGS in steps. Their paths against PyTorch are
// in tests/conformance/trajectories.cpp.

#include "support/catch.hpp"
#include "support/errors.hpp"

#include "unit/optim/descent.hpp"
#include <cmath>
#include <cstddef>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/optim/adagrad.hpp>
#include <tenon/optim/adamw.hpp>
#include <tenon/optim/amsgrad.hpp>
#include <tenon/optim/events.hpp>
#include <tenon/optim/gradient_descent.hpp>
#include <tenon/optim/lbfgs_steps.hpp>
#include <tenon/optim/nadam.hpp>
#include <tenon/optim/rmsprop.hpp>
#include <tenon/optim/sgd.hpp>
#include <type_traits>

namespace tn = tenon;
using tenon_test::descent;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

template <class O>
inline constexpr bool is_plain_value =
    tn::Optimizer<O> && std::is_trivially_copyable_v<O> && tn::detail::HasRate<O>;
static_assert(is_plain_value<tn::adagrad_optimizer> && is_plain_value<tn::adamw_optimizer> &&
              is_plain_value<tn::amsgrad_optimizer> && is_plain_value<tn::nadam_optimizer> &&
              is_plain_value<tn::rmsprop_optimizer> && is_plain_value<tn::sgd_optimizer> &&
              is_plain_value<tn::lbfgs_optimizer>);
static_assert(tn::detail::HasReach<tn::nadam_optimizer, float> &&
              !tn::detail::HasReach<tn::lbfgs_optimizer, float>);
static_assert(tn::adamw(1).options.weight_decay == 0.01 && tn::nadam(1).options.momentum_decay == 4e-3);
static_assert(tn::adagrad(1).options.epsilon == 1e-10 && tn::rmsprop(1).options.smoothing == 0.99);

/// How far one step moves a weight at 1 along slopes of which the last is `slope`.
template <class O>
double last_move(const O& optimizer, int steps, double slope) {
    typename O::template state<double> state(1);
    double w = 0, before = 0;
    for (int t = 0; t < steps; ++t) {
        before = w;
        optimizer.step(state, std::span(&w, 1), std::span<const double>(&slope, 1));
    }
    return before - w;
}

/// How far from what reach says a slope that stays moves a weight, relative to that.
template <class O>
double reach_error(const O& optimizer) {
    typename O::template state<double> state(2);
    tenon_test::three<> w{};
    const tenon_test::three<> g{0.3, -2, 0};
    tenon_test::three<> before = w;
    for (int t = 0; t < 4000; ++t) {
        before = w;
        optimizer.step(state, std::span(w).first(2), std::span(g).first(2));
    }
    const auto reach = optimizer.reach(state);
    return tenon_test::worst({tenon_test::relative_error(before[0] - w[0], reach(0) * g[0]),
                              tenon_test::relative_error(before[1] - w[1], reach(1) * g[1])});
}

} // namespace

TEST_CASE("each optimizer finds the bottom of a bowl and goes on from a copy of its state", "[optim]") {
    const auto check = []<class O>(const O& optimizer, const std::string& fields) {
        // Down a bowl, in float as in double, and from a copy in the middle to the same bits.
        INFO(fields);
        descent<O> run{optimizer};
        descent<O, float> narrow{optimizer};
        for (int t = 0; t < 5; ++t) run.step();
        descent<O> copy = run;
        const auto middle = run.w;
        for (int t = 0; t < 5; ++t) run.step();
        CHECK(copy.w == middle);
        for (int t = 0; t < 5; ++t) copy.step();
        CHECK(copy.w == run.w);
        for (int t = 0; t < 10; ++t) narrow.step();
        for (std::size_t i = 0; i < 3; ++i) CHECK_THAT(narrow.w[i], WithinAbs(run.w[i], 1e-4));
        for (int t = 0; t < 3000; ++t) run.step();
        CHECK(tenon_test::absolute_error(run.w, tenon_test::three<>{0.25, 1, -1}) <= 0.05);

        std::string names;
        O::template state<double>::fields(
            run.state, [&](const char* name, const auto&) { names += name + std::string(" "); });
        CHECK(names == fields);
    };
    check(tn::sgd(0.02, {.momentum = 0.9, .nesterov = true}), "velocity ");
    check(tn::adagrad(0.5), "squares steps ");
    check(tn::rmsprop(0.01, {.momentum = 0.5, .centered = true}), "square mean velocity ");
    check(tn::adamw(0.02, {.weight_decay = 0.001}), "m v beta1_power beta2_power ");
    check(tn::amsgrad(0.02), "m v largest beta1_power beta2_power ");
    check(tn::nadam(0.02), "m v steps beta1_power beta2_power product ");
    check(tn::lbfgs(0.5, {.memory = 3}), "gradient step moves changes products steps pairs ");
}

TEST_CASE("reach is how far a slope that stays drives a weight", "[optim]") {
    CHECK(reach_error(tn::gradient_descent(0.1)) <= 1e-3);
    CHECK(reach_error(tn::sgd(0.1, {.momentum = 0.8})) <= 1e-3);
    CHECK(reach_error(tn::sgd(0.1, {.momentum = 0.8, .nesterov = true})) <= 1e-3);
    CHECK(reach_error(tn::adagrad(0.1, {.rate_decay = 0.01, .initial_sum = 0.1})) <= 1e-3);
    CHECK(reach_error(tn::rmsprop(0.1, {.momentum = 0.5})) <= 1e-3);
    CHECK(reach_error(tn::adam(0.1)) <= 1e-3);
    CHECK(reach_error(tn::adamw(0.1, {.weight_decay = 0})) <= 1e-3);
    CHECK(reach_error(tn::amsgrad(0.1)) <= 1e-3);
    CHECK(reach_error(tn::nadam(0.1)) <= 1e-3);
}

TEST_CASE("Nesterov's momentum and plain momentum agree where there is none", "[optim]") {
    descent<tn::sgd_optimizer> plain{tn::sgd(0.05)}, ahead{tn::sgd(0.05, {.nesterov = true})};
    for (int t = 0; t < 6; ++t) {
        plain.step();
        ahead.step();
        CHECK(plain.w == ahead.w);
    }
}

TEST_CASE("the decay of AdamW is the rate's share of the weight, whatever the slope", "[optim]") {
    const double none = 0;
    for (const double rate : {0.1, 0.01}) {
        tn::adamw_optimizer::state<double> state(1);
        double w = 2;
        tn::adamw(rate, {.weight_decay = 0.5})
            .step(state, std::span(&w, 1), std::span<const double>(&none, 1));
        CHECK_THAT(w, WithinRel(2 * (1 - 0.5 * rate), 1e-14));
    }
    descent<tn::adamw_optimizer> undecayed{tn::adamw(0.1, {.weight_decay = 0})};
    descent<tn::adam_optimizer> adam{tn::adam(0.1)};
    for (int t = 0; t < 6; ++t) {
        undecayed.step();
        adam.step();
    }
    CHECK(undecayed.w == adam.w);
}

TEST_CASE("AMSGrad does not forget a steep slope", "[optim]") {
    // One slope of 100, then slopes of 1: Adam's steps grow again, AMSGrad's do not.
    auto late_step = [](const auto& optimizer) {
        typename std::remove_cvref_t<decltype(optimizer)>::template state<double> state(1);
        double w = 0, before = 0;
        for (int t = 0; t < 300; ++t) {
            const double slope = t == 0 ? 100 : 1;
            before = w;
            optimizer.step(state, std::span(&w, 1), std::span<const double>(&slope, 1));
        }
        return before - w;
    };
    CHECK(late_step(tn::adam(0.1, {.beta2 = 0.9})) > 0.09);
    CHECK(late_step(tn::amsgrad(0.1, {.beta2 = 0.9})) < 0.004);
}

TEST_CASE("Adagrad's first step is the rate, its steps fall as the root of their number", "[optim]") {
    for (const double slope : {0.5, 40.0}) {
        CHECK_THAT(last_move(tn::adagrad(0.1), 1, slope), WithinRel(0.1, 1e-9));
        CHECK_THAT(last_move(tn::adagrad(0.1), 100, slope), WithinRel(0.01, 1e-9));
        CHECK_THAT(last_move(tn::adagrad(0.1, {.rate_decay = 1}), 4, slope), WithinRel(0.1 / 8, 1e-9));
    }
}

TEST_CASE("a centered RMSprop of slopes that do not vary stays finite", "[optim]") {
    for (const double slope : {0.1, 1.0 / 3, 3.7})
        CHECK(std::isfinite(last_move(tn::rmsprop(1e-3, {.smoothing = 0.5, .centered = true}), 500, slope)));
}

TEST_CASE("L-BFGS needs few steps on a bowl, and forgets in the order of time", "[optim]") {
    descent<tn::lbfgs_optimizer> run{tn::lbfgs()};
    for (int t = 0; t < 25; ++t) run.step();
    for (const double g : tenon_test::quadratic_gradient(run.w)) CHECK_THAT(g, WithinAbs(0, 1e-9));
    descent<tn::lbfgs_optimizer> none{tn::lbfgs(0.1, {.memory = 0})};
    descent<tn::gradient_descent_optimizer> plain{tn::gradient_descent(0.1)};
    none.step();
    plain.w = none.w;
    for (int t = 0; t < 4; ++t) {
        none.step();
        plain.step();
        for (std::size_t i = 0; i < 3; ++i) CHECK_THAT(none.w[i], WithinAbs(plain.w[i], 1e-14));
    }
}
