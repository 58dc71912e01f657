#pragma once

// What a metric sees: what was true and what was predicted, row by row. Real targets are numbers, classes are indices
// with names, and with probabilities where the metric asks for them.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <tenon/core/matrix.hpp>
#include <tenon/core/target.hpp>

namespace tenon::inline v0 {

/// True and predicted targets of the same rows; `outcomes<real>`, `outcomes<reals<N>>` or `outcomes<classes<K>>`. Everything is borrowed.
/// The true values are finite or below class_count: whoever makes outcomes has checked them.
template <class Kind>
struct outcomes;

/// Of a regression. A prediction from a missing input is NaN, and makes every metric NaN.
template <>
struct outcomes<real> {
    std::span<const double> truth;
    std::span<const double> predicted;
};

/// Of a regression of several outputs: each by itself.
template <std::size_t N>
struct outcomes<reals<N>> {
    std::array<outcomes<real>, N> outputs;
};

/// Of a classification, whatever the number of classes.
struct class_outcomes {
    std::span<const class_index> truth;
    std::span<const class_index> predicted; ///< no_class where an input was missing: wrong, whatever was true
    matrix_view<const double> probabilities; ///< rows × classes; without rows where no metric needs them
    std::size_t class_count = 0;
    std::span<const std::string> class_names; ///< one a class, in the order of the indices
};

template <std::size_t K>
struct outcomes<classes<K>> : class_outcomes {};

} // namespace tenon
