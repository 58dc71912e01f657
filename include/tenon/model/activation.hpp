#pragma once

// Activations: each is a value with the function and its derivative written in terms of the output.

#include <concepts>
#include <string_view>
#include <tenon/model/exponential.hpp>
#include <tenon/model/hyperbolic_tangent.hpp>

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
    /// The same on a GCC vector of values. By reference: passed by value it would warn where the processor has no such
    /// registers.
    template <class Lanes>
    [[gnu::always_inline]] static void apply_to(Lanes& v) noexcept {
        auto zero = v[0] - v[0];
        zero = 0;
#if defined(__GNUC__) && !defined(__clang__) && defined(__SSE2__)
        // The processor's maximum keeps NaN in its second operand: one instruction, which g++ finds only where it does
        // not see that the other one is zero.
        asm("" : "+x"(zero));
#endif
        const Lanes bound = zero - Lanes{};
        v = v < bound ? bound : v;
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
    /// The same on a GCC vector of values.
    template <class Lanes>
    [[gnu::always_inline]] static void apply_to(Lanes& v) noexcept {
        hyperbolic_tangent_of(v);
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
    /// The same on a GCC vector of values.
    template <class Lanes>
    [[gnu::always_inline]] static void apply_to(Lanes& v) noexcept {
        logistic_of(v);
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

/// What a layer applies to each of its outputs. With `apply_to` it takes GCC vectors of values too, and is applied while
/// they are in registers.
template <class A>
concept Activation = requires(float v, double w) {
    { A::apply(v) } -> std::same_as<float>;
    { A::slope(v) } -> std::same_as<float>;
    { A::apply(w) } -> std::same_as<double>;
    { A::name } -> std::convertible_to<std::string_view>;
};

} // namespace tenon
