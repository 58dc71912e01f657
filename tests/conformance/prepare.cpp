// Preprocessors and feature expanders against scikit-learn, on the penguins and the patients. Tolerance: 1e-12,
// relative to each number.

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <tenon/features/polynomial.hpp>
#include <tenon/features/select.hpp>
#include <tenon/prepare.hpp>
#include <tenon/train/fit.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

/// The rows of a dataset that a fixture speaks of.
template <class S>
tn::dataset<S> rows_of(const tn::dataset<S>& data, const tn::json_value& rows) {
    std::vector<std::size_t> wanted;
    for (const tn::json_value& r : rows.as_array()) wanted.push_back(r.as_count());
    return tn::select_rows(data, wanted);
}

/// What a fitted transformer makes of the rows.
template <class P, class S>
std::vector<double> transformed(const P& fitted, const tn::dataset<S>& data) {
    tn::matrix<double> z(data.size(), fitted.feature_count());
    fitted.transform(data.x(), z.view());
    return values_of(z.view());
}

template <class Rule>
std::vector<double> fills_of(Rule rule) {
    const auto fitted = tn::impute(rule).fit(penguins());
    const auto& fill = fitted.template stage<0>().fill;
    return {fill.begin(), fill.end()};
}

} // namespace

TEST_CASE("impute learns the fills of SimpleImputer", "[impute]") {
    const tn::json_value expected = fixture("prepare");
    const std::vector<double> words = numbers(expected["word_fills"]);
    auto check = [&](const char* name, std::vector<double> fills) {
        std::vector<double> wanted = numbers(expected["fills"][name]);
        wanted.insert(wanted.end(), words.begin(), words.end()); // categories: always the most frequent level
        CHECK(relative_error(fills, wanted) <= 1e-12);
    };
    check("mean", fills_of(tn::mean));
    check("median", fills_of(tn::median));
    check("most_frequent", fills_of(tn::most_frequent));
}

TEST_CASE("one_hot gives the columns of OneHotEncoder", "[one_hot]") {
    const tn::json_value expected = fixture("prepare");
    const auto data = penguins();
    const auto fitted = (tn::impute(tn::median) | tn::select<"island", "sex">() | tn::one_hot()).fit(data);
    CHECK(transformed(fitted, rows_of(data, expected["rows"])) == values_of(table(expected["one_hot"])));
}

TEST_CASE("impute, one_hot and standardize give what scikit-learn's pipeline gives", "[standardize]") {
    const tn::json_value expected = fixture("prepare");
    const auto data = penguins();
    const auto fitted = (tn::impute(tn::median) | tn::one_hot() | tn::standardize()).fit(data);
    const auto& scaling = fitted.stage<2>();
    std::vector<double> scales;
    for (double s : scaling.inverse_scale) scales.push_back(1 / s);
    CHECK(relative_error(scaling.mean, numbers(expected["recipe_means"])) <= 1e-12);
    CHECK(relative_error(scales, numbers(expected["recipe_scales"])) <= 1e-12);
    CHECK(relative_error(transformed(fitted, rows_of(data, expected["rows"])),
                         values_of(table(expected["recipe"]))) <= 1e-12);
}

TEST_CASE("polynomial gives the columns of PolynomialFeatures in their order", "[polynomial]") {
    const tn::json_value expected = fixture("prepare");
    const auto data = patients();
    const auto rows = rows_of(data, expected["polynomial_rows"]);
    const auto four = tn::select<"age", "bmi", "s2", "s5">();
    CHECK(relative_error(transformed((four | tn::polynomial<2>()).fit(data), rows),
                         values_of(table(expected["polynomial_2"]))) <= 1e-12);
    CHECK(relative_error(transformed((four | tn::polynomial<3>()).fit(data), rows),
                         values_of(table(expected["polynomial_3"]))) <= 1e-12);
    CHECK(relative_error(transformed((four | tn::standardize() | tn::polynomial<3>()).fit(data), rows),
                         values_of(table(expected["standardized_polynomial_3"]))) <= 1e-12);
}
