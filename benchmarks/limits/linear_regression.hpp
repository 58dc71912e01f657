#pragma once

// Least squares with an intercept on row-major doubles: one pass over the data gives the centred Gram matrix, and a
// Cholesky factor of it the coefficients. Nearly all time goes into the Gram matrix, 2·rows·width²/2 operations on
// each datum once read, so it runs at the rate of the multiply-add units: rows are packed a chunk at a time into the
// first-level cache, and strips of four rows of the matrix gather in registers over the whole chunk.

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <utility>

#include "support/aligned_array.hpp"
#include "support/bundle.hpp"
#include "support/simd.hpp"

namespace tenon_benchmark::limits {

namespace detail {

/// Sums over rows of the products of all pairs among Width inputs, the target and a constant 1, all but the constant
/// taken relative to an origin near the mean, so that the centring at the end cancels nothing of weight.
template <std::size_t Width>
class gram_matrix {
public:
    static constexpr std::size_t target = Width, one = Width + 1, used = Width + 2;
    static constexpr std::size_t strip = 4;
    static constexpr std::size_t strips = (used + strip - 1) / strip;
    static constexpr std::size_t pitch = (used + strip + double_lanes - 1) / double_lanes * double_lanes;
    static constexpr std::size_t chunk = 48;
    static constexpr std::size_t ahead = (Width + strips - 1) / strips; ///< numbers fetched a row and strip

    explicit gram_matrix(const double* origin) : packed_(chunk * pitch), sums_(strips * strip * pitch) {
        for (std::size_t k = 0; k <= Width; ++k) origin_[k] = origin[k];
    }

    void add(const double* x, const double* y, std::size_t rows) {
        for (std::size_t first = 0; first < rows; first += chunk) {
            const std::size_t count = rows - first < chunk ? rows - first : chunk;
            for (std::size_t r = 0; r < count; ++r)
                pack(x + (first + r) * Width, y[first + r], &packed_[r * pitch]);
            add_packed(count, x + (first + count) * Width, std::make_index_sequence<strips>{});
        }
    }

    double operator()(std::size_t i, std::size_t j) const { return sums_[i * pitch + j]; }

private:
    void pack(const double* x, double y, double* to) {
        for (std::size_t k = 0; k < Width; ++k) to[k] = x[k] - origin_[k];
        to[target] = y - origin_[target];
        to[one] = 1.0;
    }

    /// Meanwhile the next chunk is fetched: left to itself the hardware would begin only when it is packed.
    template <std::size_t... Strip>
    void add_packed(std::size_t rows, const double* next, std::index_sequence<Strip...>) {
        (add_strip<Strip * strip, Strip * strip>(rows, next + Strip * rows * ahead), ...);
    }

    /// Rows First to First + 3 of the matrix from column Begin on, as many vectors at a time as the registers hold:
    /// four rows of four with 32 registers, of two with 16.
    template <std::size_t First, std::size_t Begin>
    void add_strip(std::size_t rows, const double* next) {
        constexpr std::size_t most = vector_bytes == 64 ? 4 : 2;
        constexpr std::size_t left = (used - Begin + double_lanes - 1) / double_lanes;
        constexpr std::size_t vectors = left > most ? (left < 2 * most ? (left + 1) / 2 : most) : left;
        add_tile<First, Begin, vectors>(rows, next);
        if constexpr (left > vectors) add_strip<First, Begin + vectors * double_lanes>(rows, next);
    }

    /// One load of a vector serves four multiply-adds, one broadcast as many as there are vectors.
    template <std::size_t First, std::size_t Begin, std::size_t Vectors>
    void add_tile(std::size_t rows, const double* next) {
        double* to = &sums_[First * pitch + Begin];
        auto s0 = load_bundle<doubles, Vectors>(to), s1 = load_bundle<doubles, Vectors>(to + pitch);
        auto s2 = load_bundle<doubles, Vectors>(to + 2 * pitch),
             s3 = load_bundle<doubles, Vectors>(to + 3 * pitch);
        for (std::size_t r = 0; r < rows; ++r) {
            const double* row = &packed_[r * pitch];
            if constexpr (First == Begin) __builtin_prefetch(next + r * ahead, 0, 2);
            auto x = load_bundle<doubles, Vectors>(row + Begin);
            opaque(x);
            s0 = multiply_add(splat(row[First]), x, s0);
            s1 = multiply_add(splat(row[First + 1]), x, s1);
            s2 = multiply_add(splat(row[First + 2]), x, s2);
            s3 = multiply_add(splat(row[First + 3]), x, s3);
        }
        store(to, s0), store(to + pitch, s1), store(to + 2 * pitch, s2), store(to + 3 * pitch, s3);
    }

    double origin_[Width + 1];
    aligned_array<double> packed_, sums_;
};

/// Solves a·solution = right for a symmetric positive definite matrix whose upper triangle is given; overwrites both.
template <std::size_t Width>
inline void solve_cholesky(double (&a)[Width][Width], double (&right)[Width]) {
    double diagonal[Width];
    for (std::size_t k = 0; k < Width; ++k) diagonal[k] = a[k][k];
    for (std::size_t k = 0; k < Width; ++k) {
        if (!(a[k][k] > 1e-13 * diagonal[k])) throw std::domain_error("the columns are linearly dependent");
        const double scale = 1.0 / std::sqrt(a[k][k]);
        for (std::size_t j = k; j < Width; ++j) a[k][j] *= scale;
        right[k] *= scale;
        for (std::size_t i = k + 1; i < Width; ++i) {
            for (std::size_t j = i; j < Width; ++j) a[i][j] -= a[k][i] * a[k][j];
            right[i] -= a[k][i] * right[k];
        }
    }
    for (std::size_t k = Width; k-- > 0;) {
        for (std::size_t j = k + 1; j < Width; ++j) right[k] -= a[k][j] * right[j];
        right[k] /= a[k][k];
    }
}

} // namespace detail

/// Fits y ≈ x·coefficients + intercept and returns the intercept.
template <std::size_t Width>
double linear_regression(const double* x, const double* y, std::size_t rows, double (&coefficients)[Width]) {
    using gram_type = detail::gram_matrix<Width>;
    double origin[Width + 1] = {};
    const std::size_t first = rows < 64 ? rows : 64;
    for (std::size_t r = 0; r < first; ++r) {
        for (std::size_t k = 0; k < Width; ++k) origin[k] += x[r * Width + k] / static_cast<double>(first);
        origin[Width] += y[r] / static_cast<double>(first);
    }
    gram_type gram(origin);
    gram.add(x, y, rows);

    const double share = 1.0 / static_cast<double>(rows);
    const auto centred = [&](std::size_t i, std::size_t j) {
        return gram(i, j) - gram(i, gram_type::one) * gram(j, gram_type::one) * share;
    };
    double a[Width][Width];
    for (std::size_t i = 0; i < Width; ++i) {
        for (std::size_t j = i; j < Width; ++j) a[i][j] = centred(i, j);
        coefficients[i] = centred(i, gram_type::target);
    }
    detail::solve_cholesky(a, coefficients);

    double intercept = origin[Width] + gram(gram_type::target, gram_type::one) * share;
    for (std::size_t k = 0; k < Width; ++k) {
        intercept -= coefficients[k] * (origin[k] + gram(k, gram_type::one) * share);
    }
    return intercept;
}

} // namespace tenon_benchmark::limits
