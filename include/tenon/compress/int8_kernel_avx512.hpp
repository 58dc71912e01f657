#pragma once

// The int8 kernels for machines with AVX-512 and its byte dot product (VNNI). They are compiled whatever the flags and
// called only where the machine has them.
//
// They are written in vector extensions, as those for AVX2 are.

#if defined(__x86_64__) && defined(__GNUC__)

#include <bit>
#include <cstring>
#include <tenon/compress/int8.hpp>
#include <tenon/compress/int8_kernel_scalar.hpp>
#include <tenon/compress/int8_layout.hpp>
#include <tenon/core/lanes.hpp>

#define TENON_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))) inline

namespace tenon::inline v0::detail {

using sums_avx512 = lanes<std::uint32_t, 16>; // without sign, because sums are modulo 2^32
using longs_avx512 = lanes<long long, 8>;     // the 64 bits of the compilers' own functions
using doubles_avx512 = lanes<double, 8>;
using bytes_avx512 = lanes<char, 16>; // a quarter of a register

template <class V>
TENON_TARGET V load_avx512(const void* from) noexcept {
    V v;
    std::memcpy(&v, from, sizeof v);
    return v;
}

TENON_TARGET longs_avx512 wide_avx512(const std::uint8_t* from) noexcept {
    longs_avx512 v;
    asm("vpmovzxbq {%1, %0|%0, %1}" : "=v"(v) : "m"(*reinterpret_cast<const std::uint8_t(*)[8]>(from)));
    return v;
}

TENON_TARGET longs_avx512 wide_avx512(const std::int32_t* from) noexcept {
    longs_avx512 v;
    asm("vpmovsxdq {%1, %0|%0, %1}" : "=v"(v) : "m"(*reinterpret_cast<const std::int32_t(*)[8]>(from)));
    return v;
}

/// Those of eight numbers that are in the mask `kept`, else zeros, whose memory is not read.
TENON_TARGET longs_avx512 wide_avx512(const std::uint8_t* from, std::uint8_t kept) noexcept {
    longs_avx512 v;
    asm("vpmovzxbq {%1, %0%{%2%}%{z%}|%0%{%2%}%{z%}, %1}"
        : "=v"(v)
        : "m"(*reinterpret_cast<const std::uint8_t(*)[8]>(from)), "Yk"(kept));
    return v;
}

TENON_TARGET longs_avx512 wide_avx512(const std::int32_t* from, std::uint8_t kept) noexcept {
    longs_avx512 v;
    asm("vpmovsxdq {%1, %0%{%2%}%{z%}|%0%{%2%}%{z%}, %1}"
        : "=v"(v)
        : "m"(*reinterpret_cast<const std::int32_t(*)[8]>(from)), "Yk"(kept));
    return v;
}

TENON_TARGET long long low_64_avx512(bytes_avx512 v) noexcept {
    return reinterpret_cast<lanes<long long, 2>>(v)[0];
}

/// The inputs that meet a block of weights.
template <std::size_t Depth>
TENON_TARGET sums_avx512 inputs_avx512(const std::uint8_t* x) noexcept {
    if constexpr (Depth == 64) return load_avx512<sums_avx512>(x);
    if constexpr (Depth == 16) {
        sums_avx512 v;
        asm("vbroadcasti32x4 {%1, %0|%0, %1}"
            : "=v"(v)
            : "m"(*reinterpret_cast<const std::uint8_t(*)[16]>(x)));
        return v;
    }
    std::uint32_t four;
    std::memcpy(&four, x, 4);
    return sums_avx512{} + four;
}

/// sums + four products of bytes a lane, those of the inputs without sign.
TENON_TARGET sums_avx512 dot_avx512(sums_avx512 sums, sums_avx512 x, const std::int8_t* w) noexcept {
    asm("vpdpbusd {%2, %1, %0|%0, %1, %2}"
        : "+v"(sums)
        : "v"(x), "m"(*reinterpret_cast<const std::int8_t(*)[64]>(w)));
    return sums;
}

/// 128 outputs.
TENON_TARGET void accumulate_128_avx512(const int8_tile& t, const std::int8_t* w, const std::uint8_t* x,
                                        const std::int32_t* start, std::int32_t* sums) noexcept {
    auto s0 = load_avx512<sums_avx512>(start), s1 = load_avx512<sums_avx512>(start + 16),
         s2 = load_avx512<sums_avx512>(start + 32), s3 = load_avx512<sums_avx512>(start + 48),
         s4 = load_avx512<sums_avx512>(start + 64), s5 = load_avx512<sums_avx512>(start + 80),
         s6 = load_avx512<sums_avx512>(start + 96), s7 = load_avx512<sums_avx512>(start + 112);
    for (std::size_t b = 0; b < t.blocks; ++b, w += t.stride, x += 4) {
        const sums_avx512 a = inputs_avx512<4>(x);
        s0 = dot_avx512(s0, a, w);
        s1 = dot_avx512(s1, a, w + 64);
        s2 = dot_avx512(s2, a, w + 128);
        s3 = dot_avx512(s3, a, w + 192);
        s4 = dot_avx512(s4, a, w + 256);
        s5 = dot_avx512(s5, a, w + 320);
        s6 = dot_avx512(s6, a, w + 384);
        s7 = dot_avx512(s7, a, w + 448);
    }
    std::memcpy(sums, &s0, sizeof s0);
    std::memcpy(sums + 16, &s1, sizeof s1);
    std::memcpy(sums + 32, &s2, sizeof s2);
    std::memcpy(sums + 48, &s3, sizeof s3);
    std::memcpy(sums + 64, &s4, sizeof s4);
    std::memcpy(sums + 80, &s5, sizeof s5);
    std::memcpy(sums + 96, &s6, sizeof s6);
    std::memcpy(sums + 112, &s7, sizeof s7);
}

/// 32 outputs, four chains of sums.
TENON_TARGET void accumulate_32_avx512(const int8_tile& t, const std::int8_t* w, const std::uint8_t* x,
                                       const std::int32_t* start, std::int32_t* sums) noexcept {
    auto s0 = load_avx512<sums_avx512>(start), s1 = load_avx512<sums_avx512>(start + 16);
    sums_avx512 odd0{}, odd1{};
    std::size_t b = 0;
    for (; b + 2 <= t.blocks; b += 2, w += 2 * t.stride, x += 8) {
        const sums_avx512 a = inputs_avx512<4>(x), odd = inputs_avx512<4>(x + 4);
        s0 = dot_avx512(s0, a, w);
        s1 = dot_avx512(s1, a, w + 64);
        odd0 = dot_avx512(odd0, odd, w + t.stride);
        odd1 = dot_avx512(odd1, odd, w + t.stride + 64);
    }
    if (b < t.blocks) {
        const sums_avx512 a = inputs_avx512<4>(x);
        s0 = dot_avx512(s0, a, w);
        s1 = dot_avx512(s1, a, w + 64);
    }
    s0 += odd0;
    s1 += odd1;
    std::memcpy(sums, &s0, sizeof s0);
    std::memcpy(sums + 16, &s1, sizeof s1);
}

/// One block wide: 16 outputs, or 4 or 1 whose parts are summed at the end. Four chains of sums.
template <std::size_t Depth>
TENON_TARGET void accumulate_block_avx512(const int8_tile& t, const std::int8_t* w, const std::uint8_t* x,
                                          const std::int32_t* start, std::int32_t* sums) noexcept {
    sums_avx512 s0{}, s1{}, s2{}, s3{};
    std::size_t b = 0;
    for (; b + 4 <= t.blocks; b += 4, w += 4 * t.stride, x += 4 * Depth) {
        s0 = dot_avx512(s0, inputs_avx512<Depth>(x), w);
        s1 = dot_avx512(s1, inputs_avx512<Depth>(x + Depth), w + t.stride);
        s2 = dot_avx512(s2, inputs_avx512<Depth>(x + 2 * Depth), w + 2 * t.stride);
        s3 = dot_avx512(s3, inputs_avx512<Depth>(x + 3 * Depth), w + 3 * t.stride);
    }
    for (; b < t.blocks; ++b, w += t.stride, x += Depth) s0 = dot_avx512(s0, inputs_avx512<Depth>(x), w);
    s0 = (s0 + s1) + (s2 + s3);
    alignas(64) std::uint32_t parts[16];
    std::memcpy(parts, &s0, sizeof s0);
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

/// Eight inputs or those of them in the mask `kept`.
///
/// Division is slow; the product with the reciprocal, in units of 2^-20, misses the quotient by less than two of them and
/// is rounded alike, unless it is that near to a half. Returns false for those, and for NaN and values beyond an
/// integer, which are converted to the lowest one. `million` is 2^20 / scale, as its bits.
template <bool IsWhole>
TENON_TARGET bool quantize_8_avx512(const int8_inputs& in, long long million, std::uint8_t kept,
                                    std::size_t first, const double* x, std::uint8_t* bytes) noexcept {
    using unsigned_longs = lanes<unsigned long long, 8>;
    const std::uint8_t* const s = in.shifts.data() + first;
    const std::int32_t* const z = in.zeros.data() + first;
    const longs_avx512 shifts = IsWhole ? wide_avx512(s) : wide_avx512(s, kept);
    const doubles_avx512 values = IsWhole ? load_avx512<doubles_avx512>(x + first)
                                          : __builtin_ia32_loadupd512_mask(x + first, doubles_avx512{}, kept);
    const doubles_avx512 scaled = values * reinterpret_cast<doubles_avx512>((shifts << 52) + million);
    longs_avx512 units;
    asm("vcvtpd2qq {%1, %0|%0, %1}" : "=v"(units) : "v"(scaled));
    // A half and the error to round by taking the floor; less 128, so that saturation is that of a signed byte.
    constexpr unsigned long long half = (1ULL << 19) + 2 - (128ULL << 20);
    const auto up = reinterpret_cast<longs_avx512>(reinterpret_cast<unsigned_longs>(units) + half);
    const longs_avx512 below_half = up & ((1 << 20) - 8), lowest = longs_avx512{} + INT64_MIN / 2;
    const auto is_close = __builtin_ia32_cmpq512_mask(below_half, longs_avx512{}, 0, 0xff); // equal
    const auto is_far = __builtin_ia32_cmpq512_mask(units, lowest, 1, 0xff);                // less
    if ((is_close | is_far) != 0) return false;
    const longs_avx512 q = (up >> 20) + (IsWhole ? wide_avx512(z) : wide_avx512(z, kept));
    const bytes_avx512 answers = __builtin_ia32_pmovsqb512_mask(q, bytes_avx512{}, 0xff) ^ -128;
    if constexpr (IsWhole) {
        const long long eight = low_64_avx512(answers);
        std::memcpy(bytes, &eight, 8);
    } else {
        asm("vmovdqu8 {%1, (%0)%{%2%}|[%0]%{%2%}, %1}"
            :
            : "r"(bytes), "v"(answers), "Yk"(std::uint16_t{kept}) // one bit for each of 16 bytes
            : "memory");
    }
    return true;
}

TENON_TARGET void quantize_avx512(const int8_inputs& inputs, std::size_t first, std::size_t count,
                                  const double* x, std::uint8_t* bytes) noexcept {
    const int8_inputs in = inputs; // a copy that the bytes written cannot alias
    const auto million = std::bit_cast<long long>(0x1p20 / in.scale);
    std::size_t i = 0;
    for (;; i += 8) {
        // A loop of its own, whose registers the division does not take.
        while (i + 8 <= count && quantize_8_avx512<true>(in, million, 0xff, first + i, x, bytes + i)) i += 8;
        if (i + 8 > count) break;
        quantize_scalar(in, first + i, 8, x, bytes + i);
    }
    if (i == count) return;
    const auto kept = static_cast<std::uint8_t>((1U << (count - i)) - 1);
    if (!quantize_8_avx512<false>(in, million, kept, first + i, x, bytes + i))
        quantize_scalar(in, first + i, count - i, x, bytes + i);
}

TENON_TARGET void rescale_avx512(const int8_rescaling& rescaling, std::size_t first, std::size_t count,
                                 const std::int32_t* sums, std::uint8_t* bytes) noexcept {
    const int8_rescaling r = rescaling; // a copy that the bytes written cannot alias
    const longs_avx512 low = longs_avx512{} + r.low;
    const std::size_t whole = count - count % 8;
    for (std::size_t i = 0; i < whole; i += 8) {
        longs_avx512 product;
        asm("vpmuldq {%2, %1, %0|%0, %1, %2}"
            : "=v"(product)
            : "v"(wide_avx512(sums + i)), "v"(wide_avx512(r.multipliers.data() + first + i)));
        const longs_avx512 right = wide_avx512(r.right_shifts.data() + first + i);
        // zero + ((product + 2^(n-1)) >> n) is ((product >> (n-1)) + 2·zero + 1) >> 1.
        const longs_avx512 y = ((product >> (right - 1)) + (2 * r.zero + 1)) >> 1;
        const longs_avx512 bounded = y > low ? y : low;
        const auto eight = low_64_avx512(__builtin_ia32_pmovusqb512_mask(bounded, bytes_avx512{}, 0xff));
        std::memcpy(bytes + i, &eight, 8);
    }
    rescale_scalar(r, first + whole, count - whole, sums + whole, bytes + whole);
}

} // namespace tenon::detail

#undef TENON_TARGET

#endif
