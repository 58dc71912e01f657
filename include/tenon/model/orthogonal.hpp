#pragma once

// Least squares by orthogonal transformations, for columns too close to collinear for normal equations: Householder
// reflections fold rows, block by block, into a triangle; a complete orthogonal decomposition of the triangle gives
// the solution of the smallest norm (Golub and Van Loan, Matrix Computations, 5.4 and 5.5).

#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <tenon/core/lanes.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/model/co_moments.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// The reflection I - scale·(head, rest)·(head, rest)ᵀ, whose rest lies in a column of its own.
template <class T>
struct reflection {
    T head = 0, scale = 0;
};

/// Sends `Vectors` · N columns, but not the first `skip`, through a reflection: their values in the row of its head, and
/// in `rows` rows below.
template <std::size_t N, std::size_t Vectors, class T>
inline void reflect_columns(T* row, T* below, const T* rest, std::size_t rows, std::size_t pitch,
                            reflection<T> by, std::size_t skip) noexcept {
    auto each = [](auto&& one) {
        [&]<std::size_t... K>(std::index_sequence<K...>) {
            (one(std::integral_constant<std::size_t, K>{}), ...);
        }(std::make_index_sequence<Vectors>{});
    };
    bundle<lanes<T, N>, Vectors> sum;
    lanes<T, N> x;
    each([&](auto k) {
        load_lanes(x, row + k * N);
        sum.template at<k>() = x * by.head;
    });
    for (std::size_t r = 0; r < rows; ++r)
        each([&](auto k) {
            load_lanes(x, below + r * pitch + k * N);
            sum.template at<k>() += x * rest[r * pitch];
        });
    each([&](auto k) { sum.template at<k>() *= by.scale; });
    for (std::size_t i = 0; i < skip; ++i) sum.template at<0>()[i] = 0;
    each([&](auto k) {
        load_lanes(x, row + k * N);
        x -= sum.template at<k>() * by.head;
        std::memcpy(row + k * N, &x, sizeof x);
    });
    for (std::size_t r = 0; r < rows; ++r)
        each([&](auto k) {
            load_lanes(x, below + r * pitch + k * N);
            x -= sum.template at<k>() * rest[r * pitch];
            std::memcpy(below + r * pitch + k * N, &x, sizeof x);
        });
}

/// Reflects column k onto its value in `row`, and the columns k + 1 … columns - 1 with it; `rows` rows, `pitch` apart,
/// lie below. There column k stays what it was: it is the reflection's rest. Rows are padded as those of a panel.
template <class T, std::size_t Bytes>
reflection<T> reflect(T* row, T* below, std::size_t rows, std::size_t pitch, std::size_t k,
                      std::size_t columns) noexcept {
    constexpr std::size_t n = Bytes / sizeof(T);
    const T* const rest = below + k;
    T even = 0, odd = 0;
    for (std::size_t r = 0; r < rows; ++r) {
        const T v = rest[r * pitch];
        (r % 2 == 0 ? even : odd) += v * v;
    }
    if (!(even + odd > std::numeric_limits<T>::min())) return {}; // smaller squares have no digits
    const T value = row[k], size = std::sqrt(value * value + (even + odd));
    const T image = value > 0 ? -size : size; // away from the value: nothing cancels
    const reflection<T> by{value - image, -1 / (image * (value - image))};
    std::size_t c = (k + 1) / n * n, skip = k + 1 - c;
    for (; c + 3 * n < columns; c += 4 * n, skip = 0)
        reflect_columns<n, 4>(row + c, below + c, rest, rows, pitch, by, skip);
    for (; c < columns; c += n, skip = 0)
        reflect_columns<n, 1>(row + c, below + c, rest, rows, pitch, by, skip);
    row[k] = image;
    return by;
}

/// The triangle R that rows of features and targets are folded into: (R, rest of the targets) = Q·(features, targets).
template <class T, std::size_t Bytes = register_bytes>
class triangular_factor {
public:
    explicit triangular_factor(std::size_t width, std::size_t targets = 1)
        : width_(width), columns_(width + targets), pitch_(panel_pitch<T>(columns_)),
          r_((width + 1) * pitch_) {}

    /// Before all rows: as if one had been seen with nothing but this value of feature c. Its square is a ridge's penalty.
    void begin_with(std::size_t c, T value) noexcept { at(c, c) = value; }

    /// Folds rows of features and targets in, panel_pitch(width + targets) apart; overwrites them.
    void add(T* rows, std::size_t count) {
        for (std::size_t k = 0; k < width_; ++k)
            reflect<T, Bytes>(&at(k, 0), rows, count, pitch_, k, columns_);
    }

    /// Of the coefficients that fit best those of the smallest norm. Columns are taken in order of what is left of them,
    /// until that is less than `threshold` of the first. Those of one target behind those of the other. Uses the triangle
    /// up.
    std::vector<T> solve(T threshold) {
        order_.resize(width_);
        for (std::size_t c = 0; c < width_; ++c) order_[c] = c;
        T largest = 0;
        std::size_t rank = 0;
        for (; rank < width_; ++rank) {
            const T left = bring_largest_to(rank);
            if (rank == 0) largest = left;
            if (!(left > threshold * largest)) break;
            reflect<T, Bytes>(&at(rank, 0), &at(rank + 1, 0), width_ - rank - 1, pitch_, rank, columns_);
        }
        return rank == width_ ? solve_triangle() : solve_trapezoid(rank);
    }

private:
    T& at(std::size_t r, std::size_t c) noexcept { return r_[r * pitch_ + c]; }

    /// Swaps column k with the one of which most is left in the rows from k on, and returns its length.
    T bring_largest_to(std::size_t k) {
        lengths_.assign(width_, 0);
        for (std::size_t r = k; r < width_; ++r)
            for (std::size_t c = k; c < width_; ++c) lengths_[c] += at(r, c) * at(r, c);
        std::size_t largest = k;
        for (std::size_t c = k + 1; c < width_; ++c)
            if (lengths_[c] > lengths_[largest]) largest = c;
        if (largest != k) {
            for (std::size_t r = 0; r < width_; ++r) std::swap(at(r, k), at(r, largest));
            std::swap(order_[k], order_[largest]);
        }
        return std::sqrt(lengths_[largest]);
    }

    std::vector<T> solve_triangle() {
        std::vector<T> all((columns_ - width_) * width_);
        for (std::size_t target = width_; target < columns_; ++target) {
            T* const w = all.data() + (target - width_) * width_;
            for (std::size_t i = width_; i-- > 0;) {
                T value = at(i, target);
                for (std::size_t j = i + 1; j < width_; ++j) value -= at(i, j) * w[order_[j]];
                w[order_[i]] = value / at(i, i);
            }
        }
        return all;
    }

    /// The first `rank` rows, transposed and made a triangle themselves: Rᵀ = Q·L, Lᵀ·u = target, z = Q·u.
    std::vector<T> solve_trapezoid(std::size_t rank) {
        const std::size_t pitch = panel_pitch<T>(rank);
        aligned_vector<T> a((width_ + 1) * pitch);
        for (std::size_t i = 0; i < rank; ++i)
            for (std::size_t j = i; j < width_; ++j) a[j * pitch + i] = at(i, j);
        std::vector<reflection<T>> by(rank);
        std::vector<T> z(width_), all((columns_ - width_) * width_);
        for (std::size_t k = 0; k < rank; ++k) {
            T* const row = &a[k * pitch];
            by[k] = reflect<T, Bytes>(row, row + pitch, width_ - k - 1, pitch, k, rank);
        }
        for (std::size_t target = width_; target < columns_; ++target) {
            z.assign(width_, 0);
            for (std::size_t i = 0; i < rank; ++i) {
                z[i] = at(i, target);
                for (std::size_t j = 0; j < i; ++j) z[i] -= a[j * pitch + i] * z[j];
                z[i] /= a[i * pitch + i];
            }
            for (std::size_t k = rank; k-- > 0;) {
                T along = by[k].head * z[k];
                for (std::size_t j = k + 1; j < width_; ++j) along += a[j * pitch + k] * z[j];
                along *= by[k].scale;
                z[k] -= along * by[k].head;
                for (std::size_t j = k + 1; j < width_; ++j) z[j] -= along * a[j * pitch + k];
            }
            T* const w = all.data() + (target - width_) * width_;
            for (std::size_t j = 0; j < width_; ++j) w[order_[j]] = z[j];
        }
        return all;
    }

    std::size_t width_, columns_, pitch_;
    aligned_vector<T> r_; // a row for every feature; the targets are the last columns
    std::vector<T> lengths_;
    std::vector<std::size_t> order_;
};

} // namespace tenon::detail
