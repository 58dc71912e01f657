#pragma once

// Numbers as they lie in the bytes of a file: reals, integers and truth values of 1 to 8 bytes in either byte order,
// and their conversion to the scalar that a program wants, which never changes a value in silence.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

namespace tenon::inline v0 {

/// What the bytes of a number mean.
enum class raw_kind : unsigned char { real, whole, natural, logical };

/// How the numbers of a file are stored: 4 or 8 bytes of IEEE 754 (real), 1 to 8 bytes of two's complement (whole)
/// or binary (natural), or one byte that is 0 or 1 (logical).
struct raw_type {
    raw_kind kind = raw_kind::real;
    unsigned char size = 8;
    bool big_endian = false;
    friend constexpr bool operator==(raw_type, raw_type) noexcept = default;
};

/// A number that can be stored as it is: float, double, and the integers except bool.
template <class T>
concept RawValue = std::is_same_v<T, float> || std::is_same_v<T, double> ||
                   (std::is_integral_v<T> && !std::is_same_v<T, bool>);

/// How this machine stores a T.
template <RawValue T>
constexpr raw_type raw_type_of() noexcept {
    const raw_kind kind = std::is_floating_point_v<T> ? raw_kind::real
                          : std::is_signed_v<T>       ? raw_kind::whole
                                                      : raw_kind::natural;
    return {kind, sizeof(T), std::endian::native == std::endian::big && sizeof(T) > 1};
}

namespace detail {

// NOLINTBEGIN(bugprone-signed-char-misuse): these bytes are numbers, not characters.
/// The integer as a T; false where a T cannot hold it exactly.
template <class V, class T>
constexpr bool convert_integer(V from, T& to) noexcept {
    if constexpr (std::is_floating_point_v<T>) {
        const auto bits = static_cast<std::uint64_t>(from);
        const std::uint64_t size = from < V{} ? 0 - bits : bits;
        if (size != 0 && (size >> std::countr_zero(size)) >> std::numeric_limits<T>::digits != 0)
            return false;
    } else {
        const auto largest = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
        if (from < V{}) {
            if (!std::is_signed_v<T> ||
                static_cast<std::int64_t>(from) < -static_cast<std::int64_t>(largest) - 1)
                return false;
        } else if (static_cast<std::uint64_t>(from) > largest)
            return false;
    }
    to = static_cast<T>(from);
    return true;
}
// NOLINTEND(bugprone-signed-char-misuse)

/// The real number as a T: rounded to float, but not to infinity; to an integer only where it is one.
template <class V, class T>
constexpr bool convert_real(V from, T& to) noexcept {
    if constexpr (std::is_floating_point_v<T>) {
        constexpr V largest = std::numeric_limits<V>::max();
        if constexpr (sizeof(T) < sizeof(V)) {
            using limits = std::numeric_limits<T>;
            // Half a last place above the largest T: what is less is rounded to it.
            constexpr V end =
                limits::max() + V{limits::max()} / (2 - V{limits::epsilon()}) * V{limits::epsilon()} / 2;
            if ((from >= end && from <= largest) || (from <= -end && from >= -largest)) return false;
        }
        to = static_cast<T>(from);
        return true;
    } else {
        constexpr V end = static_cast<V>(std::uint64_t{1} << (std::numeric_limits<T>::digits - 1)) * 2;
        if (!(from >= (std::is_signed_v<T> ? -end : V{}) && from < end)) return false;
        to = static_cast<T>(from);
        return static_cast<V>(to) == from;
    }
}

/// The number that begins at `from`, stored as V, as a T.
template <class V, class T>
bool load_raw(const std::byte* from, bool swaps, T& to) noexcept {
    std::byte bytes[sizeof(V)];
    for (std::size_t i = 0; i < sizeof(V); ++i) bytes[i] = from[swaps ? sizeof(V) - 1 - i : i];
    V value{};
    std::memcpy(&value, bytes, sizeof(V));
    if constexpr (std::is_floating_point_v<V>)
        return convert_real(value, to);
    else
        return convert_integer(value, to);
}

/// load_raw, count times; how many went well until one did not.
template <class V, class T>
std::size_t load_all(const std::byte* from, std::size_t count, bool swaps, T* to, std::size_t step) noexcept {
    for (std::size_t i = 0; i < count; ++i)
        if (!load_raw<V>(from + i * sizeof(V), swaps, to[i * step])) return i;
    return count;
}

template <class T>
std::size_t load_logical(const std::byte* from, std::size_t count, T* to, std::size_t step) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        if (from[i] > std::byte{1}) return i;
        to[i * step] = static_cast<T>(from[i]);
    }
    return count;
}

} // namespace detail

/// Converts `count` numbers that follow each other from `from` on and puts them to to[0], to[step], to[2 · step] …
/// Gives the place of the first that T cannot hold, or count: a real becomes the nearest float, anything else must
/// be held exactly, and a truth value be 0 or 1.
template <RawValue T>
std::size_t convert_raw(const std::byte* from, std::size_t count, raw_type type, T* to,
                        std::size_t step = 1) noexcept {
    if (count == 0) return 0;
    if (type == raw_type_of<T>() && step == 1) {
        std::memcpy(to, from, count * sizeof(T));
        return count;
    }
    const bool swaps = type.big_endian != (std::endian::native == std::endian::big);
    const auto load = [&]<class V>(V) { return detail::load_all<V>(from, count, swaps, to, step); };
    const bool is_whole = type.kind == raw_kind::whole;
    if (type.kind == raw_kind::logical) return detail::load_logical(from, count, to, step);
    if (type.kind == raw_kind::real) return type.size == 4 ? load(float{}) : load(double{});
    if (type.size == 1) return is_whole ? load(std::int8_t{}) : load(std::uint8_t{});
    if (type.size == 2) return is_whole ? load(std::int16_t{}) : load(std::uint16_t{});
    if (type.size == 4) return is_whole ? load(std::int32_t{}) : load(std::uint32_t{});
    return is_whole ? load(std::int64_t{}) : load(std::uint64_t{});
}

} // namespace tenon
