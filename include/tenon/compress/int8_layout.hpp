#pragma once

// How the int8 weights of a layer lie in memory, made for kernels that multiply 64 bytes at a time: a block of 64
// weights serves 16, 4 or 1 outputs with 4, 16 or 64 inputs each, so that no sum runs across outputs.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tenon::inline v0 {

/// A layer's widths and where its weights lie: [inputs / depth][outputs][depth], both padded with zeros.
struct int8_shape {
    std::size_t inputs = 0;
    std::size_t outputs = 0;

    /// The widest layer whose sums cannot leave int32, with room for a bias.
    static constexpr std::size_t most_inputs = 65536;

    /// Consecutive inputs that lie side by side, a power of two: 4, 16 or 64.
    constexpr std::size_t depth() const noexcept { return std::size_t{1} << depth_bits(); }
    constexpr std::size_t depth_bits() const noexcept { return outputs > 4 ? 2 : outputs > 1 ? 4 : 6; }
    constexpr std::size_t padded_inputs() const noexcept { return (inputs + depth() - 1) & ~(depth() - 1); }
    /// A multiple of 16, or 4, or 1.
    constexpr std::size_t padded_outputs() const noexcept {
        const std::size_t lanes = 64 >> depth_bits();
        return (outputs + lanes - 1) & ~(lanes - 1);
    }
    constexpr std::size_t weights() const noexcept { return padded_inputs() * padded_outputs(); }
    /// The place of the weight from input i to output o.
    constexpr std::size_t index(std::size_t i, std::size_t o) const noexcept {
        return (((i >> depth_bits()) * padded_outputs() + o) << depth_bits()) + (i & (depth() - 1));
    }
};

/// How a row of real inputs becomes bytes: input i has the scale `scale` / 2^shifts[i] and the zero point zeros[i].
struct int8_inputs {
    double scale = 1;
    std::span<const std::uint8_t> shifts;
    std::span<const std::int32_t> zeros;

    /// Exact: the scale is far from the smallest doubles.
    constexpr double scale_of(std::size_t i) const noexcept {
        return scale * std::bit_cast<double>((std::uint64_t{1023} - shifts[i]) << 52);
    }
};

/// How int32 sums become the bytes of the next layer: zero + requantize(sum, multiplier, right shift), clamped to
/// [low, high]; one multiplier and right shift an output.
struct int8_rescaling {
    std::span<const std::int32_t> multipliers;
    std::span<const std::uint8_t> right_shifts;
    std::int32_t zero = 0;
    std::int32_t low = 0; ///< relu is the bound `zero`
    static constexpr std::int32_t high = 255;
};

/// Some columns (outputs) and blocks (of inputs) of a layer's weights. One block lies `stride` bytes behind the other.
struct int8_tile {
    const std::int8_t* weights;
    std::size_t blocks;
    std::size_t stride;
    std::size_t columns; ///< a multiple of 64 / depth
    std::size_t depth;
};

/// One layer as kernels, reports and generated code see it.
///
/// sum[o] = biases[o] + Σ byte[i] · weights[shape.index(i, o)], where the zero points of the inputs are part of the
/// biases. Hidden layers rescale the sums to bytes and, where there is a table, look these up in it. The last layer
/// answers scores[o] = offsets[o] + scales[o] · sum[o] in double.
struct int8_layer {
    int8_shape shape;
    std::span<const std::int8_t> weights;
    std::span<const std::int32_t> biases;
    int8_rescaling rescaling;            ///< empty in the last layer
    std::span<const std::uint8_t> table; ///< 256 bytes, or empty
    std::span<const double> scales;      ///< of 22 significant bits; empty but in the last layer
    std::span<const double> offsets;     ///< empty but in the last layer
};

} // namespace tenon
