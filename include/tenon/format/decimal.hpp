#pragma once

// Decimal text to the nearest double, eight digits at a time, in about half the time of from_chars: what a file of
// numbers is read by. Where the digits are too many or the exponent too large for the quick way it says so.
//
// Numbers are rounded from their product with 128 bits of a power of five (Lemire, Number parsing at a gigabyte per
// second, 2021; Mushtak and Lemire, Fast number parsing without fallback, 2023).

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tenon::inline v0::detail {

#ifdef __SIZEOF_INT128__

__extension__ using uint128 = unsigned __int128;

/// The first 128 bits of 5^q; of a reciprocal one more in the last place while that is exact enough to be told apart.
constexpr uint128 five_to(int q) noexcept {
    uint128 power = 1;
    for (int i = 0; i < (q < 0 ? -q : q); ++i) power *= 5;
    if (q >= 0) {
        while (power >> 127 == 0) power <<= 1;
        return power;
    }
    // 128 bits of 1 / power, by long division.
    uint128 rest = 1, quotient = 0;
    while (quotient >> 127 == 0) {
        const bool carry = rest >> 127 != 0;
        rest <<= 1;
        quotient <<= 1;
        if (carry || rest >= power) {
            rest -= power;
            quotient |= 1;
        }
    }
    return q >= -27 ? quotient + 1 : quotient;
}

inline constexpr int least_power = -55, largest_power = 55;
inline constexpr std::array<uint128, largest_power - least_power + 1> powers_of_five = [] {
    std::array<uint128, largest_power - least_power + 1> powers{};
    for (int q = least_power; q <= largest_power; ++q)
        powers[static_cast<std::size_t>(q - least_power)] = five_to(q);
    return powers;
}();

/// The double nearest to w · 10^q, w > 0; false where it is no normal number or q is none of the powers at hand.
inline bool nearest_double(std::uint64_t w, int q, double& value) noexcept {
    if (q < least_power || q > largest_power) return false;
    const uint128 five = powers_of_five[static_cast<std::size_t>(q - least_power)];
    const int leading = std::countl_zero(w);
    w <<= leading;
    const uint128 product = uint128{w} * static_cast<std::uint64_t>(five >> 64);
    auto high = static_cast<std::uint64_t>(product >> 64), low = static_cast<std::uint64_t>(product);
    if ((high & 0x1FF) == 0x1FF) { // the bits left out may carry
        const auto more = static_cast<std::uint64_t>((uint128{w} * static_cast<std::uint64_t>(five)) >> 64);
        low += more;
        if (low < more) ++high;
    }
    const int top = static_cast<int>(high >> 63), shift = top + 9;
    std::uint64_t mantissa = high >> shift; // 53 bits and one to round by
    int exponent = ((217706 * q) >> 16) + 63 + top - leading + 1023;
    if (exponent <= 0) return false;
    // Half-way between two doubles, to the even one: only these powers have exact products.
    if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && mantissa << shift == high) --mantissa;
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    if (mantissa >> 53 != 0) {
        mantissa >>= 1;
        ++exponent;
    }
    if (exponent >= 2047) return false;
    const std::uint64_t bits = (mantissa & 0xFFFFFFFFFFFFFu) | static_cast<std::uint64_t>(exponent) << 52;
    std::memcpy(&value, &bits, sizeof value);
    return true;
}

/// 8 characters, the first in the low byte.
inline std::uint64_t eight_characters(const char* at) noexcept {
    std::uint64_t text = 0;
    std::memcpy(&text, at, sizeof text);
    return text;
}

/// The number that 8 digits stand for.
inline std::uint64_t number_in(std::uint64_t digits) noexcept {
    digits = (digits & 0x0F0F0F0F0F0F0F0Fu) * (1 + (10 << 8)) >> 8;
    digits = (digits & 0x00FF00FF00FF00FFu) * (1 + (100 << 16)) >> 16;
    return (digits & 0x0000FFFF0000FFFFu) * (1 + (std::uint64_t{10000} << 32)) >> 32;
}

inline constexpr std::array<std::uint64_t, 8> tens{1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};

/// Appends the digits at `at` to `number`, as many as there are and modulo 2^64; returns where they end.
inline const char* read_digits(const char* at, const char* end, std::uint64_t& number) noexcept {
    while (end - at >= 8) {
        const std::uint64_t text = eight_characters(at), nibbles = text ^ 0x3030303030303030u;
        const std::uint64_t others = (nibbles | (nibbles + 0x0606060606060606u)) & 0xF0F0F0F0F0F0F0F0u;
        if (others == 0) {
            number = number * 100000000 + number_in(text);
            at += 8;
            continue;
        }
        // The n digits in front move to the end: by 64 - 8n bits, in two steps because 64 at once are not allowed. A
        // branch for each n would be guessed wrong as often as not.
        const auto n = static_cast<unsigned>(std::countr_zero(others)) / 8;
        number = number * tens[n] + number_in((nibbles << (32 - 4 * n)) << (32 - 4 * n));
        return at + n;
    }
    for (; at != end && *at >= '0' && *at <= '9'; ++at)
        number = 10 * number + static_cast<std::uint64_t>(*at - '0');
    return at;
}

/// Reads the decimal number at `at`, as far as it goes, and returns where it ends; null, and value is as it was, where
/// there is no number or one for which from_chars is needed.
inline const char* read_decimal(const char* at, const char* end, double& value) noexcept {
    if constexpr (std::endian::native != std::endian::little) return nullptr;
    const bool negative = at != end && *at == '-';
    if (negative) ++at;
    std::uint64_t digits = 0;
    const char* const first = at;
    for (; at != end && at - first < 4 && *at >= '0' && *at <= '9'; ++at) // most are short
        digits = 10 * digits + static_cast<std::uint64_t>(*at - '0');
    if (at - first == 4) at = read_digits(at, end, digits);
    auto count = at - first;
    std::int64_t exponent = 0;
    if (at != end && *at == '.') {
        const char* const point = ++at;
        at = read_digits(at, end, digits);
        exponent = point - at;
        count -= exponent;
    }
    if (count == 0) return nullptr;
    if (count > 19) { // more than 64 bits may hold, unless some of them are zeros in front
        for (const char* zero = first; zero != at && (*zero == '0' || *zero == '.'); ++zero)
            count -= *zero == '0';
        if (count > 19) return nullptr;
    }
    if (at != end && (*at == 'e' || *at == 'E')) {
        ++at;
        const bool falls = at != end && *at == '-';
        if (at != end && (*at == '-' || *at == '+')) ++at;
        const char* const power = at;
        std::uint64_t written = 0;
        at = read_digits(at, end, written);
        if (at == power || at - power > 4) return nullptr;
        exponent += falls ? -static_cast<std::int64_t>(written) : static_cast<std::int64_t>(written);
    }
    double size = static_cast<double>(digits);
    // Beyond any double, and before it becomes an int.
    if (exponent < -10'000 || exponent > 10'000) return nullptr;
    // Whole numbers that a double holds; everything else in one way, whatever its size.
    if ((exponent != 0 || digits >> 53 != 0) && digits != 0 &&
        !nearest_double(digits, static_cast<int>(exponent), size))
        return nullptr;
    value = negative ? -size : size;
    return at;
}

#else

/// Without 128-bit integers there is no quick way.
inline const char* read_decimal(const char*, const char*, double&) noexcept {
    return nullptr;
}

#endif

} // namespace tenon::inline v0::detail
