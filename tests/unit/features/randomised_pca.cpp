// randomised_pca beside the exact one.

#include "support/catch.hpp"
#include "support/errors.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <tenon/core/random.hpp>
#include <tenon/features/randomised_pca.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::absolute_error;
using tenon_test::ContainsSubstring;
using tenon_test::relative_error;

namespace {

using wide = tn::columns<tn::dynamic, tn::none>;

/// The stage of a recipe fitted to these rows.
template <class Spec>
auto fitted(const tn::pipeline<Spec>& recipe, const tn::matrix<double>& x) {
    const auto columns = wide::info(x.columns()).columns;
    return recipe.template stage<0>().fit(std::type_identity<typename Spec::template fitted<wide>>{},
                                          x.view(), tn::vector_view<const double>(),
                                          std::span<const tn::column_info>(columns));
}

/// Rows of `rank` directions, the deviation along each `decay` times that along the one before.
tn::matrix<double> decaying_rows(std::size_t n, std::size_t width, std::size_t rank, double decay) {
    tn::philox random(11);
    tn::matrix<double> directions(width, rank), x(n, width);
    for (std::size_t c = 0; c < width; ++c)
        for (double& v : directions.row(c)) v = random.normal();
    tn::detail::orthonormalize(directions);
    for (std::size_t r = 0; r < n; ++r) {
        for (std::size_t c = 0; c < width; ++c) x(r, c) = static_cast<double>(c);
        double deviation = 100;
        for (std::size_t k = 0; k < rank; ++k, deviation *= decay) {
            const double along = deviation * random.normal();
            for (std::size_t c = 0; c < width; ++c) x(r, c) += along * directions(c, k);
        }
    }
    return x;
}

/// The largest error in units of its tolerance: `loadings` for those, `variances`, relative to the exact, for what comes
/// from these, and rounding for means.
template <class A, class B>
double error_over(double loadings, double variances, const A& found, const B& exact) {
    double error = tenon_test::worst(
        {absolute_error(found.components, exact.components) / loadings,
         relative_error(found.explained_variance, exact.explained_variance) / variances,
         relative_error(found.explained_variance_ratio, exact.explained_variance_ratio) / variances,
         relative_error(found.scale, exact.scale) / variances});
    for (std::size_t c = 0; c < exact.mean.size(); ++c) {
        const double size = 1 + std::abs(exact.mean[c]);
        error = tenon_test::worst({error, std::abs(found.mean[c] - exact.mean[c]) / (1e-11 * size)});
    }
    return error;
}

} // namespace

TEST_CASE("randomised_pca finds the components of pca where the spectrum falls", "[randomised_pca]") {
    const auto x = decaying_rows(300, 80, 60, 0.8);
    CHECK(error_over(1e-9, 1e-12, fitted(tn::randomised_pca<5>(), x), fitted(tn::pca<5>(), x)) <= 1);
    CHECK(error_over(1e-9, 1e-12, fitted(tn::randomised_pca<5>({.seed = 7, .whiten = true}), x),
                     fitted(tn::pca<5>({.whiten = true}), x)) <= 1);
    const auto slowly = decaying_rows(300, 80, 60, 0.95);
    CHECK(error_over(0.05, 1e-3, fitted(tn::randomised_pca<5>(), slowly), fitted(tn::pca<5>(), slowly)) <= 1);
    CHECK(error_over(1e-7, 1e-12, fitted(tn::randomised_pca<5>({.iterations = 40}), slowly),
                     fitted(tn::pca<5>(), slowly)) <= 1);
}

TEST_CASE("randomised_pca is exact where it follows all columns or all that varies", "[randomised_pca]") {
    const auto narrow = decaying_rows(100, 12, 12, 0.9);
    CHECK(error_over(1e-10, 1e-12, fitted(tn::randomised_pca<5>(), narrow), fitted(tn::pca<5>(), narrow)) <=
          1);
    const auto flat = decaying_rows(200, 60, 8, 0.9); // the other directions are replaced
    CHECK(error_over(1e-9, 1e-12, fitted(tn::randomised_pca<5>(), flat), fitted(tn::pca<5>(), flat)) <= 1);
    const auto few = decaying_rows(6, 60, 40, 0.9); // fewer rows than directions followed
    CHECK(error_over(1e-9, 1e-12, fitted(tn::randomised_pca<5>(), few), fitted(tn::pca<5>(), few)) <= 1);
}

TEST_CASE("randomised_pca depends on the seed alone", "[randomised_pca]") {
    const auto x = decaying_rows(100, 40, 40, 0.99);
    const auto loadings = [&](std::uint64_t seed) {
        const auto f = fitted(tn::randomised_pca<5>({.seed = seed, .iterations = 1}), x);
        return std::vector<double>(f.components.begin(), f.components.end());
    };
    CHECK(loadings(1) == loadings(1));
    CHECK(loadings(1) != loadings(2));
}

TEST_CASE("randomised_pca stands constant columns and refuses what pca refuses", "[randomised_pca]") {
    tn::matrix<double> x(10, 20); // nothing varies
    const auto none = fitted(tn::randomised_pca<5>({.whiten = true}), x);
    std::array<double, 5> z{1, 1, 1, 1, 1};
    none(x.row(3), z);
    for (std::size_t k = 0; k < 5; ++k) {
        CHECK(none.explained_variance[k] == 0);
        CHECK(none.explained_variance_ratio[k] == 0);
        CHECK(z[k] == 0);
    }
    CHECK_THROWS_WITH(
        fitted(tn::randomised_pca<5>(), tn::matrix<double>(4, 20)),
        ContainsSubstring("randomised_pca: 5 components need at least 5 rows, the data have 4"));
    CHECK_THROWS_WITH(fitted(tn::randomised_pca<5>(), tn::matrix<double>(9, 4)),
                      ContainsSubstring("asked for 5 components, there are 4 columns"));
    x(2, 6) = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(fitted(tn::randomised_pca<5>(), x),
                      ContainsSubstring("randomised_pca: column 'x6', row 3 is missing"));
    x(2, 6) = std::numeric_limits<double>::infinity();
    CHECK_THROWS_WITH(fitted(tn::randomised_pca<5>(), x), ContainsSubstring("row 3 is infinite"));
    x(2, 6) = 1e300;
    CHECK_THROWS_WITH(fitted(tn::randomised_pca<5>(), x), ContainsSubstring("column 'x6' are so large"));
    for (const double size : {1e-140, 1e140}) { // squares are still numbers
        tn::matrix<double> far = decaying_rows(20, 40, 6, 0.5);
        for (std::size_t r = 0; r < far.rows(); ++r)
            for (double& v : far.row(r)) v *= size;
        CHECK(error_over(1e-9, 1e-11, fitted(tn::randomised_pca<5>(), far), fitted(tn::pca<5>(), far)) <= 1);
    }
}
