#pragma once

// Text to number and back, the same on every machine: no locale, nothing but the number, shortest text that reads
// back to the same bits. Where the standard library lacks from_chars for floating point (libc++), strtod and
// snprintf stand in; they expect LC_NUMERIC to be "C", as it is unless the program calls setlocale.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace tenon::inline v0 {

namespace detail {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// How many characters at the front of text are digits.
constexpr std::size_t digits_at_front(std::string_view text) noexcept {
    std::size_t n = 0;
    while (n < text.size() && is_digit(text[n])) ++n;
    return n;
}

/// Whether text is -?(digits[.digits?]|.digits)([eE][+-]?digits)? from end to end.
constexpr bool is_decimal(std::string_view text) noexcept {
    if (text.starts_with('-')) text.remove_prefix(1);
    const std::size_t whole = digits_at_front(text);
    text.remove_prefix(whole);
    std::size_t part = 0;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        part = digits_at_front(text);
        text.remove_prefix(part);
    }
    if (whole + part == 0) return false;
    if (!text.starts_with('e') && !text.starts_with('E')) return text.empty();
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && digits_at_front(text) == text.size();
}

/// Whether a decimal that is out of range is so because it is too small: its first digit stands for less than 1.
constexpr bool is_too_small(std::string_view text) noexcept {
    std::int64_t place = 0; // the power of ten of the first digit that is not 0
    bool found = false, point = false;
    std::size_t i = text.starts_with('-') ? 1 : 0;
    for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
        if (text[i] == '.') {
            point = true;
            continue;
        }
        if (found && !point) ++place;
        if (!found && point) --place;
        found = found || text[i] != '0';
    }
    if (!found) return true;
    if (i == text.size()) return place < 0;
    const bool negative = text[++i] == '-';
    if (negative || text[i] == '+') ++i;
    std::int64_t exponent = 0;
    for (; i < text.size(); ++i)
        if (exponent < (std::int64_t{1} << 56)) exponent = 10 * exponent + (text[i] - '0');
    return place + (negative ? -exponent : exponent) < 0;
}

/// text (a decimal) by the C library.
template <class T>
bool parse_with_strtod(std::string_view text, T& out) {
    if (!is_decimal(text)) return false;
    const std::string copy(text);
    char* end = nullptr;
    T value{};
    if constexpr (std::is_same_v<T, float>)
        value = std::strtof(copy.c_str(), &end);
    else
        value = std::strtod(copy.c_str(), &end);
    constexpr T largest = std::numeric_limits<T>::max();
    if (end != copy.c_str() + copy.size() || value < -largest || value > largest) return false;
    out = value;
    return true;
}

/// value by the C library, with the fewest digits that read back to it.
template <class T>
std::string format_with_snprintf(T value, int digits, int most) {
    char text[40];
    for (;; ++digits) {
        const int n = std::snprintf(text, sizeof text, "%.*g", digits, static_cast<double>(value));
        std::string out(text, static_cast<std::size_t>(n));
        T back{};
        if (digits >= most || !is_decimal(out)) return out;
        if (parse_with_strtod(out, back) && back == value) return out;
    }
}

template <class T>
bool parse_floating(std::string_view text, T& out) {
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) return false;
    }
#ifdef __cpp_lib_to_chars
    // from_chars also takes "inf" and "nan": those are no numbers here.
    const std::size_t first = text.starts_with('-') ? 1 : 0;
    if (first == text.size() || (!is_digit(text[first]) && text[first] != '.')) return false;
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size()) return false;
    if (error == std::errc::result_out_of_range) {
        if (!is_too_small(text)) return false;
        value = first == 1 ? -T{} : T{};
    } else if (error != std::errc{}) {
        return false;
    }
    out = value;
    return true;
#else
    return parse_with_strtod(text, out);
#endif
}

template <class T>
std::string format_floating(T value) {
#ifdef __cpp_lib_to_chars
    char text[40];
    return {text, std::to_chars(text, text + sizeof text, value).ptr};
#else
    return format_with_snprintf(value, 1, std::numeric_limits<T>::max_digits10);
#endif
}

} // namespace detail

/// Reads text, all of it, as a decimal number: 12, -0.5, +.5, 3., 1e-7. Anything else gives false and leaves out as
/// it was: blanks, inf and nan in any spelling, hexadecimal, a number too large for the type. A number too small
/// for it becomes the nearest there is, a denormal or zero.
inline bool parse_number(std::string_view text, double& out) {
    return detail::parse_floating(text, out);
}
/// The same for float, rounded once.
inline bool parse_number(std::string_view text, float& out) {
    return detail::parse_floating(text, out);
}

/// The shortest text that reads back to the same bits; "inf", "-inf" and "nan" for what is no number.
inline std::string format_number(double value) {
    return detail::format_floating(value);
}
/// The same for float: 0.1F gives "0.1".
template <class Float>
    requires std::is_same_v<Float, float>
std::string format_number(Float value) {
    return detail::format_floating(value);
}

/// value with so many significant digits (1 to 17), trailing zeros left out, for tables: 0.5, 12.35, 1.2e-05.
inline std::string format_number(double value, int digits) {
    digits = digits < 1 ? 1 : digits > 17 ? 17 : digits;
#ifdef __cpp_lib_to_chars
    char text[40];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, digits).ptr};
#else
    return detail::format_with_snprintf(value, digits, digits);
#endif
}

} // namespace tenon
