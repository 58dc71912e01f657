#include "support/catch.hpp"
#include "support/errors.hpp"

#include "unit/model/forty_rows.hpp"
#include <cmath>
#include <cstddef>
#include <limits>
#include <tenon/model/logistic_solver.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::absolute_error;
using tenon_test::column_major;
using tenon_test::ContainsSubstring;
using tenon_test::forty_rows;
using tenon_test::with_column;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

using labels = std::vector<tn::class_index>;
using fitted = tn::fitted_logistic_regression<tn::classes<tn::dynamic>, tn::dynamic>;
static_assert(tn::SolverFor<tn::logistic_regression_spec, tn::columns<3, tn::classes<3>>>);

fitted fit(tn::matrix_view<const double> x, const labels& y, std::size_t classes,
           tn::logistic_options options) {
    return tn::logistic_regression_spec(options).fit(std::type_identity<fitted>{}, x,
                                                     tn::vector_view<const tn::class_index>(std::span(y)),
                                                     {x.columns(), classes});
}

/// Coefficients class by class, as scikit-learn writes them, then the intercepts.
std::vector<double> numbers_of(const fitted& m, std::size_t first_class) {
    std::vector<double> all;
    for (std::size_t k = first_class; k < m.width_out(); ++k)
        for (std::size_t c = 0; c < m.coefficients().rows(); ++c) all.push_back(m.coefficients()(c, k));
    for (std::size_t k = first_class; k < m.width_out(); ++k) all.push_back(m.intercepts()[k]);
    return all;
}

std::vector<double> scores_of(const fitted& m, std::span<const double> x) {
    std::vector<double> z(m.width_out());
    m(x, std::span<double>(z));
    return z;
}

} // namespace

// scikit-learn 1.9.1, LogisticRegression(C = 1/l2, tol = 1e-14, solver = "newton-cg").
TEST_CASE("two classes give scikit-learn's coefficients, and zeros for the first class", "[model]") {
    const forty_rows data;
    const fitted m = fit(data.x, data.two, 2, {});
    CHECK(absolute_error(numbers_of(m, 1), std::vector{0.662538713942004, -1.0653397664903026,
                                                       -0.26291386465889716, -0.029370368395647505}) <= 1e-7);
    for (std::size_t c = 0; c < 3; ++c) CHECK(m.coefficients()(c, 0) == 0);
    CHECK(m.intercepts()[0] == 0);
    CHECK(absolute_error(numbers_of(fit(data.x, data.two, 2, {.l2 = 10}), 1),
                         std::vector{0.37509449059270417, -0.633310714815189, -0.14639031629758,
                                     0.013185457771781416}) <= 1e-7);
}

TEST_CASE("three classes give scikit-learn's coefficients", "[model]") {
    const forty_rows data;
    CHECK(absolute_error(numbers_of(fit(data.x, data.three, 3, {}), 0),
                         std::vector{-0.05767030254951136, -0.6155017422001811, -0.4706750007919877,
                                     -0.20938316814693766, 0.4593221827584931, 0.2321436316525558,
                                     0.26705347069644947, 0.15617955944168946, 0.23853136913943135,
                                     -1.5963600487224847, 1.0171397674415619, 0.5792202812809211}) <= 1e-7);
    CHECK(absolute_error(numbers_of(fit(data.x, data.three, 3, {.l2 = 10}), 0),
                         std::vector{-0.008413066882828028, -0.3962750349354744, -0.24829277870775615,
                                     -0.18957650933974787, 0.3217144642748043, 0.13115488870279393,
                                     0.19798957622257632, 0.07456057066067046, 0.11713789000496194,
                                     -1.0132900220298124, 0.7384946015151441, 0.2747954205146679}) <= 1e-7);
}

TEST_CASE("a constant column gets no coefficient and changes nothing", "[model]") {
    const forty_rows data;
    for (double l2 : {0.0, 1.0}) {
        const fitted plain = fit(data.x, data.two, 2, {.l2 = l2});
        for (double value : {0.0, 7.0, 0.1, 1234567.1}) { // forty times 0.1 have another mean than 0.1
            const auto x = with_column(data.x, [&](auto) { return value; });
            const fitted m = fit(x, data.two, 2, {.l2 = l2});
            CHECK(m.coefficients()(3, 1) == 0);
            CHECK_THAT(m.coefficients()(1, 1), WithinAbs(plain.coefficients()(1, 1), 1e-7));
            CHECK_THAT(m.intercepts()[1], WithinAbs(plain.intercepts()[1], 1e-7));
        }
    }
}

TEST_CASE("columns of very different units under a penalty give scikit-learn's coefficients", "[model]") {
    const forty_rows data;
    tn::matrix<double> x = data.x;
    for (std::size_t r = 0; r < 40; ++r) {
        x(r, 0) *= 1e-3;
        x(r, 1) *= 1e3;
    }
    // scikit-learn 1.9.1, solver = "newton-cholesky"
    CHECK(absolute_error(numbers_of(fit(x, data.three, 3, {.max_iterations = 100}), 0),
                         std::vector{-0.0006656904589492874, -0.0006740355977627886, -0.45615327488133917,
                                     -0.01615645187369288, 0.0004924517187134044, 0.34734827623001746,
                                     0.016822142332642166, 0.00018158388124607546, 0.10880499865132373,
                                     -1.800477404540037, 1.0253296569569028, 0.7751477475831342}) <= 1e-7);
}

TEST_CASE("without a penalty the units and the place of columns do not matter", "[model]") {
    const forty_rows data;
    tn::matrix<double> x = data.x;
    const double scale[3] = {1e-6, 1, 1e5}, shift[3] = {1, -50, 1e6};
    for (std::size_t r = 0; r < 40; ++r)
        for (std::size_t c = 0; c < 3; ++c) x(r, c) = x(r, c) * scale[c] + shift[c];
    const fitted plain = fit(data.x, data.two, 2, {.l2 = 0}), other = fit(x, data.two, 2, {.l2 = 0});
    for (std::size_t r = 0; r < 40; ++r)
        CHECK_THAT(scores_of(other, x.row(r))[1], WithinAbs(scores_of(plain, data.x.row(r))[1], 1e-5));
}

TEST_CASE("with an intercept and no penalty the mean probability is the share of the class", "[model]") {
    const forty_rows data;
    const fitted m = fit(data.x, data.three, 3, {.l2 = 0});
    std::vector<double> mean(3);
    for (std::size_t r = 0; r < 40; ++r) {
        const auto z = scores_of(m, data.x.row(r));
        double sum = 0;
        for (double v : z) sum += std::exp(v);
        for (std::size_t k = 0; k < 3; ++k) mean[k] += std::exp(z[k]) / sum / 40;
    }
    for (std::size_t k = 0; k < 3; ++k) {
        double share = 0;
        for (tn::class_index y : data.three) share += (y == k) / 40.0;
        CHECK_THAT(mean[k], WithinAbs(share, 1e-7));
    }
}

TEST_CASE("every layout of the same rows gives the same coefficients", "[model]") {
    const forty_rows data;
    std::vector<double> room;
    const fitted a = fit(data.x, data.three, 3, {}),
                 b = fit(column_major(data.x.view(), room), data.three, 3, {});
    CHECK(std::equal(a.parameters().begin(), a.parameters().end(), b.parameters().begin()));
}

TEST_CASE("separable classes without a penalty are refused with advice", "[model]") {
    tn::matrix<double> x(6, 1);
    labels y;
    for (std::size_t r = 0; r < 6; ++r) {
        x(r, 0) = static_cast<double>(r);
        y.push_back(r > 2);
    }
    CHECK_THROWS_AS(fit(x, y, 2, {.l2 = 0, .max_iterations = 20}), tn::fit_error);
    CHECK_THROWS_WITH(fit(x, y, 2, {.l2 = 0, .max_iterations = 20}), ContainsSubstring("give l2 > 0"));
    CHECK(fit(x, y, 2, {.l2 = 0.01}).coefficients()(0, 1) > 1);
}

TEST_CASE("logistic regression refuses a penalty below zero", "[model]") {
    const forty_rows data;
    CHECK_THROWS_AS(fit(data.x, data.two, 2, {.l2 = -1}), tn::fit_error);
    CHECK_THROWS_WITH(fit(data.x, data.two, 2, {.l2 = -1}),
                      ContainsSubstring("logistic_regression: l2 must be 0 or more, not -1"));
    CHECK_THROWS_AS(fit(data.x, data.two, 2, {.l2 = std::numeric_limits<double>::quiet_NaN()}),
                    tn::fit_error);
}
