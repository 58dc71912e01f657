// Optimizers, schedules and transformations of gradients against PyTorch and Keras, in float64: the paths of 50 steps to
// 1e-9 (L-BFGS, which multiplies roundings, to 1e-6), rates to 1e-14. Runs that are copied in the middle end in the same
// bits.

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <functional>
#include <tenon/optim.hpp>
#include <tenon/optim/lbfgs_steps.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

using slopes = std::vector<double>;

/// The gradient of Σ 10·(w[i+1] - w[i]²)² + (1 - w[i])².
slopes of_valley(std::span<const double> w, int) {
    slopes g(4);
    for (std::size_t i = 0; i + 1 < w.size(); ++i) {
        const double off = w[i + 1] - w[i] * w[i];
        g[i] += -40 * off * w[i] - 2 * (1 - w[i]);
        g[i + 1] += 20 * off;
    }
    return g;
}

/// The gradient of (1 + 0.8·sin(3·step)) · ½ Σ a·(w - c)².
slopes of_shaken_bowl(std::span<const double> w, int step) {
    constexpr double a[4] = {4, 1, 20, 0.1}, c[4] = {0.25, 1, -1, 2};
    slopes g(4);
    for (std::size_t i = 0; i < 4; ++i) g[i] = (1 + 0.8 * std::sin(3.0 * step)) * a[i] * (w[i] - c[i]);
    return g;
}
slopes of_still_bowl(std::span<const double> w, int) {
    return of_shaken_bowl(w, 0);
}

/// What a schedule that listens hears after each step.
const std::vector<double>& watched_losses() {
    static const std::vector<double> losses = numbers(fixture("trajectories")["rates"]["losses"]);
    return losses;
}

/// One run of an optimizer; each of its steps is an epoch too. Its points are what a model would be given.
template <class O>
struct walk {
    O optimizer;
    std::vector<double> w{-1.2, 1.0, 0.5, -0.5};
    typename O::template state<double> state{4};

    void step(slopes (&gradient)(std::span<const double>, int), int step) {
        const std::span<double> weights(w);
        tn::detail::begin_epoch(optimizer, state, weights);
        const slopes g = gradient(w, step);
        optimizer.step(state, weights, std::span<const double>(g));
        tn::detail::after_step(optimizer, state, std::span<const double>(w));
        tn::detail::end_epoch(optimizer, state, weights);
        tn::detail::watch(optimizer, state, watched_losses()[static_cast<std::size_t>(step - 1)]);
    }
};

/// How far a path is from the fixture's; NaN where a copy made in the middle ends elsewhere. `adjust` changes the
/// optimizer before a step, where it is not null.
template <class O>
double path_error(const O& optimizer, slopes (&gradient)(std::span<const double>, int),
                  const tn::json_value& expected, const std::vector<double>& steps,
                  void (*adjust)(O&, int) = nullptr) {
    walk<O> one{optimizer};
    auto other = one;
    std::vector<double> points;
    for (int step = 1; step <= 50; ++step) {
        if (adjust != nullptr) adjust(one.optimizer, step);
        one.step(gradient, step);
        if (step == 17) other = one;
        other.optimizer = one.optimizer;
        if (step > 17) other.step(gradient, step);
        if (std::find(steps.begin(), steps.end(), step) != steps.end())
            points.insert(points.end(), one.w.begin(), one.w.end());
    }
    return other.w == one.w ? absolute_error(points, values_of(table(expected))) : NAN;
}

/// The larger error of the two paths that a member of a fixture holds.
template <class O>
double paths_error(const tn::json_value& expected, const O& optimizer, void (*adjust)(O&, int) = nullptr) {
    static const std::vector<double> steps = numbers(fixture("trajectories")["steps"]);
    return worst({path_error(optimizer, of_valley, expected["valley"], steps, adjust),
                  path_error(optimizer, of_shaken_bowl, expected["shaken_bowl"], steps, adjust)});
}

template <class O>
double torch_error(const char* name, const O& optimizer) {
    static const tn::json_value all = fixture("trajectories");
    return paths_error(all[name], optimizer);
}

const tn::json_value& of_keras() {
    static const tn::json_value all = fixture("keras");
    return all;
}

template <class O>
double keras_error(const char* name, const O& optimizer) {
    return paths_error(of_keras()["paths"][name], optimizer);
}

/// Keras adds epsilon to the root before the correction of its bias: as if ours grew by that correction.
template <class O>
void corrected_epsilon(O& optimizer, int step) {
    optimizer.options.epsilon = 1e-2 / std::sqrt(1 - std::pow(optimizer.options.beta2, step));
}

/// The largest difference of 50 rates from the fixture's; the schedule's optimizer has the rate 0.2.
template <class S>
double rates_error(const char* name, const S& schedule, const tn::json_value& expected) {
    const auto optimizer = tn::scheduled(tn::gradient_descent(0.2), schedule);
    typename decltype(optimizer)::template state<double> state(1);
    const std::vector<double> losses = numbers(expected["losses"]);
    double none = 0, w = 0, one = 1;
    std::vector<double> rates;
    for (const double loss : losses) {
        w = 0;
        optimizer.step(state, std::span(&w, 1), std::span<const double>(&one, 1));
        rates.push_back(-w);
        tn::detail::end_epoch(optimizer, state, std::span(&none, 1));
        tn::detail::watch(optimizer, state, loss);
    }
    return absolute_error(rates, numbers(expected[name]));
}

} // namespace

TEST_CASE("optimizers go where PyTorch's go", "[optim]") {
    CHECK(torch_error("sgd", tn::sgd(2e-3)) <= 1e-9);
    CHECK(torch_error("sgd_momentum", tn::sgd(2e-3, {.momentum = 0.9})) <= 1e-9);
    CHECK(torch_error("sgd_nesterov", tn::sgd(2e-3, {.momentum = 0.9, .nesterov = true})) <= 1e-9);
    CHECK(torch_error("adagrad", tn::adagrad(0.1)) <= 1e-9);
    CHECK(torch_error("adagrad_options",
                      tn::adagrad(0.2, {.rate_decay = 0.05, .initial_sum = 0.3, .epsilon = 1e-3})) <= 1e-9);
    CHECK(torch_error("rmsprop", tn::rmsprop(0.01)) <= 1e-9);
    CHECK(torch_error("rmsprop_momentum", tn::rmsprop(5e-3, {.smoothing = 0.9, .momentum = 0.5})) <= 1e-9);
    CHECK(torch_error(
              "rmsprop_centered",
              tn::rmsprop(5e-3, {.smoothing = 0.9, .momentum = 0.3, .centered = true, .epsilon = 1e-3})) <=
          1e-9);
    CHECK(torch_error("adam", tn::adam(0.05)) <= 1e-9);
    CHECK(torch_error("amsgrad", tn::amsgrad(0.05, {.beta1 = 0.9, .beta2 = 0.9})) <= 1e-9);
    CHECK(torch_error("adamw", tn::adamw(0.05)) <= 1e-9);
    CHECK(torch_error("adamw_options",
                      tn::adamw(0.02, {.beta1 = 0.8, .beta2 = 0.95, .epsilon = 0.01, .weight_decay = 0.3})) <=
          1e-9);
    CHECK(torch_error("nadam", tn::nadam(0.05)) <= 1e-9);
    CHECK(torch_error(
              "nadam_options",
              tn::nadam(0.02, {.beta1 = 0.8, .beta2 = 0.95, .epsilon = 0.01, .momentum_decay = 0.05})) <=
          1e-9);
}

TEST_CASE("L-BFGS in steps goes where PyTorch's goes", "[optim]") {
    const tn::json_value all = fixture("trajectories");
    const std::vector<double> steps = numbers(all["steps"]);
    const tn::json_array& expected = all["lbfgs_steps"].as_array();
    CHECK(path_error(tn::lbfgs(0.2, {.memory = 5}), of_valley, expected[0], steps) <= 1e-6);
    CHECK(path_error(tn::lbfgs(1, {.memory = 5}), of_still_bowl, expected[1], steps) <= 1e-6);
}

TEST_CASE("optimizers with a schedule go where PyTorch's go", "[optim]") {
    CHECK(torch_error("adam_cosine", tn::scheduled(tn::adam(0.05), tn::cosine(50))) <= 1e-9);
    CHECK(torch_error("adam_cosine", tn::scheduled(tn::adam(0.05), tn::cosine(50), tn::per::step)) <= 1e-9);
    CHECK(torch_error("sgd_one_cycle", tn::scheduled(tn::sgd(2e-3, {.momentum = 0.9}), tn::one_cycle(51),
                                                     tn::per::step)) <= 1e-9);
}

TEST_CASE("every schedule leads sgd where PyTorch's leads it", "[optim]") {
    const auto error = [](const char* name, std::function<double(std::uint64_t)> schedule) {
        return torch_error(name, tn::scheduled(tn::sgd(2e-3, {.momentum = 0.9}), std::move(schedule)));
    };
    CHECK(error("sgd_step_decay", tn::step_decay(7, 0.5)) <= 1e-9);
    CHECK(error("sgd_exponential", tn::exponential(0.97)) <= 1e-9);
    CHECK(error("sgd_warm_up", tn::warm_up(8)) <= 1e-9);
    CHECK(error("sgd_linear_decay", tn::linear_decay(40, 0.1)) <= 1e-9);
    CHECK(error("sgd_cosine", tn::cosine(50, {.floor = 0.1})) <= 1e-9);
    CHECK(error("sgd_cosine_restarts", tn::cosine_restarts(6, {.growth = 2})) <= 1e-9);
    CHECK(error("sgd_one_cycle", tn::one_cycle(51)) <= 1e-9);
    CHECK(torch_error("sgd_on_plateau", tn::scheduled(tn::sgd(2e-3, {.momentum = 0.9}),
                                                      tn::on_plateau({.factor = 0.5, .patience = 3}))) <=
          1e-9);
}

TEST_CASE("transformed gradients lead where PyTorch's lead", "[optim]") {
    const auto momentum = tn::sgd(2e-3, {.momentum = 0.9});
    CHECK(torch_error("clipped_by_norm", tn::chain(tn::clip_by_norm(3), tn::adam(0.05))) <= 1e-9);
    CHECK(torch_error("clipped_by_value", tn::chain(tn::clip_by_value(1.5), tn::adam(0.05))) <= 1e-9);
    CHECK(torch_error("weight_decay", tn::chain(tn::weight_decay(0.1), tn::adam(0.05))) <= 1e-9);
    CHECK(torch_error("accumulated", tn::chain(tn::accumulate<4>(), momentum)) <= 1e-9);
    CHECK(torch_error("averaged", tn::chain(tn::average_iterates(), momentum)) <= 1e-9);
    CHECK(torch_error("running_average", tn::chain(tn::average_iterates({.decay = 0.9}), momentum)) <= 1e-9);
}

TEST_CASE("optimizers go where Keras's go", "[optim]") {
    CHECK(keras_error("sgd", tn::sgd(2e-3)) <= 1e-9);
    CHECK(keras_error("sgd_momentum", tn::sgd(2e-3, {.momentum = 0.9})) <= 1e-9);
    CHECK(keras_error("sgd_nesterov", tn::sgd(2e-3, {.momentum = 0.9, .nesterov = true})) <= 1e-9);
    // Keras begins the sum at 0.1 and has epsilon under the root, where it is part of that.
    CHECK(keras_error("adagrad", tn::adagrad(0.1, {.initial_sum = 0.1 + 1e-7, .epsilon = 0})) <= 1e-9);
    // Keras has epsilon under the root, and a smoothing of 0.9.
    CHECK(keras_error("rmsprop", tn::rmsprop(0.01, {.smoothing = 0.9, .epsilon = 1e-30})) <= 1e-9);
    CHECK(keras_error("rmsprop_momentum",
                      tn::rmsprop(5e-3, {.smoothing = 0.9, .momentum = 0.5, .epsilon = 1e-30})) <= 1e-9);
    CHECK(keras_error(
              "rmsprop_centered",
              tn::rmsprop(5e-3, {.smoothing = 0.9, .momentum = 0.3, .centered = true, .epsilon = 1e-30})) <=
          1e-9);
    CHECK(keras_error("adam", tn::adam(0.05, {.epsilon = 1e-30})) <= 1e-9);
    CHECK(keras_error("amsgrad", tn::amsgrad(0.05, {.beta2 = 0.9, .epsilon = 1e-30})) <= 1e-9);
    CHECK(keras_error("adamw", tn::adamw(0.05, {.epsilon = 1e-30, .weight_decay = 0.1})) <= 1e-9);
    // Keras's momentum rises 250 times as soon.
    CHECK(keras_error("nadam", tn::nadam(0.05, {.epsilon = 1e-7, .momentum_decay = 1})) <= 1e-9);
}

TEST_CASE("Keras's place of epsilon in Adam and its kin is all that differs", "[optim]") {
    const tn::json_value& all = of_keras()["paths"];
    CHECK(paths_error(all["adam_epsilon"], tn::adam(0.05), corrected_epsilon) <= 1e-9);
    CHECK(paths_error(all["adam_epsilon"], tn::adam(0.05, {.epsilon = 1e-2})) > 1e-3);
    CHECK(paths_error(all["amsgrad_epsilon"], tn::amsgrad(0.05, {.beta2 = 0.9}), corrected_epsilon) <= 1e-9);
    CHECK(paths_error(all["adamw_epsilon"], tn::adamw(0.05, {.weight_decay = 4e-3}), corrected_epsilon) <=
          1e-9);
}

TEST_CASE("schedules and transformations lead where Keras's lead", "[optim]") {
    const auto momentum = tn::sgd(2e-3, {.momentum = 0.9});
    const auto adam = tn::adam(0.05, {.epsilon = 1e-30});
    const auto falls = tn::exponential(0.97);
    CHECK(keras_error("sgd_exponential", tn::scheduled(tn::sgd(2e-3), falls, tn::per::step)) <= 1e-9);
    // Keras has the rate inside the velocity, so that what is kept of it does not fall with the rate.
    CHECK(keras_error("sgd_momentum_exponential",
                      tn::scheduled(tn::sgd(2e-3, {.momentum = 0.9 / 0.97}), falls, tn::per::step)) <= 1e-9);
    CHECK(keras_error("sgd_momentum_exponential", tn::scheduled(momentum, falls, tn::per::step)) > 1e-3);
    CHECK(keras_error("adam_warm_cosine",
                      tn::scheduled(tn::scheduled(adam, tn::warm_up(8, 0.1), tn::per::step),
                                    tn::delayed(8, tn::cosine(42, {.floor = 0.1})), tn::per::step)) <= 1e-9);
    CHECK(keras_error("clipped_by_value", tn::chain(tn::clip_by_value(1.5), adam)) <= 1e-9);
    // Ours adds 1e-6 to the length, as PyTorch does.
    CHECK(keras_error("clipped_by_norm", tn::chain(tn::clip_by_norm(3), adam)) <= 1e-6);
    CHECK(keras_error("accumulated", tn::chain(tn::accumulate<4>(), momentum)) <= 1e-9);
    CHECK(keras_error("running_average", tn::chain(tn::average_iterates({.decay = 0.9}), momentum)) <= 1e-9);
}

TEST_CASE("schedules have the rates of PyTorch's", "[optim]") {
    const tn::json_value all = fixture("trajectories");
    auto error = [&](const char* name, const auto& schedule) {
        return rates_error(name, schedule, all["rates"]);
    };
    CHECK(error("step_decay", tn::step_decay(7, 0.5)) <= 1e-14);
    CHECK(error("exponential", tn::exponential(0.9)) <= 1e-14);
    CHECK(error("warm_up", tn::warm_up(8)) <= 1e-14);
    CHECK(error("linear_decay", tn::linear_decay(40, 0.1)) <= 1e-14);
    CHECK(error("cosine", tn::cosine(50, {.floor = 0.1})) <= 1e-14);
    CHECK(error("cosine_restarts", tn::cosine_restarts(12, {.floor = 0.05})) <= 1e-14);
    CHECK(error("cosine_restarts_growing", tn::cosine_restarts(6, {.growth = 2})) <= 1e-14);
    CHECK(error("one_cycle", tn::one_cycle(50)) <= 1e-14);
    CHECK(error("one_cycle_options",
                tn::one_cycle(51, {.rising = 0.45, .start = 1.0 / 10, .end = 1.0 / 500})) <= 1e-14);
    CHECK(error("on_plateau",
                tn::on_plateau(
                    {.factor = 0.5, .patience = 3, .threshold = 1e-2, .cooldown = 2, .floor = 0.015})) <=
          1e-14);
    CHECK(error("on_plateau_defaults", tn::on_plateau()) <= 1e-14);
    // One schedule behind another, as two around one another.
    const std::vector<double> wanted = numbers(all["rates"]["warm_up_then_cosine"]);
    const auto rises = tn::warm_up(5);
    const auto falls = tn::delayed(5, tn::cosine(45));
    for (std::size_t t = 0; t < 50; ++t) CHECK_THAT(0.2 * rises(t) * falls(t), WithinAbs(wanted[t], 1e-14));
}

TEST_CASE("schedules have the rates of Keras's", "[optim]") {
    const tn::json_value& all = of_keras()["rates"];
    auto error = [&](const char* name, const auto& schedule) { return rates_error(name, schedule, all); };
    CHECK(error("step_decay", tn::step_decay(7, 0.5)) <= 1e-14);
    CHECK(error("piecewise", tn::step_decay(10, 0.5)) <= 1e-14);
    CHECK(error("exponential", tn::exponential(0.9)) <= 1e-14);
    CHECK(error("exponential_slow", tn::exponential(std::pow(0.5, 1.0 / 7))) <= 1e-14);
    CHECK(error("cosine", tn::cosine(50, {.floor = 0.1})) <= 1e-14);
    CHECK(error("cosine_restarts", tn::cosine_restarts(12, {.floor = 0.05})) <= 1e-14);
    CHECK(error("cosine_restarts_growing", tn::cosine_restarts(6, {.growth = 2})) <= 1e-14);
    CHECK(error("linear_decay", tn::linear_decay(40, 0.1)) <= 1e-14);
    // Keras waits out one epoch less of patience and one less of cooldown.
    CHECK(error("on_plateau",
                tn::on_plateau(
                    {.factor = 0.5, .patience = 3, .threshold = 0, .cooldown = 2, .floor = 0.015})) <= 1e-14);
    const std::vector<double> wanted = numbers(all["warm_up_then_cosine"]);
    const auto rises = tn::warm_up(8, 0.25);
    const auto falls = tn::delayed(8, tn::cosine(42, {.floor = 0.1}));
    for (std::size_t t = 0; t < 50; ++t) CHECK_THAT(0.2 * rises(t) * falls(t), WithinAbs(wanted[t], 1e-14));
}
