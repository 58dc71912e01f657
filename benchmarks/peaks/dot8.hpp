#pragma once

// What the byte dot product gives (vpdpbusd where there is one, else the fastest substitute that does not
// saturate) on operands in registers.

#include <cstddef>

#include "support/dot4.hpp"
#include "support/interleaved.hpp"

namespace tenon_benchmark::peaks {

/// One call does operations() multiplications and additions of bytes.
class dot_chains {
public:
    static constexpr std::size_t steps = 2000;
    static constexpr double operations() { return 2.0 * 12.0 * static_cast<double>(steps * vector_bytes); }

    void operator()() {
        const ints a = activations_;
        ints w = weights_;
        ints s0 = w, s1 = w, s2 = w, s3 = w, s4 = w, s5 = w, s6 = w, s7 = w, s8 = w, s9 = w, s10 = w, s11 = w;
        for (std::size_t i = 0; i < steps; ++i) {
            opaque(w);
            s0 = dot4(s0, a, w), s1 = dot4(s1, a, w), s2 = dot4(s2, a, w), s3 = dot4(s3, a, w);
            s4 = dot4(s4, a, w), s5 = dot4(s5, a, w), s6 = dot4(s6, a, w), s7 = dot4(s7, a, w);
            s8 = dot4(s8, a, w), s9 = dot4(s9, a, w), s10 = dot4(s10, a, w), s11 = dot4(s11, a, w);
            opaque(s0), opaque(s1), opaque(s2), opaque(s3), opaque(s4), opaque(s5);
            opaque(s6), opaque(s7), opaque(s8), opaque(s9), opaque(s10), opaque(s11);
        }
        ints all = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)) + ((s8 + s9) + (s10 + s11));
        unknown(all);
    }

private:
    ints activations_ = ints{} + 0x01020304, weights_ = ints{} + 0x04030201;
};

/// Operations a nanosecond, which is GOP/s.
inline double dot8_gops() {
    dot_chains chains;
    return chains.operations() / median_ns(chains);
}

} // namespace tenon_benchmark::peaks
