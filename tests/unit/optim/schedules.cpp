// Schedules and optimizers that follow one. Their rates against PyTorch are in tests/conformance/trajectories.cpp.

#include "support/catch.hpp"
#include "support/errors.hpp"

#include "unit/optim/descent.hpp"
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/optim/cosine.hpp>
#include <tenon/optim/gradient_descent.hpp>
#include <tenon/optim/on_plateau.hpp>
#include <tenon/optim/scheduled.hpp>
#include <tenon/optim/sgd.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::descent;
using tenon_test::relative_error;

namespace {

/// A schedule and an optimizer that the library does not know.
struct halving {
    double operator()(std::uint64_t t) const { return std::pow(0.5, static_cast<double>(t)); }
};
struct unhurried {
    double step_size;
    template <class T>
    struct state {
        explicit state(std::size_t) {}
    };
    template <class T>
    void step(state<T>&, std::span<T> w, std::span<const T> g) const {
        for (std::size_t i = 0; i < w.size(); ++i) w[i] -= static_cast<T>(step_size) * g[i];
    }
    unhurried at_share(double factor) const { return {step_size * factor}; }
};

static_assert(tn::Schedule<halving> && tn::Schedule<tn::cosine_schedule> &&
              tn::Schedule<tn::one_cycle_schedule>);
static_assert(tn::Schedule<tn::delayed_schedule<halving>> && !tn::Schedule<tn::on_plateau_schedule>);
static_assert(tn::ReactingSchedule<tn::on_plateau_schedule> && !tn::ReactingSchedule<halving>);
using scheduled_adam = decltype(tn::scheduled(tn::adam(0.1), tn::cosine(10)));
static_assert(tn::Optimizer<scheduled_adam> && std::is_trivially_copyable_v<scheduled_adam>);
static_assert(tn::Optimizer<decltype(tn::scheduled(unhurried{1}, tn::on_plateau()))>);

template <class... A>
using answer = decltype(tn::scheduled(std::declval<A>()...));
static_assert(std::is_same_v<answer<halving, halving>,
                             tn::refused<tn::because::the_first_argument_is_not_an_Optimizer>>);
static_assert(std::is_same_v<answer<tn::adam_optimizer, tn::adam_optimizer>,
                             tn::refused<tn::because::the_second_argument_is_not_a_Schedule>>);
struct without_rate : unhurried {
    without_rate at_share(double) const = delete;
};
static_assert(std::is_same_v<answer<without_rate, halving>,
                             tn::refused<tn::because::this_Optimizer_has_no_rate_to_schedule>>);

using numbers = std::vector<double>;

/// How far a slope of 1 moves a weight in each of five steps, an epoch of `steps` steps each.
template <class O>
numbers moves(const O& optimizer, int steps = 1) {
    typename O::template state<double> state(1);
    double w = 0;
    const double one = 1;
    numbers all;
    for (int t = 1; t <= 5; ++t) {
        const double before = w;
        optimizer.step(state, std::span(&w, 1), std::span<const double>(&one, 1));
        all.push_back(before - w);
        if (t % steps == 0) tn::detail::end_epoch(optimizer, state, std::span(&w, 1));
    }
    return all;
}

} // namespace

TEST_CASE("a schedule counts epochs, or steps", "[optim]") {
    const auto plain = tn::gradient_descent(1);
    CHECK(relative_error(moves(tn::scheduled(plain, halving{})), numbers{1, 0.5, 0.25, 0.125, 0.0625}) <=
          1e-12);
    CHECK(relative_error(moves(tn::scheduled(plain, halving{}), 2), numbers{1, 1, 0.5, 0.5, 0.25}) <= 1e-12);
    CHECK(relative_error(moves(tn::scheduled(plain, halving{}, tn::per::step), 2),
                         numbers{1, 0.5, 0.25, 0.125, 0.0625}) <= 1e-12);
    CHECK(relative_error(moves(tn::scheduled(unhurried{2}, halving{})), numbers{2, 1, 0.5, 0.25, 0.125}) <=
          1e-12);
}

TEST_CASE("schedules around one another multiply, each in its own ticks", "[optim]") {
    const auto inner = tn::scheduled(tn::gradient_descent(1), tn::step_decay(2, 0.1), tn::per::step);
    CHECK(relative_error(moves(tn::scheduled(inner, halving{}), 2), numbers{1, 1, 0.05, 0.05, 0.0025}) <=
          1e-12);
    CHECK(relative_error(moves(tn::scheduled(tn::gradient_descent(1), tn::delayed(3, halving{}))),
                         numbers{1, 1, 1, 1, 0.5}) <= 1e-12);
}

TEST_CASE("schedules hold their last share behind their end", "[optim]") {
    CHECK(tn::cosine(10, {.floor = 0.2})(1000) == 0.2);
    CHECK(tn::one_cycle(10)(1000) == 1.0 / 25e4);
    CHECK(tn::warm_up(10)(1000) == 1);
    CHECK(tn::linear_decay(10, 0.3)(1000) == 0.3);
    CHECK(tn::cosine_restarts(10)(1000) == 1);
}

TEST_CASE("schedules of no ticks have a rate", "[optim]") {
    CHECK(tn::cosine(0)(0) == 0);
    CHECK(tn::warm_up(0)(0) == 1);
    CHECK(tn::step_decay(0)(0) == 1);
    CHECK(std::isfinite(tn::cosine_restarts(0)(3)));
    CHECK(std::isfinite(tn::cosine_restarts(0, {.growth = 2})(3)));
    CHECK(std::isfinite(tn::one_cycle(0)(3)));
    CHECK(std::isfinite(tn::one_cycle(1)(0)));
    CHECK(std::isfinite(tn::one_cycle(3)(0)));
    CHECK(std::isfinite(tn::one_cycle(10, {.rising = 0})(0)));
    CHECK(std::isfinite(tn::one_cycle(10, {.rising = 1})(9)));
}

TEST_CASE("on_plateau lowers the rate where the loss stays, not below its floor", "[optim]") {
    const auto optimizer =
        tn::scheduled(tn::gradient_descent(1), tn::on_plateau({.factor = 0.5, .patience = 1, .floor = 0.2}));
    decltype(optimizer)::state<double> state(1);
    auto share_after = [&](double loss) {
        tn::detail::watch(optimizer, state, loss);
        return optimizer.share(state);
    };
    CHECK(share_after(1.0) == 1);
    CHECK(share_after(1.0) == 1);
    CHECK(share_after(0.99999) == 0.5); // hardly better is no better
    CHECK(share_after(0.5) == 0.5);
    CHECK(share_after(std::numeric_limits<double>::quiet_NaN()) == 0.5);
    CHECK(share_after(0.6) == 0.25);
    for (int i = 0; i < 9; ++i) share_after(0.6);
    CHECK(optimizer.share(state) == 0.2);
}

TEST_CASE("a scheduled run that is copied in the middle goes on alike", "[optim]") {
    const auto optimizer = tn::scheduled(tn::scheduled(tn::adam(0.1), tn::warm_up(4), tn::per::step),
                                         tn::on_plateau({.patience = 0}));
    using O = std::remove_const_t<decltype(optimizer)>;
    descent<O> one{optimizer};
    auto tick = [](descent<O>& run, double loss) {
        run.step();
        tn::detail::end_epoch(run.optimizer, run.state, std::span<double>(run.w));
        tn::detail::watch(run.optimizer, run.state, loss);
    };
    for (int t = 0; t < 3; ++t) tick(one, 1);
    descent<O> other = one;
    for (int t = 0; t < 3; ++t) tick(one, 1);
    CHECK(one.w != other.w);
    for (int t = 0; t < 3; ++t) tick(other, 1);
    CHECK(one.w == other.w);

    std::string names;
    O::state<double>::fields(one.state,
                             [&](const char* name, const auto&) { names += name + std::string(" "); });
    CHECK(names == "m v beta1_power beta2_power ticks ticks best share waited cooling ");
}
