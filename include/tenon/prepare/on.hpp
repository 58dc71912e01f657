#pragma once

// on<"a", "b">(stage): a stage, or several joined by |, for the named columns alone; the others pass. A misspelt name
// does not compile.

#include <cstddef>
#include <span>
#include <tenon/core/concepts.hpp>
#include <tenon/core/fit_transforms.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/prepare/fitted_on.hpp>
#include <tenon/prepare/on_columns.hpp>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

template <class T, std::size_t W, bool InPlace, class Places, class Fitted>
struct on_fitted;
template <class T, std::size_t W, bool InPlace, class Places, class S, class... F>
struct on_fitted<T, W, InPlace, Places, fitted_pipeline<S, F...>> {
    using type = fitted_on<T, W, InPlace, Places, F...>;
};

/// A stage over columns I… of In, taken apart: what it makes of them and what it fits to.
template <class In, class Places, class... Stages>
struct on_parts;
template <class In, std::size_t... I, class... Stages>
struct on_parts<In, std::index_sequence<I...>, Stages...> {
    using chosen = selection<In, I...>;
    using walk = walked<chosen, Stages...>;
    using made = typename walk::columns;
    using out = decltype(columns_behind_on<In, made, I...>());
    using fitted =
        typename on_fitted<typename In::scalar, In::width, keeps_columns<chosen, made>(),
                           std::index_sequence<I...>, typename walk::template fitted<chosen>>::type;
};

template <class In, class Stages, fixed_string... Names>
struct on_objection;
template <class In, class... Stages, fixed_string... Names>
struct on_objection<In, pipeline<Stages...>, Names...> {
    static consteval auto find() {
        using missing = decltype(objection_to_names<In, Names...>());
        if constexpr (!(is_transform(Stages::part) && ...))
            return because::on_takes_Preprocessors_and_FeatureExpanders_only{};
        else if constexpr (!no_objection<missing>)
            return missing{};
        else
            return typename on_parts<In, places_of_names<In, Names...>, Stages...>::walk::why{};
    }
    using type = decltype(find());
};

} // namespace detail

/// Made by on<Names…>(stage).
template <class Fragment, fixed_string... Names>
struct on_spec;
template <class... Stages, fixed_string... Names>
struct on_spec<pipeline<Stages...>, Names...> : stage<role::preprocessor> {
    static_assert(sizeof...(Names) > 0, "on: name at least one column");
    static_assert(detail::names_differ<sizeof...(Names)>({Names.view()...}), "on: a column is named twice");
    template <class In>
    using objection = typename detail::on_objection<In, pipeline<Stages...>, Names...>::type;
    template <class In>
    using parts = detail::on_parts<In, detail::places_of_names<In, Names...>, Stages...>;
    template <class In>
    using out = typename parts<In>::out;
    template <class In>
    using fitted = typename parts<In>::fitted;

    pipeline<Stages...> fragment;

    template <class F, class T, class Y>
    F fit(std::type_identity<F> type, matrix_view<const T> x, vector_view<const Y> y,
          std::span<const column_info> columns) const {
        return fit_transform(type, x, y, columns).first;
    }

    /// The rows come out of the stages while these are fitted.
    template <class F, class T, class Y>
    std::pair<F, matrix<T>> fit_transform(std::type_identity<F>, matrix_view<const T> x,
                                          vector_view<const Y> y,
                                          std::span<const column_info> columns) const {
        constexpr auto& places = F::places::of_named;
        matrix<T> chosen(x.rows(), places.size());
        std::vector<column_info> here;
        for (std::size_t i = 0; i < places.size(); ++i) {
            here.push_back(columns[places[i]]);
            for (std::size_t r = 0; r < x.rows(); ++r) chosen(r, i) = x(r, places[i]);
        }
        detail::travelling_rows<T> rows(chosen.view()),
            none_held_out(matrix_view<const T>(chosen.data(), 0, places.size()));
        F f = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return F{std::tuple{detail::fit_and_pass<std::tuple_element_t<I, decltype(F::stages)>>(
                fragment.template stage<I>(), rows, none_held_out, y, here)...}};
        }(std::index_sequence_for<Stages...>{});
        matrix<T> z(x.rows(), f.width_out());
        for (std::size_t r = 0; r < x.rows(); ++r) F::put(x, rows.view(), r, z.row(r));
        return {std::move(f), std::move(z)};
    }
};

/// A Preprocessor or FeatureExpander, or several joined by |, for the named columns alone; the others pass.
///
/// Where the stage keeps its columns, as standardize does, they stay in place. Where it makes others, as one_hot does,
/// those stand behind the columns that pass. Names of columns that pass can be used by a later on or select; to drop the
/// columns that no stage is for (scikit-learn's remainder="drop"), put select<…>() of the others in front.
///
///     on<"island", "sex">(impute(most_frequent) | one_hot()) | on<"body_mass_g">(impute(median) | standardize())
template <fixed_string... Names, class S>
    requires(detail::Operand<S> && !detail::Fitted<S>)
auto on(const S& stage) {
    const auto fragment = detail::pipeline_of(detail::stages_of(stage));
    return pipeline{on_spec<std::remove_const_t<decltype(fragment)>, Names...>{{}, fragment}};
}

} // namespace tenon
