#pragma once

// The rows of a batch, one behind the other.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <tenon/core/matrix.hpp>
#include <tenon/core/widths.hpp>

namespace tenon::inline v0::detail {

/// Copies x's rows at `places`, without gaps. Few columns are copied in a moment where their number is known: Columns, or
/// dynamic.
template <std::size_t Columns, class T>
void gather_rows(matrix_view<const T> x, std::span<const std::uint32_t> places, T* to) noexcept {
    const std::ptrdiff_t row = x.row_stride(), step = x.column_stride();
    const std::size_t columns = Columns == dynamic ? x.columns() : Columns;
    for (const std::uint32_t place : places) {
        const T* from = x.data() + static_cast<std::ptrdiff_t>(place) * row;
        if (step == 1)
            std::memcpy(to, from, columns * sizeof(T));
        else
            for (std::size_t c = 0; c < columns; ++c, from += step) to[c] = *from;
        to += columns;
    }
}

} // namespace tenon::detail
