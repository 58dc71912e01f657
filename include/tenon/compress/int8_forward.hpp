#pragma once

// One sample through int8 layers. Sums are taken for some hundred outputs at a time, and real inputs become bytes some
// thousand at a time, so that layers of any width run in a few kilobytes of stack.

#include <array>
#include <tenon/compress/int8_kernel.hpp>

namespace tenon::inline v0::detail {

inline constexpr std::size_t outputs_at_once = 256, inputs_at_once = 4096;

/// The bytes of an earlier layer.
struct bytes_of_layer {
    const std::uint8_t* bytes;
    const std::uint8_t* operator()(std::size_t first, std::size_t, std::size_t) const noexcept {
        return bytes + first;
    }
};

/// The bytes of a row of real inputs, made when they are asked for. N is their number, padded, or more.
template <std::size_t N>
class bytes_of_row {
public:
    bytes_of_row(const int8_kernels& kernels, const int8_inputs& inputs, const double* x) noexcept
        : kernels_(kernels), inputs_(inputs), x_(x) {}

    const std::uint8_t* operator()(std::size_t first, std::size_t count, std::size_t padded) noexcept {
        if (first == held_) return room_.data();
        kernels_.quantize(inputs_, first, count, x_, room_.data());
        for (std::size_t i = count; i < padded; ++i) room_[i] = 0;
        held_ = first;
        return room_.data();
    }

private:
    const int8_kernels& kernels_;
    const int8_inputs& inputs_;
    const double* x_;
    std::size_t held_ = std::size_t(-1);
    alignas(64) std::array<std::uint8_t, N> room_;
};

/// Gives `finish(first output, count, sums)` the sums of all outputs, padded ones too. `bytes(first, count, padded)`
/// gives the inputs.
template <class Bytes, class Finish>
void sum_layer(const int8_kernels& kernels, const int8_layer& layer, Bytes&& bytes,
               Finish&& finish) noexcept {
    const int8_shape shape = layer.shape;
    const std::size_t depth = shape.depth(), padded = shape.padded_inputs(), outputs = shape.padded_outputs();
    alignas(64) std::array<std::int32_t, outputs_at_once> sums;
    for (std::size_t o = 0; o < outputs; o += outputs_at_once) {
        const std::size_t columns = outputs - o < outputs_at_once ? outputs - o : outputs_at_once;
        const std::int32_t* start = layer.biases.data() + o;
        std::size_t i = 0;
        do {
            const std::size_t wide = padded - i < inputs_at_once ? padded - i : inputs_at_once;
            const std::size_t count = shape.inputs - i < wide ? shape.inputs - i : wide;
            const int8_tile tile{layer.weights.data() + shape.index(i, o), wide >> shape.depth_bits(),
                                 outputs * depth, columns, depth};
            kernels.accumulate(tile, bytes(i, count, wide), start, sums.data());
            start = sums.data();
            i += wide;
        } while (i < padded);
        finish(o, columns, sums.data());
    }
}

/// A hidden layer: `to` has room for padded_outputs() bytes.
template <class Bytes>
void run_hidden_layer(const int8_kernels& kernels, const int8_layer& layer, Bytes&& bytes,
                      std::uint8_t* to) noexcept {
    sum_layer(kernels, layer, bytes, [&](std::size_t first, std::size_t count, const std::int32_t* sums) {
        kernels.rescale(layer.rescaling, first, count, sums, to + first);
        if (!layer.table.empty())
            for (std::size_t o = first; o < first + count; ++o) to[o] = layer.table[to[o]];
    });
}

/// The last layer: one score an output.
template <class Bytes, class Score>
void run_last_layer(const int8_kernels& kernels, const int8_layer& layer, Bytes&& bytes,
                    Score* scores) noexcept {
    sum_layer(kernels, layer, bytes, [&](std::size_t first, std::size_t count, const std::int32_t* sums) {
        for (std::size_t o = first; o < first + count && o < layer.shape.outputs; ++o)
            scores[o] = static_cast<Score>(layer.offsets[o] + layer.scales[o] * sums[o - first]);
    });
}

} // namespace tenon::detail
