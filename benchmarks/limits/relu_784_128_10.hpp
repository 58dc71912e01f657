#pragma once

// One sample through 784→128 relu→10 in float. The first layer's 401 KB lie in L2 and each is used once: the
// program is a stream over them, in the order in which they lie, with arithmetic that keeps up.

#include <cstddef>

#include "support/bundle.hpp"
#include "support/simd.hpp"

namespace tenon_benchmark::limits {

/// The parameters; a row of weights belongs to one input. The ten outputs are padded to sixteen with zeros, which
/// makes a row of the second layer one cache line.
struct relu_784_128_10 {
    static constexpr std::size_t inputs = 784, hidden = 128, outputs = 10, padded = 16;
    alignas(64) float hidden_weights[inputs][hidden];
    alignas(64) float hidden_bias[hidden];
    alignas(64) float output_weights[hidden][padded];
    alignas(64) float output_bias[padded];
};

namespace detail {

/// Eight vectors of hidden units: eight chains cover the latency of the multiply-add, and one broadcast input serves
/// eight of them.
inline void hidden_units(const relu_784_128_10& net, const float* x, std::size_t at, float* hidden) {
    auto sums = load_bundle<floats, 8>(net.hidden_bias + at);
    for (std::size_t i = 0; i < net.inputs; ++i) {
        sums = multiply_add(splat(x[i]), load_bundle<floats, 8>(net.hidden_weights[i] + at), sums);
    }
    store(hidden + at, relu(sums));
}

} // namespace detail

/// The ten outputs for one row; `out` has room for sixteen.
inline void predict(const relu_784_128_10& net, const float* x, float* out) {
    alignas(64) float hidden[relu_784_128_10::hidden];
    for (std::size_t at = 0; at < net.hidden; at += 8 * float_lanes) detail::hidden_units(net, x, at, hidden);

    for (std::size_t c = 0; c < net.padded; c += float_lanes) {
        floats a = load<floats>(net.output_bias + c), b = {}, d = {}, e = {};
        for (std::size_t i = 0; i < net.hidden; i += 4) {
            a = splat(hidden[i]) * load<floats>(net.output_weights[i] + c) + a;
            b = splat(hidden[i + 1]) * load<floats>(net.output_weights[i + 1] + c) + b;
            d = splat(hidden[i + 2]) * load<floats>(net.output_weights[i + 2] + c) + d;
            e = splat(hidden[i + 3]) * load<floats>(net.output_weights[i + 3] + c) + e;
        }
        store(out + c, (a + b) + (d + e));
    }
}

} // namespace tenon_benchmark::limits
