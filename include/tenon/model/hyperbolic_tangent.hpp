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

#include <tenon/model/kernels/hyperbolic_tangent.inc>

} // namespace detail

using detail::hyperbolic_tangent_of;

/// tanh(v) within 2 units in the last place for float and double.
template <class T>
constexpr T hyperbolic_tangent(T v) noexcept {
    hyperbolic_tangent_of(v);
    return v;
}

} // namespace tenon
