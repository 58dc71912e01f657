#pragma once

// One sample through 2→64 relu→1 in float, as fast as it can be written: the whole hidden layer stays in
// registers, and each of its vectors is weighted for the output as soon as it exists.

#include <cstddef>

#include "support/simd.hpp"

namespace tenon_benchmark::limits {

/// The parameters; a row of hidden_weights belongs to one input, so that a vector holds many hidden units and no
/// sum runs across its lanes before the very end.
struct relu_2_64_1 {
    static constexpr std::size_t inputs = 2, hidden = 64;
    alignas(64) float hidden_weights[inputs][hidden];
    alignas(64) float hidden_bias[hidden];
    alignas(64) float output_weights[hidden];
    float output_bias;
};

/// The network's answer to one row of two numbers.
inline float predict(const relu_2_64_1& net, const float* x) {
    const floats x0 = splat(x[0]), x1 = splat(x[1]);
    const auto weighted = [&](std::size_t at) {
        const floats bias = load<floats>(net.hidden_bias + at);
        const floats first = x0 * load<floats>(net.hidden_weights[0] + at) + bias;
        return relu(x1 * load<floats>(net.hidden_weights[1] + at) + first);
    };
    // Two chains: with one, each multiply-add of the output would wait for the one before.
    floats even = {}, odd = {};
    for (std::size_t at = 0; at < net.hidden; at += 2 * float_lanes) {
        even = weighted(at) * load<floats>(net.output_weights + at) + even;
        odd = weighted(at + float_lanes) * load<floats>(net.output_weights + at + float_lanes) + odd;
    }
    return sum(even + odd) + net.output_bias;
}

} // namespace tenon_benchmark::limits
