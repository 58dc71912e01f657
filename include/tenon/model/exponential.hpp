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

#include <tenon/model/kernels/exponential.inc>

} // namespace detail

using detail::exponential_less_one_of;
using detail::exponential_of;
using detail::logistic_of;

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
