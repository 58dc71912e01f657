#pragma once

// A block of rows of any layout, packed side by side and centred, so small that it stays in the first-level cache.

#include <cmath>
#include <cstddef>
#include <cstring>
#include <tenon/core/lanes.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/storage.hpp>
#include <type_traits>

namespace tenon::inline v0::detail {

/// From one row to the next in panels and triangles of so many columns: behind every row lies a register of zeros, so
/// that vectors may begin at any column, and the rows of one column do not all fall into one set of the cache.
template <class T>
constexpr std::size_t panel_pitch(std::size_t columns) noexcept {
    constexpr std::size_t line = 64 / sizeof(T);
    return ((columns + line - 1 + line - 1) / line | 1) * line;
}

/// Targets as a matrix: one column, or several.
template <class T>
matrix_view<const T> target_matrix(vector_view<const T> y) noexcept {
    return {y.data(), y.size(), 1, y.stride(), 1};
}
template <class T, std::size_t N>
matrix_view<const T> target_matrix(vector_view<const std::array<T, N>> y) noexcept {
    return y.values();
}

/// A block of rows, each its features and then its targets.
template <class T, std::size_t Bytes = register_bytes>
class row_panel {
public:
    row_panel(std::size_t columns, std::size_t most_rows)
        : columns_(columns), pitch_(panel_pitch<T>(columns)), capacity_(24576 / (pitch_ * sizeof(T))) {
        if (capacity_ < 32) capacity_ = 32;
        if (capacity_ > most_rows) capacity_ = most_rows;
        values_.resize((capacity_ + 1) * pitch_);
    }

    /// Rows that fit; room for one more lies behind them.
    std::size_t capacity() const noexcept { return capacity_; }
    std::size_t pitch() const noexcept { return pitch_; }
    T* row(std::size_t r) noexcept { return values_.data() + r * pitch_; }

    /// Takes the rows, centred, and behind them one row more: how far their mean is from that of `count` rows seen before,
    /// so weighted that products and reflections of all these rows are those of all rows about their common mean. Count and
    /// mean, which has pitch() values, become those of all. With a weight a row, as many as there are rows, a row counts so
    /// often.
    template <class X>
    void take(matrix_view<const X> x, matrix_view<const T> y, T& count, T* mean,
              vector_view<const T> weights = {}) noexcept {
        const std::size_t rows = x.rows();
        if (count == 0) { // so that equal values have a spread of exactly zero
            const std::size_t width = columns_ - y.columns();
            for (std::size_t c = 0; c < width; ++c) mean[c] = static_cast<T>(x(0, c));
            for (std::size_t k = 0; k < y.columns(); ++k) mean[width + k] = y(0, k);
        }
        pack(x, y, mean);
        T here = static_cast<T>(rows);
        if (weights.size() == 0)
            centre(rows);
        else
            here = centre_weighted(rows, weights);
        if (!(here > 0)) return;
        const T n = count + here, share = here / n;
        const T weight = std::sqrt(count * share);
        T* const away = row(rows);
        for (std::size_t c = 0; c < columns_; ++c) {
            mean[c] += share * away[c];
            away[c] *= weight;
        }
        count = n;
    }

private:
    static constexpr std::size_t lane_count = Bytes / sizeof(T);
    using vector = lanes<T, lane_count>;

    /// The rows less the origin.
    template <class X>
    void pack(matrix_view<const X> x, matrix_view<const T> y, const T* origin) noexcept {
        const std::size_t width = columns_ - y.columns();
        const vector_view<const T> first = y.column(0);
        for (std::size_t r = 0; r < x.rows(); ++r) {
            T* const to = row(r);
            std::size_t c = 0;
            if constexpr (std::is_same_v<T, X>)
                if (x.has_contiguous_rows())
                    for (const T* const from = x.row(r).data(); c + lane_count <= width; c += lane_count) {
                        vector values, shift;
                        load_lanes(values, from + c);
                        load_lanes(shift, origin + c);
                        values -= shift;
                        std::memcpy(to + c, &values, sizeof values);
                    }
            for (; c < width; ++c) to[c] = static_cast<T>(x(r, c)) - origin[c];
            to[width] = first[r] - origin[width];
            for (std::size_t k = 1; k < y.columns(); ++k) to[width + k] = y(r, k) - origin[width + k];
        }
    }

    /// Takes the mean of the rows away from them and leaves it in the row behind.
    void centre(std::size_t rows) noexcept {
        const std::size_t columns = columns_, pitch = pitch_;
        T* column = row(0);
        for (std::size_t c = 0; c < columns; c += lane_count, column += lane_count) {
            vector mean{}, other{}, value; // two sums: each waits for itself alone
            std::size_t pairs = 0;
            for (; pairs + 2 <= rows; pairs += 2) {
                add_lanes(mean, column + pairs * pitch);
                add_lanes(other, column + (pairs + 1) * pitch);
            }
            if (pairs < rows) add_lanes(mean, column + pairs * pitch);
            mean = (mean + other) / static_cast<T>(rows);
            for (std::size_t r = 0; r < rows; ++r) {
                load_lanes(value, column + r * pitch);
                value -= mean;
                std::memcpy(column + r * pitch, &value, sizeof value);
            }
            std::memcpy(column + rows * pitch, &mean, sizeof mean);
        }
    }

    /// The same with weights, whose sum it returns; each row is then scaled by the square root of its own, so that its
    /// products carry it once. Rows of no weight at all become zeros, as does the row behind.
    T centre_weighted(std::size_t rows, vector_view<const T> weights) noexcept {
        T* const mean = row(rows);
        T sum = 0;
        for (std::size_t c = 0; c < columns_; ++c) mean[c] = 0;
        for (std::size_t r = 0; r < rows; ++r) {
            sum += weights[r];
            for (std::size_t c = 0; c < columns_; ++c) mean[c] += weights[r] * row(r)[c];
        }
        for (std::size_t c = 0; c < columns_ && sum > 0; ++c) mean[c] /= sum;
        for (std::size_t r = 0; r < rows; ++r) {
            const T root = std::sqrt(weights[r]);
            for (std::size_t c = 0; c < columns_; ++c) row(r)[c] = (row(r)[c] - mean[c]) * root;
        }
        return sum;
    }

    std::size_t columns_, pitch_, capacity_;
    aligned_vector<T> values_;
};

} // namespace tenon::detail
