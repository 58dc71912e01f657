// Optimizers, schedules, transformations of gradients and losses against PyTorch and scikit-learn, in float64: the paths of
// 50 steps to 1e-9 (L-BFGS, which multiplies roundings, to 1e-6), rates to 1e-14, losses and slopes to 1e-12, sparse
// least squares to 1e-6 of the largest coefficient. Runs that are copied in the middle end in the same bits.

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <tenon/loss.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/optim.hpp>
#include <tenon/optim/lbfgs_steps.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/train_model.hpp>

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
    }
};

template <class O>
double path_error(const O& optimizer, slopes (&gradient)(std::span<const double>, int),
                  const tn::json_value& expected, const std::vector<double>& steps) {
    walk<O> one{optimizer};
    auto other = one;
    std::vector<double> points;
    for (int step = 1; step <= 50; ++step) {
        one.step(gradient, step);
        if (step == 17) other = one;
        if (step > 17) other.step(gradient, step);
        if (std::find(steps.begin(), steps.end(), step) != steps.end())
            points.insert(points.end(), one.w.begin(), one.w.end());
    }
    CHECK(other.w == one.w);
    return absolute_error(points, values_of(table(expected)));
}

template <class O>
void check_paths(const char* name, const O& optimizer) {
    static const tn::json_value all = fixture("trajectories");
    const std::vector<double> steps = numbers(all["steps"]);
    INFO(name);
    CHECK(path_error(optimizer, of_valley, all[name]["valley"], steps) <= 1e-9);
    CHECK(path_error(optimizer, of_shaken_bowl, all[name]["shaken_bowl"], steps) <= 1e-9);
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

/// Values and slopes of a loss at the fixture's scores, one sample after another.
template <class L, class Y>
double loss_error(const L& loss, const tn::matrix<double>& scores, const std::vector<Y>& y,
                  const tn::json_value& expected) {
    std::vector<double> values, gradients;
    for (std::size_t r = 0; r < y.size(); ++r) {
        std::vector<double> g(scores.columns());
        values.push_back(loss(std::span<const double>(scores.row(r)), y[r], std::span<double>(g)));
        gradients.insert(gradients.end(), g.begin(), g.end());
    }
    std::vector<double> wanted;
    for (const tn::json_value& row : expected["slopes"].as_array()) {
        if (scores.columns() == 1)
            wanted.push_back(row.as_number());
        else
            for (const double v : numbers(row)) wanted.push_back(v);
    }
    return std::max(absolute_error(values, numbers(expected["values"])), absolute_error(gradients, wanted));
}

} // namespace

TEST_CASE("optimizers go where PyTorch's go", "[optim]") {
    check_paths("sgd", tn::sgd(2e-3));
    check_paths("sgd_momentum", tn::sgd(2e-3, {.momentum = 0.9}));
    check_paths("sgd_nesterov", tn::sgd(2e-3, {.momentum = 0.9, .nesterov = true}));
    check_paths("adagrad", tn::adagrad(0.1));
    check_paths("adagrad_options",
                tn::adagrad(0.2, {.rate_decay = 0.05, .initial_sum = 0.3, .epsilon = 1e-3}));
    check_paths("rmsprop", tn::rmsprop(0.01));
    check_paths("rmsprop_momentum", tn::rmsprop(5e-3, {.smoothing = 0.9, .momentum = 0.5}));
    check_paths("rmsprop_centered",
                tn::rmsprop(5e-3, {.smoothing = 0.9, .momentum = 0.3, .centered = true, .epsilon = 1e-3}));
    check_paths("adam", tn::adam(0.05));
    check_paths("amsgrad", tn::amsgrad(0.05, {.beta1 = 0.9, .beta2 = 0.9}));
    check_paths("adamw", tn::adamw(0.05));
    check_paths("adamw_options",
                tn::adamw(0.02, {.beta1 = 0.8, .beta2 = 0.95, .epsilon = 0.01, .weight_decay = 0.3}));
    check_paths("nadam", tn::nadam(0.05));
    check_paths("nadam_options",
                tn::nadam(0.02, {.beta1 = 0.8, .beta2 = 0.95, .epsilon = 0.01, .momentum_decay = 0.05}));
}

TEST_CASE("L-BFGS in steps goes where PyTorch's goes", "[optim]") {
    const tn::json_value all = fixture("trajectories");
    const std::vector<double> steps = numbers(all["steps"]);
    const tn::json_array& expected = all["lbfgs_steps"].as_array();
    CHECK(path_error(tn::lbfgs(0.2, {.memory = 5}), of_valley, expected[0], steps) <= 1e-6);
    CHECK(path_error(tn::lbfgs(1, {.memory = 5}), of_still_bowl, expected[1], steps) <= 1e-6);
}

TEST_CASE("optimizers with a schedule go where PyTorch's go", "[optim]") {
    check_paths("adam_cosine", tn::scheduled(tn::adam(0.05), tn::cosine(50)));
    check_paths("adam_cosine", tn::scheduled(tn::adam(0.05), tn::cosine(50), tn::per::step));
    check_paths("sgd_one_cycle",
                tn::scheduled(tn::sgd(2e-3, {.momentum = 0.9}), tn::one_cycle(51), tn::per::step));
}

TEST_CASE("transformed gradients lead where PyTorch's lead", "[optim]") {
    const auto momentum = tn::sgd(2e-3, {.momentum = 0.9});
    check_paths("clipped_by_norm", tn::chain(tn::clip_by_norm(3), tn::adam(0.05)));
    check_paths("clipped_by_value", tn::chain(tn::clip_by_value(1.5), tn::adam(0.05)));
    check_paths("weight_decay", tn::chain(tn::weight_decay(0.1), tn::adam(0.05)));
    check_paths("accumulated", tn::chain(tn::accumulate<4>(), momentum));
    check_paths("averaged", tn::chain(tn::average_iterates(), momentum));
    check_paths("running_average", tn::chain(tn::average_iterates({.decay = 0.9}), momentum));
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

TEST_CASE("losses have the values and slopes of PyTorch's and scikit-learn's", "[loss]") {
    const tn::json_value all = fixture("trajectories");
    const tn::json_value& expected = all["losses"];
    const std::vector<double> score = numbers(expected["score"]), target = numbers(expected["target"]),
                              count = numbers(expected["count"]);
    const std::vector<tn::class_index> label = class_indices(expected["label"]);
    const tn::matrix<double> scores = table(expected["scores"]);
    tn::matrix<double> column(score.size(), 1);
    for (std::size_t r = 0; r < score.size(); ++r) column(r, 0) = score[r];
    CHECK(loss_error(tn::absolute_error(), column, target, expected["absolute"]) <= 1e-12);
    CHECK(loss_error(tn::huber(1.3), column, target, expected["huber"]) <= 1e-12);
    CHECK(loss_error(tn::poisson(), column, count, expected["poisson"]) <= 1e-12);
    const std::array weights{0.5, 2.0, 3.5};
    CHECK(loss_error(tn::cross_entropy({.label_smoothing = 0.2}), scores, label, expected["smoothed"]) <=
          1e-12);
    CHECK(loss_error(tn::cross_entropy(weights), scores, label, expected["weighted"]) <= 1e-12);
    CHECK(loss_error(tn::cross_entropy(weights, {.label_smoothing = 0.2}), scores, label,
                     expected["weighted_smoothed"]) <= 1e-12);

    constexpr double taus[3] = {0.1, 0.5, 0.8};
    for (std::size_t r = 0; r < label.size(); ++r) {
        std::vector<double> g(3);
        const std::span<double> slope(g);
        for (std::size_t t = 0; t < 3; ++t) {
            const double wanted = numbers(expected["quantiles"].as_array()[t])[r];
            CHECK_THAT(tn::quantile(taus[t])(std::span(&score[r], 1), target[r], slope.first(1)),
                       WithinAbs(wanted, 1e-12));
        }
        const std::span<const double> all_three = scores.row(r);
        const double of_three = numbers(expected["hinge"])[r], of_two = numbers(expected["hinge_of_two"])[r];
        CHECK_THAT(tn::hinge()(all_three, label[r], slope), WithinAbs(of_three, 1e-12));
        CHECK_THAT(tn::squared_hinge()(all_three, label[r], slope), WithinAbs(of_three * of_three, 1e-12));
        CHECK_THAT(tn::hinge()(all_three.first(2), label[r] % 2, slope.first(2)), WithinAbs(of_two, 1e-12));
    }
}

TEST_CASE("proximal steps end where scikit-learn's lasso and elastic net end", "[penalty]") {
    const tn::json_value all = fixture("trajectories");
    const auto data = patients();
    const tn::minimize_options all_rows{
        .epochs = 6000, .batch_size = 1000, .scale_target = false, .show = tn::progress::off};
    auto check = [&](const char* name, const auto& optimizer, const auto& penalty) {
        INFO(name);
        const auto m = (tn::standardize() | tn::linear_regression() |
                        tn::minimize(tn::squared_error(), optimizer, all_rows, penalty))
                           .fit(data);
        const std::vector<double> wanted = numbers(all["sparse"][name]["coefficients"]),
                                  found = values_of(m.model().coefficients());
        CHECK(error_of_largest(found, wanted) <= 1e-6);
        for (std::size_t i = 0; i < wanted.size(); ++i) CHECK((found[i] == 0) == (wanted[i] == 0));
        CHECK_THAT(m.model().intercept(), WithinRel(all["sparse"][name]["intercept"].as_number(), 1e-6));
    };
    // Momentum reaches ten times as far as the rate says: the proximal step knows.
    check("lasso", tn::sgd(0.005, {.momentum = 0.9}), tn::l1(8));
    check("elastic", tn::scheduled(tn::adam(1), tn::cosine(6000)), tn::elastic({.l1 = 8, .l2 = 2}));
}
