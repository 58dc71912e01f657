#pragma once

// Which columns of a schema are one field of a file, or one value of parse(…): each column for itself, but those that share
// a name, the places of a text.

#include <array>
#include <cstddef>
#include <tenon/core/widths.hpp>

namespace tenon::inline v0::detail {

/// The columns that a field becomes.
struct field_places {
    std::size_t first = 0;
    std::size_t count = 1;
    /// Whether the field is a text, which has two places at least.
    constexpr bool is_text() const noexcept { return count > 1; }
};

/// Whether column i of S is a place of the text that column i - 1 is one of. Columns without a name are called "".
template <class S>
constexpr bool continues_text(std::size_t i) {
    return i > 0 && !S::names[i].empty() && S::names[i] == S::names[i - 1];
}

template <class S>
consteval std::size_t count_fields() {
    if constexpr (requires { S::names; }) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < S::width; ++i) count += continues_text<S>(i) ? 0u : 1u;
        return count;
    } else
        return S::width;
}

/// Fields of S; dynamic where its width is.
template <class S>
inline constexpr std::size_t field_count = count_fields<S>();
/// Whether a column of S is a text.
template <class S>
inline constexpr bool has_texts = field_count<S> != S::width;

/// The fields of S, a schema with names, in order.
template <class S>
inline constexpr std::array<field_places, field_count<S>> schema_fields = [] {
    std::array<field_places, field_count<S>> found{};
    std::size_t count = 0;
    for (std::size_t i = 0; i < S::width; ++i)
        if (continues_text<S>(i))
            ++found[count - 1].count;
        else
            found[count++].first = i;
    return found;
}();

/// Of each column of S how many its field has.
template <class S>
inline constexpr std::array<std::size_t, S::width> field_widths = [] {
    std::array<std::size_t, S::width> found{};
    for (const field_places& field : schema_fields<S>)
        for (std::size_t i = 0; i < field.count; ++i) found[field.first + i] = field.count;
    return found;
}();

/// How many columns the text has that column i of S is of; 1 where it is of none.
template <class S>
constexpr std::size_t text_places([[maybe_unused]] std::size_t i) noexcept {
    if constexpr (has_texts<S>)
        return field_widths<S>[i];
    else
        return 1;
}

} // namespace tenon::inline v0::detail
