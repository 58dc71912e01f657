#pragma once

// The numbers of int8 quantization: real values as bytes, and int32 sums brought to the next layer's bytes under one
// rounding rule, in integers only, so that every machine and every kernel gives the same bits.
//
// The activation q in [-128, 127] of the usual int8 rules is kept as the byte q + 128, zero points likewise.

#include <bit>
#include <cstdint>

namespace tenon::inline v0 {

/// The nearest integer, ties to even, whatever the rounding mode; |v| at most 2^52.
constexpr std::int64_t round_half_even(double v) noexcept {
    const auto whole = static_cast<std::int64_t>(v);
    const double rest = v - static_cast<double>(whole); // exact, so nothing can be contracted
    const bool is_odd = whole % 2 != 0;
    if (rest > 0.5 || (rest == 0.5 && is_odd)) return whole + 1;
    if (rest < -0.5 || (rest == -0.5 && is_odd)) return whole - 1;
    return whole;
}

/// How real values become bytes: value = scale · (byte - zero).
struct affine {
    double scale = 1;
    std::int32_t zero = 128;
};

/// Scales lie between these, so that none of the products and quotients of scales leaves the range of a double.
inline constexpr double smallest_scale = 1e-100, largest_scale = 1e100;

/// The farthest that a zero point may lie from the bytes: what a narrow range far from zero needs.
inline constexpr std::int32_t farthest_zero = 1 << 29;

/// round_half_even(x / scale) + zero, saturated to a byte; NaN becomes what a real zero becomes.
constexpr std::uint8_t quantize_value(double x, double scale, std::int32_t zero) noexcept {
    constexpr double bound = 1 << 30; // so that the conversion to an integer is defined
    double v = x / scale;
    v = v == v ? v : 0;
    v = v > -bound ? v : -bound;
    v = v < bound ? v : bound;
    const std::int64_t q = round_half_even(v) + zero;
    return static_cast<std::uint8_t>(q < 0 ? 0 : q > 255 ? 255 : q);
}

/// The bytes for values from low to high. The range is widened to contain zero; an empty one takes scale 1.
constexpr affine affine_for(double low, double high) noexcept {
    low = low < 0 ? low : 0;
    high = high > 0 ? high : 0;
    const double step = high / 255 - low / 255;
    if (!(step > smallest_scale)) return {};
    const double scale = step < largest_scale ? step : largest_scale;
    return {scale, quantize_value(-low, scale, 0)};
}

/// A positive factor as multiplier · 2^(shift - 31), with multiplier in [2^30, 2^31) or 0 and shift in [-31, 30].
struct fixed_point {
    std::int32_t multiplier = 0;
    std::int32_t shift = 30;
    friend constexpr bool operator==(fixed_point, fixed_point) = default;
};

/// frexp and a rounding to 31 bits. A factor from 2^30 on saturates, one below 2^-32 gives 0, as does NaN.
constexpr fixed_point as_fixed_point(double factor) noexcept {
    constexpr fixed_point largest{INT32_MAX, 30};
    if (!(factor >= 0x1p-32)) return {};
    if (factor >= 0x1p30) return largest;
    const auto bits = std::bit_cast<std::uint64_t>(factor);
    const std::uint64_t significand = (bits & ((std::uint64_t{1} << 52) - 1)) | (std::uint64_t{1} << 52);
    const std::uint64_t rounded = (significand + (1 << 21)) >> 22;
    const bool carries = rounded == std::uint64_t{1} << 31;
    const auto shift = static_cast<std::int32_t>(bits >> 52) - 1022 + (carries ? 1 : 0);
    if (shift > 30) return largest;
    return {static_cast<std::int32_t>(carries ? rounded / 2 : rounded), shift};
}

/// ⌊sum · factor + ½⌋ exactly: "single rounding". `right_shift` is 31 - shift, from 1 to 62.
constexpr std::int64_t requantize(std::int32_t sum, std::int32_t multiplier, int right_shift) noexcept {
    const std::int64_t product = std::int64_t{sum} * multiplier;
    return (product + (std::int64_t{1} << (right_shift - 1))) >> right_shift;
}
constexpr std::int64_t requantize(std::int32_t sum, fixed_point factor) noexcept {
    return requantize(sum, factor.multiplier, 31 - factor.shift);
}

/// v rounded to 22 significant bits. Its product with any int32 is then exact in double, so that no compiler can change
/// a bit of `offset + v · sum` by fusing the two operations.
constexpr double round_to_22_bits(double v) noexcept {
    constexpr std::uint64_t dropped = (std::uint64_t{1} << 31) - 1;
    return std::bit_cast<double>((std::bit_cast<std::uint64_t>(v) + (std::uint64_t{1} << 30)) & ~dropped);
}

/// Whether v is of 22 significant bits and, unless it is zero, far from the ends of the range of a double.
constexpr bool is_output_scale(double v) noexcept {
    const double size = v < 0 ? -v : v;
    return v == 0 || (size > 1e-250 && size < 1e250 && round_to_22_bits(v) == v);
}

/// Whether v is a number, neither infinite nor NaN.
constexpr bool is_finite(double v) noexcept {
    return v - v == 0;
}

} // namespace tenon
