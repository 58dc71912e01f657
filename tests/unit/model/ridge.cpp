#include "support/catch.hpp"
#include "support/errors.hpp"

#include "unit/model/forty_rows.hpp"
#include <cstddef>
#include <limits>
#include <tenon/model/least_squares.hpp>
#include <tenon/model/ridge.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::absolute_error;
using tenon_test::ContainsSubstring;
using tenon_test::forty_rows;
using tenon_test::with_column;
using tenon_test::WithinAbs;

namespace {

using fitted = tn::fitted_ridge<tn::dynamic>;
static_assert(tn::SolverFor<tn::ridge_spec, tn::columns<3>>);

fitted fit(const tn::matrix<double>& x, const std::vector<double>& y, double penalty) {
    return tn::ridge_spec(penalty).fit(std::type_identity<fitted>{}, x.view(),
                                       tn::vector_view<const double>(std::span(y)), {x.columns(), 1});
}

double squared_norm(const fitted& m) {
    double sum = 0;
    for (std::size_t i = 0; i < m.coefficients().rows(); ++i)
        sum += m.coefficients()(i, 0) * m.coefficients()(i, 0);
    return sum;
}

} // namespace

TEST_CASE("ridge is scikit-learn 1.9.1's Ridge(alpha)", "[model]") {
    const forty_rows data;
    CHECK(absolute_error(fit(data.x, data.y, 0.5).parameters(),
                         std::vector{1.9915062057454098, -1.0018407530060744, 0.4869845879500361,
                                     3.787655854575399}) <= 1e-12);
    CHECK(absolute_error(fit(data.x, data.y, 100).parameters(),
                         std::vector{1.4484488872334869, -0.7842322494956092, 0.2360030607482088,
                                     3.643629143633904}) <= 1e-12);
    const auto collinear = with_column(data.x, [](auto row) { return 2 * row[0] - 1; });
    CHECK(absolute_error(fit(collinear, data.y, 0.5).parameters(),
                         std::vector{0.39884720379453786, -1.002029633456274, 0.48805061361548757,
                                     0.7976944075891075, 4.585837820588189}) <= 1e-12);
}

TEST_CASE("a tiny penalty on collinear columns is solved from the data", "[model]") {
    // The limit of ridge for penalty → 0 is the solution of the smallest norm.
    const forty_rows data;
    const auto collinear = with_column(data.x, [](auto row) { return 2 * row[0] - 1; });
    const fitted m = fit(collinear, data.y, 1e-6);
    const double expected[] = {0.3990731888551543, -1.003225363250173, 0.48902919639863784,
                               0.7981463777103089};
    for (std::size_t i = 0; i < 4; ++i) CHECK_THAT(m.coefficients()(i, 0), WithinAbs(expected[i], 1e-6));
}

TEST_CASE("without a penalty ridge is least squares", "[model]") {
    const forty_rows data;
    CHECK(absolute_error(fit(data.x, data.y, 0).parameters(),
                         std::vector{1.9953659442757758, -1.0032253632501742, 0.48902919639863823,
                                     3.788751804745515}) <= 1e-12);
}

TEST_CASE("more penalty, smaller coefficients, down to the mean of the target", "[model]") {
    const forty_rows data;
    double last = std::numeric_limits<double>::infinity();
    for (double penalty : {0.0, 0.1, 10.0, 1e3, 1e5}) {
        const double norm = squared_norm(fit(data.x, data.y, penalty));
        CHECK(norm < last);
        last = norm;
    }
    double mean = 0;
    for (double v : data.y) mean += v / 40;
    CHECK_THAT(fit(data.x, data.y, 1e14).intercept(), WithinAbs(mean, 1e-9));
}

TEST_CASE("ridge refuses a penalty below zero", "[model]") {
    const forty_rows data;
    CHECK_THROWS_AS(fit(data.x, data.y, -1), tn::fit_error);
    CHECK_THROWS_WITH(fit(data.x, data.y, -1),
                      ContainsSubstring("ridge: the penalty must be 0 or more, not -1"));
    CHECK_THROWS_AS(fit(data.x, data.y, std::numeric_limits<double>::quiet_NaN()), tn::fit_error);
}
