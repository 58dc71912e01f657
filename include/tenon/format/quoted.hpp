#pragma once

// Bytes of a file that nobody has checked, in a message: one line, short, ASCII.

#include <cstddef>
#include <string>
#include <string_view>

namespace tenon::inline v0::detail {

/// The bytes in quotes, at most 40 of them and "..."; what is not printable ASCII as '?'.
template <class Lazy = void>
std::string quoted_bytes(std::string_view bytes) {
    constexpr std::size_t most = 40;
    std::string text = "'";
    for (const char c : bytes.substr(0, most)) text += c < ' ' || c > '~' ? '?' : c;
    return text += bytes.size() > most ? "...'" : "'";
}

} // namespace tenon::detail
