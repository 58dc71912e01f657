#pragma once

// An int8 network as C++ for the generated header: the same integers, and so the same bits, as the library's kernels.

#include <cstddef>
#include <span>
#include <string>
#include <tenon/core/text.hpp>
#include <tenon/format/cpp_text.hpp>
#include <vector>

namespace tenon::inline v0 {

template <class Act, class Kind, class Score, std::size_t W, std::size_t... Hidden>
class int8_network;

namespace detail {

/// Real inputs as bytes: quantize_value for each.
inline std::string int8_inputs_source(std::span<const double> scales, std::size_t padded) {
    constexpr std::string_view pattern =
        R"(// Real inputs become bytes: round_half_even(x / scale) + zero, saturated; NaN becomes a real zero.
static constexpr double scales[$inputs] = $scales;
std::uint8_t bytes_0[$padded] = {};
for (int i = 0; i < in; ++i) {
    double v = x[i] / scales[i];
    v = v == v ? v : 0;
    v = v > -1073741824.0 ? v : -1073741824.0;
    v = v < 1073741824.0 ? v : 1073741824.0;
    std::int64_t q = static_cast<std::int64_t>(v);
    const double rest = v - static_cast<double>(q);
    const bool is_odd = q % 2 != 0;
    if (rest > 0.5 || (rest == 0.5 && is_odd))
        ++q;
    else if (rest < -0.5 || (rest == -0.5 && is_odd))
        --q;
    q += input_zeros[i];
    bytes_0[i] = static_cast<std::uint8_t>(q < 0 ? 0 : q > 255 ? 255 : q);
}
)";
    return cpp_filled(pattern,
                      {{"inputs", scales.size()}, {"padded", padded}, {"scales", cpp_list(scales, "    ")}});
}

/// sums = biases + Σ bytes · weights, modulo 2^32; the weights lie as int8_shape says.
template <class Shape>
std::string int8_sums_source(std::size_t l, const Shape& shape, std::size_t first_weight,
                             std::size_t first_output) {
    constexpr std::string_view pattern = R"(std::uint32_t sums_$l[$outputs];
for (int o = 0; o < $outputs; ++o) sums_$l[o] = static_cast<std::uint32_t>(biases[$first_output + o]);
for (int b = 0; b < $blocks; ++b)
    for (int o = 0; o < $outputs; ++o)
        for (int k = 0; k < $depth; ++k)
            sums_$l[o] += static_cast<std::uint32_t>(
                bytes_$l[b * $depth + k] * weights[$first_weight + (b * $outputs + o) * $depth + k]);
)";
    return cpp_filled(pattern, {{"l", l},
                                {"outputs", shape.padded_outputs()},
                                {"depth", shape.depth()},
                                {"blocks", shape.padded_inputs() / shape.depth()},
                                {"first_weight", first_weight},
                                {"first_output", first_output}});
}

/// The sums of a hidden layer as the bytes of the next: floor(sum · factor + 1/2) + zero, clamped, and looked up.
template <class Layer>
std::string int8_bytes_source(std::size_t l, const Layer& layer, std::size_t room, std::size_t first_output) {
    constexpr std::string_view pattern = R"(std::uint8_t bytes_$next[$room] = {};
for (int o = 0; o < $outputs; ++o) {
    const std::int64_t product =
        std::int64_t{static_cast<std::int32_t>(sums_$l[o])} * multipliers[$first_output + o];
    const int shift = right_shifts[$first_output + o];
    const std::int64_t y = ((product + (std::int64_t{1} << (shift - 1))) >> shift) + $zero;
    const std::int64_t byte = y < $low ? $low : y > $high ? $high : y;
    bytes_$next[o] = $result;
}
)";
    const std::string result =
        layer.table.empty() ? "static_cast<std::uint8_t>(byte)" : concat({"tables[", 256 * l, " + byte]"});
    return cpp_filled(pattern, {{"l", l},
                                {"next", l + 1},
                                {"room", room},
                                {"outputs", layer.shape.outputs},
                                {"first_output", first_output},
                                {"zero", layer.rescaling.zero},
                                {"low", layer.rescaling.low},
                                {"high", layer.rescaling.high},
                                {"result", result}});
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
        text += detail::int8_sums_source(l, layer.shape, weight, output);
        if (l + 1 < network.layers)
            text += detail::int8_bytes_source(l, layer, network.layer(l + 1).shape.padded_inputs(), output);
        weight += layer.shape.weights();
        output += layer.shape.padded_outputs();
    }
    // A scale has 22 significant bits, so that its product with a sum is exact.
    return text +
           cpp_filled(
               "for (int o = 0; o < out; ++o)\n"
               "    z[o] = static_cast<score>(output_offsets[o] +\n"
               "                              output_scales[o] * static_cast<std::int32_t>(sums_$last[o]));",
               {{"last", network.layers - 1}});
}

} // namespace tenon::inline v0
