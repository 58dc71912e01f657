#pragma once

// What a target is: a real number, several of them, one of K classes, or nothing. Losses, metrics and models are checked
// against it at compile time.

#include <array>
#include <cstddef>
#include <cstdint>
#include <tenon/core/widths.hpp>

namespace tenon::inline v0 {

/// The target is a real number (regression).
struct real {};

/// The target is N real numbers, 2 or more (regression of several outputs).
template <std::size_t N>
struct reals {
    static_assert(N > 1, "reals<N>: one number is real, two or more are reals");
};

/// The target is one of K classes (classification); K may be tenon::dynamic.
template <std::size_t K>
struct classes {};

/// There is no target (unsupervised).
struct none {};

/// A class, counted from zero in the order of the schema's label.
using class_index = std::uint32_t;

/// The answer of a classifier where an input was NaN.
inline constexpr class_index no_class = 0xffff'ffffu;

namespace detail {
template <class Kind>
struct target_traits {
    using value = double;
    using unit = double; // of what a model answers
    template <class Score>
    using answer = Score;
    static constexpr std::size_t outputs = 1, targets = 1;
};
template <std::size_t N>
struct target_traits<reals<N>> {
    using value = std::array<double, N>;
    using unit = std::array<double, N>;
    template <class Score>
    using answer = std::array<Score, N>;
    static constexpr std::size_t outputs = N, targets = N;
};
template <>
struct target_traits<none> : target_traits<real> {
    static constexpr std::size_t targets = 0;
};
template <std::size_t K>
struct target_traits<classes<K>> {
    using value = class_index;
    using unit = double;
    template <class Score>
    using answer = class_index;
    static constexpr std::size_t outputs = K, targets = 1;
};
} // namespace detail

/// How the target of one row is stored: double for real, std::array<double, N> for reals<N>, class_index for classes.
template <class Kind>
using target_value = typename detail::target_traits<Kind>::value;

/// How many scores a model gives for one sample: 1 for real, N for reals<N>, K for classes<K>.
template <class Kind>
inline constexpr std::size_t outputs_of = detail::target_traits<Kind>::outputs;

/// How many columns the target is: N for reals<N>, none for none, else 1.
template <class Kind>
inline constexpr std::size_t target_columns = detail::target_traits<Kind>::targets;

template <class Kind>
inline constexpr bool is_classification = false;
template <std::size_t K>
inline constexpr bool is_classification<classes<K>> = true;

/// Whether the target is several numbers.
template <class Kind>
inline constexpr bool is_several_numbers = false;
template <std::size_t N>
inline constexpr bool is_several_numbers<reals<N>> = true;

namespace detail {

/// Shift or scale of a model's answers: one number, or one an output.
template <class Kind>
using output_unit = typename target_traits<Kind>::unit;

/// That of output o.
constexpr double of_output(double unit, std::size_t) noexcept {
    return unit;
}
template <std::size_t N>
constexpr double of_output(const std::array<double, N>& units, std::size_t o) noexcept {
    return units[o];
}

/// The same for all outputs.
template <class Kind>
constexpr output_unit<Kind> same_unit(double unit) noexcept {
    output_unit<Kind> all{};
    if constexpr (is_several_numbers<Kind>)
        for (double& one : all) one = unit;
    else
        all = unit;
    return all;
}

/// Whether the target of a row is several numbers.
template <class Y>
inline constexpr bool is_array_of_numbers = false;
template <std::size_t N>
inline constexpr bool is_array_of_numbers<std::array<double, N>> = true;

} // namespace detail

} // namespace tenon
