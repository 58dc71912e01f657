#pragma once

// Data as pointer and two strides, so that row-major and column-major input cost no copy; and one owning
// row-major matrix for what the library itself makes. A row is a sample.

#include <array>
#include <cstddef>
#include <span>
#include <tenon/core/matrix_memory.hpp>
#include <type_traits>
#include <utility>

namespace tenon::inline v0 {

/// n values at equal distances: a column of a matrix, or a contiguous vector (stride 1).
template <class T>
class vector_view {
public:
    constexpr vector_view() noexcept = default;
    constexpr vector_view(T* data, std::size_t size, std::ptrdiff_t stride = 1) noexcept
        : data_(data), size_(size), stride_(stride) {}
    constexpr vector_view(std::span<T> values) noexcept : vector_view(values.data(), values.size()) {}
    constexpr operator vector_view<const T>() const noexcept
        requires(!std::is_const_v<T>)
    {
        return {data_, size_, stride_};
    }

    constexpr T* data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr std::ptrdiff_t stride() const noexcept { return stride_; }
    constexpr T& operator[](std::size_t i) const noexcept {
        return data_[static_cast<std::ptrdiff_t>(i) * stride_];
    }
    /// The values first, first + 1 … first + count - 1.
    constexpr vector_view middle(std::size_t first, std::size_t count) const noexcept {
        return {count == 0 ? data_ : data_ + static_cast<std::ptrdiff_t>(first) * stride_, count, stride_};
    }

private:
    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::ptrdiff_t stride_ = 1;
};

/// rows × columns values somewhere in memory, any layout that two strides (in elements) can say.
template <class T>
class matrix_view {
public:
    constexpr matrix_view() noexcept = default;

    /// Row-major and contiguous.
    constexpr matrix_view(T* data, std::size_t rows, std::size_t columns) noexcept
        : matrix_view(data, rows, columns, static_cast<std::ptrdiff_t>(columns), 1) {}

    constexpr matrix_view(T* data, std::size_t rows, std::size_t columns, std::ptrdiff_t row_stride,
                          std::ptrdiff_t column_stride) noexcept
        : data_(data), rows_(rows), columns_(columns), row_stride_(row_stride),
          column_stride_(column_stride) {}

    constexpr operator matrix_view<const T>() const noexcept
        requires(!std::is_const_v<T>)
    {
        return {data_, rows_, columns_, row_stride_, column_stride_};
    }

    constexpr T* data() const noexcept { return data_; }
    constexpr std::size_t rows() const noexcept { return rows_; }
    constexpr std::size_t columns() const noexcept { return columns_; }
    constexpr std::ptrdiff_t row_stride() const noexcept { return row_stride_; }
    constexpr std::ptrdiff_t column_stride() const noexcept { return column_stride_; }

    constexpr T& operator()(std::size_t r, std::size_t c) const noexcept { return *at(r, c); }

    /// Whether the values of one row lie side by side, so that row(r) may be called.
    constexpr bool has_contiguous_rows() const noexcept { return column_stride_ == 1 || columns_ <= 1; }
    constexpr std::span<T> row(std::size_t r) const noexcept { return {at(r, 0), columns_}; }
    constexpr vector_view<T> column(std::size_t c) const noexcept {
        return {rows_ == 0 ? data_ : at(0, c), rows_, row_stride_};
    }
    /// The rows first, first + 1 … first + count - 1.
    constexpr matrix_view middle_rows(std::size_t first, std::size_t count) const noexcept {
        return {count == 0 ? data_ : at(first, 0), count, columns_, row_stride_, column_stride_};
    }

private:
    constexpr T* at(std::size_t r, std::size_t c) const noexcept {
        return data_ + (static_cast<std::ptrdiff_t>(r) * row_stride_ +
                        static_cast<std::ptrdiff_t>(c) * column_stride_);
    }

    T* data_ = nullptr;
    std::size_t rows_ = 0;
    std::size_t columns_ = 0;
    std::ptrdiff_t row_stride_ = 0;
    std::ptrdiff_t column_stride_ = 1;
};

/// n rows of N values each, somewhere in memory, any layout that two strides (in values) can say: the targets of a
/// regression of several outputs. Row i is given as an array, by value.
template <class T, std::size_t N>
class vector_view<const std::array<T, N>> {
public:
    constexpr vector_view() noexcept = default;
    /// Arrays at equal distances, counted in arrays.
    constexpr vector_view(const std::array<T, N>* rows, std::size_t size, std::ptrdiff_t stride = 1) noexcept
        : values_(size == 0 ? nullptr : rows->data(), size, N, stride * static_cast<std::ptrdiff_t>(N), 1) {}
    constexpr vector_view(std::span<const std::array<T, N>> rows) noexcept
        : vector_view(rows.data(), rows.size()) {}
    /// A matrix of N columns.
    constexpr explicit vector_view(matrix_view<const T> values) noexcept : values_(values) {}

    constexpr std::size_t size() const noexcept { return values_.rows(); }
    constexpr std::array<T, N> operator[](std::size_t i) const noexcept {
        std::array<T, N> row{};
        for (std::size_t k = 0; k < N; ++k) row[k] = values_(i, k);
        return row;
    }
    constexpr vector_view middle(std::size_t first, std::size_t count) const noexcept {
        return vector_view(values_.middle_rows(first, count));
    }
    /// The values as rows × N, where they lie.
    constexpr matrix_view<const T> values() const noexcept { return values_; }
    constexpr vector_view<const T> column(std::size_t k) const noexcept { return values_.column(k); }

private:
    matrix_view<const T> values_;
};

/// An owning row-major matrix, zero at first; empty when it has been moved from.
template <class T>
class matrix {
public:
    matrix() = default;
    matrix(std::size_t rows, std::size_t columns) : rows_(rows), columns_(columns), values_(rows * columns) {
        values_.clear_from(0);
    }
    matrix(const matrix&) = default;
    matrix(matrix&& other) noexcept
        : rows_(std::exchange(other.rows_, 0)), columns_(std::exchange(other.columns_, 0)),
          values_(std::move(other.values_)) {}
    matrix& operator=(const matrix&) = default;
    matrix& operator=(matrix&& other) noexcept {
        rows_ = std::exchange(other.rows_, 0);
        columns_ = std::exchange(other.columns_, 0);
        values_ = std::move(other.values_);
        return *this;
    }
    ~matrix() = default;

    std::size_t rows() const noexcept { return rows_; }
    std::size_t columns() const noexcept { return columns_; }
    T* data() noexcept { return values_.data(); }
    const T* data() const noexcept { return values_.data(); }
    T& operator()(std::size_t r, std::size_t c) noexcept { return values_[r * columns_ + c]; }
    const T& operator()(std::size_t r, std::size_t c) const noexcept { return values_[r * columns_ + c]; }
    std::span<T> row(std::size_t r) noexcept { return {values_.data() + r * columns_, columns_}; }
    std::span<const T> row(std::size_t r) const noexcept { return {values_.data() + r * columns_, columns_}; }

    /// Rows in front stay as they are, new ones are zero.
    void resize_rows(std::size_t rows) {
        const std::size_t before = values_.size();
        resize_rows_unset(rows);
        values_.clear_from(before);
    }
    /// Rows in front stay as they are, new ones are whatever was in memory: for those who write them at once.
    void resize_rows_unset(std::size_t rows) {
        values_.resize(rows * columns_);
        rows_ = rows;
    }

    matrix_view<T> view() noexcept { return {values_.data(), rows_, columns_}; }
    matrix_view<const T> view() const noexcept { return {values_.data(), rows_, columns_}; }
    operator matrix_view<T>() noexcept { return view(); }
    operator matrix_view<const T>() const noexcept { return view(); }

private:
    std::size_t rows_ = 0;
    std::size_t columns_ = 0;
    detail::matrix_memory<T> values_;
};

/// Row r of a view as contiguous values: where it lies if it can be, else gathered into `room` (columns() long).
template <class T>
constexpr std::span<const T> contiguous_row(matrix_view<const T> x, std::size_t r,
                                            std::span<T> room) noexcept {
    if (x.has_contiguous_rows()) return x.row(r);
    for (std::size_t c = 0; c < x.columns(); ++c) room[c] = x(r, c);
    return room.first(x.columns());
}

} // namespace tenon
