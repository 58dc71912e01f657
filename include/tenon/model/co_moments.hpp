#pragma once

// Means and centred co-moments of features and targets: a fold over blocks of rows, mergeable (Chan, Golub and LeVeque
// 1979). A block is packed from any layout into a panel that fits the first-level cache, centred there, and added to the
// symmetric sums in tiles that stay in registers.

#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <tenon/core/matrix.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/model/kernels.hpp>
#include <tenon/model/row_panel.hpp>
#include <type_traits>

namespace tenon::inline v0 {

namespace detail {

/// Four rows of sums += the products of four columns, from `left` on, with `Vectors` · N columns, from `right` on.
template <std::size_t N, std::size_t Vectors, class T>
[[gnu::noinline]] void add_tile(const T* left, const T* right, std::size_t rows, std::size_t pitch,
                                T* sums) noexcept {
    constexpr std::ptrdiff_t beside[] = {0, 1, 2, 3};
    T* const to[] = {sums, sums + pitch, sums + 2 * pitch, sums + 3 * pitch};
    tile_sums<lanes<T, N>, Vectors, std::make_index_sequence<4 * Vectors>> tile;
    for (std::size_t r = 0; r < rows; ++r, left += pitch, right += pitch) {
        bundle<lanes<T, N>, Vectors> x;
        x.load(right);
        x.stay_in_registers();
        tile.add_products(x, left, beside);
    }
    tile.add(to);
    tile.store(to);
}

/// The weights of some rows, where there are weights.
template <class T>
vector_view<const T> middle_weights(vector_view<const T> all, std::size_t first, std::size_t rows) noexcept {
    if (all.size() == 0) return {};
    return {&all[first], rows, all.stride()};
}

/// Bytes that are wanted soon, to be fetched a few at a time while something else is computed.
struct bytes_ahead {
    const char* from = nullptr;
    std::size_t count = 0;

    void fetch(std::size_t most) noexcept {
        if (most > count) most = count;
        for (std::size_t b = 0; b < most; b += 64) __builtin_prefetch(from + b, 0, 2);
        from += most;
        count -= most;
    }
};

/// How many vectors the next tile has where so many are left: none of one vector alone, which would wait for itself, if it
/// can be helped.
template <std::size_t Bytes>
constexpr std::size_t tile_vectors(std::size_t left) noexcept {
    constexpr std::size_t most = widest_panel<Bytes>;
    return left <= most ? left : left < 2 * most ? (left + 1) / 2 : most;
}

/// The upper triangle of sums += panelᵀ · panel; the sums lie `pitch` apart like the rows of the panel.
template <class T, std::size_t Bytes = register_bytes>
void add_products(const T* panel, std::size_t rows, std::size_t pitch, std::size_t columns, T* sums,
                  bytes_ahead next = {}) noexcept {
    constexpr std::size_t n = Bytes / sizeof(T);
    const std::size_t share = next.count / (columns / 4 + 1) / 64 * 64 + 64;
    for (std::size_t i = 0; i < columns; i += 4) {
        next.fetch(share);
        for (std::size_t j = i; j < columns;) {
            const T *const left = panel + i, *const right = panel + j;
            T* const to = sums + i * pitch + j;
            const std::size_t vectors = tile_vectors<Bytes>((columns - j + n - 1) / n);
            if (vectors == 1) add_tile<n, 1>(left, right, rows, pitch, to);
            if (vectors == 2) add_tile<n, 2>(left, right, rows, pitch, to);
            if constexpr (widest_panel<Bytes> == 4) {
                if (vectors == 3) add_tile<n, 3>(left, right, rows, pitch, to);
                if (vectors == 4) add_tile<n, 4>(left, right, rows, pitch, to);
            }
            j += vectors * n;
        }
    }
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
        detail::add_products<T, Bytes>(panel.row(0), x.rows() + 1, pitch_, columns_, products_.data(), next);
    }

    std::size_t width_, columns_, pitch_;
    T count_ = 0;
    detail::aligned_vector<T> mean_;
    detail::aligned_vector<T> products_; // the upper triangle; the targets are the last columns
};

} // namespace tenon
