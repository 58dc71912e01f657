#pragma once

// A network in int8: bytes as weights and activations, integer sums, one rounding rule. What quantize makes of dense
// layers.

#include <array>
#include <string>
#include <tenon/compress/int8_forward.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/model/activation.hpp>
#include <utility>

namespace tenon::inline v0 {

namespace detail {
template <class Network>
class int8_builder;
} // namespace detail

/// Layers W → Hidden… → scores in int8, made by quantize from a dense network of these sizes.
///
/// Real inputs become bytes by round_half_even(x / scale) + zero in double, each feature with a scale of its own; NaN
/// becomes a quantized zero. From there on all is integer arithmetic up to the last layer's sums, the same bits on
/// every machine; scores are offset + scale · sum in double, where the product is exact.
template <class Act, class Kind, class Score, std::size_t W, std::size_t... Hidden>
class int8_network {
public:
    static constexpr std::string_view name = "quantized";
    static constexpr bool is_quantized = true;
    static constexpr std::size_t layers = sizeof...(Hidden) + 1;
    static constexpr std::size_t in = W, outputs = outputs_of<Kind>;
    static constexpr bool is_static = W != dynamic && outputs != dynamic;
    /// Whether activations are looked up in a table; relu is the lower bound of the bytes, identity is nothing.
    static constexpr bool has_tables =
        layers > 1 && !std::is_same_v<Act, relu_activation> && !std::is_same_v<Act, identity_activation>;
    using activation = Act;
    using kind = Kind;
    using scalar = double;
    using score = Score;
    using shape = std::array<std::size_t, layers + 1>;

    int8_network() : int8_network(model_shape{W == dynamic ? 0 : W, outputs == dynamic ? 0 : outputs}) {}
    explicit int8_network(model_shape ends)
        : sizes_(with_ends(ends)), weights_(place_of(sizes_, layers).weights),
          biases_(place_of(sizes_, layers).outputs), input_shifts_(sizes_[0]), input_zeros_(sizes_[0]),
          output_scales_(sizes_[layers]), output_offsets_(sizes_[layers]) {
        for (std::uint8_t& n : right_shifts_) n = 1;
    }

    const shape& sizes() const noexcept { return sizes_; }
    std::size_t inputs() const noexcept { return sizes_[0]; }
    std::size_t width_out() const noexcept { return sizes_[layers]; }

    /// How a row of real inputs becomes bytes.
    int8_inputs input_bytes() const noexcept {
        return {input_scale_, {input_shifts_.data(), sizes_[0]}, {input_zeros_.data(), sizes_[0]}};
    }

    /// Layer l, from 0 to layers - 1, in full.
    int8_layer layer(std::size_t l) const noexcept {
        const place at = place_of(sizes_, l);
        int8_layer layer;
        layer.shape = {sizes_[l], sizes_[l + 1]};
        layer.weights = {weights_.data() + at.weights, layer.shape.weights()};
        layer.biases = {biases_.data() + at.outputs, layer.shape.padded_outputs()};
        if (l + 1 == layers) {
            layer.scales = {output_scales_.data(), sizes_[layers]};
            layer.offsets = {output_offsets_.data(), sizes_[layers]};
            return layer;
        }
        const std::int32_t zero = zeros_[l];
        layer.rescaling = {{multipliers_.data() + at.outputs, layer.shape.padded_outputs()},
                           {right_shifts_.data() + at.outputs, layer.shape.padded_outputs()},
                           zero,
                           std::is_same_v<Act, relu_activation> ? zero : 0};
        if constexpr (has_tables) layer.table = {tables_.data() + 256 * l, 256};
        return layer;
    }

    /// Scores of one sample; everything on the stack.
    void operator()(row<W, double> x, row_out<outputs, Score> z) const noexcept {
        const detail::int8_kernels& kernels = detail::int8_kernels_here();
        const int8_inputs how = input_bytes();
        detail::bytes_of_row<row_room> real(kernels, how, x.data());
        if constexpr (layers == 1)
            detail::run_last_layer(kernels, layer(0), real, z.data());
        else {
            // Zero, because a layer reads its inputs padded.
            alignas(64) std::array<std::uint8_t, hidden_room> front{};
            alignas(64) std::array<std::uint8_t, layers == 2 ? 1 : hidden_room> back{};
            detail::run_hidden_layer(kernels, layer(0), real, front.data());
            std::uint8_t *from = front.data(), *to = back.data();
            for (std::size_t l = 1; l + 1 < layers; ++l) {
                detail::run_hidden_layer(kernels, layer(l), detail::bytes_of_layer{from}, to);
                std::swap(from, to);
            }
            detail::run_last_layer(kernels, layer(layers - 1), detail::bytes_of_layer{from}, z.data());
        }
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        if constexpr (W == dynamic) visit("inputs", self.sizes_[0]);
        if constexpr (outputs == dynamic) visit("outputs", self.sizes_[layers]);
        visit("input_scale", self.input_scale_);
        visit("input_shifts", self.input_shifts_);
        visit("input_zeros", self.input_zeros_);
        visit("weights", self.weights_);
        visit("biases", self.biases_);
        if constexpr (layers > 1) {
            visit("multipliers", self.multipliers_);
            visit("right_shifts", self.right_shifts_);
            visit("zeros", self.zeros_);
        }
        if constexpr (has_tables) visit("tables", self.tables_);
        visit("output_scales", self.output_scales_);
        visit("output_offsets", self.output_offsets_);
    }

    /// Whether the fields agree and stay within their ranges after loading: no prediction can then leave an array or the
    /// range of a shift, a conversion or a sum.
    bool is_consistent() const noexcept { return has_consistent_sizes() && has_consistent_numbers(); }

    /// What a file or report calls this type, beyond its name.
    static std::string signature() {
        std::string text;
        ((text += (text.empty() ? "" : ",") + std::to_string(Hidden)), ...);
        return text + (text.empty() ? "" : " ") + std::string(Act::name) + " int8 single rounding";
    }

private:
    friend class detail::int8_builder<int8_network>;

    /// Where a layer begins.
    struct place {
        std::size_t weights = 0;
        std::size_t outputs = 0;
    };

    static constexpr place place_of(const shape& sizes, std::size_t layer) noexcept {
        place at;
        for (std::size_t l = 0; l < layer; ++l) {
            const int8_shape s{sizes[l], sizes[l + 1]};
            at.weights += s.weights();
            at.outputs += s.padded_outputs();
        }
        return at;
    }
    static constexpr shape static_sizes{W, Hidden..., outputs};
    static constexpr shape with_ends(model_shape ends) noexcept {
        shape sizes = static_sizes;
        sizes[0] = ends.inputs;
        sizes[layers] = ends.outputs;
        return sizes;
    }

    static_assert(((Hidden <= int8_shape::most_inputs) && ...) &&
                      (W == dynamic || W <= int8_shape::most_inputs),
                  "quantize: a layer of more than 65536 inputs could leave the range of its int32 sums");
    static constexpr std::size_t weight_count = is_static ? place_of(static_sizes, layers).weights : dynamic;
    static constexpr std::size_t bias_count = is_static ? place_of(static_sizes, layers).outputs : dynamic;
    static constexpr std::size_t hidden_outputs = place_of(static_sizes, layers - 1).outputs;
    /// Of inputs that are padded to 64 at most.
    static constexpr std::size_t row_room =
        W < detail::inputs_at_once ? (W + 63) / 64 * 64 : detail::inputs_at_once;
    static constexpr std::size_t hidden_room = [] {
        std::size_t widest = 0;
        for (std::size_t l = 1; l < layers; ++l) widest = static_sizes[l] > widest ? static_sizes[l] : widest;
        return (widest + 63) / 64 * 64;
    }();

    bool has_consistent_sizes() const noexcept {
        // Bounds first: the products of sizes that a file gave may overflow.
        if (sizes_[0] > int8_shape::most_inputs || sizes_[layers] > biases_.size()) return false;
        const place end = place_of(sizes_, layers);
        return weights_.size() == end.weights && biases_.size() == end.outputs &&
               input_shifts_.size() == sizes_[0] && input_zeros_.size() == sizes_[0] &&
               output_scales_.size() == sizes_[layers] && output_offsets_.size() == sizes_[layers];
    }
    bool has_consistent_numbers() const noexcept {
        if (!(input_scale_ >= smallest_scale && input_scale_ <= largest_scale)) return false;
        for (std::int32_t z : input_zeros_)
            if (z < -farthest_zero || z > farthest_zero) return false;
        for (std::int32_t m : multipliers_)
            if (m < 0) return false;
        for (std::uint8_t n : right_shifts_)
            if (n < 1 || n > 62) return false;
        for (std::size_t o = 0; o < sizes_[layers]; ++o)
            if (!is_output_scale(output_scales_[o]) || !is_finite(output_offsets_[o])) return false;
        return true;
    }

    shape sizes_;
    storage<std::int8_t, weight_count> weights_;
    storage<std::int32_t, bias_count> biases_;
    double input_scale_ = 1;
    storage<std::uint8_t, W> input_shifts_;
    storage<std::int32_t, W> input_zeros_;
    storage<std::int32_t, hidden_outputs> multipliers_;
    storage<std::uint8_t, hidden_outputs> right_shifts_;
    storage<std::uint8_t, layers - 1> zeros_;
    storage<std::uint8_t, has_tables ? 256 * (layers - 1) : 0> tables_;
    storage<double, outputs> output_scales_;
    storage<double, outputs> output_offsets_;
};

} // namespace tenon
