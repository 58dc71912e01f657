#include "support/catch.hpp"

#include <Eigen/QR>
#include <cmath>
#include <cstddef>
#include <limits>
#include <tenon/core/random.hpp>
#include <tenon/model/orthogonal.hpp>
#include <vector>

namespace tn = tenon;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

/// Rows of `columns` features and a target, of this rank.
Eigen::MatrixXd random_rows(Eigen::Index rows, Eigen::Index columns, Eigen::Index rank, std::uint64_t seed) {
    tn::philox random(seed);
    Eigen::MatrixXd left(rows, rank), right(rank, columns), all(rows, columns + 1);
    for (Eigen::Index i = 0; i < left.size(); ++i) left(i) = random.normal();
    for (Eigen::Index i = 0; i < right.size(); ++i) right(i) = random.normal();
    all.leftCols(columns) = left * right;
    for (Eigen::Index r = 0; r < rows; ++r) all(r, columns) = random.normal();
    return all;
}

/// The solution after folding the rows in, so many at a time.
template <class T>
std::vector<T> solution(const Eigen::MatrixXd& rows, Eigen::Index block, T diagonal, T threshold) {
    const auto columns = static_cast<std::size_t>(rows.cols()), pitch = tn::detail::panel_pitch<T>(columns);
    tn::detail::triangular_factor<T> factor(columns - 1);
    for (std::size_t c = 0; c + 1 < columns; ++c) factor.begin_with(c, diagonal);
    for (Eigen::Index first = 0; first < rows.rows(); first += block) {
        const Eigen::Index count = std::min(block, rows.rows() - first);
        tn::detail::aligned_vector<T> panel(static_cast<std::size_t>(count) * pitch);
        for (Eigen::Index r = 0; r < count; ++r)
            for (std::size_t c = 0; c < columns; ++c)
                panel[static_cast<std::size_t>(r) * pitch + c] =
                    static_cast<T>(rows(first + r, static_cast<Eigen::Index>(c)));
        factor.add(panel.data(), static_cast<std::size_t>(count));
    }
    return factor.solve(threshold);
}

template <class T>
double error_of(const Eigen::MatrixXd& rows, Eigen::Index block, T threshold) {
    const Eigen::Index columns = rows.cols() - 1;
    Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> reference;
    reference.setThreshold(static_cast<double>(threshold));
    const Eigen::VectorXd expected = reference.compute(rows.leftCols(columns)).solve(rows.col(columns));
    const std::vector<T> found = solution<T>(rows, block, 0, threshold);
    REQUIRE(static_cast<Eigen::Index>(found.size()) == columns);
    return (Eigen::Map<const Eigen::Matrix<T, -1, 1>>(found.data(), columns).template cast<double>() -
            expected)
               .norm() /
           expected.norm();
}

} // namespace

TEST_CASE("rows of any rank, folded in blocks of any size, give the solution of the smallest norm",
          "[model]") {
    for (Eigen::Index columns : {1, 2, 3, 8, 9, 16, 17, 40, 70})
        for (Eigen::Index rank : {Eigen::Index{1}, (columns + 1) / 2, columns})
            for (Eigen::Index block : {1, 5, 64, 200}) {
                INFO(columns << " columns of rank " << rank << " in blocks of " << block);
                CHECK(error_of<double>(random_rows(200, columns, rank, 3), block, 200 * epsilon) < 1e-10);
            }
}

TEST_CASE("fewer rows than columns are fitted exactly with the smallest norm", "[model]") {
    for (Eigen::Index rows : {1, 2, 7, 19}) {
        CHECK(error_of<double>(random_rows(rows, 20, rows, 4), 3, 20 * epsilon) < 1e-10);
        CHECK(error_of<double>(random_rows(rows, 20, rows, 4), 64, 20 * epsilon) < 1e-10);
    }
}

TEST_CASE("rows of floats are folded in float", "[model]") {
    CHECK(error_of<float>(random_rows(200, 12, 12, 5), 64, 1e-5F) < 1e-4);
    CHECK(error_of<float>(random_rows(200, 12, 5, 5), 64, 1e-5F) < 1e-4);
}

TEST_CASE("a diagonal counts as one row for every feature", "[model]") {
    const Eigen::MatrixXd rows = random_rows(50, 9, 4, 6);
    Eigen::MatrixXd more = Eigen::MatrixXd::Zero(59, 10);
    more.topRows(50) = rows;
    more.bottomLeftCorner(9, 9).diagonal().setConstant(0.3);
    const auto a = solution<double>(rows, 16, 0.3, 50 * epsilon),
               b = solution<double>(more, 16, 0, 50 * epsilon);
    for (std::size_t c = 0; c < 9; ++c) CHECK_THAT(a[c], tenon_test::WithinAbs(b[c], 1e-12));
}

TEST_CASE("what is left of a column decides by the threshold whether it counts", "[model]") {
    Eigen::MatrixXd rows = Eigen::MatrixXd::Zero(3, 3); // x = (1, 1e-6) along two axes, the target (2, 1e-5)
    rows << 1, 0, 2, 0, 1e-6, 1e-5, 0, 0, 7;
    const auto both = solution<double>(rows, 3, 0, 1e-7), one = solution<double>(rows, 3, 0, 1e-5);
    CHECK_THAT(both[0], tenon_test::WithinRel(2, 1e-15));
    CHECK_THAT(both[1], tenon_test::WithinRel(10, 1e-9));
    CHECK_THAT(one[0], tenon_test::WithinRel(2, 1e-15));
    CHECK(one[1] == 0);
}

TEST_CASE("columns of zeros, and no rows at all, get zeros", "[model]") {
    Eigen::MatrixXd rows = random_rows(30, 6, 6, 7);
    rows.col(2).setZero();
    rows.col(5).setZero();
    const auto w = solution<double>(rows, 8, 0, 30 * epsilon);
    CHECK(w[2] == 0);
    CHECK(w[5] == 0);
    CHECK(w[0] != 0);
    CHECK(solution<double>(Eigen::MatrixXd::Zero(4, 6), 4, 0, epsilon) == std::vector<double>(5));
    CHECK(solution<double>(Eigen::MatrixXd(0, 6), 4, 0, epsilon) == std::vector<double>(5));
}
