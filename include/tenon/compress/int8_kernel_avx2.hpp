#pragma once

// The int8 kernels for machines with AVX2. They are compiled whatever the flags and called only where the machine has
// them.
//
// Bytes are widened to 16 bits before they are multiplied: maddubs, the obvious instruction, saturates its sums.

#if defined(__x86_64__) && defined(__GNUC__)

#include <cstring>
#include <immintrin.h>
#include <tenon/compress/int8.hpp>
#include <tenon/compress/int8_kernel_scalar.hpp>
#include <tenon/compress/int8_layout.hpp>

#define TENON_TARGET __attribute__((target("avx2"))) inline

namespace tenon::inline v0::detail {

TENON_TARGET __m256i load_avx2(const void* from) noexcept {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}

TENON_TARGET void store_avx2(void* to, __m256i v) noexcept {
    _mm256_storeu_si256(static_cast<__m256i*>(to), v);
}

/// The inputs that meet half a block of weights.
template <std::size_t Depth>
TENON_TARGET __m256i inputs_avx2(const std::uint8_t* x) noexcept {
    if constexpr (Depth == 64) return load_avx2(x);
    if constexpr (Depth == 16)
        return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(x)));
    int four;
    std::memcpy(&four, x, 4);
    return _mm256_set1_epi32(four);
}

/// Four products of bytes a lane, those of the inputs without sign.
TENON_TARGET __m256i dot_avx2(__m256i sums, __m256i x, __m256i w) noexcept {
    const __m256i even_x = _mm256_and_si256(x, _mm256_set1_epi16(0xff)), odd_x = _mm256_srli_epi16(x, 8);
    const __m256i even_w = _mm256_srai_epi16(_mm256_slli_epi16(w, 8), 8), odd_w = _mm256_srai_epi16(w, 8);
    const __m256i even = _mm256_madd_epi16(even_x, even_w), odd = _mm256_madd_epi16(odd_x, odd_w);
    return _mm256_add_epi32(sums, _mm256_add_epi32(even, odd));
}

/// 32 outputs.
TENON_TARGET void accumulate_32_avx2(const int8_tile& t, const std::int8_t* w, const std::uint8_t* x,
                                     const std::int32_t* start, std::int32_t* sums) noexcept {
    __m256i s0 = load_avx2(start), s1 = load_avx2(start + 8), s2 = load_avx2(start + 16),
            s3 = load_avx2(start + 24);
    for (std::size_t b = 0; b < t.blocks; ++b, w += t.stride, x += 4) {
        const __m256i a = inputs_avx2<4>(x);
        s0 = dot_avx2(s0, a, load_avx2(w));
        s1 = dot_avx2(s1, a, load_avx2(w + 32));
        s2 = dot_avx2(s2, a, load_avx2(w + 64));
        s3 = dot_avx2(s3, a, load_avx2(w + 96));
    }
    store_avx2(sums, s0);
    store_avx2(sums + 8, s1);
    store_avx2(sums + 16, s2);
    store_avx2(sums + 24, s3);
}

/// One block wide: 16 outputs, or 4 or 1 whose parts are summed at the end.
template <std::size_t Depth>
TENON_TARGET void accumulate_block_avx2(const int8_tile& t, const std::int8_t* w, const std::uint8_t* x,
                                        const std::int32_t* start, std::int32_t* sums) noexcept {
    __m256i s0 = _mm256_setzero_si256(), s1 = s0;
    for (std::size_t b = 0; b < t.blocks; ++b, w += t.stride, x += Depth) {
        s0 = dot_avx2(s0, inputs_avx2<Depth>(x), load_avx2(w));
        s1 = dot_avx2(s1, inputs_avx2<Depth>(x + (Depth == 64 ? 32 : 0)), load_avx2(w + 32));
    }
    alignas(32) std::uint32_t parts[16];
    store_avx2(parts, s0);
    store_avx2(parts + 8, s1);
    add_parts<Depth>(parts, start, sums);
}

TENON_TARGET void accumulate_avx2(const int8_tile& t, const std::uint8_t* x, const std::int32_t* start,
                                  std::int32_t* sums) noexcept {
    if (t.depth == 64) return accumulate_block_avx2<64>(t, t.weights, x, start, sums);
    if (t.depth == 16) return accumulate_block_avx2<16>(t, t.weights, x, start, sums);
    std::size_t c = 0;
    for (; c + 32 <= t.columns; c += 32) accumulate_32_avx2(t, t.weights + 4 * c, x, start + c, sums + c);
    if (c < t.columns) accumulate_block_avx2<4>(t, t.weights + 4 * c, x, start + c, sums + c);
}

TENON_TARGET __m128i four_bytes_avx2(const std::uint8_t* from) noexcept {
    int four;
    std::memcpy(&four, from, 4);
    return _mm_cvtsi32_si128(four);
}

/// Four inputs. Division is slow; the product with the reciprocal misses the quotient by less than 2^-21 and is
/// rounded alike, unless it is that near to a half. Returns false for those, for huge values and for NaN.
TENON_TARGET bool quantize_4_avx2(const int8_inputs& in, __m256d reciprocal, std::size_t first,
                                  const double* x, std::uint8_t* bytes) noexcept {
    const __m256i shifts = _mm256_cvtepu8_epi64(four_bytes_avx2(in.shifts.data() + first));
    const __m256d factor =
        _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(reciprocal), _mm256_slli_epi64(shifts, 52)));
    const __m256d v = _mm256_mul_pd(_mm256_loadu_pd(x + first), factor);
    const __m256d rounded = _mm256_round_pd(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    const __m256d sign = _mm256_set1_pd(-0.0);
    const __m256d miss = _mm256_andnot_pd(sign, _mm256_sub_pd(v, rounded));
    const __m256d is_close = _mm256_cmp_pd(miss, _mm256_set1_pd(0.5 - 0x1p-20), _CMP_NLT_UQ);
    const __m256d is_far =
        _mm256_cmp_pd(_mm256_andnot_pd(sign, rounded), _mm256_set1_pd(1 << 30), _CMP_NLE_UQ);
    if (_mm256_movemask_pd(_mm256_or_pd(is_close, is_far)) != 0) return false;
    const __m128i zeros = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in.zeros.data() + first));
    const __m128i q = _mm_add_epi32(_mm256_cvtpd_epi32(rounded), zeros);
    const __m128i bounded = _mm_min_epi32(_mm_max_epi32(q, _mm_setzero_si128()), _mm_set1_epi32(255));
    const __m128i packed = _mm_packus_epi16(_mm_packs_epi32(bounded, bounded), _mm_setzero_si128());
    const int four = _mm_cvtsi128_si32(packed);
    std::memcpy(bytes, &four, 4);
    return true;
}

TENON_TARGET void quantize_avx2(const int8_inputs& in, std::size_t first, std::size_t count, const double* x,
                                std::uint8_t* bytes) noexcept {
    const __m256d reciprocal = _mm256_set1_pd(1 / in.scale);
    std::size_t i = 0;
    for (; i + 4 <= count; i += 4)
        if (!quantize_4_avx2(in, reciprocal, first + i, x, bytes + i))
            quantize_scalar(in, first + i, 4, x, bytes + i);
    quantize_scalar(in, first + i, count - i, x, bytes + i);
}

TENON_TARGET __m256i wide_avx2(const std::int32_t* from) noexcept {
    return _mm256_cvtepi32_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}

TENON_TARGET void rescale_avx2(const int8_rescaling& r, std::size_t first, std::size_t count,
                               const std::int32_t* sums, std::uint8_t* bytes) noexcept {
    const __m256i one = _mm256_set1_epi64x(1), zero = _mm256_set1_epi64x(r.zero);
    const __m256i low = _mm256_set1_epi64x(r.low), high = _mm256_set1_epi64x(r.high);
    const __m256i lowest = _mm256_set1_epi64x(INT64_MIN);
    std::size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        const __m256i product =
            _mm256_mul_epi32(wide_avx2(sums + i), wide_avx2(r.multipliers.data() + first + i));
        const __m256i right = _mm256_cvtepu8_epi64(four_bytes_avx2(r.right_shifts.data() + first + i));
        const __m256i half = _mm256_sllv_epi64(one, _mm256_sub_epi64(right, one));
        // AVX2 shifts 64 bits without sign only: 2^63 is added before, and what it became is taken off behind.
        const __m256i shifted =
            _mm256_srlv_epi64(_mm256_xor_si256(_mm256_add_epi64(product, half), lowest), right);
        __m256i q = _mm256_add_epi64(_mm256_sub_epi64(shifted, _mm256_srlv_epi64(lowest, right)), zero);
        q = _mm256_blendv_epi8(q, low, _mm256_cmpgt_epi64(low, q));
        q = _mm256_blendv_epi8(q, high, _mm256_cmpgt_epi64(q, high));
        // The lowest byte of each of the four.
        const __m256i in_order =
            _mm256_shuffle_epi8(q, _mm256_set1_epi64x(static_cast<long long>(0x8080'8080'8080'0800ull)));
        const __m128i pairs =
            _mm_unpacklo_epi16(_mm256_castsi256_si128(in_order), _mm256_extracti128_si256(in_order, 1));
        const int four = _mm_cvtsi128_si32(pairs);
        std::memcpy(bytes + i, &four, 4);
    }
    rescale_scalar(r, first + i, count - i, sums + i, bytes + i);
}

} // namespace tenon::detail

#undef TENON_TARGET

#endif
