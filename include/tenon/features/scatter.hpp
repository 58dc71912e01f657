#pragma once

// Means and centred sums of products of all pairs of columns: a fold over blocks of rows, mergeable (Chan, Golub and
// LeVeque 1979). Each block is packed from any layout, centred while it is in the cache, and added in tiles that stay in
// registers.

#include <cmath>
#include <cstddef>
#include <tenon/core/column_products.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/features/finite.hpp>

namespace tenon::inline v0 {

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
        detail::add_column_products<double, Bytes>(panel, rows + 1, pitch_, width_, products_.data());
    }

    std::size_t width_, pitch_;
    double count_ = 0;
    std::vector<double> mean_;
    detail::aligned_vector<double> products_; // the upper triangle
};

} // namespace tenon
