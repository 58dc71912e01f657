#pragma once

// Shift and scale of what a model answers: from a last layer's output z to shift + scale · z, one pair for a number and one
// an output for several.

#include <cstddef>
#include <span>
#include <tenon/core/target.hpp>

namespace tenon::inline v0::detail {

/// A last layer (weights inputs × outputs, then a bias an output) that answered in the old units, made to answer the same in
/// the new ones.
template <class T, class Unit>
void carry_over_units(std::span<T> layer, std::size_t outputs, const Unit& old_shift, const Unit& old_scale,
                      const Unit& shift, const Unit& scale) noexcept {
    for (std::size_t o = 0; o < outputs; ++o) {
        const T factor = static_cast<T>(of_output(old_scale, o) / of_output(scale, o));
        for (std::size_t i = o; i < layer.size(); i += outputs) layer[i] *= factor;
        layer[layer.size() - outputs + o] +=
            static_cast<T>((of_output(old_shift, o) - of_output(shift, o)) / of_output(scale, o));
    }
}

} // namespace tenon::inline v0::detail
