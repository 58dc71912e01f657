// Optimizers, minimize and networks against PyTorch, in float64. Tolerances: 1e-9 absolute for 50 steps on one function
// and for values and gradients of networks, 1e-9 of the largest coefficient for models that minimize trains; in float 1e-5.

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <tenon/loss.hpp>
#include <tenon/model.hpp>
#include <tenon/optim.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/train_model.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

/// The gradient of Σ 10·(w[i+1] - w[i]²)² + (1 - w[i])².
template <class T>
std::vector<T> slope_of_valley(std::span<const T> w) {
    std::vector<T> g(w.size());
    for (std::size_t i = 0; i + 1 < w.size(); ++i) {
        const T off = w[i + 1] - w[i] * w[i];
        g[i] += -40 * off * w[i] - 2 * (1 - w[i]);
        g[i + 1] += 20 * off;
    }
    return g;
}

/// Where an optimizer is after 50 steps down the valley, at the steps that the fixture tells.
template <class T, class O>
std::vector<double> trajectory(const O& optimizer, const std::vector<double>& steps) {
    std::vector<T> w{T(-1.2), T(1.0), T(0.5), T(-0.5)};
    typename O::template state<T> state(w.size());
    std::vector<double> points;
    for (int step = 1; step <= 50; ++step) {
        const std::vector<T> g = slope_of_valley(std::span<const T>(w));
        optimizer.step(state, std::span<T>(w), std::span<const T>(g));
        if (std::find(steps.begin(), steps.end(), step) != steps.end())
            points.insert(points.end(), w.begin(), w.end());
    }
    return points;
}

/// The larger error of coefficients and intercepts, as rows of the fixture.
template <class P>
double trained_error(const P& model, const tn::json_value& expected) {
    return worst({error_of_largest(values_of(model.model().coefficients()),
                                   values_of(table(expected["coefficients"]))),
                  error_of_largest(model.model().intercepts(), numbers(expected["intercepts"]))});
}

/// 50 steps on all rows at once.
constexpr tn::minimize_options all_rows{
    .epochs = 50, .batch_size = 1000, .scale_target = false, .show = tn::progress::off};

/// The largest error of scores, loss and gradient of a network with the fixture's parameters.
template <class M, class L, class Y>
double network_error(const char* name, const L& loss, const std::vector<Y>& y) {
    using T = typename M::scalar;
    M m;
    const tn::json_value all = fixture("networks");
    const tn::json_value& expected = all[name];
    const std::vector<double> parameters = numbers(expected["parameters"]);
    REQUIRE(parameters.size() == m.parameters().size());
    for (std::size_t i = 0; i < parameters.size(); ++i) m.parameters()[i] = static_cast<T>(parameters[i]);

    const tn::matrix<double> given = table(all["x"]);
    tn::matrix<T> x(given.rows(), given.columns());
    for (std::size_t i = 0; i < x.rows() * x.columns(); ++i) x.data()[i] = static_cast<T>(given.data()[i]);
    std::vector<double> scores;
    for (std::size_t r = 0; r < x.rows(); ++r) {
        std::array<typename M::score, M::outputs> z{};
        m(tn::row<M::in, T>(x.row(r)), z);
        scores.insert(scores.end(), z.begin(), z.end());
    }

    std::vector<T> gradient(parameters.size());
    typename M::scratch room;
    const double value = m.gradient(loss, tn::matrix_view<const T>(x.view()), std::span<const Y>(y),
                                    std::span<T>(gradient), room);
    return worst({absolute_error(scores, values_of(table(expected["scores"]))),
                  std::abs(value - expected["loss"].as_number()),
                  absolute_error(std::vector<double>(gradient.begin(), gradient.end()),
                                 numbers(expected["gradient"]))});
}

template <class Act, class Kind, class T, std::size_t... Hidden>
using network = tn::fitted_mlp<Act, Kind, T, T, 3, Hidden...>;

} // namespace

TEST_CASE("optimizers take PyTorch's steps", "[optim]") {
    const tn::json_value expected = fixture("optimizers");
    const std::vector<double> steps = numbers(expected["steps"]);
    const auto check = [&](const char* name, const auto& optimizer) {
        INFO(name);
        const std::vector<double> wanted = values_of(table(expected[name]));
        CHECK(absolute_error(trajectory<double>(optimizer, steps), wanted) <= 1e-9);
        CHECK(absolute_error(trajectory<float>(optimizer, steps), wanted) <= 1e-5);
    };
    check("gradient_descent", tn::gradient_descent(2e-3));
    check("gradient_descent", tn::sgd(2e-3));
    check("sgd_momentum", tn::sgd(2e-3, {.momentum = 0.9}));
    check("adam", tn::adam(0.05));
    check("adam_options", tn::adam(0.02, {.beta1 = 0.8, .beta2 = 0.95, .epsilon = 0.1}));
}

TEST_CASE("minimize goes where a loop written in PyTorch goes", "[minimize]") {
    const tn::json_value expected = fixture("optimizers");
    const auto data = patients();
    const auto line = tn::standardize() | tn::linear_regression();
    CHECK(trained_error((line | tn::minimize(tn::squared_error(), tn::adam(2.0), all_rows)).fit(data),
                        expected["minimized_squared_error"]) <= 1e-9);
    CHECK(trained_error((line | tn::minimize(tn::squared_error(), tn::sgd(0.05, {.momentum = 0.5}), all_rows,
                                             tn::l2(0.05)))
                            .fit(data),
                        expected["minimized_with_l2"]) <= 1e-9);

    std::vector<tn::class_index> half;
    for (std::size_t r = 0; r < data.size(); ++r) half.push_back(data.target(r) > 140 ? 1 : 0);
    const tn::dataset_view<tn::columns<10, tn::classes<2>>> classes(data.x(),
                                                                    std::span<const tn::class_index>(half));
    CHECK(trained_error((tn::standardize() | tn::logistic_regression() |
                         tn::minimize(tn::cross_entropy(), tn::sgd(0.1, {.momentum = 0.9}), all_rows))
                            .fit(classes),
                        expected["minimized_cross_entropy"]) <= 1e-9);
}

TEST_CASE("networks have PyTorch's scores, losses and gradients", "[mlp]") {
    const tn::json_value all = fixture("networks");
    const std::vector<double> real = numbers(all["real"]);
    const std::vector<float> narrow(real.begin(), real.end());
    const std::vector<tn::class_index> label = class_indices(all["label"]);
    using tn::cross_entropy, tn::squared_error;
    CHECK(network_error<network<tn::relu_activation, tn::real, double, 7>>("relu_squared_error",
                                                                           squared_error(), real) <= 1e-9);
    CHECK(network_error<network<tn::relu_activation, tn::classes<4>, double, 6, 5>>(
              "relu_cross_entropy", cross_entropy(), label) <= 1e-9);
    CHECK(network_error<network<tn::tanh_activation, tn::real, double, 6, 5>>("tanh_squared_error",
                                                                              squared_error(), real) <= 1e-9);
    CHECK(network_error<network<tn::tanh_activation, tn::classes<4>, double, 7>>(
              "tanh_cross_entropy", cross_entropy(), label) <= 1e-9);
    CHECK(network_error<network<tn::relu_activation, tn::real, float, 7>>("relu_squared_error",
                                                                          squared_error(), narrow) <= 1e-5);
    CHECK(network_error<network<tn::tanh_activation, tn::classes<4>, float, 7>>(
              "tanh_cross_entropy", cross_entropy(), label) <= 1e-5);
}
