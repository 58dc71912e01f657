#pragma once

// Trains the 2→64 relu→1 network with Adam on the mean squared error: sizes known when compiling, the activations
// of one batch the only thing that passes through memory between forward and backward, weights and gradients in
// registers meanwhile, and the optimizer's update one pass over parameters, gradients and both moments.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "limits/relu_2_64_1.hpp"
#include "support/bundle.hpp"
#include "support/simd.hpp"

namespace tenon_benchmark::limits {

/// How to train; Adam's formula and defaults are PyTorch's.
struct adam_training {
    static constexpr std::size_t samples = 100, batch = 32;
    std::size_t epochs = 100;
    float rate = 1e-3F, beta1 = 0.9F, beta2 = 0.999F, epsilon = 1e-8F;
    std::uint64_t seed = 7;
};

namespace detail {

/// Parameters, a gradient or moments of it as one run of numbers, padded to whole vectors: first layer, its bias,
/// second layer, its bias.
struct parameter_vector {
    static constexpr std::size_t hidden = relu_2_64_1::hidden, size = 4 * hidden + 16;
    alignas(64) float values[size];

    float* first(std::size_t input) { return values + input * hidden; }
    float* bias() { return values + 2 * hidden; }
    float* second() { return values + 3 * hidden; }
    static_assert(offsetof(relu_2_64_1, output_bias) == 4 * hidden * sizeof(float),
                  "copied as one run of numbers");

    float& second_bias() { return values[4 * hidden]; }
};

/// The samples of one batch, gathered in the shuffled order, and what the forward pass leaves.
struct batch_state {
    std::size_t size;
    float x0[adam_training::batch], x1[adam_training::batch], y[adam_training::batch];
    float slope[adam_training::batch]; ///< derivative of the loss by the network's output
    alignas(64) float partial[adam_training::batch][float_lanes];
    alignas(64) float hidden[adam_training::batch][relu_2_64_1::hidden];
};

using panel = bundle<floats, 4>;
inline constexpr std::size_t panel_units = 4 * float_lanes;

/// Four vectors of hidden units over all samples; leaves each sample's share in the output as a vector.
inline void forward(parameter_vector& p, batch_state& b, std::size_t at) {
    const auto w0 = load_bundle<floats, 4>(p.first(0) + at), w1 = load_bundle<floats, 4>(p.first(1) + at);
    const auto bias = load_bundle<floats, 4>(p.bias() + at), v = load_bundle<floats, 4>(p.second() + at);
    for (std::size_t s = 0; s < b.size; ++s) {
        const auto h = relu(multiply_add(splat(b.x1[s]), w1, multiply_add(splat(b.x0[s]), w0, bias)));
        store(b.hidden[s] + at, h);
        const floats before = at == 0 ? floats{} : load<floats>(b.partial[s]);
        store(b.partial[s], dot(h, v, before));
    }
}

/// The outputs from their partial sums, the slopes of the loss; returns the batch's sum of squared errors.
inline float compare(batch_state& b, float output_bias) {
    float squares = 0.0F;
    const float factor = 2.0F / static_cast<float>(b.size);
    for (std::size_t s = 0; s < b.size; ++s) {
        const float miss = sum(load<floats>(b.partial[s])) + output_bias - b.y[s];
        b.slope[s] = factor * miss;
        squares += miss * miss;
    }
    return squares;
}

/// The gradient of the same units.
inline void backward(parameter_vector& p, const batch_state& b, std::size_t at, parameter_vector& gradient) {
    const auto v = load_bundle<floats, 4>(p.second() + at);
    panel w0 = {}, w1 = {}, bias = {}, second = {};
    for (std::size_t s = 0; s < b.size; ++s) {
        const floats e = splat(b.slope[s]);
        const auto h = load_bundle<floats, 4>(b.hidden[s] + at);
        const auto d =
            map([e](floats unit, floats weight) { return unit > 0.0F ? e * weight : floats{}; }, h, v);
        second = multiply_add(e, h, second);
        bias = bias + d;
        w0 = multiply_add(splat(b.x0[s]), d, w0);
        w1 = multiply_add(splat(b.x1[s]), d, w1);
    }
    store(gradient.first(0) + at, w0), store(gradient.first(1) + at, w1);
    store(gradient.bias() + at, bias), store(gradient.second() + at, second);
}

/// Adam's state: the moments and the powers of the betas, advanced once a step.
struct adam_state {
    parameter_vector mean{}, square{};
    double power1 = 1.0, power2 = 1.0;

    void step(const adam_training& how, parameter_vector& p, const parameter_vector& gradient) {
        power1 *= static_cast<double>(how.beta1), power2 *= static_cast<double>(how.beta2);
        const floats rate = splat(static_cast<float>(static_cast<double>(how.rate) / (1.0 - power1)));
        const floats correction = splat(static_cast<float>(1.0 / std::sqrt(1.0 - power2)));
        for (std::size_t i = 0; i < parameter_vector::size; i += float_lanes) {
            const floats g = load<floats>(gradient.values + i);
            const floats m0 = load<floats>(mean.values + i), s0 = load<floats>(square.values + i);
            const floats m = (1.0F - how.beta1) * (g - m0) + m0;
            const floats s = (1.0F - how.beta2) * (g * g) + how.beta2 * s0;
            store(mean.values + i, m), store(square.values + i, s);
            const floats update = m / (square_root(s) * correction + how.epsilon);
            store(p.values + i, load<floats>(p.values + i) - rate * update);
        }
    }
};

/// An order of the samples, shuffled anew for each epoch by Fisher and Yates.
class shuffled_order {
public:
    explicit shuffled_order(std::uint64_t seed) : state_(seed) {
        for (std::uint32_t i = 0; i < adam_training::samples; ++i) order_[i] = i;
    }
    void shuffle() {
        for (std::uint32_t left = adam_training::samples; left > 1; --left) {
            std::swap(order_[left - 1], order_[below(left)]);
        }
    }
    std::uint32_t operator[](std::size_t i) const { return order_[i]; }

private:
    /// A hashed counter (splitmix64): the draws do not wait for each other.
    std::uint32_t below(std::uint32_t bound) {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = (state_ ^ (state_ >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return static_cast<std::uint32_t>(((z >> 32) * bound) >> 32);
    }

    std::uint64_t state_;
    std::uint32_t order_[adam_training::samples];
};

} // namespace detail

/// Trains in place on 100 rows of two numbers; returns the mean squared error over the last epoch.
inline float train(relu_2_64_1& net, const float* x, const float* y, const adam_training& how = {}) {
    detail::parameter_vector parameters{}, gradient{};
    std::memcpy(parameters.values, &net, sizeof(float) * (4 * net.hidden + 1));
    detail::adam_state adam;
    detail::shuffled_order order(how.seed);
    detail::batch_state b;
    float squares = 0.0F;
    for (std::size_t epoch = 0; epoch < how.epochs; ++epoch) {
        order.shuffle();
        squares = 0.0F;
        for (std::size_t start = 0; start < how.samples; start += how.batch) {
            b.size = how.samples - start < how.batch ? how.samples - start : how.batch;
            float slopes = 0.0F;
            for (std::size_t s = 0; s < b.size; ++s) {
                const std::size_t row = order[start + s];
                b.x0[s] = x[2 * row], b.x1[s] = x[2 * row + 1], b.y[s] = y[row];
            }
            for (std::size_t at = 0; at < net.hidden; at += detail::panel_units)
                detail::forward(parameters, b, at);
            squares += detail::compare(b, parameters.second_bias());
            for (std::size_t at = 0; at < net.hidden; at += detail::panel_units)
                detail::backward(parameters, b, at, gradient);
            for (std::size_t s = 0; s < b.size; ++s) slopes += b.slope[s];
            gradient.second_bias() = slopes;
            adam.step(how, parameters, gradient);
        }
    }
    std::memcpy(&net, parameters.values, sizeof(float) * (4 * net.hidden + 1));
    return squares / static_cast<float>(how.samples);
}

} // namespace tenon_benchmark::limits
