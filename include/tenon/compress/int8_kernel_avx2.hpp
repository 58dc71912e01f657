#pragma once

// The int8 kernels for machines with AVX2. They are compiled whatever the flags and called only where the machine has
// them.
//
// They are written in vector extensions; an instruction that g++ or clang does not find in these is named. Intrinsics
// would cost each user more compile time than the rest of the library.

#if defined(__x86_64__) && defined(__GNUC__)

#include <bit>
#include <cstring>
#include <tenon/compress/int8.hpp>
#include <tenon/compress/int8_kernel_scalar.hpp>
#include <tenon/compress/int8_layout.hpp>
#include <tenon/core/lanes.hpp>

#define TENON_TARGET __attribute__((target("avx2"))) inline

namespace tenon::inline v0::detail {

using sums_avx2 = lanes<std::uint32_t, 8>; // without sign, because sums are modulo 2^32
using shorts_avx2 = lanes<std::int16_t, 16>;
using longs_avx2 = lanes<long long, 4>; // the 64 bits of the compilers' own functions
using bytes_avx2 = lanes<char, 32>;
using doubles_avx2 = lanes<double, 4>;
using ints_avx2 = lanes<std::int32_t, 4>; // half a register

template <class V>
TENON_TARGET V load_avx2(const void* from) noexcept {
    V v;
    std::memcpy(&v, from, sizeof v);
    return v;
}

TENON_TARGET longs_avx2 wide_avx2(const std::uint8_t* from) noexcept {
    longs_avx2 v;
    asm("vpmovzxbq {%1, %0|%0, %1}" : "=x"(v) : "m"(*reinterpret_cast<const std::uint8_t(*)[4]>(from)));
    return v;
}

TENON_TARGET longs_avx2 wide_avx2(const std::int32_t* from) noexcept {
    longs_avx2 v;
    asm("vpmovsxdq {%1, %0|%0, %1}" : "=x"(v) : "m"(*reinterpret_cast<const std::int32_t(*)[4]>(from)));
    return v;
}

/// The inputs that meet half a block of weights.
template <std::size_t Depth>
TENON_TARGET shorts_avx2 inputs_avx2(const std::uint8_t* x) noexcept {
    if constexpr (Depth == 64) return load_avx2<shorts_avx2>(x);
    if constexpr (Depth == 16) {
        const auto v = load_avx2<lanes<long long, 2>>(x);
        return reinterpret_cast<shorts_avx2>(__builtin_shufflevector(v, v, 0, 1, 0, 1));
    }
    std::uint32_t four;
    std::memcpy(&four, x, 4);
    return reinterpret_cast<shorts_avx2>(sums_avx2{} + four);
}

/// sums + four products of bytes a lane, those of the inputs without sign. They are widened to 16 bits before they are
/// multiplied: maddubs, the obvious instruction, saturates its sums.
TENON_TARGET sums_avx2 dot_avx2(sums_avx2 sums, shorts_avx2 x, const std::int8_t* weights) noexcept {
    using unsigned_shorts = lanes<std::uint16_t, 16>;
    const auto w = load_avx2<shorts_avx2>(weights);
    const shorts_avx2 odd_x = reinterpret_cast<shorts_avx2>(reinterpret_cast<unsigned_shorts>(x) >> 8);
    const auto even = __builtin_ia32_pmaddwd256(x & 0xff, (w << 8) >> 8);
    const auto odd = __builtin_ia32_pmaddwd256(odd_x, w >> 8);
    return sums + (reinterpret_cast<sums_avx2>(even) + reinterpret_cast<sums_avx2>(odd));
}

/// 32 outputs.
TENON_TARGET void accumulate_32_avx2(const int8_tile& t, const std::int8_t* w, const std::uint8_t* x,
                                     const std::int32_t* start, std::int32_t* sums) noexcept {
    auto s0 = load_avx2<sums_avx2>(start), s1 = load_avx2<sums_avx2>(start + 8),
         s2 = load_avx2<sums_avx2>(start + 16), s3 = load_avx2<sums_avx2>(start + 24);
    for (std::size_t b = 0; b < t.blocks; ++b, w += t.stride, x += 4) {
        const shorts_avx2 a = inputs_avx2<4>(x);
        s0 = dot_avx2(s0, a, w);
        s1 = dot_avx2(s1, a, w + 32);
        s2 = dot_avx2(s2, a, w + 64);
        s3 = dot_avx2(s3, a, w + 96);
    }
    std::memcpy(sums, &s0, sizeof s0);
    std::memcpy(sums + 8, &s1, sizeof s1);
    std::memcpy(sums + 16, &s2, sizeof s2);
    std::memcpy(sums + 24, &s3, sizeof s3);
}

/// One block wide: 16 outputs, or 4 or 1 whose parts are summed at the end.
template <std::size_t Depth>
TENON_TARGET void accumulate_block_avx2(const int8_tile& t, const std::int8_t* w, const std::uint8_t* x,
                                        const std::int32_t* start, std::int32_t* sums) noexcept {
    sums_avx2 s0{}, s1{};
    for (std::size_t b = 0; b < t.blocks; ++b, w += t.stride, x += Depth) {
        s0 = dot_avx2(s0, inputs_avx2<Depth>(x), w);
        s1 = dot_avx2(s1, inputs_avx2<Depth>(x + (Depth == 64 ? 32 : 0)), w + 32);
    }
    alignas(32) std::uint32_t parts[16];
    std::memcpy(parts, &s0, sizeof s0);
    std::memcpy(parts + 8, &s1, sizeof s1);
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

/// Four inputs. Division is slow; the product with the reciprocal, given as its bits, misses the quotient by less than
/// 2^-21 and is rounded alike, unless it is that near to a half. Those are divided, as are huge values and NaN.
TENON_TARGET void quantize_4_avx2(const int8_inputs& in, long long reciprocal, std::size_t first,
                                  const double* x, std::uint8_t* bytes) noexcept {
    const auto factor =
        reinterpret_cast<doubles_avx2>((wide_avx2(in.shifts.data() + first) << 52) + reciprocal);
    const doubles_avx2 v = load_avx2<doubles_avx2>(x + first) * factor;
    const doubles_avx2 rounded = __builtin_ia32_roundpd256(v, 8); // to nearest, silently
    // Compared as bits, where NaN is above all numbers.
    constexpr auto near_half = std::bit_cast<long long>(0.5 - 0x1p-20),
                   farthest = std::bit_cast<long long>(0x1p30);
    const longs_avx2 is_close = (reinterpret_cast<longs_avx2>(v - rounded) & INT64_MAX) >= near_half;
    const longs_avx2 is_far = (reinterpret_cast<longs_avx2>(rounded) & INT64_MAX) > farthest;
    if (__builtin_ia32_movmskpd256(reinterpret_cast<doubles_avx2>(is_close | is_far)) != 0)
        return quantize_scalar(in, first, 4, x, bytes);
    const auto zeros = load_avx2<ints_avx2>(in.zeros.data() + first);
    const ints_avx2 q = __builtin_ia32_cvtpd2dq256(rounded) + zeros;
    const auto saturated = __builtin_ia32_packssdw128(q, q);
    const auto packed = __builtin_ia32_packuswb128(saturated, saturated);
    const int four = reinterpret_cast<ints_avx2>(packed)[0];
    std::memcpy(bytes, &four, 4);
}

TENON_TARGET void quantize_avx2(const int8_inputs& in, std::size_t first, std::size_t count, const double* x,
                                std::uint8_t* bytes) noexcept {
    if (count < 4) return quantize_scalar(in, first, count, x, bytes);
    const auto reciprocal = std::bit_cast<long long>(1 / in.scale);
    const std::size_t whole = count - count % 4;
    for (std::size_t i = 0; i < whole; i += 4) quantize_4_avx2(in, reciprocal, first + i, x, bytes + i);
    if (whole < count) // the last four, some of them again
        quantize_4_avx2(in, reciprocal, first + count - 4, x, bytes + count - 4);
}

TENON_TARGET void rescale_avx2(const int8_rescaling& r, std::size_t first, std::size_t count,
                               const std::int32_t* sums, std::uint8_t* bytes) noexcept {
    // The lowest byte of each of four numbers, in its place among four bytes.
    constexpr lanes<unsigned long long, 4> places{0x8080'8080'8080'0800, 0x8080'8080'8080'8080,
                                                  0x8080'8080'0800'8080, 0x8080'8080'8080'8080};
    const longs_avx2 one = longs_avx2{} + 1, zero = longs_avx2{} + r.zero;
    const longs_avx2 low = longs_avx2{} + r.low, high = longs_avx2{} + r.high;
    const std::size_t whole = count - count % 4;
    for (std::size_t i = 0; i < whole; i += 4) {
        longs_avx2 product;
        asm("vpmuldq {%2, %1, %0|%0, %1, %2}"
            : "=x"(product)
            : "x"(wide_avx2(sums + i)), "x"(wide_avx2(r.multipliers.data() + first + i)));
        const longs_avx2 right = wide_avx2(r.right_shifts.data() + first + i);
        longs_avx2 q = ((product + (one << (right - 1))) >> right) + zero;
        q = q < low ? low : q;
        q = q > high ? high : q;
        const auto placed = reinterpret_cast<longs_avx2>(
            __builtin_ia32_pshufb256(reinterpret_cast<bytes_avx2>(q), reinterpret_cast<bytes_avx2>(places)));
        const auto four =
            __builtin_shufflevector(placed, placed, 0, 1) | __builtin_shufflevector(placed, placed, 2, 3);
        std::memcpy(bytes + i, &four, 4);
    }
    rescale_scalar(r, first + whole, count - whole, sums + whole, bytes + whole);
}

} // namespace tenon::detail

#undef TENON_TARGET

#endif
