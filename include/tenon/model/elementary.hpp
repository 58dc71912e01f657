#pragma once

// Elementary functions that a loop can vectorise: no branches, no table, no call.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace tenon::inline v0 {

namespace detail {

template <class T>
struct exp_constants;
template <>
struct exp_constants<float> {
    using bits = std::int32_t;
    static constexpr float round_shift = 12582912.0f; // 1.5 · 2^23: adding it rounds to an integer
    static constexpr float log2_e = 1.44269504f;
    static constexpr float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
    static constexpr float tanh_limit = 18.0f;              // tanh(9) is 1 in float
    static constexpr float exp_least = -104, exp_most = 89; // beyond them eᵛ is 0 and infinite
    static constexpr int mantissa = 23;
    static constexpr int bias = 127;
    static constexpr std::size_t terms = 7; // of (eʳ - 1) / r; the rest is below 2^-27 on |r| <= ln2 / 2
};
template <>
struct exp_constants<double> {
    using bits = std::int64_t;
    static constexpr double round_shift = 6755399441055744.0; // 1.5 · 2^52
    static constexpr double log2_e = 1.4426950408889634;
    static constexpr double ln2_high = 0.693147180369123816490, ln2_low = 1.90821492927058770002e-10;
    static constexpr double tanh_limit = 40.0;
    static constexpr double exp_least = -746, exp_most = 710;
    static constexpr int mantissa = 52;
    static constexpr int bias = 1023;
    static constexpr std::size_t terms = 13; // the rest is below 2^-57
};

/// 1, 1/2!, 1/3! …: the coefficients of (eʳ - 1) / r.
template <class T>
inline constexpr auto expm1_coefficients = [] {
    std::array<T, exp_constants<T>::terms> c{};
    long double factorial = 1;
    for (std::size_t k = 0; k < c.size(); ++k)
        c[k] = static_cast<T>(1 / (factorial *= static_cast<long double>(k + 1)));
    return c;
}();

/// c[0] + c[1]·x + c[2]·x² + …, pairs first (Estrin): a third of the latency of Horner's rule for seven terms.
template <std::size_t N, class T>
constexpr T evaluate_polynomial(const std::array<T, N>& c, T x) noexcept {
    if constexpr (N == 1)
        return c[0];
    else {
        std::array<T, (N + 1) / 2> pairs{};
        for (std::size_t i = 0; i < N / 2; ++i) pairs[i] = c[2 * i] + c[2 * i + 1] * x;
        if constexpr (N % 2 == 1) pairs[N / 2] = c[N - 1];
        return evaluate_polynomial(pairs, x * x);
    }
}

/// 2^Level terms of (eʳ - 1) / r from number First on, over rᶠⁱʳˢᵗ, in the order of evaluate_polynomial.
template <std::size_t First, std::size_t Level, class T, class Lanes>
[[gnu::always_inline]] inline void evaluate_terms(Lanes& sum, const Lanes* const (&powers)[4]) noexcept {
    constexpr std::size_t terms = exp_constants<T>::terms;
    if constexpr (Level == 0)
        sum = Lanes{} + expm1_coefficients<T>[First];
    else {
        constexpr std::size_t second = First + (std::size_t{1} << (Level - 1));
        evaluate_terms<First, Level - 1, T>(sum, powers);
        if constexpr (second < terms) {
            Lanes more;
            evaluate_terms<second, Level - 1, T>(more, powers);
            sum = sum + more * *powers[Level - 1];
        }
    }
}

} // namespace detail

/// tanh(v) within 4 units in the last place, for float and double; NaN stays NaN.
///
/// With 2v = n·ln2 + r, |r| <= ln2/2, expm1(2v) = 2ⁿ·(eʳ - 1) + (2ⁿ - 1) keeps its relative accuracy near zero, and
/// tanh v = expm1(2v) / (expm1(2v) + 2).
template <class T>
constexpr T hyperbolic_tangent(T v) noexcept {
    using c = detail::exp_constants<T>;
    T t = v + v;
    t = t > c::tanh_limit ? c::tanh_limit : t; // comparisons in this order let NaN through
    t = t < -c::tanh_limit ? -c::tanh_limit : t;
    const T shifted = t * c::log2_e + c::round_shift;
    const T n = shifted - c::round_shift;
    const T r = (t - n * c::ln2_high) - n * c::ln2_low;
    const T p = detail::evaluate_polynomial(detail::expm1_coefficients<T>, r);
    using bits = typename c::bits;
    const bits exponent = std::bit_cast<bits>(shifted) - std::bit_cast<bits>(c::round_shift) + c::bias;
    const T power = std::bit_cast<T>(static_cast<bits>(exponent << c::mantissa));
    const T e = power * (p * r) + (power - 1);
    return e / (e + 2);
}

/// The same steps, and so the same bits, for a GCC vector of values: g++ makes branches of a loop over them.
template <class Lanes>
[[gnu::always_inline]] inline void hyperbolic_tangent_of(Lanes& v) noexcept {
    using T = std::remove_cvref_t<decltype(v[0])>;
    using c = detail::exp_constants<T>;
    using integers = decltype(v < v);
    const Lanes limit = Lanes{} + c::tanh_limit;
    Lanes t = v + v;
    t = limit < t ? limit : t;
    t = t < -limit ? -limit : t;
    const Lanes shifted = t * c::log2_e + c::round_shift;
    const Lanes n = shifted - c::round_shift;
    const Lanes r = (t - n * c::ln2_high) - n * c::ln2_low;
    const Lanes square = r * r, fourth = square * square, eighth = fourth * fourth;
    const Lanes* const powers[] = {&r, &square, &fourth, &eighth};
    Lanes p;
    detail::evaluate_terms<0, 4, T>(p, powers);
    const integers exponent =
        reinterpret_cast<integers>(shifted) - std::bit_cast<typename c::bits>(c::round_shift) + c::bias;
    const Lanes power = reinterpret_cast<Lanes>(exponent << c::mantissa);
    const Lanes e = power * (p * r) + (power - 1);
    v = e / (e + 2);
}

/// eᵛ within 2 units in the last place, for float and double, denormal results too; NaN stays NaN.
///
/// With v = n·ln2 + r, |r| <= ln2/2, it is 2ⁿ·(1 + (eʳ - 1)); 2ⁿ in two factors, since it may be no normal number.
template <class T>
constexpr T exponential_function(T v) noexcept {
    using c = detail::exp_constants<T>;
    using bits = typename c::bits;
    v = v > c::exp_most ? c::exp_most : v; // comparisons in this order let NaN through
    v = v < c::exp_least ? c::exp_least : v;
    const T shifted = v * c::log2_e + c::round_shift;
    const T n = shifted - c::round_shift;
    const T r = (v - n * c::ln2_high) - n * c::ln2_low;
    const T p = detail::evaluate_polynomial(detail::expm1_coefficients<T>, r);
    const bits whole = std::bit_cast<bits>(shifted) - std::bit_cast<bits>(c::round_shift);
    const bits half = whole >> 1;
    const T front = std::bit_cast<T>(static_cast<bits>((half + c::bias) << c::mantissa));
    const T back = std::bit_cast<T>(static_cast<bits>((whole - half + c::bias) << c::mantissa));
    return (p * r + 1) * front * back;
}

} // namespace tenon
