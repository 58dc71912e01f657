#pragma once

// network(layers…): any layers in sequence, trained by minimize.

#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/model/fitted_network.hpp>

namespace tenon::inline v0 {

/// Made by network(layers…).
template <class T, Layer... Layers>
struct network_spec : stage<role::model> {
    static constexpr bool differentiable = true;
    using sequence = detail::layer_sequence<Layers...>;
    detail::stage_list<Layers...> layers;

    explicit network_spec(Layers... l) : layers(l...) {}
    template <class In>
    static consteval auto judge() {
        if constexpr (!no_objection<needs_numbers<In>>)
            return needs_numbers<In>{};
        else if constexpr (In::width == dynamic && !detail::IsDense<typename sequence::template at<0>>)
            return because::a_network_over_columns_of_unknown_number_begins_with_dense{};
        else if constexpr (!sequence::takes(In::width == dynamic ? 1 : In::width))
            return because::the_last_layer_of_residual_must_be_as_wide_as_what_comes_in{};
        else if constexpr (outputs_of<typename In::kind> != dynamic &&
                           outputs_of<typename In::kind> !=
                               sequence::width_out(In::width == dynamic ? 1 : In::width))
            return because::the_last_layer_must_have_one_output_for_each_number_or_class_of_the_target{};
        else
            return because::nothing{};
    }
    template <class In>
    using objection = decltype(judge<In>());
    template <class In>
    using fitted = fitted_network<typename In::kind, T, typename In::scalar, In::width, Layers...>;

    template <class M>
    M start(std::type_identity<M>, model_shape shape, std::uint64_t seed) const {
        if (shape.outputs != M::width_out())
            detail::fail<fit_error>({"network: the last layer has ", M::width_out(),
                                     " outputs, the data have ", shape.outputs, " classes"});
        M m(shape);
        philox random(seed, initial_weights_stream);
        sequence::start(layers, layer_values<T>{m.parameters(), m.constants()}, shape.inputs, false, random);
        return m;
    }

private:
    static constexpr std::uint64_t initial_weights_stream = 1;
};

/// A network of layers and activations in float; the last layer has one output for a number, one for each of several
/// numbers, one a class for classes.
/// network<double>(…) computes in double. Weights start as dense says.
///
///     network(dense<64>, relu, dropout(0.2), batch_norm, dense<1>)
template <class T = float, class... L>
    requires(sizeof...(L) > 0 && std::is_floating_point_v<T> && (detail::LayerOrActivation<L> && ...))
auto network(L... layers) {
    return pipeline{network_spec<T, detail::layer_for<L>...>(detail::as_layer(layers)...)};
}

template <class T = float, class... L>
    requires(!(detail::LayerOrActivation<L> && ...))
refused<because::one_of_the_arguments_is_neither_a_Layer_nor_an_Activation> network(const L&...);

} // namespace tenon
