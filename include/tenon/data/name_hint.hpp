#pragma once

// What errors about names and words say: the text itself, short and on one line, and the name that a misspelt one
// was probably meant to be.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/edit_distance.hpp>
#include <tenon/core/text.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Text of a user's file in quotes, for a message: at most 40 bytes (no half UTF-8 character) and "...", control
/// characters as blanks.
inline std::string in_quotes(std::string_view text) {
    constexpr std::size_t most = 40;
    std::size_t size = text.size();
    if (size > most)
        for (size = most; size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0u) == 0x80u;) --size;
    std::string all = "'";
    for (const char c : text.substr(0, size)) all += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    return all + (size < text.size() ? "...'" : "'");
}

/// The nearest of names to word, the first of equals; null where none is within a third of its letters.
inline const std::string* nearest_name(std::string_view word, std::span<const std::string> names) {
    constexpr std::size_t most = 64;
    const std::string* nearest = nullptr;
    std::size_t least = 0;
    for (const std::string& name : names) {
        const std::size_t shorter = name.size() < word.size() ? name.size() : word.size();
        const std::size_t longer = name.size() + word.size() - shorter;
        const std::size_t limit = (shorter + 1) / 3;
        if (shorter == 0 || longer > most || longer - shorter > limit) continue;
        const std::size_t distance = edit_distance(word, name);
        if (distance > limit || (nearest != nullptr && distance >= least)) continue;
        nearest = &name;
        least = distance;
    }
    return nearest;
}

/// "did you mean 'price'?" where a name is near, else what there is: "there are 'area', 'kind'" (the first 8).
inline std::string name_hint(std::string_view word, std::span<const std::string> names) {
    if (const std::string* const nearest = nearest_name(word, names))
        return detail::concat({"did you mean ", in_quotes(*nearest), "?"});
    constexpr std::size_t most = 8;
    if (names.size() <= 1) return names.empty() ? "there is none" : "there is only " + in_quotes(names[0]);
    std::string all = "there are ";
    for (std::size_t i = 0; i < names.size() && i < most; ++i)
        all += (i > 0 ? ", " : "") + in_quotes(names[i]);
    if (names.size() > most) detail::append(all, {" and ", names.size() - most, " more"});
    return all;
}

} // namespace tenon
