// pca and truncated_svd, and what they are made of: the products of columns and the eigenvalues of a symmetric matrix.

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <tenon/core/random.hpp>
#include <tenon/features/pca.hpp>
#include <tenon/features/truncated_svd.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

using wide = tn::columns<tn::dynamic, tn::none>;

/// Columns of very different sizes that hang together.
tn::matrix<double> random_rows(std::size_t n, std::size_t width, std::uint64_t seed) {
    tn::philox random(seed);
    tn::matrix<double> x(n, width);
    for (std::size_t r = 0; r < n; ++r) {
        const double common = random.normal();
        for (std::size_t c = 0; c < width; ++c)
            x(r, c) = (1.0 + static_cast<double>(c)) * (common + random.normal()) + 20;
    }
    return x;
}

template <std::size_t K>
auto fitted_pca(const tn::matrix<double>& x, tn::pca_options options = {}) {
    using fitted = typename tn::pca_spec<K>::template fitted<wide>;
    const auto columns = wide::info(x.columns()).columns;
    return tn::pca_spec<K>(options).fit(std::type_identity<fitted>{}, x.view(),
                                        tn::vector_view<const double>(),
                                        std::span<const tn::column_info>(columns));
}

template <std::size_t K>
auto fitted_svd(const tn::matrix<double>& x) {
    using fitted = typename tn::truncated_svd_spec<K>::template fitted<wide>;
    const auto columns = wide::info(x.columns()).columns;
    return tn::truncated_svd_spec<K>().fit(std::type_identity<fitted>{}, x.view(),
                                           tn::vector_view<const double>(),
                                           std::span<const tn::column_info>(columns));
}

template <class F>
tn::matrix<double> outputs(const F& fitted, const tn::matrix<double>& x) {
    tn::matrix<double> z(x.rows(), F::out);
    for (std::size_t r = 0; r < x.rows(); ++r) fitted(x.row(r), tn::row_out<F::out>(z.row(r).data(), F::out));
    return z;
}

double covariance(const tn::matrix<double>& z, std::size_t i, std::size_t j) {
    const auto n = static_cast<double>(z.rows());
    double mean_i = 0, mean_j = 0, sum = 0;
    for (std::size_t r = 0; r < z.rows(); ++r) mean_i += z(r, i) / n, mean_j += z(r, j) / n;
    for (std::size_t r = 0; r < z.rows(); ++r) sum += (z(r, i) - mean_i) * (z(r, j) - mean_j);
    return sum / (n - 1);
}

/// The largest |A v - value v| over all pairs, and how far the vectors are from orthonormal.
void check_pairs(const tn::matrix<double>& a, double scale) {
    const tn::eigen_pairs pairs = tn::symmetric_eigen(a);
    const std::size_t n = a.rows();
    double residual = 0, away = 0;
    for (std::size_t k = 0; k < n; ++k)
        for (std::size_t i = 0; i < n; ++i) {
            double product = 0, overlap = 0;
            for (std::size_t j = 0; j < n; ++j) {
                product += a(i, j) * pairs.vectors(k, j);
                overlap += pairs.vectors(k, j) * pairs.vectors(i, j);
            }
            residual = std::max(residual, std::abs(product - pairs.values[k] * pairs.vectors(k, i)));
            away = std::max(away, std::abs(overlap - (i == k ? 1 : 0)));
        }
    INFO(n);
    CHECK(residual <= 1e-13 * scale * static_cast<double>(n));
    CHECK(away <= 1e-13 * static_cast<double>(n));
    CHECK(std::is_sorted(pairs.values.rbegin(), pairs.values.rend()));
}

} // namespace

TEST_CASE("symmetric_eigen solves random, repeated, graded and tiny matrices", "[pca]") {
    for (const std::size_t n : {1U, 2U, 3U, 7U, 40U, 90U}) {
        tn::philox random(n);
        tn::matrix<double> a(n, n), graded(n, n), repeated(n, n), tiny(n, n), blocks(n, n);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j <= i; ++j) {
                const double v = random.normal();
                a(i, j) = a(j, i) = v;
                graded(i, j) = graded(j, i) = v * std::pow(10.0, -0.3 * static_cast<double>(i + j));
                repeated(i, j) = repeated(j, i) = i == j ? 3 : 1;
                tiny(i, j) = tiny(j, i) = v * 1e-300;
                blocks(i, j) = blocks(j, i) = (i == 0) == (j == 0) ? 1 : 0; // of rank 2
            }
        check_pairs(a, 1);
        check_pairs(graded, 1);
        check_pairs(repeated, 1);
        check_pairs(tiny, 1e-300);
        check_pairs(blocks, static_cast<double>(n));
        check_pairs(tn::matrix<double>(n, n), 1);
    }
    const auto pairs = tn::symmetric_eigen([] {
        tn::matrix<double> a(2, 2);
        a(0, 0) = a(1, 1) = 2, a(0, 1) = a(1, 0) = -1;
        return a;
    }());
    CHECK_THAT(pairs.values[0], WithinRel(3.0, 1e-15));
    CHECK_THAT(pairs.values[1], WithinRel(1.0, 1e-15));
}

TEST_CASE("column_scatter gives the products of one pass however the rows are split", "[pca]") {
    for (const std::size_t width : {1U, 5U, 37U}) {
        const auto x = random_rows(5000, width, width);
        tn::column_scatter whole(width), front(width), back(width);
        whole.update(x.view().middle_rows(0, 5000));
        front.update(tn::matrix_view<const double>(x.view()).middle_rows(0, 123));
        back.update(tn::matrix_view<const double>(x.view()).middle_rows(123, 4877));
        front.merge(back);
        CHECK(front.count() == 5000);
        for (std::size_t i = 0; i < width; ++i)
            for (std::size_t j = 0; j < width; ++j) {
                CHECK_THAT(whole.product(i, j) / 4999, WithinRel(covariance(x, i, j), 1e-11));
                CHECK_THAT(front.product(i, j), WithinRel(whole.product(i, j), 1e-12));
            }
    }
}

TEST_CASE("the outputs of pca are uncorrelated and have the variances it explains", "[pca]") {
    const auto x = random_rows(200, 5, 1);
    const auto fitted = fitted_pca<3>(x);
    const auto z = outputs(fitted, x);
    for (std::size_t k = 0; k < 3; ++k) {
        CHECK_THAT(covariance(z, k, k), WithinRel(fitted.explained_variance[k], 1e-11));
        for (std::size_t l = 0; l < k; ++l)
            CHECK_THAT(covariance(z, k, l), WithinAbs(0, 1e-11 * fitted.explained_variance[0]));
        double squares = 0, largest = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            const double loading = fitted.loading(k, i);
            squares += loading * loading;
            if (std::abs(loading) > std::abs(largest)) largest = loading;
        }
        CHECK_THAT(squares, WithinRel(1.0, 1e-13));
        CHECK(largest > 0);
    }
    double total = 0;
    for (std::size_t c = 0; c < 5; ++c) total += covariance(x, c, c);
    CHECK_THAT(fitted.explained_variance_ratio[0], WithinRel(fitted.explained_variance[0] / total, 1e-11));

    const auto white = outputs(fitted_pca<3>(x, {.whiten = true}), x);
    for (std::size_t k = 0; k < 3; ++k) CHECK_THAT(covariance(white, k, k), WithinRel(1.0, 1e-11));
}

TEST_CASE("inverse gives the row back from all components, and the nearest one from fewer", "[pca]") {
    const auto x = random_rows(50, 4, 2);
    std::vector<double> back(4);
    const auto check = [&](const auto& all) {
        std::array<double, 4> z{};
        for (std::size_t r = 0; r < 5; ++r) {
            all(x.row(r), z);
            all.inverse(z, back);
            for (std::size_t c = 0; c < 4; ++c) CHECK_THAT(back[c], WithinRel(x(r, c), 1e-12));
        }
    };
    check(fitted_pca<4>(x));
    check(fitted_pca<4>(x, {.whiten = true}));
    check(fitted_svd<4>(x));

    const auto two = fitted_pca<2>(x); // what is lost is at right angles to what is kept
    std::array<double, 2> z{};
    two(x.row(0), z);
    two.inverse(z, back);
    for (std::size_t k = 0; k < 2; ++k) {
        double along = 0;
        for (std::size_t c = 0; c < 4; ++c) along += (x(0, c) - back[c]) * two.loading(k, c);
        CHECK_THAT(along, WithinAbs(0, 1e-12));
    }
}

TEST_CASE("pca of rows on a line is that line; a constant column takes no part", "[pca]") {
    tn::matrix<double> x(3, 3);
    for (std::size_t r = 0; r < 3; ++r) {
        x(r, 0) = 3 * static_cast<double>(r);
        x(r, 1) = -4 * static_cast<double>(r);
        x(r, 2) = 0.1;
    }
    const auto fitted = fitted_pca<2>(x, {.whiten = true});
    CHECK_THAT(fitted.loading(0, 0), WithinRel(-0.6, 1e-14));
    CHECK_THAT(fitted.loading(0, 1), WithinRel(0.8, 1e-14));
    CHECK(fitted.loading(0, 2) == 0);
    CHECK_THAT(fitted.explained_variance[0], WithinRel(25.0, 1e-14));
    CHECK_THAT(fitted.explained_variance_ratio[0], WithinRel(1.0, 1e-14));
    CHECK_THAT(fitted.explained_variance_ratio[1], WithinAbs(0, 1e-14));
    const auto z = outputs(fitted, x);
    CHECK_THAT(z(2, 0), WithinRel(-1.0, 1e-13));
    CHECK_THAT(z(2, 1), WithinAbs(0, 1e-13)); // whitening does not blow up rounding

    const auto nothing = fitted_pca<2>(tn::matrix<double>(4, 2));
    CHECK(nothing.explained_variance_ratio[0] == 0);
    CHECK(outputs(nothing, tn::matrix<double>(1, 2))(0, 0) == 0);
}

TEST_CASE("truncated_svd keeps zeros, and its components carry the squares of the rows", "[truncated_svd]") {
    const auto x = random_rows(60, 4, 3);
    const auto fitted = fitted_svd<4>(x);
    const auto zero = outputs(fitted, tn::matrix<double>(1, 4));
    CHECK(std::vector(zero.row(0).begin(), zero.row(0).end()) == std::vector<double>(4));
    const auto z = outputs(fitted, x);
    double squares = 0, total = 0, last = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < 4; ++k) {
        double along = 0;
        for (std::size_t r = 0; r < 60; ++r) along += z(r, k) * z(r, k), total += x(r, k) * x(r, k);
        CHECK(along < last);
        squares += last = along;
        CHECK_THAT(fitted.explained_variance[k] * 60 / 59, WithinRel(covariance(z, k, k), 1e-9));
    }
    CHECK_THAT(squares, WithinRel(total, 1e-12));
}

TEST_CASE("pca names its columns and knows its widths", "[pca]") {
    const auto x = random_rows(20, 4, 4);
    const auto fitted = fitted_pca<2>(x);
    CHECK(fitted.width_in() == 4);
    CHECK(fitted.is_consistent());
    const auto names = fitted.describe(wide::info(4).columns);
    REQUIRE(names.size() == 2);
    CHECK(names[0] == tn::column_info{"pca0", false, {}});
    CHECK(names[1].name == "pca1");
    CHECK(fitted_svd<3>(x).describe({}).back().name == "truncated_svd2");

    namespace because = tn::because;
    STATIC_REQUIRE(tn::FeatureExpander<tn::pca_spec<2>>);
    STATIC_REQUIRE(tn::PreprocessorFor<tn::pca_spec<3>, tn::columns<3, tn::none, float>>);
    STATIC_REQUIRE(std::is_same_v<tn::pca_spec<4>::objection<tn::columns<3>>,
                                  because::this_stage_is_asked_for_more_columns_than_there_are<4, 3>>);
    STATIC_REQUIRE(
        !tn::no_objection<tn::truncated_svd_spec<1>::objection<tn::schema<tn::categorical<"a", "b", "c">>>>);
    STATIC_REQUIRE(tn::pca_spec<2>::out<tn::columns<tn::dynamic>>::width == 2);
}

TEST_CASE("a missing value makes all outputs NaN, and training rows may have none", "[pca]") {
    auto x = random_rows(20, 4, 5);
    const auto fitted = fitted_pca<2>(x);
    x(6, 1) = std::numeric_limits<double>::quiet_NaN();
    const auto z = outputs(fitted, x);
    CHECK(std::isnan(z(6, 0)));
    CHECK(std::isnan(z(6, 1)));
    CHECK_THROWS_WITH(fitted_pca<2>(x), "pca: column 'x1', row 7 is missing; put impute(…) before it");
    CHECK_THROWS_AS(fitted_svd<2>(x), tn::data_error);
    x(6, 1) = 1e200;
    CHECK_THROWS_WITH(fitted_pca<2>(x), ContainsSubstring("column 'x1' are so large"));
}

TEST_CASE("pca refuses fewer rows or columns than components", "[pca]") {
    CHECK_THROWS_WITH(fitted_pca<1>(random_rows(1, 4, 6)),
                      "pca: 1 components need at least 2 rows, the data have 1");
    CHECK_THROWS_WITH(fitted_pca<4>(random_rows(3, 4, 6)),
                      "pca: 4 components need at least 4 rows, the data have 3");
    CHECK_THROWS_WITH(fitted_pca<4>(random_rows(9, 3, 6)),
                      "pca: asked for 4 components, there are 3 columns");
    CHECK(fitted_svd<1>(random_rows(1, 4, 6)).explained_variance[0] == 0);
}

TEST_CASE("pca in float is pca in double, rounded", "[pca]") {
    const auto x = random_rows(100, 3, 7);
    tn::matrix<float> narrow(100, 3);
    for (std::size_t r = 0; r < 100; ++r)
        for (std::size_t c = 0; c < 3; ++c) narrow(r, c) = static_cast<float>(x(r, c));
    using fitted = tn::pca_spec<2>::fitted<tn::columns<3, tn::none, float>>;
    const auto columns = wide::info(3).columns;
    const auto small =
        tn::pca_spec<2>().fit(std::type_identity<fitted>{}, tn::matrix_view<const float>(narrow),
                              tn::vector_view<const double>(), std::span<const tn::column_info>(columns));
    std::array<float, 2> z{};
    small(tn::row<3, float>(narrow.row(0).data(), 3), z);
    CHECK_THAT(static_cast<double>(z[0]), WithinRel(outputs(fitted_pca<2>(x), x)(0, 0), 1e-5));
}
