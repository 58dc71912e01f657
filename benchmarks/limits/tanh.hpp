#pragma once

// tanh of a vector of floats, within 3e-7 everywhere: 1 - 2 / (e^2x + 1) with the exponential by a polynomial of
// degree five and the division by one Newton step on the machine's estimate. In a small network its latency is
// what one waits for, so everything that can is done side by side.

#include "support/simd.hpp"

namespace tenon_benchmark::limits {

namespace detail {

/// 1 / x for normal positive x, relative error below 2^-22.
inline floats reciprocal(floats x) {
#if defined(__AVX512F__)
    const floats r = reinterpret_cast<floats>(_mm512_rcp14_ps(reinterpret_cast<__m512>(x)));
    return r * (2.0F - x * r);
#elif defined(__AVX__)
    const floats r = reinterpret_cast<floats>(_mm256_rcp_ps(reinterpret_cast<__m256>(x)));
    return r * (2.0F - x * r);
#else
    return 1.0F / x;
#endif
}

/// 2^f for f in [-1/2, 1/2]: minimax with 2^0 = 1 held exactly, relative error 9.2e-8; summed in pairs (Estrin),
/// which is three steps deep instead of five.
inline floats power_of_fraction(floats f) {
    const floats f2 = f * f;
    const floats low = f * 0.6931469776F + 1.0F;
    const floats middle = f * 0.05550733776F + 0.240222421F;
    const floats high = f * 0.001326470879F + 0.009671511471F;
    return (high * f2 + middle) * f2 + low;
}

/// 2^x, held to 2^60 at most (1 / inf would be estimated as 0, and the Newton step's 0·inf is NaN); NaN stays NaN.
inline floats power_of_two(floats x) {
#if defined(__AVX512DQ__)
    const __m512 y = reinterpret_cast<__m512>(x);
    const __m512 power =
        reinterpret_cast<__m512>(power_of_fraction(reinterpret_cast<floats>(_mm512_reduce_ps(y, 0))));
    // Rounding and bounding the exponent run beside the polynomial.
    const __m512 exponent = _mm512_min_ps(_mm512_set1_ps(60.0F), _mm512_roundscale_ps(y, 0));
    return reinterpret_cast<floats>(_mm512_scalef_ps(power, exponent));
#else
    const floats bounded = at_most(splat(60.0F), at_least(splat(-60.0F), x));
    // Adding 1.5·2^23 leaves the nearest integer in the last bits of the sum; shifted up it is the exponent.
    const floats shifted = bounded + 12582912.0F;
    const floats power = power_of_fraction(bounded - (shifted - 12582912.0F));
    return reinterpret_cast<floats>(reinterpret_cast<ints>(power) + (reinterpret_cast<ints>(shifted) << 23));
#endif
}

} // namespace detail

inline floats tanh(floats x) {
    constexpr float two_log2_e = 2.885390082F;
    return 1.0F - 2.0F * detail::reciprocal(detail::power_of_two(x * two_log2_e) + 1.0F);
}

} // namespace tenon_benchmark::limits
