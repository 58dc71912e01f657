#pragma once

// fine_tune: trains the model of a fitted pipeline further, on new data, with everything before it frozen.

#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/minimize.hpp>
#include <tuple>

namespace tenon::inline v0 {

namespace detail {

template <class M>
concept HasGradient = requires(M m) {
    m.parameters();
    typename M::scratch;
};

/// Why the model of P cannot be trained further by Trainer.
template <class P, class Trainer>
consteval auto objection_to_train_further() {
    if constexpr (!requires { typename P::fitted_stages; })
        return because::the_first_argument_is_not_fitted__call_fit_first{};
    else if constexpr (!P::has_model)
        return because::the_pipeline_has_no_Model__use_transform{};
    else if constexpr (requires { requires P::model_type::is_quantized; })
        return because::a_quantized_Model_cannot_be_fine_tuned__fine_tune_the_dense_one{};
    else if constexpr (!HasGradient<typename P::model_type>)
        return because::this_Model_has_no_gradient_to_fine_tune_with{};
    else if constexpr (!no_objection<typename Trainer::malformed>)
        return typename Trainer::malformed{};
    else
        return Trainer::template judge<typename P::model_type, typename P::schema_type::kind, false>();
}

template <class P, class D, class Trainer>
consteval auto objection_to_fine_tune() {
    if constexpr (!requires { typename P::fitted_stages; })
        return because::the_first_argument_is_not_fitted__call_fit_first{};
    else if constexpr (!Dataset<D>)
        return because::the_argument_is_not_a_Dataset{};
    else if constexpr (!std::is_same_v<typename P::schema_type, typename D::schema_type>)
        return because::the_data_have_another_schema_than_the_model{};
    else
        return objection_to_train_further<P, Trainer>();
}

} // namespace detail

/// Minimizes the mean loss on `data` + the penalty, from the parameters the model has. Preprocessing stays as it was
/// fitted; pruned weights stay zero; `.validation` and `.patience` work as in minimize. The record (profiles,
/// fingerprint) becomes that of the new data. Throws data_error for other levels or classes than the model's.
///
///     auto tuned = fine_tune(dense, recent, minimize(squared_error(), adam(1e-4), {.epochs = 20}, l2_sp(0.1)));
template <class S, class... F, class D, class L, class O, class P>
    requires no_objection<
        decltype(detail::objection_to_fine_tune<fitted_pipeline<S, F...>, D, minimize_spec<L, O, P>>())>
fitted_pipeline<S, F...> fine_tune(const fitted_pipeline<S, F...>& fitted, const D& data,
                                   const pipeline<minimize_spec<L, O, P>>& how, fit_options options = {}) {
    using pipe = fitted_pipeline<S, F...>;
    using M = typename pipe::model_type;
    using T = typename M::scalar;
    using Y = target_value<typename S::kind>;
    const minimize_spec<L, O, P>& trainer = how.template stage<0>();
    detail::check_training_data<pipe>(data);
    detail::check_same_columns(fitted.record().schema, data.info());

    const auto parts =
        detail::hold_out_rows(data.x().rows(), trainer.options.validation, trainer.options.seed);
    const bool watches = !parts.held_out.empty();
    const dataset<S> training = select_rows(data, parts.training),
                     held_out = select_rows(data, parts.held_out);
    auto features = [&](matrix_view<const typename S::scalar> x) {
        return detail::features_of<T, sizeof...(F) - 1>(fitted.stages(), x);
    };
    const matrix<T> x = features(watches ? training.x() : matrix_view<const typename S::scalar>(data.x()));
    const matrix<T> held_out_x = features(held_out.x());
    const vector_view<const Y> y = watches ? training.y() : vector_view<const Y>(data.y());

    const vector_view<const double> weights = watches ? training.weights() : detail::weights_of(data);
    M tuned = trainer.train(fitted.model(), x.view(), y, held_out_x.view(), held_out.y(), false, weights,
                            held_out.weights(), data.info().target.levels);
    std::tuple<F...> stages = fitted.stages();
    std::get<sizeof...(F) - 1>(stages) = std::move(tuned);
    return detail::with_record<pipe>(std::move(stages), data, trainer.options.seed, options);
}

template <class P, class D, class Trainer,
          class Why = decltype(detail::objection_to_fine_tune<P, D, Trainer>())>
    requires(!no_objection<Why>)
refused<Why> fine_tune(const P&, const D&, const pipeline<Trainer>&, fit_options = {});

} // namespace tenon
