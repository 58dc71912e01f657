#pragma once

// An int8 network as C++ for the generated header: the same integers, and so the same bits, as the library's kernels.

#include <cstddef>
#include <span>
#include <string>
#include <tenon/format/cpp_text.hpp>
#include <vector>

namespace tenon::inline v0 {

template <class Act, class Kind, class Score, std::size_t W, std::size_t... Hidden>
class int8_network;

namespace detail {

/// Real inputs as bytes: quantize_value for each.
inline std::string int8_inputs_source(std::span<const double> scales, std::size_t padded) {
    const std::string n = std::to_string(scales.size());
    return "// Real inputs become bytes: round_half_even(x / scale) + zero, saturated; NaN becomes a real "
           "zero.\n"
           "static constexpr double scales[" +
           n + "] = " + cpp_list(scales, "    ") + ";\nstd::uint8_t bytes_0[" + std::to_string(padded) +
           "] = {};\n"
           "for (int i = 0; i < in; ++i) {\n"
           "    double v = x[i] / scales[i];\n"
           "    v = v == v ? v : 0;\n"
           "    v = v > -1073741824.0 ? v : -1073741824.0;\n"
           "    v = v < 1073741824.0 ? v : 1073741824.0;\n"
           "    std::int64_t q = static_cast<std::int64_t>(v);\n"
           "    const double rest = v - static_cast<double>(q);\n"
           "    const bool is_odd = q % 2 != 0;\n"
           "    if (rest > 0.5 || (rest == 0.5 && is_odd))\n"
           "        ++q;\n"
           "    else if (rest < -0.5 || (rest == -0.5 && is_odd))\n"
           "        --q;\n"
           "    q += input_zeros[i];\n"
           "    bytes_0[i] = static_cast<std::uint8_t>(q < 0 ? 0 : q > 255 ? 255 : q);\n"
           "}\n";
}

/// sums = biases + Σ bytes · weights; the weights lie as int8_shape says, the sums are modulo 2^32.
template <class Shape>
std::string int8_sums_source(const std::string& layer, const Shape& shape, std::size_t first_weight,
                             std::size_t first_output) {
    const std::string outputs = std::to_string(shape.padded_outputs()), depth = std::to_string(shape.depth()),
                      blocks = std::to_string(shape.padded_inputs() / shape.depth());
    return "std::uint32_t sums_" + layer + "[" + outputs + "];\nfor (int o = 0; o < " + outputs +
           "; ++o) sums_" + layer + "[o] = static_cast<std::uint32_t>(biases[" +
           std::to_string(first_output) + " + o]);\nfor (int b = 0; b < " + blocks +
           "; ++b)\n    for (int o = 0; o < " + outputs + "; ++o)\n        for (int k = 0; k < " + depth +
           "; ++k)\n            sums_" + layer + "[o] += static_cast<std::uint32_t>(bytes_" + layer +
           "[b * " + depth + " + k] * weights[" + std::to_string(first_weight) + " + (b * " + outputs +
           " + o) * " + depth + " + k]);\n";
}

/// The sums of a hidden layer as the bytes of the next: ⌊sum · factor + ½⌋ + zero, clamped, and looked up.
template <class Layer>
std::string int8_bytes_source(std::size_t l, const Layer& layer, std::size_t room, std::size_t first_output) {
    const std::string here = std::to_string(l), next = std::to_string(l + 1),
                      low = std::to_string(layer.rescaling.low),
                      place = "[" + std::to_string(first_output) + " + o]";
    const std::string byte = "y < " + low + " ? " + low + " : y > 255 ? 255 : y";
    return "std::uint8_t bytes_" + next + "[" + std::to_string(room) + "] = {};\nfor (int o = 0; o < " +
           std::to_string(layer.shape.outputs) +
           "; ++o) {\n"
           "    const std::int64_t sum = static_cast<std::int32_t>(sums_" +
           here +
           "[o]);\n"
           "    const int shift = right_shifts" +
           place +
           ";\n"
           "    std::int64_t y = (sum * multipliers" +
           place +
           " + (std::int64_t{1} << (shift - 1))) >> shift;\n"
           "    y += " +
           std::to_string(layer.rescaling.zero) + ";\n" +
           (layer.table.empty()
                ? "    bytes_" + next + "[o] = static_cast<std::uint8_t>(" + byte + ");\n"
                : "    bytes_" + next + "[o] = tables[" + std::to_string(256 * l) + " + (" + byte + ")];\n") +
           "}\n";
}

} // namespace detail

/// From x (the features, in double) to z (the scores): int32 sums, one rounding rule, no library.
template <class Act, class Kind, class Score, std::size_t W, std::size_t... Hidden>
std::string source_of(const int8_network<Act, Kind, Score, W, Hidden...>& network) {
    const auto inputs = network.input_bytes();
    std::vector<double> scales;
    for (std::size_t i = 0; i < network.inputs(); ++i) scales.push_back(inputs.scale_of(i));
    std::string text = detail::int8_inputs_source(scales, network.layer(0).shape.padded_inputs());
    std::size_t weight = 0, output = 0;
    for (std::size_t l = 0; l < network.layers; ++l) {
        const auto layer = network.layer(l);
        text += detail::int8_sums_source(std::to_string(l), layer.shape, weight, output);
        if (l + 1 < network.layers)
            text += detail::int8_bytes_source(l, layer, network.layer(l + 1).shape.padded_inputs(), output);
        weight += layer.shape.weights();
        output += layer.shape.padded_outputs();
    }
    const std::string last = "sums_" + std::to_string(network.layers - 1);
    return text +
           "for (int o = 0; o < out; ++o)\n    z[o] = static_cast<score>(output_offsets[o] + "
           "output_scales[o] * static_cast<std::int32_t>(" +
           last + "[o]));";
}

} // namespace tenon::inline v0
