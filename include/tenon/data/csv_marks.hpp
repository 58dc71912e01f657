#pragma once

// Lines and quotes of a piece of text, counted about as fast as memory gives it: where rows begin in the middle of a file
// follows from the quotes before it.

#include <cstddef>
#include <string_view>
#include <tenon/core/lanes.hpp>

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
template <std::size_t Bytes = register_bytes>
csv_marks count_marks(std::string_view text, std::size_t size, char quote) noexcept {
    const char *at = text.data(), *const end = at + text.size(), *const last = at + size;
    csv_marks marks;
    // A register of bytes at a time, of which each counts in a byte of its own. A byte that matches is -1.
    using bytes = lanes<signed char, Bytes>;
    const auto sum = [](const bytes& counts) {
        std::size_t all = 0;
        for (std::size_t i = 0; i < Bytes; ++i) all += static_cast<unsigned char>(counts[i]);
        return all;
    };
    const auto quote_byte = static_cast<signed char>(quote);
    constexpr std::ptrdiff_t many = 255 * Bytes; // what a byte can count
    for (; end - at > many && last - at >= many; at += many) {
        bytes feeds{}, quotes{}, returns{};
        for (const char* from = at; from != at + many; from += Bytes) {
            bytes here;
            load_lanes(here, from);
            feeds -= here == '\n';
            quotes -= here == quote_byte;
            returns -= here == '\r';
        }
        marks.lines += sum(feeds);
        marks.quotes += sum(quotes);
        // Few files have any CR: where there are some, those that end lines are looked for one by one.
        if (sum(returns) == 0) continue;
        for (const char* from = at; from != at + many; ++from)
            if (*from == '\r' && from[1] != '\n') ++marks.lines;
    }
    for (; at != last; ++at) {
        if (ends_line(at, end)) ++marks.lines;
        if (*at == quote) ++marks.quotes;
    }
    return marks;
}

} // namespace tenon::detail
