#pragma once

// The networks of the one-sample rows: weights and inputs from a fixed stream of numbers none of which is zero (a
// kernel that skips zeros would win by what real data rarely have), plain double-precision answers to compare with,
// and the int8 network that belongs to the float one.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "limits/int8_784_128_10.hpp"
#include "limits/relu_2_64_1.hpp"
#include "limits/relu_784_128_10.hpp"
#include "limits/tanh_16_32_32_1.hpp"
#include "support/numbers.hpp"

namespace tenon_benchmark {

using limits::int8_784_128_10;
using limits::relu_2_64_1;
using limits::relu_784_128_10;
using limits::tanh_16_32_32_1;

/// Weights as of He and Glorot, uniform; biases of the same size.
inline void fill(relu_2_64_1& net, numbers& from) {
    for (auto& row : net.hidden_weights) from.fill(row, 1.7F);
    from.fill(net.hidden_bias, 0.5F);
    from.fill(net.output_weights, 0.3F);
    net.output_bias = from.next(0.3F);
}

inline void fill(tanh_16_32_32_1& net, numbers& from) {
    for (auto& row : net.first_weights) from.fill(row, 0.35F);
    for (auto& row : net.second_weights) from.fill(row, 0.3F);
    from.fill(net.first_bias, 0.3F), from.fill(net.second_bias, 0.3F);
    from.fill(net.output_weights, 0.4F);
    net.output_bias = from.next(0.3F);
}

inline void fill(relu_784_128_10& net, numbers& from) {
    for (auto& row : net.hidden_weights) from.fill(row, 0.0875F);
    from.fill(net.hidden_bias, 0.1F);
    for (auto& row : net.output_weights) {
        for (std::size_t k = 0; k < net.outputs; ++k) row[k] = from.next(0.2F);
    }
    for (std::size_t k = 0; k < net.outputs; ++k) net.output_bias[k] = from.next(0.1F);
}

/// bias + x·W of one unit, W a matrix of any pitch with a row for each input.
template <std::size_t Inputs, std::size_t Units, class Numbers>
inline double weighted_sum(const float (&weights)[Inputs][Units], float bias, const Numbers& x,
                           std::size_t unit) {
    double sum = static_cast<double>(bias);
    for (std::size_t i = 0; i < Inputs; ++i)
        sum += static_cast<double>(x[i]) * static_cast<double>(weights[i][unit]);
    return sum;
}

/// What each network should answer.
inline std::vector<double> exact(const relu_2_64_1& net, const float* x) {
    double answer = static_cast<double>(net.output_bias);
    for (std::size_t j = 0; j < net.hidden; ++j) {
        const double h = weighted_sum(net.hidden_weights, net.hidden_bias[j], x, j);
        answer += std::max(h, 0.0) * static_cast<double>(net.output_weights[j]);
    }
    return {answer};
}

inline std::vector<double> exact(const tanh_16_32_32_1& net, const float* x) {
    double first[tanh_16_32_32_1::hidden], answer = static_cast<double>(net.output_bias);
    for (std::size_t j = 0; j < net.hidden; ++j) {
        first[j] = std::tanh(weighted_sum(net.first_weights, net.first_bias[j], x, j));
    }
    for (std::size_t j = 0; j < net.hidden; ++j) {
        const double h = std::tanh(weighted_sum(net.second_weights, net.second_bias[j], first, j));
        answer += h * static_cast<double>(net.output_weights[j]);
    }
    return {answer};
}

inline std::vector<double> exact(const relu_784_128_10& net, const float* x) {
    double hidden[relu_784_128_10::hidden];
    for (std::size_t j = 0; j < net.hidden; ++j) {
        hidden[j] = std::max(0.0, weighted_sum(net.hidden_weights, net.hidden_bias[j], x, j));
    }
    std::vector<double> answer;
    for (std::size_t k = 0; k < net.outputs; ++k) {
        answer.push_back(weighted_sum(net.output_weights, net.output_bias[k], hidden, k));
    }
    return answer;
}

namespace detail {

/// Largest magnitude of a column of weights over 127.
template <std::size_t Inputs, std::size_t Units>
double weight_scale(const float (&weights)[Inputs][Units], std::size_t unit) {
    float largest = 0.0F;
    for (std::size_t i = 0; i < Inputs; ++i) largest = std::max(largest, std::abs(weights[i][unit]));
    return static_cast<double>(largest) / 127.0;
}

/// One column of weights into the blocked layout, and its bias with the zero point of the inputs folded in.
template <std::size_t Inputs, std::size_t Units>
std::int32_t quantize_unit(const float (&weights)[Inputs][Units], float bias, double input_scale,
                           std::int32_t input_zero, std::size_t unit, std::int8_t (*to)[Units][4]) {
    const double scale = weight_scale(weights, unit);
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < Inputs; ++i) {
        const auto q =
            static_cast<std::int8_t>(std::nearbyint(static_cast<double>(weights[i][unit]) / scale));
        to[i / 4][unit][i % 4] = q != 0 ? q : std::int8_t{1};
        sum += to[i / 4][unit][i % 4];
    }
    const double quantized_bias = std::nearbyint(static_cast<double>(bias) / (input_scale * scale));
    return static_cast<std::int32_t>(quantized_bias) - input_zero * sum;
}

} // namespace detail

/// The int8 network of a float one: a scale for each unit's weights, ranges of activations as seen on some rows.
inline void quantize(const relu_784_128_10& net, const float* x, std::size_t rows, int8_784_128_10& to) {
    float low = 0.0F, high = 0.0F, largest = 0.0F;
    for (std::size_t r = 0; r < rows; ++r, x += net.inputs) {
        for (std::size_t i = 0; i < net.inputs; ++i) low = std::min(low, x[i]), high = std::max(high, x[i]);
        for (std::size_t j = 0; j < net.hidden; ++j) {
            const double h = weighted_sum(net.hidden_weights, net.hidden_bias[j], x, j);
            largest = std::max(largest, static_cast<float>(h));
        }
    }
    to.input_scale = static_cast<double>(high - low) / 255.0;
    to.input_zero = static_cast<std::int32_t>(std::nearbyint(static_cast<double>(-low) / to.input_scale));
    const double hidden_scale = static_cast<double>(largest) / 255.0;
    to.hidden_zero = 0;
    for (std::size_t j = 0; j < net.hidden; ++j) {
        to.hidden_bias[j] = detail::quantize_unit(net.hidden_weights, net.hidden_bias[j], to.input_scale,
                                                  to.input_zero, j, to.hidden_weights);
        const double scale = to.input_scale * detail::weight_scale(net.hidden_weights, j) / hidden_scale;
        int exponent = 0;
        to.multiplier[j] = std::llround(std::frexp(scale, &exponent) * 2147483648.0);
        if (to.multiplier[j] == std::int64_t{1} << 31) to.multiplier[j] /= 2, ++exponent;
        to.shift[j] = 31 - exponent;
    }
    for (std::size_t k = 0; k < net.outputs; ++k) {
        to.output_bias[k] = detail::quantize_unit(net.output_weights, net.output_bias[k], hidden_scale,
                                                  to.hidden_zero, k, to.output_weights);
        to.output_scale[k] = hidden_scale * detail::weight_scale(net.output_weights, k);
    }
}

} // namespace tenon_benchmark
