#include "support/catch.hpp"

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <cmath>
#include <cstddef>
#include <span>
#include <tenon/core/random.hpp>
#include <tenon/model/cholesky.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::WithinRel;
using factor = tn::detail::cholesky<double>;

namespace {

/// Aᵀ·A + ridge over random A: positive definite, the nearer to singular the smaller `ridge`.
Eigen::MatrixXd random_positive(Eigen::Index n, double ridge, std::uint64_t seed) {
    tn::philox random(seed);
    Eigen::MatrixXd a((n + 1) / 2, n);
    for (Eigen::Index i = 0; i < a.size(); ++i) a(i) = random.normal();
    return a.transpose() * a + ridge * Eigen::MatrixXd::Identity(n, n);
}

tn::matrix<double> copy_of(const Eigen::MatrixXd& a) {
    tn::matrix<double> m(static_cast<std::size_t>(a.rows()), static_cast<std::size_t>(a.cols()));
    for (Eigen::Index i = 0; i < a.size(); ++i) m.data()[i] = a(i); // symmetric
    return m;
}

double norm_1(const Eigen::MatrixXd& a) {
    return a.cwiseAbs().colwise().sum().maxCoeff();
}

} // namespace

TEST_CASE("a Cholesky factor solves as Eigen's does", "[model]") {
    for (Eigen::Index n : {1, 2, 3, 7, 8, 9, 17, 50}) {
        const Eigen::MatrixXd a = random_positive(n, 1, static_cast<std::uint64_t>(n));
        const factor f(copy_of(a));
        REQUIRE(f.is_positive());
        std::vector<double> x(static_cast<std::size_t>(n));
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = i == 1 ? 0 : 3 - static_cast<double>(i);
        const Eigen::VectorXd expected = a.llt().solve(Eigen::Map<const Eigen::VectorXd>(x.data(), n));
        f.solve(x);
        for (std::size_t i = 0; i < x.size(); ++i)
            CHECK_THAT(x[i], WithinRel(expected(static_cast<Eigen::Index>(i)), 1e-11));
    }
}

TEST_CASE("the estimated condition is at most a third of the true one away from it", "[model]") {
    for (Eigen::Index n : {1, 2, 5, 20, 60})
        for (double ridge : {1e-9, 1e-6, 1e-3, 1.0, 1e3}) {
            INFO(n << " columns, ridge " << ridge);
            const Eigen::MatrixXd a = random_positive(n, ridge, 5);
            const double truth = 1 / (norm_1(a) * norm_1(a.inverse()));
            const double found = factor(copy_of(a)).reciprocal_condition();
            CHECK(found >= truth * (1 - 1e-5)); // the inverse that is compared with has lost digits itself
            CHECK(found <= 3 * truth);
        }
    CHECK(factor(tn::matrix<double>()).reciprocal_condition() == 1);
}

TEST_CASE("a matrix that is not positive definite is found to be none", "[model]") {
    Eigen::MatrixXd a = Eigen::MatrixXd::Identity(3, 3);
    a(1, 2) = a(2, 1) = 2;
    CHECK(!factor(copy_of(a)).is_positive());
    CHECK(factor(copy_of(a)).reciprocal_condition() == 0);
    a(1, 2) = a(2, 1) = 1;
    CHECK(factor(copy_of(a)).reciprocal_condition() < 1e-14);
    a(0, 0) = std::nan("");
    CHECK(factor(copy_of(a)).reciprocal_condition() == 0);
}
