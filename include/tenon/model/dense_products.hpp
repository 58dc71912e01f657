#pragma once

// What matrix products are made of, whatever the registers (model/kernels/products.inc).

#include <cstddef>
#include <tenon/core/team.hpp>

namespace tenon::inline v0::detail {

/// At least n values; what is there stays as it is.
template <class Room>
typename Room::value_type* room_for(Room& room, std::size_t n) {
    if (room.size() < n) room.resize(n);
    return room.data();
}

/// Bytes of the first-level cache, or a little less.
inline constexpr std::size_t first_level = 32768;

/// Most rows of the right factor that are taken at once: few enough for the second-level cache, and few enough terms for
/// one chain of sums.
inline constexpr std::size_t inner_block = 256;

/// Sums of more terms are made of blocks of about one size: how many, and where each begins. Threads that share a sum's terms
/// do so by blocks, and get the same bits as one alone.
constexpr std::size_t blocks_of(std::size_t terms, std::size_t most = inner_block) noexcept {
    return terms == 0 ? 1 : (terms + most - 1) / most;
}
constexpr std::size_t block_begin(std::size_t terms, std::size_t block,
                                  std::size_t most = inner_block) noexcept {
    return part_begin(terms, 8, block, blocks_of(terms, most));
}

/// Columns that are packed at a time.
template <class T>
inline constexpr std::size_t packed_columns = 1024 / sizeof(T);

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

} // namespace tenon::detail
