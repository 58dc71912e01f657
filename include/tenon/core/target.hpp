#pragma once

// What a target is: a real number, one of K classes, or nothing. Losses, metrics and models are checked
// against it at compile time.

#include <cstddef>
#include <cstdint>
#include <tenon/core/widths.hpp>

namespace tenon::inline v0 {

/// The target is a real number (regression).
struct real {};

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
    static constexpr std::size_t outputs = 1;
};
template <std::size_t K>
struct target_traits<classes<K>> {
    using value = class_index;
    static constexpr std::size_t outputs = K;
};
} // namespace detail

/// How one target is stored: double for real, class_index for classes.
template <class Kind>
using target_value = typename detail::target_traits<Kind>::value;

/// How many scores a model gives for one sample: 1 for real, K for classes<K>.
template <class Kind>
inline constexpr std::size_t outputs_of = detail::target_traits<Kind>::outputs;

template <class Kind>
inline constexpr bool is_classification = false;
template <std::size_t K>
inline constexpr bool is_classification<classes<K>> = true;

} // namespace tenon
