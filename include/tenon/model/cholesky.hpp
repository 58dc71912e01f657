#pragma once

// The Cholesky factor of a symmetric positive definite matrix, and an estimate of how near to singular it is.

#include <cmath>
#include <cstddef>
#include <cstring>
#include <span>
#include <tenon/core/lanes.hpp>
#include <tenon/core/matrix.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// to[i] -= factor · from[i]
template <class T, std::size_t Bytes = register_bytes>
inline void subtract_scaled(T* to, const T* from, std::size_t size, T factor) noexcept {
    constexpr std::size_t n = Bytes / sizeof(T);
    std::size_t i = 0;
    for (; i + n <= size; i += n) {
        lanes<T, n> a, b;
        load_lanes(a, to + i);
        load_lanes(b, from + i);
        a -= b * factor;
        std::memcpy(to + i, &a, sizeof a);
    }
    for (; i < size; ++i) to[i] -= factor * from[i];
}

/// Uᵀ·U = A, for solving A·x = b.
template <class T, std::size_t Bytes = register_bytes>
class cholesky {
public:
    /// Of a symmetric matrix, which need not be positive definite.
    explicit cholesky(matrix<T> a) : u_(std::move(a)) {
        const std::size_t n = u_.rows();
        for (std::size_t i = 0; i < n; ++i) {
            T sum = 0;
            for (std::size_t j = 0; j < n; ++j) sum += std::abs(u_(i, j));
            if (!(sum <= norm_)) norm_ = sum;
        }
        for (std::size_t k = 0; k < n; ++k) {
            const T pivot = u_(k, k);
            is_positive_ = is_positive_ && pivot > 0;
            if (!is_positive_) return;
            const T root = std::sqrt(pivot);
            for (std::size_t j = k; j < n; ++j) u_(k, j) /= root;
            for (std::size_t i = k + 1; i < n; ++i)
                subtract_scaled<T, Bytes>(&u_(i, i), &u_(k, i), n - i, u_(k, i));
        }
    }

    /// Whether the matrix is positive definite, as far as rounding lets one see; else there is nothing to solve with.
    bool is_positive() const noexcept { return is_positive_; }

    /// b becomes the solution.
    void solve(std::span<T> b) const noexcept {
        for (std::size_t k = 0; k < b.size(); ++k) {
            b[k] /= u_(k, k);
            if (b[k] != 0) subtract_scaled<T, Bytes>(&b[k] + 1, &u_(k, k) + 1, b.size() - k - 1, b[k]);
        }
        for (std::size_t k = b.size(); k-- > 0;) {
            for (std::size_t j = k + 1; j < b.size(); ++j) b[k] -= u_(k, j) * b[j];
            b[k] /= u_(k, k);
        }
    }

    /// 1 / (‖A‖·‖A⁻¹‖) in the 1-norm, estimated with a few solutions (Hager 1984; Higham 1988): never too small, and
    /// rarely more than three times too large. 0 where the matrix is not positive definite, 1 where it is empty.
    T reciprocal_condition() const {
        const std::size_t n = u_.rows();
        if (n == 0) return 1;
        if (!is_positive_) return 0;
        std::vector<T> x(n, 1 / static_cast<T>(n)), y(n);
        T inverse_norm = 0;
        for (int step = 0; step < 5; ++step) { // uphill from unit vector to unit vector
            y = x;
            solve(y);
            const T norm = sum_of_sizes(y);
            if (!(norm > inverse_norm)) break;
            inverse_norm = norm;
            for (T& v : y) v = v < 0 ? T(-1) : T(1);
            solve(y);
            std::size_t steepest = 0;
            T here = 0;
            for (std::size_t i = 0; i < n; ++i) {
                here += y[i] * x[i];
                if (std::abs(y[i]) > std::abs(y[steepest])) steepest = i;
            }
            if (std::abs(y[steepest]) <= here) break;
            x.assign(n, 0);
            x[steepest] = 1;
        }
        for (std::size_t i = 0; i < n; ++i) // what cancels in all of those seldom cancels in this
            y[i] = (i % 2 == 0 ? T(1) : T(-1)) * (1 + static_cast<T>(i) / static_cast<T>(n > 1 ? n - 1 : 1));
        solve(y);
        const T other = 2 * sum_of_sizes(y) / (3 * static_cast<T>(n));
        return 1 / (norm_ * (other > inverse_norm ? other : inverse_norm));
    }

private:
    static T sum_of_sizes(std::span<const T> x) noexcept {
        T sum = 0;
        for (const T v : x) sum += std::abs(v);
        return sum;
    }

    matrix<T> u_; // below the diagonal what was there
    T norm_ = 0;
    bool is_positive_ = true;
};

} // namespace tenon::detail
