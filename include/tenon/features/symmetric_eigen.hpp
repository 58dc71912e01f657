#pragma once

// Eigenvalues and eigenvectors of a symmetric matrix: Householder reflections to three diagonals, then implicit QR steps
// with Wilkinson's shift (Golub and Van Loan, Matrix Computations, 8.3). Errors are a few roundings of the largest
// eigenvalue. Every inner loop runs along a row.

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <tenon/core/ascending.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Eigenvalues from the largest down, and their vectors of length 1, one a row.
struct eigen_pairs {
    std::vector<double> values;
    matrix<double> vectors;
};

namespace detail {

/// A symmetric matrix on its way to vectors · matrix · vectorsᵀ = diag(values).
template <class Lazy = void>
class symmetric_reduction {
public:
    explicit symmetric_reduction(matrix<double> a)
        : a_(std::move(a)), n_(a_.rows()), diagonal_(n_), beside_(n_), vectors_(n_, n_) {
        for (std::size_t i = 0; i < n_; ++i) vectors_(i, i) = 1;
    }

    eigen_pairs solve() {
        std::vector<double> factors(n_);
        for (std::size_t k = 0; k < n_; ++k) factors[k] = reflect(k);
        for (std::size_t k = n_; k-- > 0;) apply(k, factors[k]);
        for (std::size_t last = n_; last-- > 1;) isolate(last);
        return sorted();
    }

private:
    /// Row k right of the diagonal becomes one number beside it. Leaves the reflection I - factor · v·vᵀ in that row.
    double reflect(std::size_t k) {
        diagonal_[k] = a_(k, k);
        if (k + 1 == n_) return 0;
        const std::span<double> v = a_.row(k);
        double tail = 0;
        for (std::size_t j = k + 2; j < n_; ++j) tail += v[j] * v[j];
        if (!(tail > 1e-200)) { // beside a largest value of 1; its reciprocal must stay finite
            beside_[k] = v[k + 1];
            return 0;
        }
        const double norm = std::sqrt(v[k + 1] * v[k + 1] + tail);
        beside_[k] = v[k + 1] > 0 ? -norm : norm;
        v[k + 1] -= beside_[k];
        const double factor = 2 / (v[k + 1] * v[k + 1] + tail);

        // Of the rest B: B - v·wᵀ - w·vᵀ with p = factor · B·v and w = p - factor/2 · (pᵀ·v) · v.
        std::vector<double> w(n_);
        for (std::size_t i = k + 1; i < n_; ++i) {
            const std::span<const double> row = a_.row(i);
            for (std::size_t j = k + 1; j < n_; ++j) w[j] += factor * v[i] * row[j];
        }
        double overlap = 0;
        for (std::size_t j = k + 1; j < n_; ++j) overlap += w[j] * v[j];
        for (std::size_t j = k + 1; j < n_; ++j) w[j] -= factor / 2 * overlap * v[j];
        for (std::size_t i = k + 1; i < n_; ++i) {
            const std::span<double> row = a_.row(i);
            for (std::size_t j = k + 1; j < n_; ++j) row[j] -= v[i] * w[j] + w[i] * v[j];
        }
        return factor;
    }

    /// vectors = vectors · reflection k.
    void apply(std::size_t k, double factor) {
        if (factor == 0) return;
        const std::span<const double> v = a_.row(k);
        for (std::size_t r = k + 1; r < n_; ++r) {
            const std::span<double> row = vectors_.row(r);
            double overlap = 0;
            for (std::size_t j = k + 1; j < n_; ++j) overlap += row[j] * v[j];
            for (std::size_t j = k + 1; j < n_; ++j) row[j] -= factor * overlap * v[j];
        }
    }

    bool is_negligible(std::size_t k) const noexcept {
        const double around = std::abs(diagonal_[k]) + std::abs(diagonal_[k + 1]);
        return !(std::abs(beside_[k]) > std::numeric_limits<double>::epsilon() * around);
    }

    /// Steps until the value at `last` stands alone.
    void isolate(std::size_t last) {
        for (int step = 0;; ++step) {
            std::size_t first = last;
            while (first > 0 && !is_negligible(first - 1)) --first;
            if (first == last) return;
            if (step == 100)
                fail<fit_error>({"the eigenvalues of a ", n_, " x ", n_, " matrix do not converge"});
            chase(first, last);
        }
    }

    /// One step on rows first … last: the shifted first rotation, and those that chase what it disturbs.
    void chase(std::size_t first, std::size_t last) {
        const double half = (diagonal_[last - 1] - diagonal_[last]) / 2, off = beside_[last - 1];
        const double shift =
            diagonal_[last] - off * (off / (half + std::copysign(std::hypot(half, off), half)));
        double x = diagonal_[first] - shift, z = beside_[first];
        for (std::size_t k = first; k < last; ++k) {
            const double r = std::hypot(x, z);
            const double c = r == 0 ? 1 : x / r, s = r == 0 ? 0 : z / r;
            if (k > first) beside_[k - 1] = r;
            const double a = diagonal_[k], b = diagonal_[k + 1], o = beside_[k];
            diagonal_[k] = c * c * a + 2 * c * s * o + s * s * b;
            diagonal_[k + 1] = s * s * a - 2 * c * s * o + c * c * b;
            beside_[k] = c * s * (b - a) + (c * c - s * s) * o;
            if (k + 1 < last) {
                x = beside_[k];
                z = s * beside_[k + 1];
                beside_[k + 1] *= c;
            }
            double* const upper = vectors_.row(k).data();
            double* const lower = vectors_.row(k + 1).data();
            for (std::size_t j = 0; j < n_; ++j) {
                const double u = upper[j], l = lower[j];
                upper[j] = c * u + s * l;
                lower[j] = c * l - s * u;
            }
        }
    }

    eigen_pairs sorted() const {
        const std::vector<std::size_t> order =
            ascending_places(n_, [&](std::size_t i) { return -diagonal_[i]; });
        eigen_pairs pairs{{}, matrix<double>(n_, n_)};
        for (std::size_t i = 0; i < n_; ++i) {
            pairs.values.push_back(diagonal_[order[i]]);
            for (std::size_t j = 0; j < n_; ++j) pairs.vectors(i, j) = vectors_(order[i], j);
        }
        return pairs;
    }

    matrix<double> a_;
    std::size_t n_;
    std::vector<double> diagonal_, beside_;
    matrix<double> vectors_;
};

} // namespace detail

/// The eigenvalues and eigenvectors of a finite symmetric matrix. Throws fit_error where it does not converge.
template <class Lazy = void>
eigen_pairs symmetric_eigen(matrix<double> a) {
    double largest = 0; // scaled to 1, so that no square overflows or vanishes
    for (std::size_t i = 0; i < a.rows(); ++i)
        for (const double v : a.row(i)) largest = std::abs(v) > largest ? std::abs(v) : largest;
    if (largest > 0)
        for (std::size_t i = 0; i < a.rows(); ++i)
            for (double& v : a.row(i)) v /= largest;
    eigen_pairs pairs = detail::symmetric_reduction<Lazy>(std::move(a)).solve();
    for (double& v : pairs.values) v *= largest;
    return pairs;
}

} // namespace tenon
