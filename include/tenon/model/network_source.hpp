#pragma once

// A network of layers as C++ for the generated header: freestanding text that computes z from x, a block a layer. A layer of
// one's own describes itself by `static std::string source()`: C++17 that computes to[0 … outputs) from from[0 … inputs),
// with its parameters in own[] and its constants in given[].

#include <string>
#include <tenon/core/text.hpp>
#include <tenon/format/cpp_text.hpp>
#include <tenon/model/dense_source.hpp>
#include <tenon/model/dropout.hpp>
#include <tenon/model/network.hpp>
#include <tenon/model/normalization.hpp>
#include <tenon/model/residual.hpp>
#include <tenon/model/softmax.hpp>

namespace tenon::inline v0 {

/// exponential_function<T>, without the library.
template <class T>
std::string exponential_source() {
    using c = detail::exponential_constants<T>;
    using format = detail::floating_format<T>;
    constexpr std::string_view pattern = R"(scalar t = v > $most ? $most : v; // NaN passes
t = t < $least ? $least : t;
const scalar to_integer = $shift;
const scalar shifted = t * $log2_e + to_integer;
const scalar n = shifted - to_integer;
const scalar r = (t - n * $high) - n * $low;
const scalar change = r * r * $q + r;
$bits whole = 0, zero = 0;
std::memcpy(&whole, &shifted, sizeof whole);
std::memcpy(&zero, &to_integer, sizeof zero);
whole -= zero;
const $bits half = whole >> 1;
const $bits exponents[2] = {(half + $bias) << $mantissa, (whole - half + $bias) << $mantissa};
scalar powers[2];
std::memcpy(powers, exponents, sizeof powers);
return (change + 1) * powers[0] * powers[1];)";
    return cpp_filled(pattern, {{"most", cpp_number(c::most)},
                                {"least", cpp_number(c::least)},
                                {"shift", cpp_number(format::round_shift)},
                                {"log2_e", cpp_number(c::log2_e)},
                                {"high", cpp_number(c::ln2_high)},
                                {"low", cpp_number(c::ln2_low)},
                                {"q", detail::polynomial_source(std::span<const T>(c::q), "r")},
                                {"bits", sizeof(T) == 8 ? "std::int64_t" : "std::int32_t"},
                                {"bias", format::bias},
                                {"mantissa", format::mantissa}});
}

template <class T>
std::string source_of(sigmoid_activation, T) {
    return R"(const scalar t = exponential(v < 0 ? v : -v), sum = 1 + t, quotient = (v < 0 ? t : 1) / sum;
return quotient - quotient * (t - (sum - 1)); // what rounding took from the sum)";
}

namespace detail {

template <std::size_t N, class T>
std::string text_of(const dense_units<N>*, T) {
    return R"(for (int o = 0; o < outputs; ++o) to[o] = own[inputs * outputs + o];
for (int i = 0; i < inputs; ++i)
    for (int o = 0; o < outputs; ++o) to[o] += from[i] * own[i * outputs + o];
)";
}
template <class Act, class T>
    requires requires(Act act) { source_of(act, T{}); }
std::string text_of(const activation_layer<Act>*, T) {
    return concat({"const auto activate = [=](scalar v) noexcept {\n",
                   cpp_indented(source_of(Act{}, T{}), "    "),
                   "};\nfor (int o = 0; o < outputs; ++o) to[o] = activate(from[o]);\n"});
}
template <class T>
std::string text_of(const leaky_relu_layer*, T) {
    return "for (int o = 0; o < outputs; ++o) to[o] = from[o] < 0 ? given[0] * from[o] : from[o];\n";
}
template <class T>
std::string text_of(const elu_layer*, T) {
    return "for (int o = 0; o < outputs; ++o) to[o] = from[o] < 0 ? given[0] * (exponential(from[o]) - 1) : "
           "from[o];\n";
}
template <class T>
std::string text_of(const silu_layer*, T) {
    return "for (int o = 0; o < outputs; ++o) to[o] = from[o] / (1 + exponential(-from[o]));\n";
}
template <class T>
std::string text_of(const gelu_layer*, T) {
    using c = normal_constants<T>;
    return cpp_filled(R"(for (int o = 0; o < outputs; ++o) {
    const scalar v = from[o], size = v < 0 ? -v : v, u = size > $most ? $most : size;
    const scalar beyond = exponential(u * u / -2) * $top / $bottom;
    to[o] = v * (v < 0 ? beyond : 1 - beyond);
}
)",
                      {{"most", cpp_number(c::most)},
                       {"top", polynomial_source(std::span<const T>(c::top), "u")},
                       {"bottom", polynomial_source(std::span<const T>(c::bottom), "u")}});
}
template <class T>
std::string text_of(const softmax_layer*, T) {
    return R"(scalar most = from[0], sum = 0;
for (int o = 1; o < outputs; ++o) most = from[o] > most || from[o] != from[o] ? from[o] : most;
for (int o = 0; o < outputs; ++o) sum += to[o] = exponential(from[o] - most);
for (int o = 0; o < outputs; ++o) to[o] /= sum;
)";
}
template <class T>
std::string text_of(const dropout_layer*, T) {
    return "for (int o = 0; o < outputs; ++o) to[o] = from[o];\n";
}
template <class T>
std::string text_of(const layer_norm_layer*, T) {
    return cpp_filled(R"(const scalar share = scalar{1} / outputs;
scalar mean = 0, squares = 0;
for (int o = 0; o < outputs; ++o) mean += from[o] * share;
for (int o = 0; o < outputs; ++o) squares += (from[o] - mean) * (from[o] - mean) * share;
const scalar inverse = 1 / root(squares + $epsilon);
for (int o = 0; o < outputs; ++o) to[o] = (from[o] - mean) * inverse * own[o] + own[outputs + o];
)",
                      {{"epsilon", cpp_number(static_cast<T>(layer_norm_layer::epsilon))}});
}
template <class T>
std::string text_of(const batch_norm_layer*, T) {
    return cpp_filled(R"(for (int o = 0; o < outputs; ++o)
    to[o] = (from[o] - given[o]) / root(given[outputs + o] + $epsilon) * own[o] + own[outputs + o];
)",
                      {{"epsilon", cpp_number(static_cast<T>(batch_norm_layer::epsilon))}});
}
template <class L, class T>
    requires requires { L::source(); }
std::string text_of(const L*, T) {
    return L::source();
}

/// Where a layer reads and writes: names of arrays, and where its parameters and constants begin.
struct layer_spot {
    std::string from, to;
    std::size_t in;
    layer_offset at;
};

template <class L, class T>
std::string block_of(const L* layer, const layer_spot& s, T zero) {
    std::string text = concat({"const scalar* const from = ", s.from, ";\nscalar* const to = ", s.to, ";\n"});
    const std::string body = text_of(layer, zero);
    if (mentions(body, "inputs")) append(text, {"constexpr int inputs = ", s.in, ";\n"});
    if (mentions(body, "outputs")) append(text, {"constexpr int outputs = ", L::width_out(s.in), ";\n"});
    if (mentions(body, "own"))
        append(text, {"const scalar* const own = &parameters[", s.at.parameters, "];\n"});
    if (mentions(body, "given"))
        append(text, {"const scalar* const given = &constants[", s.at.constants, "];\n"});
    return concat({"{ // ", L::name, "\n", cpp_indented(text + body, "    "), "}\n"});
}

/// The layers of a sequence, a block each; `to` of the last is `last`.
template <class T, class... L>
std::string blocks_of(std::type_identity<layer_sequence<L...>>, const layer_spot& whole,
                      const std::string& prefix, T zero);

template <class T, class... L>
std::string block_of(const residual_block<L...>*, const layer_spot& s, T zero) {
    const std::string inner = s.to + "_inner";
    return concat(
        {blocks_of(std::type_identity<layer_sequence<L...>>{}, {s.from, inner, s.in, s.at}, s.to + "_", zero),
         "for (int o = 0; o < ", s.in, "; ++o) ", s.to, "[o] = ", s.from, "[o] + ", inner, "[o];\n"});
}

template <class T, class... L>
std::string blocks_of(std::type_identity<layer_sequence<L...>>, const layer_spot& whole,
                      const std::string& prefix, T zero) {
    std::string text, from = whole.from;
    std::size_t i = 0;
    const auto one = [&]<class Layer>(const Layer* layer) {
        const layer_offset o = layer_sequence<L...>::offset(whole.in, i);
        const std::string to = i + 1 == sizeof...(L) ? whole.to : concat({prefix, i});
        append(text, {"scalar ", to, "[", Layer::width_out(o.width), "];\n",
                      block_of(layer,
                               layer_spot{from,
                                          to,
                                          o.width,
                                          {o.width, whole.at.parameters + o.parameters,
                                           whole.at.constants + o.constants}},
                               zero)});
        from = to;
        ++i;
    };
    (one(static_cast<const L*>(nullptr)), ...);
    return text;
}

template <class L, class T>
concept HasText = requires(const L* layer) { text_of(layer, T{}); } || requires { typename L::inner; };

} // namespace detail

/// From x (the features, in the network's scalar) to z (its scores), by the fields `parameters`, `constants`,
/// `output_shift` and `output_scale`. All layers are on the stack.
template <class Kind, class T, class Score, std::size_t W, class... Layers>
    requires(detail::HasText<Layers, T> && ...)
std::string source_of(const fitted_network<Kind, T, Score, W, Layers...>& network) {
    const std::string layers = detail::blocks_of(std::type_identity<detail::layer_sequence<Layers...>>{},
                                                 {"x", "scores", network.inputs(), {}}, "layer_", T{});
    std::string text;
    if (mentions(layers, "exponential"))
        text += detail::concat({"const auto exponential = [](scalar v) noexcept {\n",
                                cpp_indented(exponential_source<T>(), "    "), "};\n"});
    if (mentions(layers, "root")) // Newton's steps come down to the root until they no longer move
        text += R"(const auto root = [](scalar v) noexcept {
    scalar r = (v + 1) / 2;
    for (scalar next = r;; r = next) {
        next = (r + v / r) / 2;
        if (!(next < r)) break;
    }
    return r;
};
)";
    return detail::concat({text, layers, "for (int o = 0; o < out; ++o) z[o] = ",
                           detail::answer_source(network, "scores"), ";"});
}

} // namespace tenon
