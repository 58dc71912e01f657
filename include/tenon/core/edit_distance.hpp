#pragma once

// How far apart two names are: what "did you mean …" is made of, at compile time and at run time.

#include <array>
#include <cstddef>
#include <string_view>

namespace tenon::inline v0 {

/// Insertions, deletions, replacements and swaps of neighbours that lead from a to b, letter case left out of account
/// (optimal string alignment). Names are looked at up to their 64th character.
constexpr std::size_t edit_distance(std::string_view a, std::string_view b) noexcept {
    constexpr std::size_t longest = 64;
    auto same = [&](std::size_t i, std::size_t j) {
        auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
        return lower(a[i]) == lower(b[j]);
    };
    a = a.substr(0, longest);
    b = b.substr(0, longest);
    std::array<std::size_t, longest + 1> above{}, row{}, next{};
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        next[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t shifted = (row[j] < next[j - 1] ? row[j] : next[j - 1]) + 1;
            const std::size_t replaced = row[j - 1] + (same(i - 1, j - 1) ? 0 : 1);
            next[j] = replaced < shifted ? replaced : shifted;
            if (i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1) && above[j - 2] + 1 < next[j])
                next[j] = above[j - 2] + 1;
        }
        above = row;
        row = next;
    }
    return row[b.size()];
}

} // namespace tenon
