#pragma once

// eᵛ, eᵛ - 1 and the logistic function, for a number or a GCC vector of numbers.

#include <tenon/model/elementary.hpp>

namespace tenon::inline v0 {

namespace detail {

/// With v = n·ln2 + r, |r| <= ln2/2, eʳ = 1 + r + r²·q(r).
template <class T>
struct exponential_constants;
template <>
struct exponential_constants<float> {
    static constexpr float log2_e = 1.44269504F, ln2_high = 0.693359375F, ln2_low = -2.12194440e-4F;
    static constexpr float least = -104, most = 89; // beyond them eᵛ is 0 and infinite
    static constexpr float flat = -30;              // below it eᵛ - 1 is -1
    static constexpr std::array q = {0.49999994F, 0.166665211F, 0.041668389F, 0.00836871658F, 0.00138146139F};
};
template <>
struct exponential_constants<double> {
    static constexpr double log2_e = 1.4426950408889634;
    static constexpr double ln2_high = 0.693147180369123816490, ln2_low = 1.90821492927058770002e-10;
    static constexpr double least = -746, most = 710;
    static constexpr double flat = -60;
    static constexpr std::array q = {0.5000000000000011,     0.16666666666666413,   0.04166666666653017,
                                     0.008333333333494551,   0.001388888894362871,  0.00019841269506384643,
                                     2.4801493099874702e-05, 2.755758654420492e-06, 2.7630248170596205e-07,
                                     2.5000009274772652e-08};
};

/// v = n·ln2 + r: n + round_shift, and eʳ - 1.
template <class V>
[[gnu::always_inline]] constexpr void reduce_exponential(const V& v, V& shifted, V& change) noexcept {
    using T = element_of<V>;
    using c = exponential_constants<T>;
    shifted = v * c::log2_e + floating_format<T>::round_shift;
    const V n = shifted - floating_format<T>::round_shift;
    const powers<V> r((v - n * c::ln2_high) - n * c::ln2_low);
    V q{};
    evaluate_terms<c::q>(q, r);
    change = r.second * q + r.first;
}

} // namespace detail

/// Each number becomes its exponential, denormal results too; NaN stays NaN.
template <class V>
[[gnu::always_inline]] constexpr void exponential_of(V& v) noexcept {
    using T = detail::element_of<V>;
    using c = detail::exponential_constants<T>;
    constexpr T round_shift = detail::floating_format<T>::round_shift;
    const V most = c::most - V{}, least = c::least - V{};
    v = v > most ? most : v; // comparisons in this order let NaN through
    v = v < least ? least : v;
    V shifted{}, change{}, front{}, back{};
    detail::reduce_exponential(v, shifted, change);
    // 2ⁿ in two factors, since it may be no normal number.
    const V n = shifted - round_shift, half = n * T(0.5) + round_shift;
    const V rest = (n - (half - round_shift)) + round_shift;
    detail::raise_two(front, half);
    detail::raise_two(back, rest);
    v = (change + 1) * front * back;
}

/// Each number v <= 0 becomes eᵛ - 1, exact to the last places near zero too, a positive one 0; NaN stays NaN.
template <class V>
[[gnu::always_inline]] constexpr void exponential_less_one_of(V& v) noexcept {
    using c = detail::exponential_constants<detail::element_of<V>>;
    const V zero{}, flat = c::flat - V{};
    v = v > zero ? zero : v;
    v = v < flat ? flat : v;
    V shifted{}, change{}, power{};
    detail::reduce_exponential(v, shifted, change);
    detail::raise_two(power, shifted);
    v = power * change + (power - 1);
}

/// Each number v becomes 1 / (1 + e⁻ᵛ), denormal results too; NaN stays NaN.
template <class V>
[[gnu::always_inline]] constexpr void logistic_of(V& v) noexcept {
    V t{};
    detail::integers_of<V> sign{};
    detail::split_sign(v, t, sign);
    t = -t;
    exponential_of(t);
    const V zero{}, one = 1 - zero, sum = one + t;
    const V quotient = (v < zero ? t : one) / sum;
    v = quotient - quotient * (t - (sum - one)); // what rounding took from the sum
}

/// eᵛ within 1.1 units in the last place for float and double.
template <class T>
constexpr T exponential_function(T v) noexcept {
    exponential_of(v);
    return v;
}

/// 1 / (1 + e⁻ᵛ) within 2 units in the last place for float and double.
template <class T>
constexpr T logistic_function(T v) noexcept {
    logistic_of(v);
    return v;
}

} // namespace tenon
