#pragma once

// Products of all pairs of columns of a block of rows that lies in the first-level cache: what covariances and normal
// equations are made of. Sums stay in registers for a tile of four columns by some vectors.

#include <cstddef>
#include <tenon/core/lanes.hpp>
#include <utility>

namespace tenon::inline v0::detail {

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
    constexpr std::size_t most = Bytes == 64 ? 4 : 2;
    return left <= most ? left : left < 2 * most ? (left + 1) / 2 : most;
}

/// The upper triangle of sums += panelᵀ · panel. Rows of both lie `pitch` apart, with a register of room behind the columns;
/// `next` is what the caller packs next.
template <class T, std::size_t Bytes = register_bytes>
void add_column_products(const T* panel, std::size_t rows, std::size_t pitch, std::size_t columns, T* sums,
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
            if constexpr (Bytes == 64) {
                if (vectors == 3) add_tile<n, 3>(left, right, rows, pitch, to);
                if (vectors == 4) add_tile<n, 4>(left, right, rows, pitch, to);
            }
            j += vectors * n;
        }
    }
}

} // namespace tenon::detail
