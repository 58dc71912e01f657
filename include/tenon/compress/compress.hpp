#pragma once

// compress: prune and quantize a pipeline that is fitted already.

#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/train/fit.hpp>
#include <tuple>

namespace tenon::inline v0 {

namespace detail {

template <class P, class D, class... C>
consteval auto objection_to_compress() {
    if constexpr (!requires { typename P::fitted_stages; })
        return because::the_first_argument_is_not_fitted__call_fit_first{};
    else if constexpr (!Dataset<D>)
        return because::the_argument_is_not_a_Dataset{};
    else if constexpr (!P::has_model)
        return because::the_pipeline_has_no_Model__use_transform{};
    else if constexpr (!std::is_same_v<typename P::schema_type, typename D::schema_type>)
        return because::the_data_have_another_schema_than_the_model{};
    else if constexpr (!(is_compressor(C::part) && ...))
        return because::only_a_Pruner_or_Quantizer_can_compress{};
    else if constexpr (requires { requires P::model_type::is_quantized; })
        return because::a_quantized_Model_cannot_be_changed__put_quantize_last{};
    else
        return typename decltype((walk<because::nothing, typename P::schema_type, typename P::model_type>{} >>
                                  ... >> std::type_identity<C>{}))::why{};
}

template <class S, class... F, Dataset D, class... C, std::size_t... I>
auto compress_stages(const fitted_pipeline<S, F...>& fitted, const D& data, const pipeline<C...>& compressors,
                     fit_options options, std::index_sequence<I...>) {
    using M = typename fitted_pipeline<S, F...>::model_type;
    const auto features = features_of<typename M::scalar, sizeof...(I)>(
        fitted.stages(), matrix_view<const typename S::scalar>(data.x()));
    auto small = [&]<std::size_t... K>(std::index_sequence<K...>) {
        return compress_model(fitted.model(), features.view(), compressors.template stage<K>()...);
    }(std::index_sequence_for<C...>{});
    using small_pipeline = fitted_pipeline<S, std::tuple_element_t<I, std::tuple<F...>>..., decltype(small)>;
    return with_record<small_pipeline>(
        std::tuple<std::tuple_element_t<I, std::tuple<F...>>..., decltype(small)>(
            fitted.template stage<I>()..., std::move(small)),
        data, fitted.record().seed, options);
}

} // namespace detail

/// Compresses a fitted pipeline with the training data that it was fitted on; the same to the last bit as the
/// compressors in the recipe.
///
///     auto small = compress(dense, train, prune(by_magnitude, 0.5) | quantize<std::int8_t>());
template <class S, class... F, class D, class... C>
    requires no_objection<decltype(detail::objection_to_compress<fitted_pipeline<S, F...>, D, C...>())>
auto compress(const fitted_pipeline<S, F...>& fitted, const D& data, const pipeline<C...>& compressors,
              fit_options options = {}) {
    detail::check_training_data<fitted_pipeline<S, F...>>(data);
    detail::check_same_columns(fitted.record().schema, data.info());
    return detail::compress_stages(fitted, data, compressors, options,
                                   std::make_index_sequence<sizeof...(F) - 1>{});
}

template <class P, class D, class... C, class Why = decltype(detail::objection_to_compress<P, D, C...>())>
    requires(!no_objection<Why>)
refused<Why> compress(const P&, const D&, const pipeline<C...>&, fit_options = {});

} // namespace tenon
