#pragma once

// Many samples through 784→128 relu→10 in float: tiles of some rows by some vectors of units, their sums in registers
// while inputs and weights stream by, so that a weight loaded once serves all rows of the tile. The weights are read from
// the second-level cache as they lie, half a row at a time: to pack them for each call would cost more than it saves.

#include <cstddef>
#include <cstring>

#include "limits/relu_784_128_10.hpp"
#include "support/aligned_array.hpp"
#include "support/bundle.hpp"
#include "support/simd.hpp"

namespace tenon_benchmark::limits {

/// Predicts up to `most` rows at a time, in memory of its own.
class relu_784_128_10_batch {
public:
    explicit relu_784_128_10_batch(std::size_t most)
        : hidden_((most + tile_rows + output_rows) * relu_784_128_10::hidden) {}

    /// The ten outputs of each row of x, row by row without gaps.
    void predict(const relu_784_128_10& net, const float* x, std::size_t rows, float* out) {
        for (std::size_t unit = 0; unit < net.hidden; unit += panel_units) {
            for (std::size_t row = 0; row < rows; row += tile_rows) hidden_tile(net, x, rows, row, unit);
        }
        for (std::size_t row = 0; row < rows; row += output_rows) output_tile(net, rows, row, out);
    }

private:
    // Sums, the weights that they share, and an input must fit into 32 registers, or 16 before AVX-512.
    static constexpr std::size_t vectors = vector_bytes == 64 ? 4 : 2, tile_rows = vector_bytes == 64 ? 6 : 4;
    static constexpr std::size_t panel_units = vectors * float_lanes;
    static constexpr std::size_t output_rows = 4;
    static_assert(relu_784_128_10::hidden % panel_units == 0);

    using panel = bundle<floats, vectors>;
    using tile = bundle<panel, tile_rows>;

    static panel weights(const float* from) { return load_bundle<floats, vectors>(from); }

    /// One input of each row times its weights.
    template <std::size_t Rows>
    static bundle<panel, Rows> add(const bundle<panel, Rows>& sums, const float* const* x, std::size_t i,
                                   const panel& w) {
        if constexpr (Rows == 0) {
            return {};
        } else {
            return {multiply_add(splat(x[0][i]), w, sums.first), add(sums.rest, x + 1, i, w)};
        }
    }

    /// The same sums for each row.
    template <std::size_t Rows>
    static bundle<panel, Rows> repeated(const panel& sums) {
        if constexpr (Rows == 0) {
            return {};
        } else {
            return {sums, repeated<Rows - 1>(sums)};
        }
    }

    template <std::size_t Rows>
    static void store_units(const bundle<panel, Rows>& sums, float* to) {
        if constexpr (Rows > 0) {
            store(to, relu(sums.first));
            store_units(sums.rest, to + relu_784_128_10::hidden);
        }
    }

    /// The hidden units of one tile. Rows beyond the last repeat it.
    void hidden_tile(const relu_784_128_10& net, const float* x, std::size_t rows, std::size_t row,
                     std::size_t unit) {
        const float* inputs[tile_rows];
        for (std::size_t r = 0; r < tile_rows; ++r)
            inputs[r] = x + (row + r < rows ? row + r : rows - 1) * net.inputs;
        tile sums = repeated<tile_rows>(weights(net.hidden_bias + unit));
        for (std::size_t i = 0; i < net.inputs; ++i) {
            panel w = weights(net.hidden_weights[i] + unit);
            opaque(w);
            sums = add(sums, inputs, i, w);
        }
        store_units(sums, hidden_.data() + row * net.hidden + unit);
    }

    /// The outputs of some rows: a vector of them a row, so the hidden units are dealt out to two chains each.
    void output_tile(const relu_784_128_10& net, std::size_t rows, std::size_t row, float* out) const {
        const float* const hidden = hidden_.data() + row * net.hidden;
        alignas(64) float scores[output_rows][relu_784_128_10::padded];
        for (std::size_t c = 0; c < net.padded; c += float_lanes) {
            floats even[output_rows], odd[output_rows] = {};
            for (floats& sum : even) sum = load<floats>(net.output_bias + c);
            for (std::size_t i = 0; i < net.hidden; i += 2) {
                const floats w0 = load<floats>(net.output_weights[i] + c);
                const floats w1 = load<floats>(net.output_weights[i + 1] + c);
                for (std::size_t r = 0; r < output_rows; ++r) {
                    even[r] = splat(hidden[r * net.hidden + i]) * w0 + even[r];
                    odd[r] = splat(hidden[r * net.hidden + i + 1]) * w1 + odd[r];
                }
            }
            for (std::size_t r = 0; r < output_rows; ++r) store(scores[r] + c, even[r] + odd[r]);
        }
        for (std::size_t r = 0; r < output_rows && row + r < rows; ++r)
            std::memcpy(out + (row + r) * net.outputs, scores[r], net.outputs * sizeof(float));
    }

    aligned_array<float> hidden_;
};

} // namespace tenon_benchmark::limits
