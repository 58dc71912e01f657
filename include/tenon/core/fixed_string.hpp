#pragma once

// A string literal as a template argument: numeric<"area">.

#include <cstddef>
#include <string_view>

namespace tenon::inline v0 {

/// The characters of a literal, with the closing zero, usable as a non-type template argument.
template <std::size_t N>
struct fixed_string {
    char text[N]{};

    constexpr fixed_string() = default;
    // Implicit on purpose: the literal itself is what the user writes.
    consteval fixed_string(const char (&literal)[N]) {
        for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
    }
    constexpr std::string_view view() const noexcept { return {text, N - 1}; }
};

} // namespace tenon
