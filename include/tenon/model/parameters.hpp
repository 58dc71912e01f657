#pragma once

// Names for the parts of a parameter vector. Optimizers, penalties and pruners see one contiguous vector; what needs
// to know weights from biases asks for its blocks.

#include <cstddef>
#include <string>

namespace tenon::inline v0 {

/// A rows × columns part of a parameter vector, beginning at offset.
struct parameter_block {
    std::string name;
    std::size_t offset;
    std::size_t rows;
    std::size_t columns;
    bool is_weight; ///< weights are pruned and penalized, biases are not

    std::size_t size() const noexcept { return rows * columns; }
};

} // namespace tenon
