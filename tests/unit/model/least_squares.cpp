#include "support/catch.hpp"

#include "unit/model/forty_rows.hpp"
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <tenon/core/random.hpp>
#include <tenon/model/least_squares.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::column_major;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

struct random_rows {
    tn::matrix<double> x;
    std::vector<double> y;

    random_rows(std::size_t rows, std::size_t columns, std::uint64_t seed) : x(rows, columns), y(rows) {
        tn::philox random(seed);
        for (std::size_t r = 0; r < rows; ++r) {
            y[r] = 100 + random.normal();
            for (std::size_t c = 0; c < columns; ++c) {
                x(r, c) = 1000.0 * static_cast<double>(c) + random.normal();
                y[r] += x(r, c);
            }
        }
    }
    tn::vector_view<const double> targets() const { return std::span<const double>(y); }
};

Eigen::Index index(std::size_t n) {
    return static_cast<Eigen::Index>(n);
}

/// Rows whose last column is `near` away from the sum of the first two; every target has noise.
random_rows nearly_collinear(std::size_t rows, std::size_t columns, double near, std::uint64_t seed) {
    random_rows data(rows, columns, seed);
    tn::philox random(seed + 1);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < columns; ++c) data.x(r, c) -= 1000.0 * static_cast<double>(c);
        data.x(r, columns - 1) = data.x(r, 0) + data.x(r, 1) + near * random.normal();
    }
    return data;
}

/// What Eigen's complete orthogonal decomposition of all rows, centred, and those of the penalty answers.
Eigen::VectorXd reference(const random_rows& data, double penalty) {
    const Eigen::Index rows = index(data.x.rows()), columns = index(data.x.columns());
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(rows + columns, columns);
    Eigen::VectorXd b = Eigen::VectorXd::Zero(rows + columns);
    for (Eigen::Index r = 0; r < rows; ++r) {
        for (Eigen::Index c = 0; c < columns; ++c)
            a(r, c) = data.x(static_cast<std::size_t>(r), static_cast<std::size_t>(c));
        b(r) = data.y[static_cast<std::size_t>(r)];
    }
    for (int again = 0; again < 2; ++again) // far from zero the first mean is a rounded one
        a.topRows(rows).rowwise() -= a.topRows(rows).colwise().mean().eval();
    b.head(rows).array() -= b.head(rows).mean();
    a.bottomRows(columns).diagonal().setConstant(std::sqrt(penalty));
    return Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd>(a).solve(b);
}

/// The distance of the coefficients from Eigen's, relative to the length of those.
double error_of(const random_rows& data, double penalty = 0) {
    const auto found = tn::detail::solve_least_squares<double>(data.x, data.targets(), penalty).coefficients;
    const Eigen::VectorXd expected = reference(data, penalty);
    REQUIRE(index(found.size()) == expected.size());
    return (Eigen::Map<const Eigen::VectorXd>(found.data(), expected.size()) - expected).norm() /
           expected.norm();
}

/// The largest product of a centred column with the residuals, relative to the sizes of what they are made of.
double slant_of_residuals(const random_rows& data) {
    const auto s = tn::detail::solve_least_squares<double>(data.x, data.targets(), 0);
    const Eigen::Index rows = index(data.x.rows());
    const Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>> x(data.x.data(), rows,
                                                                             index(data.x.columns()));
    const Eigen::Map<const Eigen::VectorXd> y(data.y.data(), rows), w(s.coefficients.data(), x.cols());
    const Eigen::MatrixXd centred = x.rowwise() - x.colwise().mean().eval();
    const Eigen::VectorXd residual = (y - x * w).array() - s.intercepts[0];
    const double size = y.norm() + x.norm() * w.norm();
    double worst = std::abs(residual.sum()) / (size * std::sqrt(static_cast<double>(rows)));
    for (Eigen::Index c = 0; c < x.cols(); ++c)
        worst = std::max(worst, std::abs(centred.col(c).dot(residual)) / (centred.col(c).norm() * size));
    return worst;
}

} // namespace

TEST_CASE("every layout of the same values gives the same coefficients", "[model]") {
    const random_rows data(600, 3, 4);
    std::vector<double> room;
    const auto columns = column_major(data.x.view(), room);
    const auto a = tn::detail::solve_least_squares<double>(data.x, data.targets(), 0);
    const auto b = tn::detail::solve_least_squares<double>(columns, data.targets(), 0);
    CHECK(a.coefficients == b.coefficients);
    CHECK(a.intercepts == b.intercepts);
}

TEST_CASE("means far from zero cost no accuracy", "[model]") {
    random_rows data(600, 3, 5);
    const auto plain = tn::detail::solve_least_squares<double>(data.x, data.targets(), 0);
    for (std::size_t r = 0; r < 600; ++r)
        for (std::size_t c = 0; c < 3; ++c) data.x(r, c) += 1e7;
    const auto far = tn::detail::solve_least_squares<double>(data.x, data.targets(), 0);
    for (std::size_t i = 0; i < 3; ++i)
        CHECK_THAT(far.coefficients[i], WithinRel(plain.coefficients[i], 1e-8));
}

TEST_CASE("nearly collinear columns are solved as well as the data allow", "[model]") {
    // Two columns that differ by 1e-6: the normal equations alone would lose 12 digits.
    tn::philox random(6);
    tn::matrix<double> x(200, 2);
    std::vector<double> y(200);
    for (std::size_t r = 0; r < 200; ++r) {
        x(r, 0) = random.normal();
        x(r, 1) = x(r, 0) + 1e-6 * random.normal();
        y[r] = 3 * x(r, 0) - 2 * x(r, 1);
    }
    const auto s = tn::detail::solve_least_squares<double>(x, tn::vector_view<const double>(std::span(y)), 0);
    CHECK_THAT(s.coefficients[0], WithinAbs(3, 1e-7));
    CHECK_THAT(s.coefficients[1], WithinAbs(-2, 1e-7));
}

TEST_CASE("without columns the intercept is the mean", "[model]") {
    const std::vector<double> y{1, 2, 6};
    const tn::matrix<double> x(3, 0);
    const auto s = tn::detail::solve_least_squares<double>(x, tn::vector_view<const double>(std::span(y)), 0);
    CHECK(s.coefficients.size() == 0);
    CHECK_THAT(s.intercepts[0], WithinRel(3.0, 1e-15));
}

TEST_CASE("least squares are those of Eigen's complete orthogonal decomposition", "[model]") {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        INFO("seed " << seed);
        const std::size_t columns = 3 + static_cast<std::size_t>(4 * seed);
        CHECK(error_of(random_rows(300, columns, seed)) < 1e-11);
        CHECK(error_of(nearly_collinear(300, columns, 0, seed)) < 1e-11);
        CHECK(error_of(nearly_collinear(5000, columns, 0, seed)) < 1e-11); // many panels
        // Normal equations are trusted with an error of 2e-8; beyond, Eigen's own is about epsilon · condition.
        CHECK(error_of(nearly_collinear(300, columns, 1e-3, seed)) < 2e-8);
        for (double near : {1e-6, 1e-8, 1e-10, 1e-12})
            CHECK(error_of(nearly_collinear(300, columns, near, seed)) < 1e-13 / near);
        CHECK(error_of(random_rows(columns / 2, columns, seed)) < 1e-11); // more columns than rows
        CHECK(error_of(random_rows(2, columns, seed)) < 1e-11);
    }
}

TEST_CASE("columns that are multiples of one share its coefficient as Eigen has it", "[model]") {
    random_rows data(400, 6, 12);
    for (std::size_t r = 0; r < 400; ++r)
        for (std::size_t c = 1; c < 6; ++c) data.x(r, c) = static_cast<double>(c) * data.x(r, 0) - 2;
    CHECK(error_of(data) < 1e-12);
    CHECK(error_of(data, 3) < 1e-11);
}

TEST_CASE("the coefficients of columns of very different units are those of equal units", "[model]") {
    random_rows data = nearly_collinear(500, 9, 1, 13), scaled = data;
    for (std::size_t c = 0; c < 9; ++c)
        for (std::size_t r = 0; r < 500; ++r) scaled.x(r, c) *= std::pow(10, 2 * static_cast<double>(c) - 8);
    const Eigen::VectorXd expected = reference(data, 0);
    const auto found = tn::detail::solve_least_squares<double>(scaled.x, scaled.targets(), 0).coefficients;
    for (std::size_t c = 0; c < 9; ++c)
        CHECK_THAT(found[c] * std::pow(10, 2 * static_cast<double>(c) - 8),
                   WithinAbs(expected(index(c)), 1e-12 * expected.norm()));
}

TEST_CASE("penalties of every size give Eigen's answer over rows of the penalty", "[model]") {
    for (double penalty : {0.0, 1e-300, 1e-20, 1e-12, 1e-6, 1e-3, 1.0, 1e3, 1e8}) {
        INFO("penalty " << penalty);
        CHECK(error_of(random_rows(300, 7, 14), penalty) < 1e-11);
    }
    // The tiniest leave the smallest norm; others must outweigh the rounding of the columns' sum, squared.
    for (double penalty : {0.0, 1e-300, 1e-6, 1e-3, 1.0, 1e3, 1e8}) {
        INFO("penalty " << penalty);
        const double tolerance = penalty == 1e-6 || penalty == 1e-3 ? 2e-8 : 1e-11;
        CHECK(error_of(nearly_collinear(300, 7, 0, 14), penalty) < tolerance);
        CHECK(error_of(nearly_collinear(5, 7, 0, 14), penalty) < tolerance);
    }
    const random_rows data(300, 7, 14);
    tn::co_moments<double> m(7);
    m.update(data.x.view(), data.targets());
    // The limit of large ones: the products with the target over the penalty.
    const auto small = tn::detail::solve_least_squares<double>(data.x, data.targets(), 1e20);
    for (std::size_t c = 0; c < 7; ++c)
        CHECK_THAT(small.coefficients[c], WithinRel(m.cross()[c] / 1e20, 1e-12));
    const auto none = tn::detail::solve_least_squares<double>(data.x, data.targets(),
                                                              std::numeric_limits<double>::infinity());
    CHECK(none.coefficients == std::vector<double>(7));
}

TEST_CASE("both ways to the coefficients lead to the same", "[model]") {
    const random_rows data(700, 20, 15);
    tn::co_moments<double> m(20);
    m.update(data.x.view(), data.targets());
    for (double penalty : {0.0, 2.0}) {
        const auto normal = tn::detail::solve_normal_equations<double>(m, penalty);
        tn::detail::orthogonal_fold<double> fold(m, 700, penalty);
        fold.update(data.x, data.targets());
        const auto orthogonal = fold.solve();
        REQUIRE(normal.size() == 20);
        for (std::size_t c = 0; c < 20; ++c) CHECK_THAT(normal[c], WithinRel(orthogonal[c], 1e-11));
    }
}

TEST_CASE("a constant column beside collinear ones gets exactly no coefficient", "[model]") {
    for (double penalty : {0.0, 1e-4, 1.0}) {
        random_rows data = nearly_collinear(300, 5, 0, 16);
        for (std::size_t r = 0; r < 300; ++r) data.x(r, 2) = 0.1;
        const auto s = tn::detail::solve_least_squares<double>(data.x, data.targets(), penalty);
        CHECK(s.coefficients[2] == 0);
        CHECK(error_of(data, penalty) < 1e-9);
    }
}

TEST_CASE("residuals are orthogonal to every column", "[model]") {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        INFO("seed " << seed);
        CHECK(slant_of_residuals(random_rows(200, 12, seed)) < 1e-13);
        for (double near : {0.0, 1e-12, 1e-9, 1e-6, 1e-3})
            CHECK(slant_of_residuals(nearly_collinear(200, 12, near, seed)) < 1e-13);
        CHECK(slant_of_residuals(random_rows(6, 12, seed)) < 1e-13);
    }
}

TEST_CASE("no rows and no targets leave zeros", "[model]") {
    const auto s =
        tn::detail::solve_least_squares<double>(tn::matrix_view<const double>(nullptr, 0, 3), {}, 0);
    CHECK(s.coefficients == std::vector<double>(3));
    CHECK(s.intercepts[0] == 0);
}
