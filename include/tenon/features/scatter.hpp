#pragma once

// Means and centred sums of products of all pairs of columns: a fold over blocks of rows, mergeable (Chan, Golub and
// LeVeque 1979). Each block is packed from any layout, centred while it is in the cache, and added in tiles that stay in
// registers.

#include <cmath>
#include <cstddef>
#include <cstring>
#include <tenon/core/lanes.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/features/finite.hpp>

namespace tenon::inline v0 {

namespace detail {

/// The upper triangle of sums += panelᵀ · panel. Rows of both lie pitch apart, which leaves two registers of room behind
/// the columns.
template <std::size_t Bytes>
void add_scatter(const double* panel, std::size_t rows, std::size_t columns, std::size_t pitch,
                 double* sums) noexcept {
    constexpr std::size_t n = Bytes / sizeof(double);
    using vector = lanes<double, n>;
    for (std::size_t i = 0; i < columns; i += 4)
        for (std::size_t j = i; j < columns; j += 2 * n) {
            double* const to = sums + i * pitch + j;
            const auto place = [&](std::size_t k) { return to + k / 2 * pitch + k % 2 * n; };
            vector a0, a1, b0, b1, c0, c1, d0, d1, x0, x1;
            load_lanes(a0, place(0)), load_lanes(a1, place(1));
            load_lanes(b0, place(2)), load_lanes(b1, place(3));
            load_lanes(c0, place(4)), load_lanes(c1, place(5));
            load_lanes(d0, place(6)), load_lanes(d1, place(7));
            const double* row = panel;
            for (std::size_t r = 0; r < rows; ++r, row += pitch) {
                const double* const left = row + i;
                load_lanes(x0, row + j), load_lanes(x1, row + j + n);
                stay_in_register(x0), stay_in_register(x1);
                a0 += x0 * left[0], a1 += x1 * left[0];
                b0 += x0 * left[1], b1 += x1 * left[1];
                c0 += x0 * left[2], c1 += x1 * left[2];
                d0 += x0 * left[3], d1 += x1 * left[3];
            }
            std::memcpy(place(0), &a0, sizeof a0), std::memcpy(place(1), &a1, sizeof a1);
            std::memcpy(place(2), &b0, sizeof b0), std::memcpy(place(3), &b1, sizeof b1);
            std::memcpy(place(4), &c0, sizeof c0), std::memcpy(place(5), &c1, sizeof c1);
            std::memcpy(place(6), &d0, sizeof d0), std::memcpy(place(7), &d1, sizeof d1);
        }
}

} // namespace detail

/// Count, means and centred sums of products of columns, in double. A missing value makes those of its column NaN.
class column_scatter {
public:
    explicit column_scatter(std::size_t width)
        : width_(width), pitch_((width + 16 + 7) / 8 * 8), mean_(width),
          products_((width + 3) / 4 * 4 * pitch_) {}

    std::size_t width() const noexcept { return width_; }
    double count() const noexcept { return count_; }
    double mean(std::size_t c) const noexcept { return mean_[c]; }
    /// Σ (x_i - mean_i) · (x_j - mean_j)
    double product(std::size_t i, std::size_t j) const noexcept {
        return i <= j ? products_[i * pitch_ + j] : products_[j * pitch_ + i];
    }
    /// Whether all means and products are finite.
    bool is_finite() const noexcept {
        double sum = 0;
        for (std::size_t c = 0; c < width_; ++c)
            sum += (mean_[c] - mean_[c]) + (product(c, c) - product(c, c));
        return sum == 0;
    }

    template <class T, std::size_t Bytes = detail::register_bytes>
    void update(matrix_view<const T> x) {
        constexpr std::size_t most = 4096; // few enough for sums that lose no digits
        std::size_t capacity = 24576 / (pitch_ * sizeof(double));
        capacity = capacity < 32 ? 32 : capacity;
        detail::aligned_vector<double> panel((capacity + 1) * pitch_);
        for (std::size_t first = 0; first < x.rows(); first += most) {
            column_scatter part(width_);
            const std::size_t end = x.rows() - first < most ? x.rows() : first + most;
            for (std::size_t at = first; at < end; at += capacity)
                part.template add<T, Bytes>(x.middle_rows(at, end - at < capacity ? end - at : capacity),
                                            panel.data());
            merge(part);
        }
    }

    /// Takes in the rows that another fold has seen.
    void merge(const column_scatter& other) {
        if (other.count_ == 0) return;
        const double n = count_ + other.count_, share = other.count_ / n, weight = count_ * share;
        std::vector<double> away(width_);
        for (std::size_t c = 0; c < width_; ++c) away[c] = other.mean_[c] - mean_[c];
        for (std::size_t i = 0; i < width_; ++i)
            for (std::size_t j = i; j < width_; ++j)
                products_[i * pitch_ + j] += other.products_[i * pitch_ + j] + weight * away[i] * away[j];
        for (std::size_t c = 0; c < width_; ++c) mean_[c] += share * away[c];
        count_ = n;
    }

private:
    /// A block of rows. Behind them in the panel comes one row more, how far their mean is from the mean so far: weighted
    /// so that the products of all these rows are what the block adds about the new common mean.
    template <class T, std::size_t Bytes>
    void add(matrix_view<const T> x, double* panel) {
        const std::size_t rows = x.rows();
        if (count_ == 0) // so that equal values have a spread of exactly zero
            for (std::size_t c = 0; c < width_; ++c) mean_[c] = static_cast<double>(x(0, c));
        double* const away = panel + rows * pitch_;
        for (std::size_t c = 0; c < width_; ++c) away[c] = 0;
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < width_; ++c)
                away[c] += panel[r * pitch_ + c] = static_cast<double>(x(r, c)) - mean_[c];
        for (std::size_t c = 0; c < width_; ++c) away[c] /= static_cast<double>(rows);
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < width_; ++c) panel[r * pitch_ + c] -= away[c];
        const double n = count_ + static_cast<double>(rows), share = static_cast<double>(rows) / n;
        const double weight = std::sqrt(count_ * share);
        for (std::size_t c = 0; c < width_; ++c) {
            mean_[c] += share * away[c];
            away[c] *= weight;
        }
        count_ = n;
        detail::add_scatter<Bytes>(panel, rows + 1, width_, pitch_, products_.data());
    }

    std::size_t width_, pitch_;
    double count_ = 0;
    std::vector<double> mean_;
    detail::aligned_vector<double> products_; // the upper triangle
};

} // namespace tenon
