#pragma once

// What the fused multiply-add units give when nothing else is in the way: twelve independent chains in
// registers, enough to cover a latency of four or five cycles on two units.

#include <cstddef>
#include <utility>

#include "support/interleaved.hpp"
#include "support/simd.hpp"

namespace tenon_benchmark::peaks {

/// One call does flops() floating-point operations (a multiply-add counts as two).
template <class Vector>
class fma_chains {
public:
    static constexpr std::size_t steps = 2000;
    static constexpr std::size_t lanes = sizeof(Vector) / sizeof(std::declval<Vector>()[0]);
    static constexpr double flops() { return 2.0 * 12.0 * static_cast<double>(steps * lanes); }

    void operator()() {
        // Named variables: g++ keeps an array of accumulators in memory.
        Vector a = factor_, b = term_;
        Vector c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a,
               c11 = a;
        for (std::size_t i = 0; i < steps; ++i) {
            c0 = c0 * a + b, c1 = c1 * a + b, c2 = c2 * a + b, c3 = c3 * a + b;
            c4 = c4 * a + b, c5 = c5 * a + b, c6 = c6 * a + b, c7 = c7 * a + b;
            c8 = c8 * a + b, c9 = c9 * a + b, c10 = c10 * a + b, c11 = c11 * a + b;
            // The chains are alike, and the compiler must not find out.
            opaque(c0), opaque(c1), opaque(c2), opaque(c3), opaque(c4), opaque(c5);
            opaque(c6), opaque(c7), opaque(c8), opaque(c9), opaque(c10), opaque(c11);
        }
        Vector all = ((c0 + c1) + (c2 + c3)) + ((c4 + c5) + (c6 + c7)) + ((c8 + c9) + (c10 + c11));
        unknown(all);
    }

private:
    Vector factor_ = Vector{} + 0.5F, term_ = Vector{} + 0.25F;
};

/// Operations a nanosecond, which is GFLOP/s, of float.
inline double fma_gflops_float() {
    fma_chains<floats> chains;
    return chains.flops() / median_ns(chains);
}

/// The same of double.
inline double fma_gflops_double() {
    fma_chains<doubles> chains;
    return chains.flops() / median_ns(chains);
}

} // namespace tenon_benchmark::peaks
