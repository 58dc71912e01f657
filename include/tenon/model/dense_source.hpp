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

namespace detail {

/// c[0] + c[1] · x + …, by Horner's rule.
template <class T>
std::string polynomial_source(std::span<const T> c, std::string_view x) {
    std::string text = cpp_number(c.back());
    for (std::size_t k = c.size() - 1; k-- > 0;)
        text = concat({"(", cpp_number(c[k]), " + ", x, " * ", text, ")"});
    return text;
}

} // namespace detail

/// hyperbolic_tangent<T>, without the library.
template <class T>
std::string source_of(tanh_activation, T) {
    using c = detail::tangent_constants<T>;
    using format = detail::floating_format<T>;
    constexpr std::string_view pattern = R"(const scalar size = v < 0 ? -v : v;
if (!(size >= $near)) { // NaN too
    const scalar square = v * v;
    return v - v * ($top * square / $bottom);
}
const scalar held = size > $most ? $most : size, to_integer = $shift;
const scalar shifted = held * $two_log2_e + to_integer;
const scalar f = held * $two_log2_e - (shifted - to_integer), square = f * f;
const scalar even = $even;
const scalar odd = $odd * f;
$bits exponent = 0;
std::memcpy(&exponent, &shifted, sizeof exponent);
exponent <<= $mantissa;
scalar power = 0; // with (even + odd) / (even - odd), exp(2 * held)
std::memcpy(&power, &exponent, sizeof power);
const scalar t = 1 - 2 * (even - odd) / (power * (even + odd) + (even - odd));
return v < 0 ? -t : t;)";
    const auto polynomial = [](const auto& coefficients, std::string_view x) {
        return detail::polynomial_source(std::span<const T>(coefficients), x);
    };
    return cpp_filled(pattern, {{"near", cpp_number(c::near)},
                                {"top", polynomial(c::top, "square")},
                                {"bottom", polynomial(c::bottom, "square")},
                                {"most", cpp_number(c::most)},
                                {"shift", cpp_number(format::round_shift)},
                                {"two_log2_e", cpp_number(c::two_log2_e)},
                                {"even", polynomial(c::even, "square")},
                                {"odd", polynomial(c::odd, "square")},
                                {"bits", sizeof(T) == 8 ? "std::uint64_t" : "std::uint32_t"},
                                {"mantissa", format::mantissa}});
}

namespace detail {

/// The answer of output o from what the last layer gives, in the units of the target.
template <class Network>
std::string answer_source(const Network& network, std::string_view from) {
    using kind = typename Network::kind;
    std::string sum = concat({"static_cast<score>(", from, "[o])"});
    if (network.output_shift() == same_unit<kind>(0) && network.output_scale() == same_unit<kind>(1))
        return sum;
    const char* const place = is_several_numbers<kind> ? "[o]" : "";
    return concat({"static_cast<score>(output_shift", place, ") + static_cast<score>(output_scale", place,
                   ") * ", sum});
}

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
    return detail::concat(
        {text, "for (int o = 0; o < out; ++o) z[o] = ", detail::answer_source(network, from), ";"});
}

} // namespace tenon::inline v0
