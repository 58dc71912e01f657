#pragma once

// The int8 kernels for machines with AVX-512 and its byte dot product (VNNI). They are compiled whatever the flags and
// called only where the machine has them.
//
// The zero-masked forms of intrinsics are used even where all lanes are meant: g++ 12 builds the plain ones on an
// undefined operand and then warns of it in the user's program.

#if defined(__x86_64__) && defined(__GNUC__)

#include <cstring>
#include <immintrin.h>
#include <tenon/compress/int8.hpp>
#include <tenon/compress/int8_kernel_scalar.hpp>
#include <tenon/compress/int8_layout.hpp>

#define TENON_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))) inline

namespace tenon::inline v0::detail {

TENON_TARGET __m512i load_avx512(const void* from) noexcept {
    return _mm512_loadu_si512(from);
}

TENON_TARGET __m512i four_inputs_avx512(const std::uint8_t* x) noexcept {
    int four;
    std::memcpy(&four, x, 4);
    return _mm512_set1_epi32(four);
}

/// 128 outputs.
TENON_TARGET void accumulate_128_avx512(const int8_tile& t, const std::int8_t* w, const std::uint8_t* x,
                                        const std::int32_t* start, std::int32_t* sums) noexcept {
    __m512i s0 = load_avx512(start), s1 = load_avx512(start + 16), s2 = load_avx512(start + 32),
            s3 = load_avx512(start + 48), s4 = load_avx512(start + 64), s5 = load_avx512(start + 80),
            s6 = load_avx512(start + 96), s7 = load_avx512(start + 112);
    for (std::size_t b = 0; b < t.blocks; ++b, w += t.stride, x += 4) {
        const __m512i a = four_inputs_avx512(x);
        s0 = _mm512_dpbusd_epi32(s0, a, load_avx512(w));
        s1 = _mm512_dpbusd_epi32(s1, a, load_avx512(w + 64));
        s2 = _mm512_dpbusd_epi32(s2, a, load_avx512(w + 128));
        s3 = _mm512_dpbusd_epi32(s3, a, load_avx512(w + 192));
        s4 = _mm512_dpbusd_epi32(s4, a, load_avx512(w + 256));
        s5 = _mm512_dpbusd_epi32(s5, a, load_avx512(w + 320));
        s6 = _mm512_dpbusd_epi32(s6, a, load_avx512(w + 384));
        s7 = _mm512_dpbusd_epi32(s7, a, load_avx512(w + 448));
    }
    _mm512_storeu_si512(sums, s0);
    _mm512_storeu_si512(sums + 16, s1);
    _mm512_storeu_si512(sums + 32, s2);
    _mm512_storeu_si512(sums + 48, s3);
    _mm512_storeu_si512(sums + 64, s4);
    _mm512_storeu_si512(sums + 80, s5);
    _mm512_storeu_si512(sums + 96, s6);
    _mm512_storeu_si512(sums + 112, s7);
}

/// 32 outputs, four chains of sums.
TENON_TARGET void accumulate_32_avx512(const int8_tile& t, const std::int8_t* w, const std::uint8_t* x,
                                       const std::int32_t* start, std::int32_t* sums) noexcept {
    __m512i s0 = load_avx512(start), s1 = load_avx512(start + 16);
    __m512i odd0 = _mm512_setzero_si512(), odd1 = odd0;
    std::size_t b = 0;
    for (; b + 2 <= t.blocks; b += 2, w += 2 * t.stride, x += 8) {
        const __m512i a = four_inputs_avx512(x), odd = four_inputs_avx512(x + 4);
        s0 = _mm512_dpbusd_epi32(s0, a, load_avx512(w));
        s1 = _mm512_dpbusd_epi32(s1, a, load_avx512(w + 64));
        odd0 = _mm512_dpbusd_epi32(odd0, odd, load_avx512(w + t.stride));
        odd1 = _mm512_dpbusd_epi32(odd1, odd, load_avx512(w + t.stride + 64));
    }
    if (b < t.blocks) {
        const __m512i a = four_inputs_avx512(x);
        s0 = _mm512_dpbusd_epi32(s0, a, load_avx512(w));
        s1 = _mm512_dpbusd_epi32(s1, a, load_avx512(w + 64));
    }
    _mm512_storeu_si512(sums, _mm512_add_epi32(s0, odd0));
    _mm512_storeu_si512(sums + 16, _mm512_add_epi32(s1, odd1));
}

template <std::size_t Depth>
TENON_TARGET __m512i inputs_avx512(const std::uint8_t* x) noexcept {
    if constexpr (Depth == 64) return load_avx512(x);
    if constexpr (Depth == 4) return four_inputs_avx512(x);
    return _mm512_maskz_broadcast_i32x4(0xffff, _mm_loadu_si128(reinterpret_cast<const __m128i*>(x)));
}

/// One block wide: 16 outputs, or 4 or 1 whose parts are summed at the end. Four chains of sums.
template <std::size_t Depth>
TENON_TARGET void accumulate_block_avx512(const int8_tile& t, const std::int8_t* w, const std::uint8_t* x,
                                          const std::int32_t* start, std::int32_t* sums) noexcept {
    __m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0;
    std::size_t b = 0;
    for (; b + 4 <= t.blocks; b += 4, w += 4 * t.stride, x += 4 * Depth) {
        s0 = _mm512_dpbusd_epi32(s0, inputs_avx512<Depth>(x), load_avx512(w));
        s1 = _mm512_dpbusd_epi32(s1, inputs_avx512<Depth>(x + Depth), load_avx512(w + t.stride));
        s2 = _mm512_dpbusd_epi32(s2, inputs_avx512<Depth>(x + 2 * Depth), load_avx512(w + 2 * t.stride));
        s3 = _mm512_dpbusd_epi32(s3, inputs_avx512<Depth>(x + 3 * Depth), load_avx512(w + 3 * t.stride));
    }
    for (; b < t.blocks; ++b, w += t.stride, x += Depth)
        s0 = _mm512_dpbusd_epi32(s0, inputs_avx512<Depth>(x), load_avx512(w));
    alignas(64) std::uint32_t parts[16];
    _mm512_store_si512(parts, _mm512_add_epi32(_mm512_add_epi32(s0, s1), _mm512_add_epi32(s2, s3)));
    add_parts<Depth>(parts, start, sums);
}

TENON_TARGET void accumulate_avx512(const int8_tile& t, const std::uint8_t* x, const std::int32_t* start,
                                    std::int32_t* sums) noexcept {
    if (t.depth == 64) return accumulate_block_avx512<64>(t, t.weights, x, start, sums);
    if (t.depth == 16) return accumulate_block_avx512<16>(t, t.weights, x, start, sums);
    std::size_t c = 0;
    for (; c + 128 <= t.columns; c += 128)
        accumulate_128_avx512(t, t.weights + 4 * c, x, start + c, sums + c);
    for (; c + 32 <= t.columns; c += 32) accumulate_32_avx512(t, t.weights + 4 * c, x, start + c, sums + c);
    if (c < t.columns) accumulate_block_avx512<4>(t, t.weights + 4 * c, x, start + c, sums + c);
}

TENON_TARGET __m512i wide_avx512(const std::int32_t* from) noexcept {
    return _mm512_maskz_cvtepi32_epi64(0xff, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}

/// Eight inputs, or those of them in the mask `lanes`.
///
/// Division is slow; the product with the reciprocal, in units of 2^-20, misses the quotient by less than two of them and
/// is rounded alike, unless it is that near to a half. Returns false for those, and for NaN and values beyond an
/// integer, which are converted to the lowest one. `million` is 2^20 / scale.
template <bool IsWhole>
TENON_TARGET bool quantize_8_avx512(const int8_inputs& in, __m512d million, __mmask8 lanes, std::size_t first,
                                    const double* x, std::uint8_t* bytes) noexcept {
    const std::uint8_t* const s = in.shifts.data() + first;
    const __m128i shifts =
        IsWhole ? _mm_loadl_epi64(reinterpret_cast<const __m128i*>(s)) : _mm_maskz_loadu_epi8(lanes, s);
    const __m512i exponents = _mm512_maskz_slli_epi64(0xff, _mm512_maskz_cvtepu8_epi64(0xff, shifts), 52);
    const __m512d factor = _mm512_castsi512_pd(_mm512_add_epi64(_mm512_castpd_si512(million), exponents));
    const __m512d scaled = _mm512_mul_pd(_mm512_maskz_loadu_pd(lanes, x + first), factor);
    const __m512i units = _mm512_maskz_cvtpd_epi64(0xff, scaled);
    // A half and the error to round by taking the floor; less 128, so that saturation is that of a signed byte.
    const __m512i up = _mm512_add_epi64(units, _mm512_set1_epi64((1 << 19) + 2 - (128 << 20)));
    const __mmask8 is_close = _mm512_testn_epi64_mask(up, _mm512_set1_epi64((1 << 20) - 8));
    const __mmask8 is_far = _mm512_cmplt_epi64_mask(units, _mm512_set1_epi64(INT64_MIN / 2));
    if ((is_close | is_far) != 0) return false;
    const __m256i zeros = _mm256_maskz_loadu_epi32(lanes, in.zeros.data() + first);
    const __m512i q =
        _mm512_add_epi64(_mm512_maskz_srai_epi64(0xff, up, 20), _mm512_maskz_cvtepi32_epi64(0xff, zeros));
    const __m128i flipped = _mm_xor_si128(_mm512_maskz_cvtsepi64_epi8(0xff, q), _mm_set1_epi8(-128));
    if constexpr (IsWhole)
        _mm_storel_epi64(reinterpret_cast<__m128i*>(bytes), flipped);
    else
        _mm_mask_storeu_epi8(bytes, lanes, flipped);
    return true;
}

TENON_TARGET void quantize_avx512(const int8_inputs& inputs, std::size_t first, std::size_t count,
                                  const double* x, std::uint8_t* bytes) noexcept {
    const int8_inputs in = inputs; // a copy that the bytes written cannot alias
    const __m512d million = _mm512_set1_pd(0x1p20 / in.scale);
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8)
        if (!quantize_8_avx512<true>(in, million, 0xff, first + i, x, bytes + i))
            quantize_scalar(in, first + i, 8, x, bytes + i);
    if (i == count) return;
    const auto lanes = static_cast<__mmask8>((1U << (count - i)) - 1);
    if (!quantize_8_avx512<false>(in, million, lanes, first + i, x, bytes + i))
        quantize_scalar(in, first + i, count - i, x, bytes + i);
}

TENON_TARGET void rescale_avx512(const int8_rescaling& rescaling, std::size_t first, std::size_t count,
                                 const std::int32_t* sums, std::uint8_t* bytes) noexcept {
    const int8_rescaling r = rescaling; // a copy that the bytes written cannot alias
    const __m512i one = _mm512_set1_epi64(1), low = _mm512_set1_epi64(r.low);
    const __m512i twice_zero_and_one = _mm512_set1_epi64(2 * r.zero + 1);
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m512i product = _mm512_maskz_mul_epi32(0xff, wide_avx512(sums + i),
                                                       wide_avx512(r.multipliers.data() + first + i));
        const __m512i right = _mm512_maskz_cvtepu8_epi64(
            0xff, _mm_loadl_epi64(reinterpret_cast<const __m128i*>(r.right_shifts.data() + first + i)));
        // zero + ((product + 2^(n-1)) >> n) is ((product >> (n-1)) + 2·zero + 1) >> 1.
        const __m512i twice = _mm512_maskz_srav_epi64(0xff, product, _mm512_sub_epi64(right, one));
        const __m512i y = _mm512_maskz_srai_epi64(0xff, _mm512_add_epi64(twice, twice_zero_and_one), 1);
        const __m128i q = _mm512_maskz_cvtusepi64_epi8(0xff, _mm512_maskz_max_epi64(0xff, low, y));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(bytes + i), q);
    }
    rescale_scalar(r, first + i, count - i, sums + i, bytes + i);
}

} // namespace tenon::detail

#undef TENON_TARGET

#endif
