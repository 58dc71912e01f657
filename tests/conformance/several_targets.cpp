// Regressions of several outputs against scikit-learn and PyTorch. Tolerances: 1e-9 of the largest coefficient, prediction
// and metric; losses and gradients of a small network 1e-12 of the largest.

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <array>
#include <tenon/evaluate/evaluate.hpp>
#include <tenon/evaluate/of_output.hpp>
#include <tenon/evaluate/regression.hpp>
#include <tenon/loss/absolute_error.hpp>
#include <tenon/loss/each_output.hpp>
#include <tenon/loss/huber.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/least_squares.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/train/fit.hpp>
#include <vector>

namespace tn = tenon;
using namespace tenon_test;

namespace {

using any_columns = tn::columns<tn::dynamic, tn::reals<3>>;

/// linnerud, its y where Python keeps it: one matrix. Behind the columns two that say nothing new, where wanted.
template <class Check>
void with_linnerud(const tn::json_value& all, bool has_collinear_ones, Check&& check) {
    const tn::matrix<double> few = table(all["x"]), y = table(all["y"]);
    tn::matrix<double> x(few.rows(), has_collinear_ones ? 5 : 3);
    for (std::size_t r = 0; r < x.rows(); ++r) {
        for (std::size_t c = 0; c < 3; ++c) x(r, c) = few(r, c);
        if (!has_collinear_ones) continue;
        x(r, 3) = x(r, 0) + x(r, 1);
        x(r, 4) = 2 * x(r, 2);
    }
    check(tn::view_as<any_columns>(x.view(), y.view()));
}

/// The largest error of coefficients, intercepts, the first three predictions and metrics.
template <class P, class D>
double lines_error(const P& model, const D& data, const tn::json_value& expected) {
    const tn::matrix<double> wanted = table(expected["coefficients"]); // an output a row
    const auto found = model.model().coefficients();
    tn::matrix<double> coefficients(found.columns(), found.rows());
    for (std::size_t k = 0; k < coefficients.rows(); ++k)
        for (std::size_t c = 0; c < coefficients.columns(); ++c) coefficients(k, c) = found(c, k);
    tn::matrix<double> answers(data.size(), 3);
    model.predict(data.x(), answers.view());
    double error = worst({error_of_largest(values_of(coefficients.view()), values_of(wanted.view())),
                          error_of_largest(model.model().intercepts(), numbers(expected["intercepts"])),
                          error_of_largest(values_of(answers.view().middle_rows(0, 3)),
                                           values_of(table(expected["predictions"]).view()))});
    const tn::report report = tn::evaluate(
        model, data, tn::metrics(tn::r2(), tn::of_output<1>(tn::r2()), tn::mse(), tn::rmse(), tn::mae()));
    for (const char* name : {"r2", "r2 of output 1", "mse", "rmse", "mae"})
        error = worst({error, relative_error(report[name], expected[name].as_number())});
    return error;
}

/// The larger error of the loss and of its gradient.
template <class L>
double gradient_error(const L& loss, const tn::json_value& all, const tn::json_value& expected) {
    using network = tn::fitted_mlp<tn::tanh_activation, tn::reals<2>, double, double, 3, 4>;
    network model;
    const std::vector<double> parameters = numbers(all["parameters"]);
    REQUIRE(parameters.size() == model.parameters().size());
    for (std::size_t i = 0; i < parameters.size(); ++i) model.parameters()[i] = parameters[i];
    const tn::matrix<double> x = table(all["x"]), y = table(all["y"]);
    std::vector<std::array<double, 2>> targets;
    for (std::size_t r = 0; r < y.rows(); ++r) targets.push_back({y(r, 0), y(r, 1)});
    std::vector<double> gradient(parameters.size());
    network::scratch room;
    const double value =
        model.gradient(tn::each_output_loss<L, 2>{{loss, loss}}, x.view(),
                       std::span<const std::array<double, 2>>(targets), std::span(gradient), room);
    return worst({relative_error(value, expected["loss"].as_number()),
                  error_of_largest(gradient, numbers(expected["gradient"]))});
}

} // namespace

TEST_CASE("several targets are fitted and measured as by scikit-learn", "[several targets]") {
    const tn::json_value all = fixture("several_targets");
    const tn::json_value& linnerud = all["linnerud"];
    with_linnerud(linnerud, false, [&](const auto& data) {
        CHECK(lines_error(tn::linear_regression().fit(data), data, linnerud["linear_regression"]) <= 1e-9);
        CHECK(lines_error(tn::ridge(3.0).fit(data), data, linnerud["ridge"]) <= 1e-9);
        std::vector<double> weights;
        for (std::size_t r = 0; r < data.size(); ++r) weights.push_back(static_cast<double>(r % 3) + 0.5);
        CHECK(lines_error(tn::linear_regression().fit(data.with_weights(weights)), data,
                          linnerud["weighted"]) <= 1e-9);
    });
    with_linnerud(linnerud, true, [&](const auto& data) {
        CHECK(lines_error(tn::linear_regression().fit(data), data, linnerud["collinear"]) <= 1e-9);
    });
}

TEST_CASE("the loss of several outputs and its gradient are those of PyTorch", "[several targets]") {
    const tn::json_value all = fixture("several_targets");
    const tn::json_value& network = all["network"];
    CHECK(gradient_error(tn::squared_error(), network, network["squared"]) <= 1e-12);
    CHECK(gradient_error(tn::absolute_error(), network, network["absolute"]) <= 1e-12);
    CHECK(gradient_error(tn::huber(0.7), network, network["huber"]) <= 1e-12);
}
