#pragma once

// Means and centred co-moments of features and targets: a fold over blocks of rows, mergeable (Chan, Golub and LeVeque
// 1979). A block is packed from any layout into a panel that fits the first-level cache, centred there, and added to the
// symmetric sums in tiles that stay in registers.

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <tenon/core/column_products.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/model/row_panel.hpp>
#include <type_traits>

namespace tenon::inline v0 {

namespace detail {

/// The weights of some rows, where there are weights.
template <class T>
vector_view<const T> middle_weights(vector_view<const T> all, std::size_t first, std::size_t rows) noexcept {
    if (all.size() == 0) return {};
    return {&all[first], rows, all.stride()};
}

} // namespace detail

/// Means and centred co-moments of features and one target or several in T, block by block and mergeable.
template <class T>
class co_moments {
public:
    explicit co_moments(std::size_t width, std::size_t targets = 1)
        : width_(width), columns_(width + targets), pitch_(detail::panel_pitch<T>(columns_)), mean_(pitch_),
          products_((columns_ + 3) / 4 * 4 * pitch_) {}

    /// Rows of T or of another number; every row has width() features, and counts as often as its weight says, where there
    /// are weights.
    template <class X, std::size_t Bytes = detail::register_bytes>
    void update(matrix_view<const X> x, vector_view<const T> y, vector_view<const T> weights = {}) {
        update<X, Bytes>(x, detail::target_matrix(y), weights);
    }
    /// The same for targets() columns of targets.
    template <class X, std::size_t Bytes = detail::register_bytes>
    void update(matrix_view<const X> x, matrix_view<const T> y, vector_view<const T> weights = {}) {
        constexpr std::size_t most = 4096; // few enough for sums that lose no digits
        if (x.rows() == 0) return;
        detail::row_panel<T, Bytes> panel(columns_, x.rows() < most ? x.rows() : most);
        for (std::size_t first = 0; first < x.rows(); first += most) {
            co_moments part(width_, targets());
            const std::size_t end = x.rows() - first < most ? x.rows() : first + most;
            for (std::size_t at = first; at < end; at += panel.capacity()) {
                const std::size_t rows = end - at < panel.capacity() ? end - at : panel.capacity();
                part.add(panel, x.middle_rows(at, rows), y.middle_rows(at, rows), x.rows() - at - rows,
                         detail::middle_weights(weights, at, rows));
            }
            merge(part);
        }
    }

    /// Takes in the rows that another fold has seen.
    void merge(const co_moments& other) {
        if (other.count_ == 0) return;
        const T n = count_ + other.count_, share = other.count_ / n, weight = count_ * share;
        detail::aligned_vector<T> away(other.mean_);
        for (std::size_t c = 0; c < columns_; ++c) away[c] -= mean_[c];
        for (std::size_t i = 0; i < columns_; ++i)
            for (std::size_t j = i; j < columns_; ++j)
                products_[i * pitch_ + j] += other.products_[i * pitch_ + j] + weight * away[i] * away[j];
        for (std::size_t c = 0; c < columns_; ++c) mean_[c] += share * away[c];
        count_ = n;
    }

    std::size_t width() const noexcept { return width_; }
    std::size_t targets() const noexcept { return columns_ - width_; }
    /// Rows, or the sum of their weights.
    T count() const noexcept { return count_; }
    std::span<const T> feature_means() const noexcept { return {mean_.data(), width_}; }
    T target_mean(std::size_t target = 0) const noexcept { return mean_[width_ + target]; }
    /// Xᵀ·X over centred columns.
    matrix<T> gram() const {
        matrix<T> all(width_, width_);
        for (std::size_t i = 0; i < width_; ++i)
            for (std::size_t j = i; j < width_; ++j) all(i, j) = all(j, i) = products_[i * pitch_ + j];
        return all;
    }
    /// Xᵀ·y over centred columns.
    vector_view<const T> cross(std::size_t target = 0) const noexcept {
        return {products_.data() + width_ + target, width_, static_cast<std::ptrdiff_t>(pitch_)};
    }
    /// Whether the spread of feature c is no more than rounding of its mean makes of equal values.
    bool is_constant(std::size_t c) const noexcept {
        const T noise = 128 * std::numeric_limits<T>::epsilon() * mean_[c];
        return !(products_[c * pitch_ + c] > count_ * noise * noise);
    }

private:
    /// A block that fits the panel.
    template <class X, std::size_t Bytes>
    void add(detail::row_panel<T, Bytes>& panel, matrix_view<const X> x, matrix_view<const T> y,
             std::size_t rows_behind, vector_view<const T> weights) {
        panel.take(x, y, count_, mean_.data(), weights);
        // Left to itself the hardware would fetch the next block only while it is packed.
        detail::bytes_ahead next;
        if (x.has_contiguous_rows() && x.row_stride() == static_cast<std::ptrdiff_t>(width_))
            next = {reinterpret_cast<const char*>(x.data() + x.rows() * width_),
                    (rows_behind < x.rows() ? rows_behind : x.rows()) * width_ * sizeof(X)};
        detail::add_column_products<T, Bytes>(panel.row(0), x.rows() + 1, pitch_, columns_, products_.data(),
                                              next);
    }

    std::size_t width_, columns_, pitch_;
    T count_ = 0;
    detail::aligned_vector<T> mean_;
    detail::aligned_vector<T> products_; // the upper triangle; the targets are the last columns
};

} // namespace tenon
