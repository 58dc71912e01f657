#pragma once

// Activations: each is a value with the function and its derivative written in terms of the output.

#include <bit>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tenon/model/elementary.hpp>
#include <type_traits>

namespace tenon::inline v0 {

namespace detail {

/// 2^Level terms of (eʳ - 1) / r from number First on, over rᶠⁱʳˢᵗ, in the order of evaluate_polynomial.
template <std::size_t First, std::size_t Level, class T, class Lanes>
[[gnu::always_inline]] inline void evaluate_terms(Lanes& sum, const Lanes* const (&powers)[4]) noexcept {
    constexpr std::size_t terms = exp_constants<T>::terms;
    if constexpr (Level == 0)
        sum = Lanes{} + expm1_coefficients<T>[First];
    else {
        constexpr std::size_t second = First + (std::size_t{1} << (Level - 1));
        evaluate_terms<First, Level - 1, T>(sum, powers);
        if constexpr (second < terms) {
            Lanes more;
            evaluate_terms<second, Level - 1, T>(more, powers);
            sum = sum + more * *powers[Level - 1];
        }
    }
}

} // namespace detail

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
};

/// The hyperbolic tangent.
struct tanh_activation {
    static constexpr std::string_view name = "tanh";
    template <class T>
    static T apply(T v) noexcept {
        return hyperbolic_tangent(v);
    }
    /// The same steps for a vector; g++ makes branches of those of a loop over its values.
    template <class Lanes>
    [[gnu::always_inline]] static void apply_to(Lanes& v) noexcept {
        using T = std::remove_cvref_t<decltype(v[0])>;
        using c = detail::exp_constants<T>;
        using integers = decltype(v < v);
        const Lanes limit = Lanes{} + c::tanh_limit;
        Lanes t = v + v;
        t = limit < t ? limit : t;
        t = t < -limit ? -limit : t;
        const Lanes shifted = t * c::log2_e + c::round_shift;
        const Lanes n = shifted - c::round_shift;
        const Lanes r = (t - n * c::ln2_high) - n * c::ln2_low;
        const Lanes square = r * r, fourth = square * square, eighth = fourth * fourth;
        const Lanes* const powers[] = {&r, &square, &fourth, &eighth};
        Lanes p;
        detail::evaluate_terms<0, 4, T>(p, powers);
        const integers exponent =
            reinterpret_cast<integers>(shifted) - std::bit_cast<typename c::bits>(c::round_shift) + c::bias;
        const Lanes power = reinterpret_cast<Lanes>(exponent << c::mantissa);
        const Lanes e = power * (p * r) + (power - 1);
        v = e / (e + 2);
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

inline constexpr identity_activation identity{};
inline constexpr relu_activation relu{};
inline constexpr tanh_activation tanh{};

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
