#pragma once

// Lines and quotes of a piece of text, counted about as fast as memory gives it: where rows begin in the middle of a file
// follows from the quotes before it.

#include <cstddef>
#include <cstring>
#include <string_view>

namespace tenon::inline v0::detail {

/// What is in a piece of text.
struct csv_marks {
    std::size_t lines = 0;  ///< that end in it, with LF, CRLF or CR
    std::size_t quotes = 0; ///< also those inside quoted fields
};

/// Whether a line ends with the character at `at`; of CRLF that is LF.
inline bool ends_line(const char* at, const char* end) noexcept {
    return *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] != '\n'));
}

/// Counts in the first `size` bytes of text, of which the byte behind them is looked at too.
template <class Lazy = void>
csv_marks count_marks(std::string_view text, std::size_t size, char quote) noexcept {
    const char *at = text.data(), *const end = at + text.size(), *const last = at + size;
    csv_marks marks;
#ifdef __GNUC__
    // 16 bytes at a time, of which each counts in a byte of its own. A byte that matches is -1.
    using bytes = signed char __attribute__((vector_size(16)));
    const auto sum = [](const bytes& counts) {
        std::size_t all = 0;
        for (int i = 0; i < 16; ++i) all += static_cast<unsigned char>(counts[i]);
        return all;
    };
    const auto quote_byte = static_cast<signed char>(quote);
    while (last - at >= 16 && end - at > 16) {
        bytes lines{}, quotes{};
        for (int i = 0; i < 255 && last - at >= 16 && end - at > 16; ++i, at += 16) {
            bytes here, next;
            std::memcpy(&here, at, sizeof here);
            std::memcpy(&next, at + 1, sizeof next);
            lines -= (here == '\n') | ((here == '\r') & (next != '\n'));
            quotes -= here == quote_byte;
        }
        marks.lines += sum(lines);
        marks.quotes += sum(quotes);
    }
#endif
    for (; at != last; ++at) {
        if (ends_line(at, end)) ++marks.lines;
        if (*at == quote) ++marks.quotes;
    }
    return marks;
}

} // namespace tenon::detail
