#pragma once

// Widths (numbers of columns) known to the compiler or at run time, and rows of such widths.

#include <cstddef>
#include <span>

namespace tenon::inline v0 {

/// A width that is known at run time only. The same value as std::dynamic_extent.
inline constexpr std::size_t dynamic = std::dynamic_extent;

/// One sample of W values: what a stage reads.
template <std::size_t W, class T = double>
using row = std::span<const T, W>;

/// Room for one sample of W values: what a stage writes.
template <std::size_t W, class T = double>
using row_out = std::span<T, W>;

/// a + b, dynamic where one of them is.
constexpr std::size_t add_widths(std::size_t a, std::size_t b) noexcept {
    return a == dynamic || b == dynamic ? dynamic : a + b;
}

/// a * b, dynamic where one of them is.
constexpr std::size_t multiply_widths(std::size_t a, std::size_t b) noexcept {
    return a == dynamic || b == dynamic ? dynamic : a * b;
}

/// A width as a member: empty where the compiler knows it, one number where it does not.
template <std::size_t W>
struct held_width {
    constexpr held_width() noexcept = default;
    constexpr explicit held_width(std::size_t) noexcept {}
    constexpr std::size_t operator()() const noexcept { return W; }
};

template <>
struct held_width<dynamic> {
    constexpr held_width() noexcept = default;
    constexpr explicit held_width(std::size_t n) noexcept : value(n) {}
    constexpr std::size_t operator()() const noexcept { return value; }
    std::size_t value = 0;
};

} // namespace tenon
