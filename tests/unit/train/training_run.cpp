#include "support/catch.hpp"

#include "unit/train/line.hpp"
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <tenon/core/random.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/optim/gradient_descent.hpp>
#include <tenon/optim/penalty.hpp>
#include <tenon/optim/sgd.hpp>
#include <tenon/train/training_run.hpp>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::fitted_line;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

using line = fitted_line<2>;

/// y = 3·x0 - 2·x1 + 1.
struct plane {
    tn::matrix<double> x;
    std::vector<double> y;
    explicit plane(std::size_t rows) : x(rows, 2) {
        tn::philox random(17);
        for (std::size_t r = 0; r < rows; ++r) {
            x(r, 0) = random.normal();
            x(r, 1) = random.normal();
            y.push_back(3 * x(r, 0) - 2 * x(r, 1) + 1);
        }
    }
    std::span<const double> targets() const { return y; }
};

template <class O = tn::adam_optimizer, class P = tn::no_penalty>
auto made_run(std::uint64_t seed = 5, O optimizer = tn::adam(0.05), std::size_t batch = 8, P penalty = {}) {
    return tn::training_run(line{}, tn::squared_error(), optimizer, penalty, seed, batch);
}

template <class Run>
std::vector<double> parameters_of(const Run& run) {
    return {run.model().parameters().begin(), run.model().parameters().end()};
}

/// A loss of nothing that notes which targets it is asked about, in order.
struct noting_loss {
    template <class Kind>
    using accepts = tn::because::nothing;
    std::vector<double>* seen;
    template <class T>
    T operator()(std::span<const T>, T y, std::span<T> g) const {
        seen->push_back(static_cast<double>(y));
        g[0] = 0;
        return y;
    }
};

/// A line whose first weight is pruned.
struct pruned_line : line {
    void keep_zeros(std::span<double> v) const noexcept { v[0] = 0; }
};

} // namespace

TEST_CASE("training finds the plane behind the data", "[train]") {
    const plane data(100);
    auto run = made_run();
    double first = 0, last = 0;
    for (int epoch = 0; epoch < 200; ++epoch) {
        last = run.epoch(data.x.view(), data.targets());
        if (epoch == 0) first = last;
    }
    CHECK(last < 1e-6 * first);
    const std::vector<double> w = parameters_of(run);
    CHECK_THAT(w[0], WithinAbs(3, 1e-3));
    CHECK_THAT(w[1], WithinAbs(-2, 1e-3));
    CHECK_THAT(w[2], WithinAbs(1, 1e-3));
    CHECK(run.epochs_done() == 200);
}

TEST_CASE("one step on all rows is the optimizer's step along the mean gradient", "[train]") {
    const plane data(10);
    auto run = made_run(1, tn::gradient_descent(0.1), 10);
    const double loss = run.epoch(data.x.view(), data.targets());
    double expected[3] = {}, squares = 0;
    for (std::size_t r = 0; r < 10; ++r) { // from zero: gradient -2·y·x, loss y²
        expected[0] += 0.1 * 2 * data.y[r] * data.x(r, 0) / 10;
        expected[1] += 0.1 * 2 * data.y[r] * data.x(r, 1) / 10;
        expected[2] += 0.1 * 2 * data.y[r] / 10;
        squares += data.y[r] * data.y[r] / 10;
    }
    for (std::size_t i = 0; i < 3; ++i)
        CHECK_THAT(run.model().parameters()[i], WithinRel(expected[i], 1e-13));
    CHECK_THAT(loss, WithinRel(squares, 1e-13));
}

TEST_CASE("a run that is copied in the middle goes on to the same bits", "[train]") {
    const plane data(50);
    auto check = [&](auto run) {
        for (int epoch = 0; epoch < 7; ++epoch) run.epoch(data.x.view(), data.targets());
        auto copy = run;
        const std::vector<double> middle = parameters_of(run);
        for (int epoch = 0; epoch < 5; ++epoch) run.epoch(data.x.view(), data.targets());
        CHECK(parameters_of(copy) == middle); // on its own
        for (int epoch = 0; epoch < 5; ++epoch) copy.epoch(data.x.view(), data.targets());
        CHECK(parameters_of(copy) == parameters_of(run));
        CHECK(copy.epochs_done() == 12);
    };
    check(made_run(5, tn::adam(0.05)));
    check(made_run(5, tn::sgd(0.01, {.momentum = 0.9})));
    check(made_run(5, tn::gradient_descent(0.01), 7, tn::l2(0.1)));
}

TEST_CASE("the same seed gives the same bits, another seed another order", "[train]") {
    const plane data(50);
    auto trained = [&](std::uint64_t seed) {
        auto run = made_run(seed);
        for (int epoch = 0; epoch < 3; ++epoch) run.epoch(data.x.view(), data.targets());
        return parameters_of(run);
    };
    CHECK(trained(5) == trained(5));
    CHECK(trained(5) != trained(6));
}

TEST_CASE("every epoch sees every row once, in an order that depends on seed and epoch alone", "[train]") {
    tn::matrix<double> x(25, 2);
    std::vector<double> y(25);
    for (std::size_t i = 0; i < 25; ++i) y[i] = static_cast<double>(i);
    auto orders = [&](std::uint64_t seed, std::size_t batch) {
        std::vector<double> seen;
        tn::training_run run(line{}, noting_loss{&seen}, tn::adam(1), tn::no_penalty{}, seed, batch);
        std::vector<std::vector<double>> all;
        for (int epoch = 0; epoch < 3; ++epoch) {
            seen.clear();
            const double mean = run.epoch(x.view(), std::span<const double>(y));
            CHECK_THAT(mean, WithinRel(12.0, 1e-14)); // also where the last batch is smaller
            all.push_back(seen);
        }
        return all;
    };
    const auto by_eight = orders(1, 8);
    for (std::vector<double> order : by_eight) {
        CHECK(order != y);
        std::sort(order.begin(), order.end());
        CHECK(order == y);
    }
    CHECK(by_eight[0] != by_eight[1]);
    CHECK(orders(1, 100) == by_eight);
    CHECK(orders(2, 8) != by_eight);
}

TEST_CASE("rows of any layout train to the same bits", "[train]") {
    const plane data(30);
    std::vector<double> columns(60);
    for (std::size_t r = 0; r < 30; ++r)
        for (std::size_t c = 0; c < 2; ++c) columns[c * 30 + r] = data.x(r, c);
    auto a = made_run(), b = made_run();
    for (int epoch = 0; epoch < 3; ++epoch) {
        a.epoch(data.x.view(), data.targets());
        b.epoch(tn::matrix_view<const double>(columns.data(), 30, 2, 1, 30), data.targets());
    }
    CHECK(parameters_of(a) == parameters_of(b));
}

TEST_CASE("the loss of rows that only watch changes nothing", "[train]") {
    const plane data(30);
    auto a = made_run(), b = made_run();
    a.epoch(data.x.view(), data.targets());
    b.epoch(data.x.view(), data.targets());
    const double watched = a.loss(data.x.view(), data.targets());
    CHECK(watched > 0);
    CHECK(a.loss(data.x.view(), data.targets()) == watched);
    a.epoch(data.x.view(), data.targets());
    b.epoch(data.x.view(), data.targets());
    CHECK(parameters_of(a) == parameters_of(b));
}

TEST_CASE("divergence is an error that names epoch and step", "[train]") {
    const plane data(40);
    auto run = made_run(1, tn::gradient_descent(1e80), 8);
    std::string message;
    try {
        for (int epoch = 0; epoch < 3; ++epoch) run.epoch(data.x.view(), data.targets());
    } catch (const tn::fit_error& e) {
        message = e.what();
    }
    // Each step multiplies the parameters by about 1e80: the third is the first whose square is beyond 1e308.
    CHECK_THAT(message, ContainsSubstring("training diverged in epoch 1, step 3: the loss is inf"));
    CHECK_THAT(message, ContainsSubstring("try a smaller rate"));

    plane poisoned(40);
    poisoned.y[11] = std::numeric_limits<double>::quiet_NaN();
    auto other = made_run();
    CHECK_THROWS_AS(other.epoch(poisoned.x.view(), poisoned.targets()), tn::fit_error);
}

TEST_CASE("penalties pull on weights and leave the bias alone", "[train]") {
    const plane data(40);
    auto trained = [&](auto penalty) {
        auto run = made_run(3, tn::adam(0.05), 40, penalty);
        double value = 0;
        for (int epoch = 0; epoch < 2000; ++epoch) value = run.epoch(data.x.view(), data.targets());
        return std::pair(parameters_of(run), value);
    };
    const auto [free, free_value] = trained(tn::no_penalty{});
    const auto [pulled, pulled_value] = trained(tn::l2(1e6));
    CHECK(std::abs(pulled[0]) < 1e-3);
    CHECK(std::abs(pulled[1]) < 1e-3);
    CHECK(std::abs(pulled[2]) > 0.1); // still the mean of the target
    CHECK(pulled_value > free_value);
}

TEST_CASE("what a model keeps at zero stays zero through every optimizer and penalty", "[train]") {
    const plane data(40);
    auto check = [&](auto optimizer) {
        tn::training_run run(pruned_line{}, tn::squared_error(), optimizer, tn::l2(0.01), 1, 8);
        for (int epoch = 0; epoch < 20; ++epoch) run.epoch(data.x.view(), data.targets());
        CHECK(run.model().parameters()[0] == 0);
        CHECK(run.model().parameters()[1] != 0);
    };
    check(tn::adam(0.05));
    check(tn::sgd(0.01, {.momentum = 0.9}));
}

TEST_CASE("large rows that are read where they lie train to the bits of rows that are copied", "[train]") {
    constexpr std::size_t rows = 50, columns = 140;
    using network = tn::dense_network<tn::relu_activation, tn::real, float, float, columns, 9>;
    static_assert(network::reads_places);
    std::vector<float> x(rows * columns), turned(rows * columns), y(rows);
    tn::philox random(8);
    for (std::size_t r = 0; r < rows; ++r) {
        y[r] = static_cast<float>(random.normal());
        for (std::size_t c = 0; c < columns; ++c)
            x[r * columns + c] = turned[c * rows + r] = static_cast<float>(random.normal());
    }
    network start;
    for (float& p : start.parameters()) p = static_cast<float>(random.uniform(-0.1, 0.1));
    const auto trained = [&](tn::matrix_view<const float> values) {
        tn::training_run run(network(start), tn::squared_error(), tn::adam(0.01), tn::no_penalty{}, 3, 16);
        for (int epoch = 0; epoch < 3; ++epoch) run.epoch(values, std::span<const float>(y));
        return std::vector<float>(run.model().parameters().begin(), run.model().parameters().end());
    };
    const auto in_place = trained({x.data(), rows, columns});
    const auto copied = trained({turned.data(), rows, columns, 1, static_cast<std::ptrdiff_t>(rows)});
    CHECK(in_place == copied);
    CHECK(in_place != std::vector<float>(start.parameters().begin(), start.parameters().end()));
}
