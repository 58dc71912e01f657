// Expanders, selectors and decompositions against scikit-learn on six real tables (feature_fixtures.py). Tolerance: 1e-9,
// relative to each number, or to the largest of a table where the numbers have one unit.

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <array>
#include <tenon/features.hpp>
#include <tenon/train/fit.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

constexpr double tolerance = 1e-9;
constexpr std::array names{"iris", "wine", "breast_cancer", "diabetes", "digits", "linnerud"};

using numbers_schema = tn::columns<tn::dynamic, tn::real>;
using classes_schema = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;

/// One of the tables, and what scikit-learn says of it.
struct real_table {
    explicit real_table(const std::string& name)
        : stored(fixture("tables")), all(fixture("features")), rows(stored[name]), expected(all[name]) {}

    tn::dataset<numbers_schema> with_numbers() const { return {table(rows["x"]), numbers(rows["y"])}; }
    tn::dataset<classes_schema> with_classes() const {
        return {table(rows["x"]), class_indices(expected["classes"])};
    }

    tn::json_value stored, all;
    const tn::json_value &rows, &expected;
};

/// The four rows that the fixtures show.
std::vector<double> shown(tn::matrix_view<const double> z) {
    std::vector<double> values;
    for (const std::size_t r : {std::size_t{0}, z.rows() / 3, 2 * z.rows() / 3, z.rows() - 1}) {
        const auto row = values_of(z.middle_rows(r, 1));
        values.insert(values.end(), row.begin(), row.end());
    }
    return values;
}

template <class P, class S>
tn::matrix<double> transformed(const P& fitted, const tn::dataset<S>& data) {
    tn::matrix<double> z(data.size(), fitted.feature_count());
    fitted.transform(data.x(), z.view());
    return z;
}

std::vector<double> as_numbers(std::span<const std::uint32_t> places) {
    return {places.begin(), places.end()};
}

/// Infinite where others are kept.
template <class Score, class S>
double score_error(Score score, const tn::dataset<S>& data, const tn::json_value& expected) {
    const auto fitted = tn::k_best<2>(score).fit(data);
    if (as_numbers(fitted.template stage<0>().places) != numbers(expected["kept"])) return INFINITY;
    const auto scores = score(data.x(), data.y(), std::span<const tn::column_info>(data.info().columns));
    return relative_error(scores, numbers(expected["scores"]));
}

template <class Recipe>
void check_projection(const Recipe& recipe, const tn::dataset<numbers_schema>& data,
                      const tn::json_value& expected) {
    const auto fitted = recipe.fit(data);
    const auto& stage = fitted.template stage<0>();
    std::vector<double> loadings;
    for (std::size_t k = 0; k < stage.width_out(); ++k)
        for (std::size_t i = 0; i < stage.width_in(); ++i) loadings.push_back(stage.loading(k, i));
    CHECK(error_of_largest(loadings, values_of(table(expected["components"]))) <= tolerance);
    CHECK(relative_error(stage.explained_variance, numbers(expected["explained_variance"])) <= tolerance);
    CHECK(relative_error(stage.explained_variance_ratio, numbers(expected["explained_variance_ratio"])) <=
          tolerance);

    const tn::matrix<double> z = transformed(fitted, data);
    CHECK(error_of_largest(shown(z.view()), values_of(table(expected["rows"]))) <= tolerance);
    tn::matrix<double> back(z.rows(), data.x().columns());
    for (std::size_t r = 0; r < z.rows(); ++r)
        stage.inverse(tn::row<2>(z.row(r).data(), 2), tn::row_out<tn::dynamic>(back.row(r)));
    CHECK(error_of_largest(shown(back.view()), values_of(table(expected["inverse"]))) <= tolerance);
}

template <class Recipe>
bool has_bins(const Recipe& recipe, const tn::dataset<numbers_schema>& data, const tn::json_value& expected) {
    const tn::matrix<double> z = transformed(recipe.fit(data), data);
    std::vector<double> sums(z.columns());
    for (std::size_t r = 0; r < z.rows(); ++r)
        for (std::size_t c = 0; c < z.columns(); ++c) sums[c] += z(r, c);
    return sums == numbers(expected["sums"]) && shown(z.view()) == values_of(table(expected["rows"]));
}

} // namespace

TEST_CASE("k_best scores columns as SelectKBest does", "[k_best]") {
    for (const char* name : names) {
        INFO(name);
        const real_table real(name);
        CHECK(score_error(tn::f_regression, real.with_numbers(), real.expected["f_regression"]) <= tolerance);
        CHECK(score_error(tn::f_classif, real.with_classes(), real.expected["f_classif"]) <= tolerance);
        CHECK(score_error(tn::chi2, real.with_classes(), real.expected["chi2"]) <= tolerance);
    }
}

TEST_CASE("variance_threshold keeps the columns of VarianceThreshold", "[variance_threshold]") {
    for (const char* name : names) {
        INFO(name);
        const real_table real(name);
        const auto data = real.with_numbers();
        double most = 0;
        tn::column_moments moments(data.x().columns());
        moments.update(data.x());
        for (std::size_t c = 0; c < moments.width(); ++c) most = std::max(most, moments.variance(c));
        const auto varying = tn::variance_threshold().fit(data);
        CHECK(as_numbers(varying.stage<0>().places) == numbers(real.expected["varying"]));
        const auto much = tn::variance_threshold(most > 10 ? 10.0 : 0.5).fit(data);
        CHECK(as_numbers(much.stage<0>().places) == numbers(real.expected["varying_much"]));
    }
}

TEST_CASE("bins are those of KBinsDiscretizer", "[bins]") {
    for (const char* name : names) {
        INFO(name);
        const real_table real(name);
        CHECK(has_bins(tn::bins<4>(tn::by_quantile), real.with_numbers(), real.expected["bins_by_quantile"]));
        CHECK(has_bins(tn::bins<5>(tn::by_width), real.with_numbers(), real.expected["bins_by_width"]));
    }
}

TEST_CASE("pca and truncated_svd find the directions of PCA and TruncatedSVD, signs included", "[pca]") {
    for (const char* name : names) {
        INFO(name);
        const real_table real(name);
        const auto data = real.with_numbers();
        check_projection(tn::pca<2>(), data, real.expected["pca"]);
        check_projection(tn::randomised_pca<2>(), data, real.expected["pca"]); // in all directions there are
        check_projection(tn::truncated_svd<2>(), data, real.expected["truncated_svd"]);
        const auto whitened = transformed(tn::pca<2>({.whiten = true}).fit(data), data);
        CHECK(error_of_largest(shown(whitened.view()), values_of(table(real.expected["whitened"]))) <=
              tolerance);
    }
}

TEST_CASE("interactions are the columns of PolynomialFeatures with interaction_only", "[interactions]") {
    for (const char* name : names) {
        INFO(name);
        const real_table real(name);
        const auto data = real.with_numbers();
        const auto z = transformed(tn::interactions<3>().fit(data), data);
        CHECK(relative_error(z.row(1), numbers(real.expected["interactions"])) <= tolerance);
    }
}

TEST_CASE("splines are those of SplineTransformer, within the knots and beyond", "[spline]") {
    const auto check = [](const auto& recipe, const tn::dataset<numbers_schema>& data,
                          const tn::json_value& expected) {
        const auto fitted = recipe.fit(data);
        const tn::matrix<double> rows = table(expected["rows"]);
        tn::matrix<double> z(rows.rows(), fitted.feature_count());
        fitted.transform(rows.view(), z.view());
        CHECK(absolute_error(values_of(z.view()), values_of(table(expected["values"]))) <=
              1e-12); // of sums of 1
    };
    for (const char* name : names) {
        INFO(name);
        const real_table real(name);
        check(tn::spline<4>(), real.with_numbers(), real.expected["spline"]);
        check(tn::spline<5, 2>(tn::by_quantile), real.with_numbers(), real.expected["spline_by_quantile"]);
    }
}
