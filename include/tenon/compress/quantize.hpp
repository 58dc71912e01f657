#pragma once

// quantize<std::int8_t>(): dense layers become bytes, after training, with ranges from the training rows.

#include <concepts>
#include <string>
#include <tenon/compress/calibration.hpp>
#include <tenon/compress/int8_network.hpp>
#include <tenon/compress/quantize_channel.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/model/dense_network.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// A fitted model of dense layers. A pruned one is quantized as the model it is.
template <class M>
concept Quantizable = requires(const M m, std::size_t l) {
    typename M::activation;
    typename M::kind;
    { M::static_sizes[l] } -> std::convertible_to<std::size_t>;
    { m.layer(l) } -> std::same_as<dense_layer<typename M::scalar>>;
    m.parameters();
};

namespace detail {

template <class M, class Layers>
struct quantized_form;
template <class M, std::size_t... L>
struct quantized_form<M, std::index_sequence<L...>> {
    using type = int8_network<typename M::activation, typename M::kind, typename M::score, M::static_sizes[0],
                              M::static_sizes[L + 1]...>;
};

template <class M>
struct int8_of : quantized_form<M, std::make_index_sequence<M::layers - 1>> {};

/// Fills an int8_network from a dense one.
template <class Network>
class int8_builder {
public:
    template <class M>
    static Network build(const M& m, const calibration& ranges) {
        int8_builder builder({m.inputs(), m.width_out()});
        byte_row x = builder.take_features(ranges.features);
        for (std::size_t l = 0; l + 1 < M::layers; ++l) {
            const affine after = affine_for(ranges.after[l].low, ranges.after[l].high);
            builder.add_hidden_layer(l, m.layer(l), x, after, ranges.before[l]);
            x = bytes_of_activations(after, m.layer(l).outputs);
        }
        if constexpr (is_classification<typename M::kind>)
            builder.add_last_layer(m.layer(M::layers - 1), x, 0.0, 1.0);
        else
            builder.add_last_layer(m.layer(M::layers - 1), x, m.output_shift(), m.output_scale());
        return std::move(builder.net_);
    }

private:
    using activation = typename Network::activation;

    explicit int8_builder(model_shape ends) : net_(ends) {}

    byte_row take_features(const std::vector<value_range>& features) {
        byte_row x = bytes_of_features(features);
        net_.input_scale_ = x.scale;
        for (std::size_t i = 0; i < features.size(); ++i) {
            net_.input_shifts_[i] = x.shifts[i];
            net_.input_zeros_[i] = x.zeros[i];
        }
        return x;
    }

    template <class T>
    void add_hidden_layer(std::size_t l, const dense_layer<T>& d, const byte_row& x, affine after,
                          value_range before) {
        affine rescaled = after;
        if constexpr (Network::has_tables) {
            const value_range bent = where_it_bends<activation>(before, after.scale / 2);
            rescaled = affine_for(bent.low, bent.high);
            for (std::int32_t byte = 0; byte < 256; ++byte)
                net_.tables_[256 * l + static_cast<std::size_t>(byte)] = quantize_value(
                    activation::apply(rescaled.scale * (byte - rescaled.zero)), after.scale, after.zero);
        }
        net_.zeros_[l] = static_cast<std::uint8_t>(rescaled.zero);
        const std::size_t first = net_.place_of(net_.sizes_, l).outputs;
        for (std::size_t o = 0; o < d.outputs; ++o) {
            const int8_channel channel = quantize_channel(d, o, x, rescaled.scale, true);
            const fixed_point factor = as_fixed_point(channel.unit / rescaled.scale);
            add_weights(l, o, channel);
            net_.biases_[first + o] = quantize_bias(channel);
            net_.multipliers_[first + o] = factor.multiplier;
            net_.right_shifts_[first + o] = static_cast<std::uint8_t>(31 - factor.shift);
        }
    }

    template <class T, class Unit>
    void add_last_layer(const dense_layer<T>& d, const byte_row& x, const Unit& shift, const Unit& scale) {
        constexpr std::size_t l = Network::layers - 1;
        const std::size_t first = net_.place_of(net_.sizes_, l).outputs;
        for (std::size_t o = 0; o < d.outputs; ++o) {
            const int8_channel channel = quantize_channel(d, o, x, 1, false);
            add_weights(l, o, channel);
            net_.biases_[first + o] = static_cast<std::int32_t>(-channel.folded);
            const double unit = of_output(scale, o) * channel.unit;
            net_.output_scales_[o] = unit > 1e-249 || unit < -1e-249 ? round_to_22_bits(unit) : 0;
            net_.output_offsets_[o] = of_output(shift, o) + of_output(scale, o) * channel.constant;
        }
    }

    void add_weights(std::size_t l, std::size_t o, const int8_channel& channel) {
        const int8_shape shape{net_.sizes_[l], net_.sizes_[l + 1]};
        std::int8_t* const weights = net_.weights_.data() + net_.place_of(net_.sizes_, l).weights;
        for (std::size_t i = 0; i < shape.inputs; ++i) weights[shape.index(i, o)] = channel.weights[i];
    }

    Network net_;
};

} // namespace detail

/// Made by quantize<T>().
template <class T>
struct quantize_spec : stage<role::quantizer> {
    static_assert(std::is_same_v<T, std::int8_t>, "quantize<T>: T is std::int8_t");

    template <class M>
    using result = typename detail::int8_of<M>::type;
    template <class M>
    using objection_to =
        std::conditional_t<Quantizable<M>, because::nothing, because::this_Model_has_no_layers_to_quantize>;

    /// The ranges of features and activations are those met on the features of all training rows. Throws fit_error
    /// where a parameter of the model is not finite or too large.
    template <Quantizable M>
    result<M> operator()(const M& m, matrix_view<const typename M::scalar> features) const {
        for (const auto p : m.parameters()) {
            const double size = p < 0 ? -static_cast<double>(p) : static_cast<double>(p);
            if (!(size <= largest_scale))
                detail::fail<fit_error>({"quantize: a parameter of the model is not finite, or too large"});
        }
        if (m.inputs() > int8_shape::most_inputs)
            detail::fail<fit_error>({"quantize: a layer has at most ", int8_shape::most_inputs,
                                     " inputs, this one has ", m.inputs()});
        result<M> net = detail::int8_builder<result<M>>::build(m, calibrate(m, features));
        if (!net.is_consistent())
            detail::fail<fit_error>({"quantize: the scale of the model's answers is too large"});
        return net;
    }
};

/// Turns the Model in front of it into int8: per-output scales of the weights, one scale and zero point for the
/// activations of a layer (one a feature for the inputs), from the smallest and largest values on the training rows.
/// Prediction is integer arithmetic with the same bits on every machine; see int8_network.
template <class T>
auto quantize() {
    return pipeline{quantize_spec<T>{}};
}

} // namespace tenon::inline v0
