#include "support/catch.hpp"
#include "support/errors.hpp"

#include "unit/model/forty_rows.hpp"
#include <cmath>
#include <cstddef>
#include <tenon/core/concepts.hpp>
#include <tenon/model/least_squares.hpp>
#include <tenon/model/linear_regression.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::absolute_error;
using tenon_test::forty_rows;
using tenon_test::with_column;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

using fitted = tn::fitted_linear_regression<tn::dynamic>;
static_assert(tn::SolverFor<tn::linear_regression_spec, tn::columns<3>>);
static_assert(tn::TrainableFor<tn::linear_regression_spec, tn::columns<3>>);
static_assert(!tn::SolverFor<tn::linear_regression_spec, tn::columns<3, tn::classes<2>>>);

fitted fit(const tn::matrix<double>& x, const std::vector<double>& y) {
    return tn::linear_regression_spec{}.fit(std::type_identity<fitted>{}, x.view(),
                                            tn::vector_view<const double>(std::span(y)), {x.columns(), 1});
}

double answer_of(const fitted& m, std::span<const double> x) {
    double z = 0;
    m(x, std::span<double, 1>(&z, 1));
    return z;
}

} // namespace

TEST_CASE("linear regression is that of scikit-learn 1.9.1", "[model]") {
    const forty_rows data;
    CHECK(absolute_error(fit(data.x, data.y).parameters(),
                         std::vector<double>{1.9953659442757758, -1.0032253632501742, 0.48902919639863823,
                                             3.788751804745515}) <= 1e-12);
}

TEST_CASE("a column of ones takes nothing from the intercept", "[model]") {
    tn::matrix<double> x(4, 3);
    const double values[4][3] = {{1, 1, 2}, {1, 2, 3}, {1, 3, 4}, {1, 4, 5}};
    for (std::size_t r = 0; r < 4; ++r)
        for (std::size_t c = 0; c < 3; ++c) x(r, c) = values[r][c];
    const fitted m = fit(x, {1, 3, 5, 7});
    CHECK(absolute_error(m.parameters(), std::vector<double>{0, 1, 1, -2}) <= 1e-12); // scikit-learn
    for (std::size_t r = 0; r < 4; ++r)
        CHECK_THAT(answer_of(m, x.row(r)), WithinAbs(2 * static_cast<double>(r) + 1, 1e-12));
}

TEST_CASE("of collinear columns' best coefficients those of the smallest norm are taken", "[model]") {
    const forty_rows data;
    const auto x = with_column(data.x, [](auto row) { return 2 * row[0] - 1; });
    // scikit-learn 1.9.1
    CHECK(absolute_error(fit(x, data.y).parameters(),
                         std::vector<double>{0.3990731888551543, -1.003225363250173, 0.48902919639863784,
                                             0.7981463777103089, 4.5868981824558235}) <= 1e-12);
}

TEST_CASE("with more columns than rows the fit is exact and of the smallest norm", "[model]") {
    const forty_rows data;
    const auto all = with_column(data.x, [](auto row) { return 2 * row[0] - 1; });
    tn::matrix<double> x(3, 4);
    for (std::size_t r = 0; r < 3; ++r)
        for (std::size_t c = 0; c < 4; ++c) x(r, c) = all(r, c);
    const std::vector<double> y(data.y.begin(), data.y.begin() + 3);
    const fitted m = fit(x, y);
    // scikit-learn 1.9.1
    CHECK(absolute_error(m.parameters(),
                         std::vector<double>{0.3958363452363749, -0.6858103223941016, 0.8141896776058982,
                                             0.7916726904727486, 4.44163654763626}) <= 1e-12);
    for (std::size_t r = 0; r < 3; ++r) CHECK_THAT(answer_of(m, x.row(r)), WithinAbs(y[r], 1e-12));
}

TEST_CASE("constant and zero columns get no coefficient", "[model]") {
    const forty_rows data;
    const fitted plain = fit(data.x, data.y);
    for (double value : {0.0, 1.0, 0.1, -1e6, 1234567.1}) {
        const fitted m = fit(with_column(data.x, [&](auto) { return value; }), data.y);
        CHECK_THAT(m.coefficients()(3, 0), WithinAbs(0, 1e-12));
        for (std::size_t i = 0; i < 3; ++i)
            CHECK_THAT(m.coefficients()(i, 0), WithinAbs(plain.coefficients()(i, 0), 1e-11));
    }
}

TEST_CASE("one row alone is answered with its target", "[model]") {
    const forty_rows data;
    tn::matrix<double> x(1, 3);
    for (std::size_t c = 0; c < 3; ++c) x(0, c) = data.x(0, c);
    CHECK(absolute_error(fit(x, {5}).parameters(), std::vector<double>{0, 0, 0, 5}) <= 1e-12);
}

TEST_CASE("the units and the place of columns and target do not matter", "[model]") {
    const forty_rows data;
    const fitted plain = fit(data.x, data.y);
    forty_rows other;
    const double scale[3] = {1e-7, 1, 1e6}, shift[3] = {3e-4, 1e5, -2e9};
    for (std::size_t r = 0; r < 40; ++r) {
        for (std::size_t c = 0; c < 3; ++c) other.x(r, c) = data.x(r, c) * scale[c] + shift[c];
        other.y[r] = 1e5 * data.y[r] + 1e7;
    }
    const fitted m = fit(other.x, other.y);
    for (std::size_t c = 0; c < 3; ++c)
        CHECK_THAT(m.coefficients()(c, 0), WithinRel(plain.coefficients()(c, 0) * 1e5 / scale[c], 1e-8));
    for (std::size_t r = 0; r < 40; ++r)
        CHECK_THAT(answer_of(m, other.x.row(r)),
                   WithinRel(1e5 * answer_of(plain, data.x.row(r)) + 1e7, 1e-9));
}

TEST_CASE("residuals are orthogonal to the columns and sum to zero", "[model]") {
    const forty_rows data;
    const fitted m = fit(data.x, data.y);
    double sums[4] = {};
    for (std::size_t r = 0; r < 40; ++r) {
        const double residual = data.y[r] - answer_of(m, data.x.row(r));
        for (std::size_t c = 0; c < 3; ++c) sums[c] += residual * data.x(r, c);
        sums[3] += residual;
    }
    for (double s : sums) CHECK_THAT(s, WithinAbs(0, 1e-10));
}
