#pragma once

// A dense network as C++ for the generated header: text that computes z from x, given the network's fields by name.
// The loops keep the order of the library's sums.

#include <string>
#include <tenon/format/cpp_text.hpp>
#include <tenon/model/dense_network.hpp>

namespace tenon::inline v0 {

/// An activation as the body of a function: from `v`, a scalar, to its result. One's own activation is described by a
/// function of this name and shape beside it.
template <class T>
std::string source_of(identity_activation, T) {
    return "return v;";
}
template <class T>
std::string source_of(relu_activation, T) {
    return "return v < scalar{0} ? scalar{0} : v; // NaN stays NaN";
}
/// The body of hyperbolic_tangent<T>, without the library.
template <class T>
std::string source_of(tanh_activation, T) {
    using c = detail::exp_constants<T>;
    const std::string limit = cpp_number(c::tanh_limit);
    const std::string bits = sizeof(T) == 8 ? "std::uint64_t" : "std::uint32_t";
    return "scalar t = v + v;\n"
           "t = t > " +
           limit + " ? " + limit +
           " : t; // NaN passes\n"
           "t = t < -" +
           limit + " ? -" + limit +
           " : t;\n"
           "const scalar to_integer = " +
           cpp_number(c::round_shift) +
           ";\n"
           "const scalar shifted = t * " +
           cpp_number(c::log2_e) +
           " + to_integer;\n"
           "const scalar n = shifted - to_integer;\n"
           "const scalar r = (t - n * " +
           cpp_number(c::ln2_high) + ") - n * " + cpp_number(c::ln2_low) +
           ";\n"
           "scalar p = 1;\n"
           "for (int k = " +
           std::to_string(c::degree) + "; k > 1; --k) p = 1 + p * r * (1 / static_cast<scalar>(k));\n" +
           bits +
           " exponent = 0, zero = 0;\n"
           "std::memcpy(&exponent, &shifted, sizeof exponent);\n"
           "std::memcpy(&zero, &to_integer, sizeof zero);\n"
           "exponent = (exponent - zero + " +
           std::to_string(c::bias) + "u) << " + std::to_string(c::mantissa) +
           ";\n"
           "scalar power = 0;\n"
           "std::memcpy(&power, &exponent, sizeof power);\n"
           "const scalar e = power * (p * r) + (power - 1);\n"
           "return e / (e + 2);";
}

namespace detail {

/// outputs[o] = biases[o] + Σ from[i] · weights[i, o], out of the array `parameters`.
inline std::string dense_layer_source(const std::string& from, const std::string& to, std::size_t inputs,
                                      std::size_t outputs, std::size_t offset) {
    const std::string n = std::to_string(inputs), m = std::to_string(outputs);
    const std::string first = offset == 0 ? "" : std::to_string(offset) + " + ";
    const std::string each = "for (int o = 0; o < " + m + "; ++o) ";
    return "scalar " + to + "[" + m + "];\n" + each + to + "[o] = parameters[" +
           std::to_string(offset + inputs * outputs) + " + o];\n" + "for (int i = 0; i < " + n +
           "; ++i)\n    " + each + to + "[o] += " + from + "[i] * parameters[" + first + "i * " + m +
           " + o];\n";
}

} // namespace detail

/// From x (the features, in the network's scalar) to z (its scores), by the fields `parameters`, `output_shift` and
/// `output_scale`. Hidden layers are on the stack.
template <class Act, class Kind, class T, class Score, std::size_t W, std::size_t... Hidden>
    requires requires(Act act) { source_of(act, T{}); }
std::string source_of(const dense_network<Act, Kind, T, Score, W, Hidden...>& network) {
    std::string text, from = "x";
    if (network.layers > 1)
        text = "const auto activate = [](scalar v) noexcept {\n" +
               cpp_indented(source_of(Act{}, T{}), "    ") + "};\n";
    std::size_t offset = 0;
    for (std::size_t l = 0; l < network.layers; ++l) {
        const dense_layer<T> d = network.layer(l);
        const std::string to = "layer_" + std::to_string(l);
        text += detail::dense_layer_source(from, to, d.inputs, d.outputs, offset);
        if (l + 1 < network.layers)
            text += "for (int o = 0; o < " + std::to_string(d.outputs) + "; ++o) " + to + "[o] = activate(" +
                    to + "[o]);\n";
        offset += d.weights.size() + d.biases.size();
        from = to;
    }
    const bool is_plain = network.output_shift() == 0 && network.output_scale() == 1;
    return text + "for (int o = 0; o < out; ++o)\n    z[o] = " +
           (is_plain ? "static_cast<score>(" + from + "[o]);"
                     : "static_cast<score>(output_shift) + static_cast<score>(output_scale) * "
                       "static_cast<score>(" +
                           from + "[o]);");
}

} // namespace tenon
