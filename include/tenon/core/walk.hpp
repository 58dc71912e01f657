#pragma once

// The ordering law, on types alone: which stage may follow which, and what a list of stages fits to over given
// columns. A relation between neighbours, so `|` is associative and fragments compose.

#include <tenon/core/concepts.hpp>
#include <type_traits>

namespace tenon::inline v0 {

template <class S, class... Fitted>
class fitted_pipeline;

namespace detail {

/// May B stand directly behind A?
template <class A, class B>
consteval auto objection_between() {
    using namespace because;
    if constexpr (!Stage<A>)
        return the_left_operand_is_not_a_Stage{};
    else if constexpr (!Stage<B>)
        return the_right_operand_is_not_a_Stage{};
    else if constexpr (!no_objection<typename B::malformed>)
        return typename B::malformed{};
    else if constexpr (is_transform(B::part)) {
        if constexpr (is_transform(A::part))
            return nothing{};
        else
            return a_Preprocessor_must_come_before_the_Model{};
    } else if constexpr (B::part == role::model) {
        if constexpr (is_transform(A::part))
            return nothing{};
        else
            return only_one_Model_per_pipeline{};
    } else if constexpr (B::part == role::trainer) {
        if constexpr (is_transform(A::part))
            return a_Model_must_come_before_minimize{};
        else if constexpr (A::part != role::model)
            return minimize_must_come_right_after_the_Model{};
        else if constexpr (!A::differentiable)
            return this_Model_has_no_gradient__leave_out_minimize{};
        else
            return nothing{};
    } else {
        if constexpr (is_transform(A::part))
            return a_Model_must_come_before_a_Pruner_or_Quantizer{};
        else if constexpr (A::part == role::quantizer)
            return a_quantized_Model_cannot_be_changed__put_quantize_last{};
        else
            return nothing{};
    }
}

struct no_model {};

/// A model that minimize has yet to train.
template <class M>
struct untrained {
    using type = M;
};

template <class M>
inline constexpr bool is_untrained = false;
template <class M>
inline constexpr bool is_untrained<untrained<M>> = true;

/// How far a walk along the stages has come: the objection met, the columns here, the model, the fitted transforms.
template <class Why, class In, class M, class... Fitted>
struct walk {
    using why = Why;
    using columns = In;
    using model = M;
    template <class S>
    using fitted =
        std::conditional_t<std::is_same_v<M, no_model>, std::type_identity<fitted_pipeline<S, Fitted...>>,
                           std::type_identity<fitted_pipeline<S, Fitted..., M>>>::type;
};

template <class S, class In, class M, class... Fitted>
consteval auto walk_transform(walk<because::nothing, In, M, Fitted...>) {
    if constexpr (PreprocessorFor<S, In>)
        return walk<because::nothing, typename S::template out<In>, M, Fitted...,
                    typename S::template fitted<In>>{};
    else
        return walk<because::this_Stage_cannot_fit_these_columns<S>, In, M, Fitted...>{};
}

template <class S, class In, class M, class... Fitted>
consteval auto walk_model(walk<because::nothing, In, M, Fitted...>) {
    using because::nothing;
    if constexpr (std::is_same_v<typename In::kind, none>)
        return walk<because::a_Model_needs_a_target_but_the_schema_has_none, In, M, Fitted...>{};
    else if constexpr (!ModelFor<S, In>) {
        if constexpr (is_several_numbers<typename In::kind>)
            return walk<because::this_Model_answers_with_one_number__the_schema_has_several_targets<S>, In, M,
                        Fitted...>{};
        else
            return walk<because::this_Model_cannot_be_fitted_to_these_columns<S>, In, M, Fitted...>{};
    } else if constexpr (is_several_numbers<typename In::kind> &&
                         S::template fitted<In>::outputs != outputs_of<typename In::kind>)
        return walk<because::this_Model_answers_with_one_number__the_schema_has_several_targets<S>, In, M,
                    Fitted...>{};
    else if constexpr (SolverFor<S, In>)
        return walk<nothing, In, typename S::template fitted<In>, Fitted...>{};
    else
        return walk<nothing, In, untrained<typename S::template fitted<In>>, Fitted...>{};
}

template <class S, class In, class M, class... Fitted>
consteval auto walk_trainer(walk<because::nothing, In, M, Fitted...> here) {
    if constexpr (is_untrained<M>)
        return walk_trainer<S>(walk<because::nothing, In, typename M::type, Fitted...>{});
    else {
        using why = typename S::template objection_to<M, typename In::kind>;
        if constexpr (no_objection<why>)
            return here;
        else
            return walk<why, In, M, Fitted...>{};
    }
}

template <class S, class In, class M, class... Fitted>
consteval auto walk_compressor(walk<because::nothing, In, M, Fitted...>) {
    if constexpr (is_untrained<M>)
        return walk<because::this_Model_needs_minimize, In, M, Fitted...>{};
    else {
        using why = typename S::template objection_to<M>;
        if constexpr (!no_objection<why>)
            return walk<why, In, M, Fitted...>{};
        else if constexpr (!CompressorFor<S, M>)
            return walk<because::this_Pruner_or_Quantizer_cannot_take_this_Model<S>, In, M, Fitted...>{};
        else
            return walk<because::nothing, In, typename S::template result<M>, Fitted...>{};
    }
}

/// One step: stage S after the walk so far. An objection, once met, stays.
template <class Why, class In, class M, class... Fitted, class S>
consteval auto operator>>(walk<Why, In, M, Fitted...> here, std::type_identity<S>) {
    if constexpr (!no_objection<Why>)
        return here;
    else if constexpr (!no_objection<typename S::template objection<In>>)
        return walk<typename S::template objection<In>, In, M, Fitted...>{};
    else if constexpr (is_transform(S::part))
        return walk_transform<S>(here);
    else if constexpr (S::part == role::model)
        return walk_model<S>(here);
    else if constexpr (S::part == role::trainer)
        return walk_trainer<S>(here);
    else
        return walk_compressor<S>(here);
}

/// The objection at the end of the walk.
template <class W>
consteval auto verdict() {
    if constexpr (!no_objection<typename W::why>)
        return typename W::why{};
    else if constexpr (is_untrained<typename W::model>)
        return because::this_Model_needs_minimize{};
    else
        return because::nothing{};
}

/// The walk of Stages over the columns of S, from the first to the last.
template <class S, class... Stages>
using walked = decltype((walk<because::nothing, S, no_model>{} >> ... >> std::type_identity<Stages>{}));

} // namespace detail

} // namespace tenon
