#pragma once

// Recipes: `a | b` joins specifications into a flat pipeline and runs nothing; `fit` returns another type, a
// function of the recipe and the schema, never of the data.

#include <cstddef>
#include <tenon/core/stage_list.hpp>
#include <tenon/core/walk.hpp>
#include <tuple>

namespace tenon::inline v0 {

/// What `fit` does besides fitting. Both cost one pass over (a sample of) the data.
struct fit_options {
    bool profile = true;     ///< keep the reference distributions that drift monitoring needs
    bool fingerprint = true; ///< hash the training rows for the artifact
};

/// Stages in order. Make one with factories and `|`:
///
///     auto recipe = standardize() | polynomial<2>() | ridge(1e-3);
///     auto model = recipe.fit(train);
template <class... Stages>
struct pipeline {
    static constexpr std::size_t stage_count = sizeof...(Stages);

    constexpr explicit pipeline(Stages... in_order) : stages_(static_cast<Stages&&>(in_order)...) {}
    constexpr explicit pipeline(detail::stage_list<Stages...> stages)
        : stages_(static_cast<detail::stage_list<Stages...>&&>(stages)) {}

    /// Stage I, counted from 0.
    template <std::size_t I>
    constexpr const auto& stage() const noexcept {
        return stages_.template at<I>();
    }
    constexpr const detail::stage_list<Stages...>& stages() const noexcept { return stages_; }

    /// What this recipe fits to over the columns of S.
    template <Schema S>
    using fitted = typename detail::walked<S, Stages...>::template fitted<S>;

    /// Why it cannot be fitted to the columns of S; because::nothing where it can.
    template <class S>
    using objection = decltype(detail::verdict<detail::walked<S, Stages...>>());

    /// Fits every stage on the training rows, in order. Throws data_error for data that no stage can use (empty,
    /// infinite, missing without an impute) and fit_error where training does not succeed.
    template <Dataset D>
        requires no_objection<objection<typename D::schema_type>>
    fitted<typename D::schema_type> fit(const D& data, fit_options options = {}) const {
        return fit_recipe(*this, data, options);
    }

    template <Dataset D, class Why = objection<typename D::schema_type>>
        requires(!no_objection<Why>)
    refused<Why> fit(const D&, fit_options = {}) const;

    template <class D>
        requires(!Dataset<D>)
    refused<because::the_argument_is_not_a_Dataset> fit(const D&, fit_options = {}) const;

    refused<because::this_pipeline_is_not_fitted__call_fit_first> operator()(const auto&...) const;

private:
    detail::stage_list<Stages...> stages_;
};

/// Names the type that a recipe fits to over a schema: `fitted_t<decltype(recipe), house>`.
template <class Recipe, Schema S>
using fitted_t = typename Recipe::template fitted<S>;

/// What `fit` finds where train/fit.hpp is not included: predict.hpp describes and predicts, it does not fit.
template <class Recipe, class D>
refused<because::include_tenon_tenon_hpp_to_fit> fit_recipe(const Recipe&, const D&, ...);

namespace detail {

template <class S>
struct ends {
    using first = S;
    using last = S;
};
template <class... S>
struct ends<pipeline<S...>> {
    using first = std::tuple_element_t<0, std::tuple<S...>>;
    using last = std::tuple_element_t<sizeof...(S) - 1, std::tuple<S...>>;
};

template <class T>
concept Fitted = requires { typename T::fitted_stages; };

/// Whether `|` with this operand is ours to answer.
template <class T>
concept Operand = Stage<typename ends<T>::last> || Fitted<T>;

template <class L, class R>
consteval auto objection_to_join() {
    if constexpr (Fitted<L> || Fitted<R>)
        return because::this_is_fitted__use_compress_instead_of_the_bar{};
    else
        return objection_between<typename ends<L>::last, typename ends<R>::first>();
}

template <Stage S>
constexpr stage_list<S> stages_of(const S& stage) {
    return stage_list<S>(stage);
}
template <class... S>
constexpr const stage_list<S...>& stages_of(const pipeline<S...>& p) {
    return p.stages();
}
template <class... S>
constexpr pipeline<S...> pipeline_of(const stage_list<S...>& stages) {
    return pipeline<S...>(stages);
}

} // namespace detail

/// Joins two specifications, recipes or fragments of recipes.
template <class L, class R>
    requires((detail::Operand<L> || detail::Operand<R>) &&
             no_objection<decltype(detail::objection_to_join<L, R>())>)
constexpr auto operator|(const L& left, const R& right) {
    return detail::pipeline_of(join(detail::stages_of(left), detail::stages_of(right)));
}

template <class L, class R, class Why = decltype(detail::objection_to_join<L, R>())>
    requires((detail::Operand<L> || detail::Operand<R>) && !no_objection<Why>)
refused<Why> operator|(const L&, const R&);

} // namespace tenon
