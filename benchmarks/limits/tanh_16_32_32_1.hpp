#pragma once

// One sample through 16→32 tanh→32 tanh→1 in float. Everything lies in L1; what costs is the latency of sums and
// of tanh, so each layer runs as many independent chains as there are registers for, and tanh is a vector's.

#include <cstddef>

#include "limits/tanh.hpp"
#include "support/bundle.hpp"
#include "support/simd.hpp"

namespace tenon_benchmark::limits {

/// The parameters; a row of weights belongs to one input.
struct tanh_16_32_32_1 {
    static constexpr std::size_t inputs = 16, hidden = 32;
    alignas(64) float first_weights[inputs][hidden];
    alignas(64) float first_bias[hidden];
    alignas(64) float second_weights[hidden][hidden];
    alignas(64) float second_bias[hidden];
    alignas(64) float output_weights[hidden];
    float output_bias;
};

namespace detail {

using pair = bundle<floats, 2>;

/// tanh(W·x + b) of two vectors of units. The inputs are dealt out to four chains: with one, every multiply-add
/// would wait for the one before.
template <std::size_t Inputs>
inline pair tanh_units(const float (*weights)[32], const float* bias, const float* x, std::size_t at) {
    const auto w = [&](std::size_t i) { return load_bundle<floats, 2>(weights[i] + at); };
    pair s0 = load_bundle<floats, 2>(bias + at), s1 = {}, s2 = {}, s3 = {};
    for (std::size_t i = 0; i < Inputs; i += 4) {
        s0 = multiply_add(splat(x[i]), w(i), s0);
        s1 = multiply_add(splat(x[i + 1]), w(i + 1), s1);
        s2 = multiply_add(splat(x[i + 2]), w(i + 2), s2);
        s3 = multiply_add(splat(x[i + 3]), w(i + 3), s3);
    }
    return map([](floats v) { return tanh(v); }, (s0 + s1) + (s2 + s3));
}

} // namespace detail

/// The network's answer to one row of sixteen numbers.
inline float predict(const tanh_16_32_32_1& net, const float* x) {
    alignas(64) float first[tanh_16_32_32_1::hidden];
    for (std::size_t at = 0; at < net.hidden; at += 2 * float_lanes) {
        store(first + at, detail::tanh_units<16>(net.first_weights, net.first_bias, x, at));
    }
    floats even = {}, odd = {};
    for (std::size_t at = 0; at < net.hidden; at += 2 * float_lanes) {
        const auto second = detail::tanh_units<32>(net.second_weights, net.second_bias, first, at);
        even = second.first * load<floats>(net.output_weights + at) + even;
        odd = second.rest.first * load<floats>(net.output_weights + at + float_lanes) + odd;
    }
    return sum(even + odd) + net.output_bias;
}

} // namespace tenon_benchmark::limits
