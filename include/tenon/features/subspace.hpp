#pragma once

// A few directions that are turned towards those in which rows differ most: the passes over the rows and the steps between
// them that randomised_pca is made of.

#include <cmath>
#include <cstddef>
#include <cstring>
#include <tenon/core/lanes.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/prepare/moments.hpp>

namespace tenon::inline v0::detail {

/// Makes the columns of a orthonormal, from the first on (twice Gram-Schmidt, row by row in memory). A column that those before
/// it span is replaced by a direction of its own.
template <class Lazy = void>
void orthonormalize(matrix<double>& a) {
    const std::size_t n = a.rows(), width = a.columns();
    matrix<double> q(width, n); // one direction a row
    for (std::size_t k = 0; k < width; ++k)
        for (std::size_t i = 0; i < n; ++i) q(k, i) = a(i, k);
    std::size_t next_axis = 0;
    for (std::size_t k = 0; k < width; ++k) {
        const std::span<double> v = q.row(k);
        const auto length = [&] {
            double sum = 0;
            for (const double x : v) sum += x * x;
            return std::sqrt(sum);
        };
        double largest = 0; // scaled to 1, so that no square overflows or vanishes
        for (const double x : v) largest = std::abs(x) > largest ? std::abs(x) : largest;
        for (double& x : v) x /= largest > 0 ? largest : 1;
        for (;;) {
            const double before = length();
            for (int pass = 0; pass < 2; ++pass)
                for (std::size_t j = 0; j < k; ++j) {
                    const std::span<const double> u = q.row(j);
                    double along = 0;
                    for (std::size_t i = 0; i < n; ++i) along += u[i] * v[i];
                    for (std::size_t i = 0; i < n; ++i) v[i] -= along * u[i];
                }
            const double rest = length();
            if (rest > 1e-14 * before) {
                for (double& x : v) x /= rest;
                break;
            }
            for (double& x : v) x = 0;
            v[next_axis++ % n] = 1;
        }
    }
    for (std::size_t k = 0; k < width; ++k)
        for (std::size_t i = 0; i < n; ++i) a(i, k) = q(k, i);
}

/// A factor read through strides.
struct strided_factor {
    const double* data;
    std::size_t row_step, column_step;
};

/// sums += a · b tile by tile in registers. a has `rows` rows, a multiple of 4; rows of b and of the sums lie pitch apart, a
/// multiple of two registers.
template <std::size_t Bytes>
void add_product(strided_factor a, std::size_t rows, std::size_t inner, const double* b, std::size_t pitch,
                 double* sums) noexcept {
    constexpr std::size_t n = Bytes / sizeof(double);
    using vector = lanes<double, n>;
    for (std::size_t i = 0; i < rows; i += 4)
        for (std::size_t j = 0; j < pitch; j += 2 * n) {
            double* const to = sums + i * pitch + j;
            const auto place = [&](std::size_t k) { return to + k / 2 * pitch + k % 2 * n; };
            vector a0, a1, b0, b1, c0, c1, d0, d1, x0, x1;
            load_lanes(a0, place(0)), load_lanes(a1, place(1));
            load_lanes(b0, place(2)), load_lanes(b1, place(3));
            load_lanes(c0, place(4)), load_lanes(c1, place(5));
            load_lanes(d0, place(6)), load_lanes(d1, place(7));
            const double* left = a.data + i * a.row_step;
            const double* right = b + j;
            for (std::size_t k = 0; k < inner; ++k, left += a.column_step, right += pitch) {
                load_lanes(x0, right), load_lanes(x1, right + n);
                stay_in_register(x0), stay_in_register(x1);
                a0 += x0 * left[0], a1 += x1 * left[0];
                b0 += x0 * left[a.row_step], b1 += x1 * left[a.row_step];
                c0 += x0 * left[2 * a.row_step], c1 += x1 * left[2 * a.row_step];
                d0 += x0 * left[3 * a.row_step], d1 += x1 * left[3 * a.row_step];
            }
            std::memcpy(place(0), &a0, sizeof a0), std::memcpy(place(1), &a1, sizeof a1);
            std::memcpy(place(2), &b0, sizeof b0), std::memcpy(place(3), &b1, sizeof b1);
            std::memcpy(place(4), &c0, sizeof c0), std::memcpy(place(5), &c1, sizeof c1);
            std::memcpy(place(6), &d0, sizeof d0), std::memcpy(place(7), &d1, sizeof d1);
        }
}

/// One pass over the rows x: Σ (x - mean) · ((x - mean)ᵀ · basis), columns × directions. Packs, centres and takes in blocks of
/// rows while they are in the cache.
template <class T, std::size_t Bytes = register_bytes>
matrix<double> pass_along(matrix_view<const T> x, const column_moments& moments,
                          const matrix<double>& basis) {
    constexpr std::size_t tile = 2 * Bytes / sizeof(double);
    const std::size_t width = basis.rows(), count = basis.columns();
    const std::size_t wide = (width + 3) / 4 * 4, pitch = (count + tile - 1) / tile * tile;
    std::size_t capacity = 98304 / (wide * sizeof(double)) / 4 * 4;
    capacity = capacity < 16 ? 16 : capacity;
    aligned_vector<double> directions(wide * pitch), panel(capacity * wide), along(capacity * pitch),
        sums(wide * pitch);
    for (std::size_t c = 0; c < width; ++c)
        for (std::size_t k = 0; k < count; ++k) directions[c * pitch + k] = basis(c, k);
    for (std::size_t first = 0; first < x.rows(); first += capacity) {
        const std::size_t rows = x.rows() - first < capacity ? x.rows() - first : capacity;
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < width; ++c)
                panel[r * wide + c] = static_cast<double>(x(first + r, c)) - moments.mean(c);
        for (double& v : along) v = 0;
        // Behind the last rows stand those of the block before; what they give is not read.
        add_product<Bytes>({panel.data(), wide, 1}, (rows + 3) / 4 * 4, width, directions.data(), pitch,
                           along.data());
        add_product<Bytes>({panel.data(), 1, wide}, wide, rows, along.data(), pitch, sums.data());
    }
    matrix<double> turned(width, count);
    for (std::size_t c = 0; c < width; ++c)
        for (std::size_t k = 0; k < count; ++k) turned(c, k) = sums[c * pitch + k];
    return turned;
}

/// basisᵀ · turned, symmetric but for rounding, which is taken out.
template <class Lazy = void>
matrix<double> inside_of(const matrix<double>& basis, const matrix<double>& turned) {
    const std::size_t count = basis.columns();
    matrix<double> inside(count, count);
    for (std::size_t c = 0; c < basis.rows(); ++c)
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t k = 0; k < count; ++k) inside(i, k) += basis(c, i) * turned(c, k);
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t k = 0; k < i; ++k) inside(i, k) = inside(k, i) = inside(i, k) / 2 + inside(k, i) / 2;
    return inside;
}

} // namespace tenon::inline v0::detail
