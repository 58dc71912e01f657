#pragma once

// What elementary functions are made of, so that a loop can vectorise them: no branch, no table, no call. One text serves a
// number and a GCC vector of numbers; both give the same bits where nothing is contracted into fused multiply-adds.
// Coefficients are fitted by tests/conformance/elementary_fits.py.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace tenon::inline v0::detail {

template <class T>
struct floating_format;
template <>
struct floating_format<float> {
    using bits = std::int32_t;
    static constexpr int mantissa = 23, bias = 127;
    static constexpr float round_shift =
        12582912.0F + 127; // 1.5 · 2^23 + bias: added, it rounds to an integer
};
template <>
struct floating_format<double> {
    using bits = std::int64_t;
    static constexpr int mantissa = 52, bias = 1023;
    static constexpr double round_shift = 6755399441055744.0 + 1023; // 1.5 · 2^52 + bias
};

/// The numbers in V, which is a number or a vector, and integers of their size and count.
template <class V>
struct elements_of {
    using type = std::remove_cvref_t<decltype(V{}[0])>;
    using integers = decltype(V{} < V{});
};
template <class V>
    requires std::is_floating_point_v<V>
struct elements_of<V> {
    using type = V;
    using integers = typename floating_format<V>::bits;
};
template <class V>
using element_of = typename elements_of<V>::type;
template <class V>
using integers_of = typename elements_of<V>::integers;

/// The same bits as another type. Vectors go by reference: by value they would warn where the processor has no such
/// registers.
template <class To, class From>
[[gnu::always_inline]] constexpr void recast(To& to, const From& from) noexcept {
    if constexpr (std::is_arithmetic_v<To>)
        to = std::bit_cast<To>(from);
    else
        to = reinterpret_cast<To>(from);
}

/// 2ⁿ as a normal number, from n + round_shift, whose last bits are its exponent.
template <class V>
[[gnu::always_inline]] constexpr void raise_two(V& power, const V& shifted) noexcept {
    integers_of<V> exponent{};
    recast(exponent, shifted);
    exponent = exponent << floating_format<element_of<V>>::mantissa;
    recast(power, exponent);
}

/// The magnitude of v, and its sign as bits.
template <class V>
[[gnu::always_inline]] constexpr void split_sign(const V& v, V& magnitude, integers_of<V>& sign) noexcept {
    using T = element_of<V>;
    integers_of<V> bits{};
    recast(bits, v);
    sign = bits & std::bit_cast<typename floating_format<T>::bits>(T(-0.0));
    bits = bits ^ sign;
    recast(magnitude, bits);
}

template <class V>
struct powers {
    V first, second, fourth, eighth;

    [[gnu::always_inline]] constexpr explicit powers(const V& x) noexcept
        : first(x), second(x * x), fourth(second * second), eighth(fourth * fourth) {}
};

/// C[First] + C[First + 1]·x + …, Count terms: pairs side by side (Estrin), up to six terms one pair after the other, which
/// takes fewer steps than Horner's rule and fewer products than halving to the end. A last coefficient of 1 costs nothing.
template <const auto& C, std::size_t First = 0, std::size_t Count = C.size(), class V>
[[gnu::always_inline]] constexpr void evaluate_terms(V& sum, const powers<V>& x) noexcept {
    constexpr auto c = C[First]; // a constant by name: g++ would load it
    if constexpr (Count == 1)
        sum = c - V{};
    else if constexpr (Count == 2 && C[First + 1] == 1)
        sum = c + x.first;
    else if constexpr (Count <= 3) {
        V more{};
        evaluate_terms<C, First + 1, Count - 1>(more, x);
        sum = c + more * x.first;
    } else if constexpr (Count <= 6) {
        constexpr auto next = C[First + 1];
        V more{};
        evaluate_terms<C, First + 2, Count - 2>(more, x);
        sum = (c + next * x.first) + more * x.second;
    } else {
        constexpr std::size_t half = Count <= 8 ? 4 : 8;
        V front{}, more{};
        evaluate_terms<C, First, half>(front, x);
        evaluate_terms<C, First + half, Count - half>(more, x);
        sum = front + more * (half == 4 ? x.fourth : x.eighth);
    }
}

} // namespace tenon::inline v0::detail
