#pragma once

// The widest vectors of the machine this is compiled for, as compiler vector extensions: a + b, a * b + c and
// a[i] work on them in g++ and clang alike, and both compilers contract a * b + c into one fused multiply-add.
// Only what the extensions lack (max, reductions in a good order) is written with intrinsics. Benchmarks are
// built with -march=native as a whole, so the preprocessor may choose here.

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tenon_benchmark {

#if defined(__AVX512F__)
inline constexpr std::size_t vector_bytes = 64;
#elif defined(__AVX__)
inline constexpr std::size_t vector_bytes = 32;
#else
inline constexpr std::size_t vector_bytes = 16;
#endif

typedef float floats __attribute__((vector_size(vector_bytes)));
typedef double doubles __attribute__((vector_size(vector_bytes)));
typedef std::int32_t ints __attribute__((vector_size(vector_bytes)));

inline constexpr std::size_t float_lanes = vector_bytes / sizeof(float);
inline constexpr std::size_t double_lanes = vector_bytes / sizeof(double);

/// An unaligned load: a move with an unaligned address costs nothing where the address happens to be aligned.
template <class Vector>
inline Vector load(const void* from) {
    Vector v;
    std::memcpy(&v, from, sizeof v);
    return v;
}

template <class Vector>
inline void store(void* to, Vector v) {
    std::memcpy(to, &v, sizeof v);
}

/// A store to an address on a vector boundary that bypasses the caches where the machine can.
inline void stream(void* to, doubles v) {
#if defined(__AVX512F__)
    _mm512_stream_pd(static_cast<double*>(to), reinterpret_cast<__m512d>(v));
#elif defined(__AVX__)
    _mm256_stream_pd(static_cast<double*>(to), reinterpret_cast<__m256d>(v));
#else
    store(to, v);
#endif
}

/// Orders streamed stores before whatever follows.
inline void stream_done() {
#if defined(__x86_64__)
    _mm_sfence();
#endif
}

inline floats splat(float x) {
    return x - floats{};
}
inline doubles splat(double x) {
    return x - doubles{};
}

/// The value stays in its register, and the compiler no longer knows what it is.
template <class Vector>
inline void opaque(Vector& v) {
#if defined(__x86_64__)
    asm volatile("" : "+v"(v));
#else
    asm volatile("" : "+w"(v));
#endif
}

/// max(x, limit) and min(x, limit) that keep a NaN in x: the machine's instructions return their second operand
/// where one of the two is NaN.
inline floats at_least(floats limit, floats x) {
#if defined(__AVX512F__)
    return reinterpret_cast<floats>(
        _mm512_max_ps(reinterpret_cast<__m512>(limit), reinterpret_cast<__m512>(x)));
#elif defined(__AVX__)
    return reinterpret_cast<floats>(
        _mm256_max_ps(reinterpret_cast<__m256>(limit), reinterpret_cast<__m256>(x)));
#else
    return (limit > x) ? limit : x;
#endif
}

inline floats at_most(floats limit, floats x) {
#if defined(__AVX512F__)
    return reinterpret_cast<floats>(
        _mm512_min_ps(reinterpret_cast<__m512>(limit), reinterpret_cast<__m512>(x)));
#elif defined(__AVX__)
    return reinterpret_cast<floats>(
        _mm256_min_ps(reinterpret_cast<__m256>(limit), reinterpret_cast<__m256>(x)));
#else
    return (limit < x) ? limit : x;
#endif
}

inline floats relu(floats x) {
    return at_least(floats{}, x);
}

inline floats square_root(floats x) {
#if defined(__AVX512F__)
    return reinterpret_cast<floats>(_mm512_sqrt_ps(reinterpret_cast<__m512>(x)));
#elif defined(__AVX__)
    return reinterpret_cast<floats>(_mm256_sqrt_ps(reinterpret_cast<__m256>(x)));
#else
    for (std::size_t i = 0; i < float_lanes; ++i) x[i] = __builtin_sqrtf(x[i]);
    return x;
#endif
}

/// Sum of the lanes by halves: log2(lanes) additions deep, while a loop over the lanes would be a chain.
inline float sum(floats x) {
#if defined(__AVX512F__)
    const __m512d all = reinterpret_cast<__m512d>(x);
    const __m256 eight = _mm256_add_ps(_mm256_castpd_ps(_mm512_castpd512_pd256(all)),
                                       _mm256_castpd_ps(_mm512_extractf64x4_pd(all, 1)));
#elif defined(__AVX__)
    const __m256 eight = reinterpret_cast<__m256>(x);
#endif
#if defined(__AVX__)
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    four = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
#else
    return (x[0] + x[2]) + (x[1] + x[3]);
#endif
}

} // namespace tenon_benchmark
