#pragma once

// How often words occur in a text, in the places that their hashes name: the numbers that a text column of a schema, and
// hashed_counts<N>, stand for. Nothing is learned, so that reading, parsing one sample and a generated header agree.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tenon/core/murmur.hpp>

namespace tenon::inline v0::detail {

/// Letters, digits and _ of ASCII, and every byte of a character beyond it.
constexpr bool is_word_byte(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (static_cast<unsigned char>(c) & 0x80u) != 0;
}
/// Whether a byte is the first of a character of UTF-8.
constexpr bool starts_character(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
}
constexpr char in_lower_case(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Hands visit every run of at least two word characters.
template <class Visit>
constexpr void each_word(std::string_view text, Visit&& visit) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        if (!is_word_byte(text[at])) {
            ++at;
            continue;
        }
        const std::size_t first = at;
        std::size_t characters = 0;
        for (; at < text.size() && is_word_byte(text[at]); ++at)
            characters += starts_character(text[at]) ? 1u : 0u;
        if (characters >= 2) visit(text.substr(first, at - first));
    }
}

/// Writes the counts of the text's words, whatever their case; what was there before is gone. alternate_sign: half of the
/// words count -1.
template <class T, std::size_t N>
constexpr void count_words(std::string_view text, std::span<T, N> counts,
                           bool alternate_sign = false) noexcept {
    for (T& count : counts) count = T{0};
    each_word(text, [&](std::string_view word) {
        const std::uint32_t bits =
            murmur3_of(word.size(), [&](std::size_t i) { return in_lower_case(word[i]); });
        const bool is_negative = bits >> 31 != 0;
        const std::uint32_t size = is_negative ? std::uint32_t{0} - bits : bits;
        counts[size % static_cast<std::uint32_t>(counts.size())] +=
            is_negative && alternate_sign ? T{-1} : T{1};
    });
}

} // namespace tenon::inline v0::detail
