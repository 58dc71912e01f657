#pragma once

// A matrix product, sizes at run time: one kernel that adds up outer products in registers serves every layer, forwards and
// backwards (model/layer_products.hpp), and is compiled once for each scalar type, not for each network.

#include <cstddef>
#include <cstring>
#include <tenon/core/lanes.hpp>
#include <tenon/model/dense_forward.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// At least n values; what is there stays as it is.
template <class T>
T* room_for(std::vector<T>& room, std::size_t n) {
    if (room.size() < n) room.resize(n);
    return room.data();
}

/// A factor read through strides: a matrix as it lies, or transposed.
template <class T>
struct strided {
    const T* data;
    std::ptrdiff_t row_step, column_step;

    const T* at(std::size_t r, std::size_t c) const noexcept {
        return data + static_cast<std::ptrdiff_t>(r) * row_step +
               static_cast<std::ptrdiff_t>(c) * column_step;
    }
};

/// Bytes of the first-level cache, or a little less.
inline constexpr std::size_t first_level = 32768;

/// Rows of the right factor that are taken at once: few enough for the second-level cache, and few enough terms for
/// one chain of sums.
inline constexpr std::size_t inner_block = 256;

/// Vectors side by side and rows of one tile: sums that leave registers for the factors.
template <std::size_t Bytes>
inline constexpr std::size_t widest_panel = Bytes == 32 ? 2 : 4;
template <std::size_t Bytes>
inline constexpr std::size_t tile_rows = Bytes == 16 ? 2 : 4;

/// c (+)= a · b for `Vectors` vectors of columns, tile by tile of `Rows` rows. A last tile of fewer rows repeats its last
/// row. Sums begin at `start`, a row, or at zero; where c already holds a part (`adds`) they are added to it.
template <std::size_t Rows, std::size_t Vectors, std::size_t Bytes, class T>
[[gnu::noinline]] void multiply_panel(const strided<T>& a, std::size_t rows, std::size_t inner, const T* b,
                                      std::size_t b_step, const T* start, bool adds, T* c,
                                      std::size_t c_step) noexcept {
    constexpr std::size_t n = Bytes / sizeof(T);
    using wide = lanes<T, n>;
    constexpr std::make_index_sequence<Rows> each_row{};
    constexpr std::make_index_sequence<Vectors> each_vector{};
    constexpr std::make_index_sequence<Rows * Vectors> each_sum{};
    auto over = []<std::size_t... K>(std::index_sequence<K...>, auto&& one) __attribute__((always_inline)) {
        (one(std::integral_constant<std::size_t, K>{}), ...);
    };
    for (std::size_t first = 0; first < rows; first += Rows) {
        const T* at = a.at(first, 0);
        std::ptrdiff_t below[Rows];
        T* to[Rows];
        over(
            each_row, [&](auto r) __attribute__((always_inline)) {
                const std::size_t row = first + r < rows ? r : rows - 1 - first;
                below[r] = static_cast<std::ptrdiff_t>(row) * a.row_step;
                to[r] = c + (first + row) * c_step;
            });
        bundle<wide, Rows * Vectors> sums;
        if (start != nullptr)
            over(
                each_sum, [&](auto s) __attribute__((always_inline)) {
                    load_lanes(sums.template at<s>(), start + s % Vectors * n);
                });
        const T* row = b;
        for (std::size_t k = 0; k < inner; ++k, at += a.column_step, row += b_step) {
            bundle<wide, Vectors> right;
            over(
                each_vector, [&](auto v) __attribute__((always_inline)) {
                    load_lanes(right.template at<v>(), row + v * n);
                    stay_in_register(right.template at<v>());
                });
            over(
                each_row, [&](auto r) __attribute__((always_inline)) {
                    const T left = at[below[r]];
                    over(
                        each_vector, [&](auto v) __attribute__((always_inline)) {
                            sums.template at<r * Vectors + v>() += right.template at<v>() * left;
                        });
                });
        }
        if (adds)
            over(
                each_sum, [&](auto s) __attribute__((always_inline)) {
                    wide before;
                    load_lanes(before, to[s / Vectors] + s % Vectors * n);
                    sums.template at<s>() += before;
                });
        over(
            each_sum, [&](auto s) __attribute__((always_inline)) {
                std::memcpy(to[s / Vectors] + s % Vectors * n, &sums.template at<s>(), sizeof(wide));
            });
    }
}

/// How many vectors of N columns the next panel has where so many columns are left.
template <std::size_t Bytes, std::size_t N>
constexpr std::size_t panel_vectors(std::size_t left) noexcept {
    constexpr std::size_t most = widest_panel<Bytes>;
    return left >= most * N ? most : left >= 2 * N ? 2 : 1;
}

/// Columns of the first `rows` rows of b, panel after panel, each row after row, the last padded with zeros. Rows come in
/// strips: one by one as b lies, and many at a time where b is transposed, so that its columns are read along.
template <class T, std::size_t Bytes>
void pack_panels(const strided<T>& b, std::size_t rows, std::size_t columns, T* to) noexcept {
    constexpr std::size_t n = Bytes / sizeof(T);
    const std::size_t strip = b.column_step == 1 ? 1 : 64;
    for (std::size_t first = 0; first < rows; first += strip) {
        const std::size_t end = rows - first < strip ? rows : first + strip;
        for (std::size_t column = 0; column < columns;) {
            const std::size_t width = panel_vectors<Bytes, n>(columns - column) * n;
            const std::size_t used = width < columns - column ? width : columns - column;
            T* const panel = to + column * rows;
            if (strip == 1 && used == width)
                for (std::size_t i = 0; i < width; i += n)
                    std::memcpy(panel + first * width + i, b.at(first, column + i), Bytes);
            else
                for (std::size_t i = 0; i < width; ++i)
                    for (std::size_t r = first; r < end; ++r)
                        panel[r * width + i] = i < used ? *b.at(r, column + i) : T{0};
            column += width;
        }
    }
}

/// Columns that are packed at a time.
template <class T>
inline constexpr std::size_t packed_columns = 1024 / sizeof(T);

/// c = start + a · b, where a has `rows` rows, b `inner` rows and `columns` columns, and c no gaps between its rows.
/// b's panels are packed into `packed`, of `wide` columns for each of inner_block rows, or only the last columns that fill
/// no vector; behind them is room for a vector a row.
template <class T, std::size_t Bytes>
void multiply_with(const strided<T>& a, std::size_t rows, std::size_t inner, const strided<T>& b,
                   std::size_t columns, const T* start, T* c, bool is_packed, std::size_t wide, T* packed) {
    constexpr std::size_t n = Bytes / sizeof(T), group = packed_columns<T>;
    const std::size_t tail = columns % n, whole = columns - tail;
    const std::size_t deep = inner < inner_block ? inner : inner_block;
    T* const edge = tail > 0 ? packed + deep * wide : nullptr; // the last columns, padded to a vector
    alignas(64) T edge_start[n] = {};
    if (start != nullptr)
        for (std::size_t i = 0; i < tail; ++i) edge_start[i] = start[whole + i];

    for (std::size_t from = 0; from == 0 || from < inner; from += inner_block) {
        const std::size_t count = inner - from < inner_block ? inner - from : inner_block;
        const strided<T> rest{a.at(0, from), a.row_step, a.column_step};
        for (std::size_t column = 0, first = 0; column < columns;) {
            const std::size_t vectors = panel_vectors<Bytes, n>(columns - column);
            const bool is_tail = column == whole;
            if (is_packed ? column % group == 0 : is_tail) {
                const std::size_t some = columns - column < group ? columns - column : group;
                pack_panels<T, Bytes>({b.at(from, column), b.row_step, b.column_step}, count, some, packed);
                first = column;
            }
            const bool is_here = is_packed || is_tail;
            const T* const panel = is_here ? packed + (column - first) * count : b.at(from, column);
            const std::size_t step = is_here ? vectors * n : static_cast<std::size_t>(b.row_step);
            const T* const begin = from > 0 || start == nullptr ? nullptr
                                   : is_tail                    ? edge_start
                                                                : start + column;
            auto run = [&]<std::size_t Vectors>(std::integral_constant<std::size_t, Vectors>) {
                (rows == 1 ? multiply_panel<1, Vectors, Bytes, T>
                           : multiply_panel<tile_rows<Bytes>, Vectors, Bytes, T>)(rest, rows, count, panel,
                                                                                  step, begin, from > 0,
                                                                                  is_tail ? edge : c + column,
                                                                                  is_tail ? n : columns);
            };
            if (vectors == 1)
                run(std::integral_constant<std::size_t, 1>{});
            else if (vectors == 2)
                run(std::integral_constant<std::size_t, 2>{});
            else if constexpr (widest_panel<Bytes> == 4)
                run(std::integral_constant<std::size_t, 4>{});
            column += is_tail ? tail : vectors * n;
        }
    }
    for (std::size_t r = 0; r < rows && tail > 0; ++r)
        for (std::size_t i = 0; i < tail; ++i) c[r * columns + whole + i] = edge[r * n + i];
}

/// The same with room that grows as it must.
template <class T, std::size_t Bytes>
void multiply(const strided<T>& a, std::size_t rows, std::size_t inner, const strided<T>& b,
              std::size_t columns, const T* start, T* c, std::vector<T>& room) {
    constexpr std::size_t n = Bytes / sizeof(T), group = packed_columns<T>;
    // Panels with gaps between their rows fall out of the caches; packed, they are read there by all tiles.
    const bool is_packed = b.column_step != 1 || (rows >= 16 && inner * columns * sizeof(T) > first_level);
    const std::size_t tail = columns % n, deep = inner < inner_block ? inner : inner_block;
    const std::size_t wide = !is_packed ? n : columns < group ? columns - tail + n : group;
    T* const packed =
        is_packed || tail > 0 ? room_for(room, deep * wide + (tail > 0 ? rows * n : 0)) : nullptr;
    multiply_with<T, Bytes>(a, rows, inner, b, columns, start, c, is_packed, wide, packed);
}

/// to[c][r] = from[r][c], in squares that stay in the first-level cache.
template <class T>
void transpose(const T* from, std::size_t rows, std::size_t columns, T* to) noexcept {
    constexpr std::size_t square = 16;
    for (std::size_t r0 = 0; r0 < rows; r0 += square) {
        const std::size_t r1 = r0 + square < rows ? r0 + square : rows;
        for (std::size_t c0 = 0; c0 < columns; c0 += square) {
            const std::size_t c1 = c0 + square < columns ? c0 + square : columns;
            for (std::size_t c = c0; c < c1; ++c)
                for (std::size_t r = r0; r < r1; ++r) to[c * rows + r] = from[r * columns + c];
        }
    }
}

/// The dot products of `rows` rows of x with w, from `start` on.
template <class T, std::size_t Bytes = register_bytes>
void dot_rows(const T* x, std::size_t rows, std::size_t inner, const T* w, T start, T* out) noexcept {
    constexpr std::size_t n = Bytes / sizeof(T);
    const std::size_t whole = inner - inner % n, pairs = inner - inner % (2 * n);
    for (std::size_t r = 0; r < rows; ++r, x += inner) {
        lanes<T, n> even{}, odd{};
        auto add = [&](lanes<T, n> & sum, std::size_t i) __attribute__((always_inline)) {
            lanes<T, n> a, b;
            load_lanes(a, x + i);
            load_lanes(b, w + i);
            sum += a * b;
        };
        for (std::size_t i = 0; i < pairs; i += 2 * n) {
            add(even, i);
            add(odd, i + n);
        }
        if (pairs < whole) add(even, pairs);
        T sum = start;
        for (std::size_t i = whole; i < inner; ++i) sum += x[i] * w[i];
        out[r] = sum_of_lanes<n, T>(even + odd, std::make_index_sequence<n / 2>{}) + sum;
    }
}

} // namespace detail

} // namespace tenon
