// Linear models with sample weights against scikit-learn (weight_fixtures.py). Tolerance: 1e-7 of the largest number.

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <tenon/model/least_squares.hpp>
#include <tenon/model/logistic_solver.hpp>
#include <tenon/train/fit.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

/// One of the tables, row r with the weight (r mod 7) / 4.
template <class Kind>
tn::dataset<tn::columns<tn::dynamic, Kind>> weighted_table(const std::string& name) {
    const tn::json_value all = fixture("tables");
    std::vector<tn::target_value<Kind>> y;
    std::vector<double> weights;
    for (const double v : numbers(all[name]["y"])) {
        weights.push_back(static_cast<double>(y.size() % 7) / 4);
        y.push_back(static_cast<tn::target_value<Kind>>(v));
    }
    return tn::dataset<tn::columns<tn::dynamic, Kind>>(table(all[name]["x"]), std::move(y))
        .with_weights(weights);
}

/// The largest error of coefficients and intercept.
template <class Recipe>
double line_error(const Recipe& recipe, const tn::json_value& expected) {
    const auto model = recipe.fit(weighted_table<tn::real>("diabetes"));
    return worst(
        {error_of_largest(values_of(model.model().coefficients()), numbers(expected["coefficients"])),
         relative_error(model.model().intercept(), expected["intercept"].as_number())});
}

/// The largest error of coefficients and of the probabilities of every 10th row.
template <class Kind>
double logistic_error(const std::string& name, const tn::json_value& expected) {
    const auto data = weighted_table<Kind>(name);
    const auto model = tn::logistic_regression({.l2 = expected["l2"].as_number()}).fit(data);
    const tn::matrix<double> wanted = table(expected["coefficients"]);
    const auto found = model.model().coefficients();
    tn::matrix<double> coefficients(wanted.rows(), wanted.columns()); // of two classes the second's
    for (std::size_t r = 0; r < wanted.rows(); ++r)
        for (std::size_t k = 0; k < wanted.columns(); ++k)
            coefficients(r, k) = found(r, found.columns() - wanted.columns() + k);
    tn::matrix<double> p(data.size(), model.output_count());
    model.probabilities(data.x(), p.view());
    std::vector<double> every_10th;
    for (std::size_t r = 0; r < p.rows(); r += 10)
        for (const double v : p.row(r)) every_10th.push_back(v);
    return worst({error_of_largest(values_of(coefficients), values_of(wanted)),
                  absolute_error(every_10th, values_of(table(expected["probabilities"])))});
}

} // namespace

TEST_CASE("linear models with weights are scikit-learn's with sample_weight", "[weights]") {
    const tn::json_value expected = fixture("weights");
    CHECK(line_error(tn::linear_regression(), expected["linear"]) <= 1e-7);
    CHECK(line_error(tn::ridge(30), expected["ridge"]) <= 1e-7);
    CHECK(logistic_error<tn::classes<3>>("iris", expected["logistic"]) <= 1e-7);
    CHECK(logistic_error<tn::classes<2>>("breast_cancer", expected["binary"]) <= 1e-7);
}
