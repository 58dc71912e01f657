#pragma once

// Several vectors side by side as one value. g++ takes a struct of members apart into registers, whereas it keeps an
// array of vectors in memory even where every index is known; a bundle is such a struct for any number, and
// kernels written on bundles stay readable and in registers.

#include <cstddef>

#include "support/dot4.hpp"
#include "support/simd.hpp"

namespace tenon_benchmark {

/// N vectors that hold consecutive elements.
template <class Vector, std::size_t N>
struct bundle {
    Vector first;
    bundle<Vector, N - 1> rest;
};

template <class Vector>
struct bundle<Vector, 0> {};

/// f of the first vectors of all bundles, of the second ones, and so on.
template <class Vector, std::size_t N, class Function, class... More>
inline bundle<Vector, N> map(Function f, const bundle<Vector, N>& x, const More&... more) {
    if constexpr (N == 0) {
        return {};
    } else {
        return {f(x.first, more.first...), map(f, x.rest, more.rest...)};
    }
}

template <class Vector, std::size_t N>
inline bundle<Vector, N> load_bundle(const void* from) {
    if constexpr (N == 0) {
        return {};
    } else {
        const auto* p = static_cast<const unsigned char*>(from);
        return {load<Vector>(p), load_bundle<Vector, N - 1>(p + vector_bytes)};
    }
}

template <class Vector, std::size_t N>
inline void store(void* to, const bundle<Vector, N>& x) {
    if constexpr (N > 0) {
        auto* p = static_cast<unsigned char*>(to);
        store(p, x.first);
        store(p + vector_bytes, x.rest);
    }
}

/// The vectors stay in registers: else g++ loads them again as memory operands wherever they are used.
template <class Vector, std::size_t N>
inline void opaque(bundle<Vector, N>& x) {
    if constexpr (N > 0) {
        opaque(x.first);
        opaque(x.rest);
    }
}

/// x·w + sums, a fused multiply-add for each vector.
template <class Vector, std::size_t N>
inline bundle<Vector, N> multiply_add(Vector x, const bundle<Vector, N>& w, const bundle<Vector, N>& sums) {
    return map([x](Vector weight, Vector sum) { return x * weight + sum; }, w, sums);
}

/// start + the products of the vectors, lane by lane: one chain of fused multiply-adds.
template <class Vector, std::size_t N>
inline Vector dot(const bundle<Vector, N>& x, const bundle<Vector, N>& y, Vector start) {
    if constexpr (N == 0) {
        return start;
    } else {
        return dot(x.rest, y.rest, x.first * y.first + start);
    }
}

/// The same four bytes of activations times a bundle of four-byte weights, added to the sums.
template <std::size_t N>
inline bundle<ints, N> dot4(const bundle<ints, N>& sums, ints activations, const bundle<ints, N>& weights) {
    return map([activations](ints sum, ints weight) { return dot4(sum, activations, weight); }, sums,
               weights);
}

template <class Vector, std::size_t N>
inline bundle<Vector, N> operator+(const bundle<Vector, N>& x, const bundle<Vector, N>& y) {
    return map([](Vector a, Vector b) { return a + b; }, x, y);
}

template <std::size_t N>
inline bundle<floats, N> relu(const bundle<floats, N>& x) {
    return map([](floats a) { return relu(a); }, x);
}

} // namespace tenon_benchmark
