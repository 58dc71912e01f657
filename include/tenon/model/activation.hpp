#pragma once

// Activations: each is a value with the function and its derivative written in terms of the output.

#include <concepts>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <tenon/core/lanes.hpp>
#include <tenon/model/exponential.hpp>
#include <tenon/model/hyperbolic_tangent.hpp>
#include <tenon/model/normal_distribution.hpp>

namespace tenon::inline v0 {

/// No activation.
struct identity_activation {
    static constexpr std::string_view name = "identity";
    template <class T>
    static constexpr T apply(T v) noexcept {
        return v;
    }
    template <class T>
    static constexpr T slope(T) noexcept {
        return T{1};
    }
};

/// max(0, v); NaN stays NaN.
struct relu_activation {
    static constexpr std::string_view name = "relu";
    template <class T>
    static constexpr T apply(T v) noexcept {
        return v < T{0} ? T{0} : v;
    }
    template <class T>
    static constexpr T slope(T out) noexcept {
        return out > T{0} ? T{1} : T{0};
    }
    template <class Lanes>
    static void slope_to(Lanes& out) noexcept {
        const Lanes zero{}, one = zero + 1;
        out = out > zero ? one : zero;
    }
    /// The gradient where the output is positive, else zero: shorter than times the slope.
    template <class Lanes>
    [[gnu::always_inline]] static void pass_back(Lanes& gradient, const Lanes& out) noexcept {
        const Lanes zero{};
        gradient = out > zero ? gradient : zero;
    }
};

/// The hyperbolic tangent.
struct tanh_activation {
    static constexpr std::string_view name = "tanh";
    template <class T>
    static constexpr T apply(T v) noexcept {
        return hyperbolic_tangent(v);
    }
    template <class T>
    static constexpr T slope(T out) noexcept {
        return T{1} - out * out;
    }
    template <class Lanes>
    static void slope_to(Lanes& out) noexcept {
        out = 1 - out * out;
    }
};

/// 1 / (1 + e⁻ᵛ); NaN stays NaN.
struct sigmoid_activation {
    static constexpr std::string_view name = "sigmoid";
    template <class T>
    static constexpr T apply(T v) noexcept {
        return logistic_function(v);
    }
    template <class T>
    static constexpr T slope(T out) noexcept {
        return out * (1 - out);
    }
    template <class Lanes>
    static void slope_to(Lanes& out) noexcept {
        out = out * (1 - out);
    }
};

inline constexpr identity_activation identity{};
inline constexpr relu_activation relu{};
inline constexpr tanh_activation tanh{};
inline constexpr sigmoid_activation sigmoid{};

/// What a layer applies to each of its outputs. With `apply_to(v)`, v a GCC vector of values that it changes, it is applied
/// while they are in registers.
template <class A>
concept Activation = requires(float v, double w) {
    { A::apply(v) } -> std::same_as<float>;
    { A::slope(v) } -> std::same_as<float>;
    { A::apply(w) } -> std::same_as<double>;
    { A::name } -> std::convertible_to<std::string_view>;
};

struct leaky_relu_layer; // model/elementwise.hpp
struct elu_layer;
struct gelu_layer;
struct silu_layer;

namespace detail {

// Each stands on those before it.
// clang-format off
#include <tenon/model/kernels/activation.inc>
#include <tenon/model/kernels/value_layers.inc>
// clang-format on

/// A gradient with respect to outputs of Act becomes that with respect to its inputs; the outputs are used up.
template <class Act, class T, std::size_t N>
[[gnu::always_inline]] inline void pass_back(lanes<T, N>& gradient, lanes<T, N>& out) noexcept {
    if constexpr (requires { Act::pass_back(gradient, out); })
        Act::pass_back(gradient, out);
    else {
        if constexpr (requires { Act::slope_to(out); })
            Act::slope_to(out);
        else
            for (std::size_t i = 0; i < N; ++i) out[i] = Act::slope(out[i]);
        gradient *= out;
    }
}

} // namespace detail

} // namespace tenon
