#pragma once

// tanh, for a number or a GCC vector of numbers. In a small network its latency is what one waits for: whatever can be done
// side by side is, and both formulas share one division.

#include <tenon/model/elementary.hpp>

namespace tenon::inline v0 {

namespace detail {

/// With 2·log2(e)·|v| = n + f, |f| <= 1/2, 2ᶠ = (even + odd) / (even - odd), even polynomials in f², odd times f.
/// And tanh v = v - v·v²·top(v²) / bottom(v²) where |v| < near.
template <class T>
struct tangent_constants;
template <>
struct tangent_constants<float> {
    static constexpr float two_log2_e = 2.88539008F, near = 0.8F, most = 10; // above `most` tanh is 1
    static constexpr std::array even = {20.8189259F, 1.0F}, odd = {7.21529007F, 0.057690043F};
    static constexpr std::array top = {0.824042022F, 0.00374245923F}, bottom = {2.47213387F, 1.0F};
};
template <>
struct tangent_constants<double> {
    static constexpr double two_log2_e = 2.8853900817779268, near = 0.8, most = 20;
    static constexpr std::array even = {4368.212249701878, 233.18423996376532, 1.0};
    static constexpr std::array odd = {1513.9070024841362, 20.202067396337622, 0.023093343106225885};
    static constexpr std::array top = {1309.5607865667178, 84.12898554238214, 0.9566214878406051,
                                       6.813616887903605e-05};
    static constexpr std::array bottom = {3928.682359700153, 1823.8599005072065, 96.34144261972907, 1.0};
};

/// A magnitude held to `most`. As integers floats of one sign have the same order, and g++ knows their minimum.
template <class V>
[[gnu::always_inline]] constexpr void hold_tangent(V& x) noexcept {
    using T = element_of<V>;
    constexpr T limit = tangent_constants<T>::most;
    if constexpr (sizeof(T) == 4) {
        integers_of<V> bits{};
        recast(bits, x);
        const integers_of<V> most = std::bit_cast<std::int32_t>(limit) - integers_of<V>{};
        bits = bits < most ? bits : most;
        recast(x, bits);
    } else {
        const V most = limit - V{};
        x = most < x ? most : x;
    }
}

} // namespace detail

/// Each number becomes its hyperbolic tangent, with the sign of zero; NaN stays NaN.
template <class V>
[[gnu::always_inline]] constexpr void hyperbolic_tangent_of(V& v) noexcept {
    using T = detail::element_of<V>;
    using c = detail::tangent_constants<T>;
    constexpr T round_shift = detail::floating_format<T>::round_shift;
    const V one = 1 - V{}, near = c::near - V{};
    detail::integers_of<V> sign{}, bits{};
    V size{};
    detail::split_sign(v, size, sign);
    V x = size;
    detail::hold_tangent(x);
    // 2^(n + f) = e²ˣ, and far from zero tanh x = 1 - 2 / (e²ˣ + 1).
    const V shifted = x * c::two_log2_e + round_shift;
    const V f = x * c::two_log2_e - (shifted - round_shift);
    const detail::powers<V> f2(f * f), z(x * x);
    V power{}, even{}, odd{}, top{}, bottom{};
    detail::raise_two(power, shifted);
    detail::evaluate_terms<c::even>(even, f2);
    detail::evaluate_terms<c::odd>(odd, f2);
    odd = odd * f;
    detail::evaluate_terms<c::top>(top, z);
    detail::evaluate_terms<c::bottom>(bottom, z);
    const V down = even - odd;
    const auto is_far = size >= near; // not NaN, which goes on as `size`
    top = is_far ? down + down : top * z.first;
    bottom = is_far ? power * (even + odd) + down : bottom;
    x = is_far ? one : size;
    x = x - x * (top / bottom);
    detail::recast(bits, x);
    bits = bits | sign;
    detail::recast(v, bits);
}

/// tanh(v) within 2 units in the last place for float and double.
template <class T>
constexpr T hyperbolic_tangent(T v) noexcept {
    hyperbolic_tangent_of(v);
    return v;
}

} // namespace tenon
