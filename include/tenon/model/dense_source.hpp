#pragma once

// A dense network as C++ for the generated header: text that computes z from x, given the network's fields by name.
// Sums are in the order of the inputs, the library's in that of its registers: the answers differ by rounding errors.

#include <span>
#include <string>
#include <tenon/core/text.hpp>
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
/// hyperbolic_tangent<T>, without the library.
template <class T>
std::string source_of(tanh_activation, T) {
    using c = detail::exp_constants<T>;
    constexpr std::string_view pattern = R"(scalar t = v + v;
t = t > $limit ? $limit : t; // NaN passes
t = t < -$limit ? -$limit : t;
const scalar to_integer = $shift;
const scalar shifted = t * $log2_e + to_integer;
const scalar n = shifted - to_integer;
const scalar r = (t - n * $high) - n * $low;
scalar p[$terms] = $coefficients; // of (exp(r) - 1) / r
scalar power = r;
for (int terms = $terms; terms > 1; terms = (terms + 1) / 2) {
    for (int i = 0; i < terms / 2; ++i) p[i] = p[2 * i] + p[2 * i + 1] * power;
    if (terms % 2 == 1) p[terms / 2] = p[terms - 1];
    power = power * power;
}
$bits exponent = 0, zero = 0;
std::memcpy(&exponent, &shifted, sizeof exponent);
std::memcpy(&zero, &to_integer, sizeof zero);
exponent = (exponent - zero + $bias) << $mantissa;
std::memcpy(&power, &exponent, sizeof power);
const scalar e = power * (p[0] * r) + (power - 1);
return e / (e + 2);)";
    return cpp_filled(pattern,
                      {{"limit", cpp_number(c::tanh_limit)},
                       {"shift", cpp_number(c::round_shift)},
                       {"log2_e", cpp_number(c::log2_e)},
                       {"high", cpp_number(c::ln2_high)},
                       {"low", cpp_number(c::ln2_low)},
                       {"terms", c::terms},
                       {"coefficients", cpp_list(std::span<const T>(detail::expm1_coefficients<T>), "    ")},
                       {"bits", sizeof(T) == 8 ? "std::uint64_t" : "std::uint32_t"},
                       {"bias", c::bias},
                       {"mantissa", c::mantissa}});
}

namespace detail {

/// to[o] = biases[o] + Σ from[i] · weights[i, o], out of the array `parameters`, from `offset` on.
inline std::string dense_layer_source(const std::string& from, const std::string& to, std::size_t inputs,
                                      std::size_t outputs, std::size_t offset) {
    constexpr std::string_view pattern = R"(scalar $to[$outputs];
for (int o = 0; o < $outputs; ++o) $to[o] = parameters[$biases + o];
for (int i = 0; i < $inputs; ++i)
    for (int o = 0; o < $outputs; ++o) $to[o] += $from[i] * parameters[$weights + i * $outputs + o];
)";
    return cpp_filled(pattern, {{"from", from},
                                {"to", to},
                                {"inputs", inputs},
                                {"outputs", outputs},
                                {"weights", offset},
                                {"biases", offset + inputs * outputs}});
}

} // namespace detail

/// From x (the features, in the network's scalar) to z (its scores), by the fields `parameters`, `output_shift` and
/// `output_scale`. Hidden layers are on the stack.
template <class Act, class Kind, class T, class Score, std::size_t W, std::size_t... Hidden>
    requires requires(Act act) { source_of(act, T{}); }
std::string source_of(const dense_network<Act, Kind, T, Score, W, Hidden...>& network) {
    std::string text, from = "x";
    if (network.layers > 1)
        text = detail::concat({"const auto activate = [](scalar v) noexcept {\n",
                               cpp_indented(source_of(Act{}, T{}), "    "), "};\n"});
    std::size_t offset = 0;
    for (std::size_t l = 0; l < network.layers; ++l) {
        const dense_layer<T> d = network.layer(l);
        const std::string to = detail::concat({"layer_", l});
        text += detail::dense_layer_source(from, to, d.inputs, d.outputs, offset);
        if (l + 1 < network.layers)
            text += cpp_filled("for (int o = 0; o < $outputs; ++o) $to[o] = activate($to[o]);\n",
                               {{"outputs", d.outputs}, {"to", to}});
        offset += d.weights.size() + d.biases.size();
        from = to;
    }
    std::string answer = detail::concat({"static_cast<score>(", from, "[o])"});
    if (network.output_shift() != 0 || network.output_scale() != 1)
        answer = "static_cast<score>(output_shift) + static_cast<score>(output_scale) * " + answer;
    return detail::concat({text, "for (int o = 0; o < out; ++o) z[o] = ", answer, ";"});
}

} // namespace tenon::inline v0
