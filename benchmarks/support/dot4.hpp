#pragma once

// Four products of unsigned and signed bytes a lane, added to 32-bit sums without saturation anywhere: one
// instruction where the machine has VNNI, two widening multiply-adds with AVX2, a loop elsewhere. The three give
// the same bits. (maddubs, the obvious AVX2 instruction, saturates its 16-bit sums.)

#include "support/simd.hpp"

namespace tenon_benchmark {

/// sums[i] + Σ_k activations[4i + k]·weights[4i + k], the bytes of activations unsigned, those of weights signed.
inline ints dot4(ints sums, ints activations, ints weights) {
#if defined(__AVX512VNNI__)
    return reinterpret_cast<ints>(_mm512_dpbusd_epi32(reinterpret_cast<__m512i>(sums),
                                                      reinterpret_cast<__m512i>(activations),
                                                      reinterpret_cast<__m512i>(weights)));
#elif defined(__AVX2__) && !defined(__AVX512F__)
    const auto a = reinterpret_cast<__m256i>(activations), w = reinterpret_cast<__m256i>(weights);
    const __m256i even_a = _mm256_and_si256(a, _mm256_set1_epi16(0xff));
    const __m256i odd_a = _mm256_srli_epi16(a, 8);
    const __m256i even_w = _mm256_srai_epi16(_mm256_slli_epi16(w, 8), 8);
    const __m256i odd_w = _mm256_srai_epi16(w, 8);
    const __m256i even = _mm256_madd_epi16(even_a, even_w), odd = _mm256_madd_epi16(odd_a, odd_w);
    return sums + reinterpret_cast<ints>(_mm256_add_epi32(even, odd));
#else
    std::uint8_t a[vector_bytes];
    std::int8_t w[vector_bytes];
    store(a, activations);
    store(w, weights);
    for (std::size_t i = 0; i < vector_bytes; ++i) sums[i / 4] += std::int32_t{a[i]} * std::int32_t{w[i]};
    return sums;
#endif
}

} // namespace tenon_benchmark
