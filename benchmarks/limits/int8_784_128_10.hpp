#pragma once

// One sample through 784→128 relu→10 with bytes as weights and activations and integer sums, from float inputs to
// real outputs. Weights lie as [inputs / 4][outputs][4]: a vector holds four weights of each of many outputs, one
// broadcast of four activations serves it, and no sum ever runs across lanes.
//
// Activations are kept as q + 128, unsigned, because the dot product takes unsigned times signed; (z + 128)·Σ w is
// folded into the biases beforehand. Rounding is the library's: inputs round_half_even(x / s) in double, sums
// (acc·m + 2^(30-shift)) >> (31-shift) in 64 bits.

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "support/bundle.hpp"
#include "support/dot4.hpp"
#include "support/simd.hpp"

namespace tenon_benchmark::limits {

/// The quantized parameters.
struct int8_784_128_10 {
    static constexpr std::size_t inputs = 784, hidden = 128, outputs = 10, padded = 16;
    alignas(64) std::int8_t hidden_weights[inputs / 4][hidden][4];
    alignas(64) std::int8_t output_weights[hidden / 4][padded][4];
    alignas(64) std::int32_t hidden_bias[hidden];
    alignas(64) std::int32_t output_bias[padded];
    alignas(64) std::int64_t multiplier[hidden]; ///< m of each hidden unit, in [2^30, 2^31)
    alignas(64) std::int64_t shift[hidden];      ///< 31 - shift of each hidden unit, in [1, 62]
    alignas(64) double output_scale[padded];     ///< s_x·s_w of each output
    double input_scale;
    std::int32_t input_zero, hidden_zero; ///< zero points plus 128: in [0, 255]
};

namespace detail {

/// round_half_even(x / scale) + zero as a byte, one value at a time; NaN is quantized as zero.
inline std::uint8_t quantized(float x, double scale, std::int32_t zero) {
    double q = std::nearbyint(static_cast<double>(x) / scale);
    q = q == q ? q : 0.0;
    q = q > -256.0 ? q : -256.0;
    q = q < 256.0 ? q : 256.0;
    const std::int32_t shifted = static_cast<std::int32_t>(q) + zero;
    return static_cast<std::uint8_t>(shifted < 0 ? 0 : shifted > 255 ? 255 : shifted);
}

inline void quantize_inputs(const int8_784_128_10& net, const float* x, std::uint8_t* q) {
    std::size_t i = 0;
#if defined(__AVX512F__)
    // A division in double costs as much as all the rest. The product with 1 / scale in float misses it by less than
    // 256·2^-23 and so rounds alike, unless it comes close to a half: those rare vectors (and NaN) divide.
    const __m512 factor = _mm512_set1_ps(static_cast<float>(1.0 / net.input_scale));
    const __m512 low = _mm512_set1_ps(-256.0F), high = _mm512_set1_ps(256.0F),
                 close = _mm512_set1_ps(0.4999F);
    for (; i < net.inputs; i += 16) {
        const __m512 product = _mm512_mul_ps(_mm512_loadu_ps(x + i), factor);
        const __m512 bounded = _mm512_min_ps(high, _mm512_max_ps(low, product));
        const __m512i rounded = _mm512_cvtps_epi32(bounded);
        const __m512 missed = _mm512_abs_ps(_mm512_sub_ps(bounded, _mm512_cvtepi32_ps(rounded)));
        if (_mm512_cmp_ps_mask(missed, close, _CMP_NLT_UQ) != 0) {
            for (std::size_t k = i; k < i + 16; ++k) q[k] = quantized(x[k], net.input_scale, net.input_zero);
            continue;
        }
        const __m512i shifted = _mm512_add_epi32(rounded, _mm512_set1_epi32(net.input_zero));
        const __m512i positive = _mm512_max_epi32(shifted, _mm512_setzero_si512());
        _mm_storeu_si128(reinterpret_cast<__m128i*>(q + i), _mm512_cvtusepi32_epi8(positive));
    }
#endif
    for (; i < net.inputs; ++i) q[i] = quantized(x[i], net.input_scale, net.input_zero);
}

/// Sums of the first layer to bytes of the second. Relu is the lower bound: a quantized zero.
inline void requantize(const int8_784_128_10& net, const std::int32_t* sums, std::uint8_t* q) {
    std::size_t i = 0;
#if defined(__AVX512F__)
    const __m512i zero = _mm512_set1_epi64(net.hidden_zero), one = _mm512_set1_epi64(1);
    for (; i < net.hidden; i += 8) {
        const __m512i sum =
            _mm512_cvtepi32_epi64(_mm256_load_si256(reinterpret_cast<const __m256i*>(sums + i)));
        const __m512i product = _mm512_mul_epi32(sum, _mm512_load_si512(net.multiplier + i));
        // ((p >> (n - 1)) + 1) >> 1 is (p + 2^(n-1)) >> n.
        const __m512i places = _mm512_sub_epi64(_mm512_load_si512(net.shift + i), one);
        const __m512i twice = _mm512_add_epi64(_mm512_srav_epi64(product, places), one);
        const __m512i y = _mm512_max_epi64(_mm512_srai_epi64(twice, 1), _mm512_setzero_si512());
        _mm_storel_epi64(reinterpret_cast<__m128i*>(q + i),
                         _mm512_cvtusepi64_epi8(_mm512_add_epi64(y, zero)));
    }
#endif
    for (; i < net.hidden; ++i) {
        const std::int64_t half = std::int64_t{1} << (net.shift[i] - 1);
        const std::int64_t y = (sums[i] * net.multiplier[i] + half) >> net.shift[i];
        const std::int64_t bounded = (y > 0 ? y : 0) + net.hidden_zero;
        q[i] = static_cast<std::uint8_t>(bounded < 255 ? bounded : 255);
    }
}

inline ints four_bytes(const std::uint8_t* q) {
    std::int32_t together;
    std::memcpy(&together, q, sizeof together);
    return ints{} + together;
}

/// Eight vectors of hidden units, as in the float program.
inline void hidden_sums(const int8_784_128_10& net, const std::uint8_t* q, std::size_t at,
                        std::int32_t* sums) {
    auto s = load_bundle<ints, 8>(net.hidden_bias + at);
    for (std::size_t i = 0; i < net.inputs / 4; ++i) {
        s = dot4(s, four_bytes(q + 4 * i), load_bundle<ints, 8>(net.hidden_weights[i][at]));
    }
    store(sums + at, s);
}

} // namespace detail

/// The sums of the output layer for quantized inputs: integers only, the same bits on every machine.
inline void predict_quantized(const int8_784_128_10& net, const std::uint8_t* q, std::int32_t* sums) {
    alignas(64) std::int32_t first[int8_784_128_10::hidden];
    alignas(64) std::uint8_t hidden[int8_784_128_10::hidden];
    for (std::size_t at = 0; at < net.hidden; at += 8 * float_lanes) detail::hidden_sums(net, q, at, first);
    detail::requantize(net, first, hidden);
    for (std::size_t c = 0; c < net.padded; c += float_lanes) {
        ints even = load<ints>(net.output_bias + c), odd = {};
        for (std::size_t i = 0; i < net.hidden / 4; i += 2) {
            even = dot4(even, detail::four_bytes(hidden + 4 * i), load<ints>(net.output_weights[i][c]));
            odd = dot4(odd, detail::four_bytes(hidden + 4 * i + 4), load<ints>(net.output_weights[i + 1][c]));
        }
        store(sums + c, even + odd);
    }
}

/// The ten outputs for one row of floats.
inline void predict(const int8_784_128_10& net, const float* x, double* out) {
    alignas(64) std::uint8_t q[int8_784_128_10::inputs];
    alignas(64) std::int32_t sums[int8_784_128_10::padded];
    detail::quantize_inputs(net, x, q);
    predict_quantized(net, q, sums);
    for (std::size_t c = 0; c < net.outputs; ++c) out[c] = sums[c] * net.output_scale[c];
}

} // namespace tenon_benchmark::limits
