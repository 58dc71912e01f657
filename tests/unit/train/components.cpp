// Losses, optimizers, schedules and penalties in whole recipes: what minimize makes of each.

#include "support/catch.hpp"

#include "unit/train/line.hpp"
#include <array>
#include <cmath>
#include <cstddef>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/loss.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/logistic_regression.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/optim.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/minimize.hpp>
#include <tenon/train/train_model.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::line;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

/// The answers to `rows` rows of W normal inputs.
template <std::size_t W, class Kind = tn::real, class Answer>
tn::dataset<tn::columns<W, Kind>> rows_of(std::size_t rows, Answer&& answer) {
    tn::philox random(31);
    tn::matrix<double> x(rows, W);
    std::vector<tn::target_value<Kind>> y;
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < W; ++c) x(r, c) = random.normal();
        y.push_back(static_cast<tn::target_value<Kind>>(answer(x.row(r), random)));
    }
    return {std::move(x), std::move(y)};
}

/// unit · (2·x0 - x1 + 3), every tenth row far off.
tn::dataset<tn::columns<2>> with_outliers(double unit) {
    std::size_t n = 0;
    return rows_of<2>(200,
                      [&](auto x, auto&) { return unit * (2 * x[0] - x[1] + 3 + (n++ % 10 == 0 ? 40 : 0)); });
}

constexpr tn::minimize_options quiet{.epochs = 300, .batch_size = 50, .show = tn::progress::off};

/// A schedule, an optimizer and a transformation that the library does not know.
struct slower {
    double operator()(std::uint64_t t) const { return 1 / (1 + 0.1 * static_cast<double>(t)); }
};
struct sign_descent {
    double rate;
    template <class T>
    struct state {
        explicit state(std::size_t) {}
    };
    template <class T>
    void step(state<T>&, std::span<T> w, std::span<const T> g) const {
        for (std::size_t i = 0; i < w.size(); ++i)
            w[i] -= static_cast<T>(g[i] > 0 ? rate : (g[i] < 0 ? -rate : 0));
    }
};
struct without_first {
    template <class T>
    struct state {
        explicit state(std::size_t) {}
    };
    template <class T>
    void before(state<T>&, std::span<const T>, std::span<T> g) const {
        g[0] = 0;
    }
};

using loss = tn::squared_error_loss;
static_assert(std::is_same_v<tn::minimize_spec<loss, sign_descent, tn::l1_penalty>::objection_to<
                                 tenon_test::fitted_line<1>, tn::real>,
                             tn::because::this_penalty_takes_proximal_steps__the_Optimizer_needs_reach>);
static_assert(tn::no_objection<tn::minimize_spec<loss, tn::adam_optimizer, tn::l1_penalty>::objection_to<
                  tenon_test::fitted_line<1>, tn::real>>);

} // namespace

TEST_CASE("huber's delta is in the units of the target", "[train]") {
    // Averaged iterates of clipped, scheduled steps, in units a hundred thousand times as large and with the same bits of
    // meaning: the target is standardized, and delta with it.
    const auto optimizer = tn::chain(tn::clip_by_norm(0.5), tn::average_iterates({.decay = 0.9}),
                                     tn::scheduled(tn::adam(0.1), tn::cosine(300)));
    auto fitted = [&](double unit) {
        return (tn::linear_regression() | tn::minimize(tn::huber(0.5 * unit), optimizer, quiet))
            .fit(with_outliers(unit))
            .model();
    };
    const auto small = fitted(1), large = fitted(1e5);
    CHECK_THAT(small.coefficients()(0, 0),
               WithinAbs(2, 0.05)); // a squared error would be 4 off in the intercept
    CHECK_THAT(small.intercept(), WithinAbs(3, 0.2));
    CHECK_THAT(large.coefficients()(0, 0), WithinRel(1e5 * small.coefficients()(0, 0), 1e-9));
    CHECK_THAT(large.intercept(), WithinRel(1e5 * small.intercept(), 1e-9));
}

TEST_CASE("counts are learned on a log scale, and the rate falls on a plateau", "[train]") {
    const auto data = rows_of<2>(400, [](auto x, auto& random) { // Poisson by the products of uniforms
        const double least = std::exp(-std::exp(0.5 * x[0] + 1));
        int count = -1;
        for (double product = 1; product > least; ++count) product *= random.uniform();
        return count;
    });
    const auto optimizer = tn::scheduled(tn::sgd(0.05, {.momentum = 0.9, .nesterov = true}),
                                         tn::on_plateau({.factor = 0.3, .patience = 3}));
    const auto recipe = line() | tn::minimize(tn::poisson(), optimizer,
                                              {.epochs = 150, .validation = 0.25, .show = tn::progress::off});
    const auto m = recipe.fit(data);
    CHECK_THAT(m(std::array<double, 2>{0, 0}), WithinAbs(1, 0.15)); // the log of the expected count
    CHECK_THAT(m(std::array<double, 2>{1, 0}), WithinAbs(1.5, 0.2));
    const auto again = recipe.fit(data);
    CHECK(m(std::array<double, 2>{1, 0}) == again(std::array<double, 2>{1, 0}));

    auto broken = data;
    broken.targets()[7] = -2;
    CHECK_THROWS_AS(recipe.fit(broken), tn::data_error);
}

TEST_CASE("a hinge separates classes", "[train]") {
    const auto data =
        rows_of<2, tn::classes<3>>(300, [](auto x, auto&) { return x[0] > 0.5 ? 0 : (x[1] > 0 ? 1 : 2); });
    const auto m =
        (tn::logistic_regression() |
         tn::minimize(tn::squared_hinge(), tn::chain(tn::weight_decay(1e-4), tn::nadam(0.05)), quiet))
            .fit(data);
    std::size_t right = 0;
    for (std::size_t r = 0; r < data.size(); ++r) right += m(data.row(r)) == data.target(r) ? 1U : 0U;
    CHECK(right >= 280);
}

TEST_CASE("group_lasso frees a network of inputs that say nothing", "[train]") {
    const auto data = rows_of<2>(300, [](auto x, auto& random) {
        return std::tanh(2 * x[0]) + 0.05 * random.normal(); // nothing of the other
    });
    const auto m = (tn::mlp<6>(tn::tanh) |
                    tn::minimize(tn::squared_error(), tn::adam(0.02), quiet, tn::group_lasso(0.005)))
                       .fit(data);
    const auto weights = m.model().layer(0).weights; // 2 inputs × 6
    auto zeros = [&](std::size_t input) -> std::size_t {
        std::size_t n = 0;
        for (const float w : weights.subspan(input * 6, 6)) n += w == 0 ? 1U : 0U;
        return n;
    };
    CHECK(zeros(0) == 0);
    CHECK(zeros(1) == 6);
    CHECK_THAT(m(std::array<double, 2>{1, 0}), WithinAbs(std::tanh(2), 0.1));
}

TEST_CASE("L-BFGS on all rows needs few epochs", "[train]") {
    const auto data = rows_of<2>(60, [](auto x, auto&) { return 3 * x[0] - 20 * x[1] + 1; });
    tn::training_run run(tenon_test::fitted_line<2>{}, tn::squared_error(), tn::lbfgs(), tn::no_penalty{}, 1,
                         1000);
    std::vector<double> y;
    for (std::size_t r = 0; r < data.size(); ++r) y.push_back(data.target(r));
    for (int epoch = 0; epoch < 15; ++epoch) run.epoch(data.x(), std::span<const double>(y));
    CHECK(run.loss(data.x(), std::span<const double>(y)) < 1e-16);
}

TEST_CASE("averages are of the weights that the penalty's steps leave", "[train]") {
    const auto data = rows_of<2>(60, [](auto x, auto&) { return 3 * x[0] - 20 * x[1] + 1; });
    tn::training_run run(tenon_test::fitted_line<2>{}, tn::squared_error(),
                         tn::chain(tn::average_iterates(), tn::sgd(0.01)), tn::l1(1e6), 1, 20);
    std::vector<double> y;
    for (std::size_t r = 0; r < data.size(); ++r) y.push_back(data.target(r));
    for (int epoch = 0; epoch < 5; ++epoch) run.epoch(data.x(), std::span<const double>(y));
    const auto values = run.model().parameters();
    CHECK(values[0] == 0);
    CHECK(values[1] == 0);
    CHECK(values[2] != 0);
}

TEST_CASE("a schedule, an optimizer and a transformation of one's own work by the concepts alone",
          "[train]") {
    const auto data = rows_of<2>(100, [](auto x, auto&) { return 0.3 * x[0] + 2 * x[1] - 1; });
    const auto optimizer = tn::chain(without_first{}, tn::scheduled(sign_descent{0.2}, slower{}));
    const auto m = (line() | tn::minimize(tn::squared_error(), optimizer, quiet)).fit(data).model();
    CHECK(m.values[0] == 0); // its slope is hidden
    CHECK_THAT(m.values[1], WithinAbs(2, 0.1));
    CHECK_THAT(m.values[2], WithinAbs(-1, 0.1));
}
