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

template <class Recipe>
void check_line(const Recipe& recipe, const tn::json_value& expected) {
    const auto model = recipe.fit(weighted_table<tn::real>("diabetes"));
    CHECK(error_of_largest(values_of(model.model().coefficients()), numbers(expected["coefficients"])) <=
          1e-7);
    CHECK_THAT(model.model().intercept(), WithinRel(expected["intercept"].as_number(), 1e-7));
}

template <class Kind>
void check_logistic(const std::string& name, const tn::json_value& expected) {
    const auto data = weighted_table<Kind>(name);
    const auto model = tn::logistic_regression({.l2 = expected["l2"].as_number()}).fit(data);
    const tn::matrix<double> wanted = table(expected["coefficients"]);
    const auto found = model.model().coefficients();
    tn::matrix<double> coefficients(wanted.rows(), wanted.columns()); // of two classes the second's
    for (std::size_t r = 0; r < wanted.rows(); ++r)
        for (std::size_t k = 0; k < wanted.columns(); ++k)
            coefficients(r, k) = found(r, found.columns() - wanted.columns() + k);
    CHECK(error_of_largest(values_of(coefficients), values_of(wanted)) <= 1e-7);
    tn::matrix<double> p(data.size(), model.output_count());
    model.probabilities(data.x(), p.view());
    std::vector<double> every_10th;
    for (std::size_t r = 0; r < p.rows(); r += 10)
        for (const double v : p.row(r)) every_10th.push_back(v);
    CHECK(absolute_error(every_10th, values_of(table(expected["probabilities"]))) <= 1e-7);
}

} // namespace

TEST_CASE("linear models with weights are scikit-learn's with sample_weight", "[weights]") {
    const tn::json_value expected = fixture("weights");
    check_line(tn::linear_regression(), expected["linear"]);
    check_line(tn::ridge(30), expected["ridge"]);
    check_logistic<tn::classes<3>>("iris", expected["logistic"]);
    check_logistic<tn::classes<2>>("breast_cancer", expected["binary"]);
}
