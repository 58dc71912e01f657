// Linear models against scikit-learn. Tolerances: least squares and ridge 1e-9 of the largest coefficient and of the
// largest prediction; logistic regression 1e-5 of the largest coefficient, probabilities 1e-6.

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <tenon/evaluate/regression.hpp>
#include <tenon/features/polynomial.hpp>
#include <tenon/features/select.hpp>
#include <tenon/model.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/fit.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

/// Columns whose number is not known to the compiler.
using any_columns = tn::dataset<tn::columns<tn::dynamic>>;

/// The patients; behind their columns, where wanted, a constant one, the sum of two and the double of one.
any_columns patient_columns(bool with_collinear_ones) {
    const auto data = patients();
    tn::matrix<double> x(data.size(), with_collinear_ones ? 13 : 10);
    for (std::size_t r = 0; r < data.size(); ++r) {
        for (std::size_t c = 0; c < 10; ++c) x(r, c) = data.x()(r, c);
        if (!with_collinear_ones) continue;
        x(r, 10) = 3;
        x(r, 11) = data.x()(r, 0) + data.x()(r, 4);
        x(r, 12) = 2 * data.x()(r, 0);
    }
    return {std::move(x), std::vector<double>(data.y().data(), data.y().data() + data.size())};
}

/// The largest error of coefficients, intercept (of 1 where that is smaller), R² and the first five predictions.
template <class P, class D>
double line_error(const P& model, const D& data, const tn::json_value& expected) {
    const double intercept = expected["intercept"].as_number();
    std::vector<double> answers(data.size());
    model.predict(data.x(), answers);
    const std::span truth(data.y().data(), data.size());
    const double r2 = tn::r2()(tn::outcomes<tn::real>{truth, answers});
    return worst(
        {error_of_largest(values_of(model.model().coefficients()), numbers(expected["coefficients"])),
         std::abs(model.model().intercept() - intercept) / std::max(1.0, std::abs(intercept)),
         error_of_largest(std::span(answers).first(5), numbers(expected["predictions"])),
         std::abs(r2 - expected["r2"].as_number())});
}

/// The largest error of coefficients (one column a class; for two classes those of the second) and intercepts, and ten
/// times that of the probabilities of every 40th row.
template <class P, class D>
double logistic_error(const P& model, const D& data, const tn::json_value& expected) {
    const auto found = model.model().coefficients();
    const tn::matrix<double> wanted = table(expected["coefficients"]);
    const std::size_t first = found.columns() - wanted.columns();
    tn::matrix<double> coefficients(wanted.rows(), wanted.columns());
    for (std::size_t r = 0; r < wanted.rows(); ++r)
        for (std::size_t k = 0; k < wanted.columns(); ++k) coefficients(r, k) = found(r, first + k);

    std::vector<double> intercepts(model.model().intercepts().begin() + static_cast<std::ptrdiff_t>(first),
                                   model.model().intercepts().end());
    double mean = 0;
    for (double b : intercepts) mean += b / static_cast<double>(intercepts.size());
    if (intercepts.size() > 1)
        for (double& b : intercepts) b -= mean;

    tn::matrix<double> p(data.x().rows(), model.output_count());
    model.probabilities(data.x(), p.view());
    std::vector<double> every_40th;
    for (std::size_t r = 0; r < p.rows(); r += 40)
        for (double v : p.row(r)) every_40th.push_back(v);
    return worst({error_of_largest(values_of(coefficients), values_of(wanted)),
                  error_of_largest(intercepts, numbers(expected["intercepts"])),
                  10 * absolute_error(every_40th, values_of(table(expected["probabilities"])))});
}

/// The penguins' measurements and species, or sex, without rows that lack one.
template <std::size_t Width, class Kind>
tn::dataset<tn::columns<Width, Kind>> measured(bool by_sex) {
    const auto data = penguins();
    std::vector<std::size_t> rows;
    std::vector<tn::class_index> y;
    for (std::size_t r = 0; r < data.size(); ++r) {
        if (std::isnan(data.x()(r, 0)) || (by_sex && std::isnan(data.x()(r, 5)))) continue;
        rows.push_back(r);
        y.push_back(by_sex ? static_cast<tn::class_index>(data.x()(r, 5)) : data.target(r));
    }
    tn::matrix<double> x(rows.size(), 4);
    for (std::size_t r = 0; r < rows.size(); ++r)
        for (std::size_t c = 0; c < 4; ++c) x(r, c) = data.x()(rows[r], c);
    return {std::move(x), std::move(y)};
}

} // namespace

TEST_CASE("linear_regression gives LinearRegression's coefficients", "[linear_regression]") {
    const tn::json_value expected = fixture("linear");
    const auto data = patients();
    CHECK(line_error(tn::linear_regression().fit(data), data, expected["least_squares"]) <= 1e-9);

    const auto expanded = tn::select<"bmi", "bp", "s3", "s5">() | tn::standardize() | tn::polynomial<2>() |
                          tn::linear_regression();
    CHECK(line_error(expanded.fit(data), data, expected["standardized_polynomial"]) <= 1e-9);
}

TEST_CASE("of equally good coefficients linear_regression takes LinearRegression's", "[linear_regression]") {
    const tn::json_value expected = fixture("linear");
    const any_columns collinear = patient_columns(true);
    CHECK(line_error(tn::linear_regression().fit(collinear), collinear, expected["collinear"]) <= 1e-9);

    const any_columns all = patient_columns(false);
    const any_columns wide(table(expected["wide_rows"]), std::vector(all.y().data(), all.y().data() + 8));
    CHECK(line_error(tn::linear_regression().fit(wide), wide, expected["more_columns_than_rows"]) <= 1e-9);
}

TEST_CASE("collinear columns fit perfectly where the targets allow it", "[linear_regression]") {
    // A column of ones, a and a + 1; scikit-learn: coefficients (0, 1, 1), intercept -2.
    const std::array<double, 12> x{1, 1, 2, 1, 2, 3, 1, 3, 4, 1, 4, 5};
    const std::array<double, 4> y{1, 3, 5, 7};
    const auto data = tn::view_as<tn::columns<tn::dynamic>>(tn::matrix_view<const double>(x.data(), 4, 3), y);
    const auto model = tn::linear_regression().fit(data);
    const std::array<double, 3> wanted{0, 1, 1};
    CHECK(absolute_error(values_of(model.model().coefficients()), wanted) <= 1e-12);
    CHECK_THAT(model.model().intercept(), WithinAbs(-2.0, 1e-12));
    std::array<double, 4> answers{};
    model.predict(data.x(), answers);
    CHECK_THAT(tn::r2()(tn::outcomes<tn::real>{y, answers}), WithinAbs(1.0, 1e-12));
}

TEST_CASE("ridge gives Ridge's coefficients", "[ridge]") {
    const tn::json_value expected = fixture("linear");
    const any_columns data = patient_columns(false), collinear = patient_columns(true);
    const std::vector<double> alphas = numbers(expected["alphas"]);
    for (std::size_t i = 0; i < alphas.size(); ++i)
        CHECK(line_error(tn::ridge(alphas[i]).fit(data), data, expected["ridge"].as_array().at(i)) <= 1e-9);
    CHECK(line_error(tn::ridge(0.5).fit(collinear), collinear, expected["ridge_collinear"]) <= 1e-9);

    any_columns exact = collinear;
    for (std::size_t r = 0; r < exact.size(); ++r)
        exact.targets()[r] =
            3 * exact.x()(r, 0) + 2 * exact.x()(r, 4) - 4 * exact.x()(r, 1) + exact.x()(r, 2);
    CHECK(line_error(tn::ridge(5e-4).fit(exact), exact, expected["ridge_nearly_singular"]) <= 1e-9);
}

TEST_CASE("logistic_regression gives LogisticRegression's answers over standardized columns",
          "[logistic_regression]") {
    const tn::json_value expected = fixture("logistic");
    const auto species = measured<4, tn::classes<3>>(false);
    for (const tn::json_value& each : expected["species_standardized"].as_array())
        CHECK(logistic_error(
                  (tn::standardize() | tn::logistic_regression({.l2 = each["l2"].as_number()})).fit(species),
                  species, each) <= 1e-5);
    const auto sex = measured<4, tn::classes<2>>(true);
    for (const tn::json_value& each : expected["sex_standardized"].as_array())
        CHECK(logistic_error(
                  (tn::standardize() | tn::logistic_regression({.l2 = each["l2"].as_number()})).fit(sex), sex,
                  each) <= 1e-5);
}

TEST_CASE("logistic_regression gives LogisticRegression's answers over columns in their own units",
          "[logistic_regression]") {
    const tn::json_value expected = fixture("logistic");
    const auto species = measured<tn::dynamic, tn::classes<tn::dynamic>>(false);
    CHECK(logistic_error(tn::logistic_regression().fit(species), species, expected["species_raw"]) <= 1e-5);
    const auto sex = measured<tn::dynamic, tn::classes<tn::dynamic>>(true);
    CHECK(logistic_error(tn::logistic_regression().fit(sex), sex, expected["sex_raw"]) <= 1e-5);
}
