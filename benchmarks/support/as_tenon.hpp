#pragma once

// The networks of the rows as fitted pipelines of tenon, with the same parameters, and tenon's answers in the shape of
// the limits'.

#include <cstddef>
#include <span>
#include <tenon/tenon.hpp>
#include <tuple>
#include <vector>

#include "support/networks.hpp"

namespace tenon_benchmark {

namespace tn = tenon;

/// Float columns in, a network alone: no stage before it.
template <std::size_t Inputs, class Kind>
using pixels = tn::columns<Inputs, Kind, float>;

template <class Network>
std::vector<float> parameters_of(const Network& net);

/// Weights input by input, then biases, layer after layer: the order that both use.
template <std::size_t Inputs, std::size_t Pitch>
void append_layer(std::vector<float>& all, const float (&weights)[Inputs][Pitch], const float* bias,
                  std::size_t units) {
    for (const auto& row : weights) all.insert(all.end(), row, row + units);
    all.insert(all.end(), bias, bias + units);
}
inline void append_output(std::vector<float>& all, std::span<const float> weights, float bias) {
    all.insert(all.end(), weights.begin(), weights.end());
    all.push_back(bias);
}

template <>
inline std::vector<float> parameters_of(const relu_2_64_1& net) {
    std::vector<float> all;
    append_layer(all, net.hidden_weights, net.hidden_bias, net.hidden);
    append_output(all, net.output_weights, net.output_bias);
    return all;
}
template <>
inline std::vector<float> parameters_of(const tanh_16_32_32_1& net) {
    std::vector<float> all;
    append_layer(all, net.first_weights, net.first_bias, net.hidden);
    append_layer(all, net.second_weights, net.second_bias, net.hidden);
    append_output(all, net.output_weights, net.output_bias);
    return all;
}
template <>
inline std::vector<float> parameters_of(const relu_784_128_10& net) {
    std::vector<float> all;
    append_layer(all, net.hidden_weights, net.hidden_bias, net.hidden);
    append_layer(all, net.output_weights, net.output_bias, net.outputs);
    return all;
}

/// The fitted pipeline of a recipe that is a network alone, with a network's parameters.
template <class S, class Recipe, class Network>
auto as_tenon(const Recipe&, const Network& net) {
    using pipe = tn::fitted_t<Recipe, S>;
    typename pipe::model_type model;
    const std::vector<float> all = parameters_of(net);
    std::copy(all.begin(), all.end(), model.parameters().begin());
    tn::training_record record;
    record.schema = S::info();
    return pipe(std::tuple(std::move(model)), std::move(record));
}

/// A recipe that only names the type: nothing is trained here.
template <class Model>
auto trained(const Model& model) {
    return model | tn::minimize(tn::squared_error(), tn::adam(1e-3));
}

} // namespace tenon_benchmark
