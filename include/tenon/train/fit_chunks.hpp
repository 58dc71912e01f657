#pragma once

// fit_chunks: a recipe fitted to a source that gives its rows in chunks, again and again, for data larger than memory. What
// comes out is what fit gives for the same rows, to the last bit.

#include <concepts>
#include <cstddef>
#include <optional>
#include <tenon/core/fold_transforms.hpp>
#include <tenon/prepare/fold_on.hpp>
#include <tenon/train/chunks.hpp>
#include <tenon/train/fit.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

namespace tenon::inline v0 {

namespace detail {

/// A Model that can be fitted block by block: begin(type, shape) makes a fold with update(x, y), which at the end of a pass
/// says whether it wants_another_pass(), and finish(type, fold, shape) makes the fitted model of it.
template <class S, class M, class Y>
concept FitsBlocks = requires(const S s, std::type_identity<M> type, model_shape shape,
                              matrix_view<const typename M::scalar> x, vector_view<const Y> y) {
    s.begin(type, shape).update(x, y);
    { s.begin(type, shape).wants_another_pass() } -> std::convertible_to<bool>;
    { s.finish(type, s.begin(type, shape), shape) } -> std::same_as<M>;
};

template <class S, class P, memory Memory, class Stage>
consteval auto objection_to_chunks() {
    if constexpr (is_transform(Stage::part))
        return typename fold_objection<Stage, Memory>::type{};
    else if constexpr (Stage::part == role::trainer)
        return because::minimize_needs_all_rows_in_memory__use_fit{};
    else if constexpr (Stage::part == role::model) {
        if constexpr (FitsBlocks<Stage, typename P::model_type, target_value<typename S::kind>>)
            return because::nothing{};
        else
            return because::this_Model_cannot_be_fitted_in_chunks<Stage>{};
    } else
        return because::
            a_Pruner_or_Quantizer_needs_all_rows_in_memory__use_compress_on_what_fit_chunks_gives{};
}

/// The objection of the first stage that has one, but a trainer's or compressor's before all: they change the model's type.
template <class S, class P, memory Memory>
consteval because::nothing objection_to_all_chunks() {
    return {};
}
template <class S, class P, memory Memory, class Stage, class... Rest>
consteval auto objection_to_all_chunks() {
    using why = decltype(objection_to_chunks<S, P, Memory, Stage>());
    if constexpr (no_objection<why>)
        return objection_to_all_chunks<S, P, Memory, Rest...>();
    else
        return why{};
}
template <class S, class P, memory Memory, class First, class... Rest>
consteval auto objection_behind_the_model() {
    if constexpr (is_transform(First::part) || First::part == role::model) {
        if constexpr (sizeof...(Rest) == 0)
            return because::nothing{};
        else
            return objection_behind_the_model<S, P, Memory, Rest...>();
    } else
        return objection_to_chunks<S, P, Memory, First>();
}

template <memory Memory, class C, class... Stages>
consteval auto objection_to_fit_chunks() {
    if constexpr (!ChunkSource<C>)
        return because::the_second_argument_gives_no_chunks__it_needs_next_and_rewind{};
    else {
        using S = typename C::schema_type;
        using why = typename pipeline<Stages...>::template objection<S>;
        if constexpr (!no_objection<why>)
            return why{};
        else {
            using P = fitted_t<pipeline<Stages...>, S>;
            using late = decltype(objection_behind_the_model<S, P, Memory, Stages...>());
            if constexpr (!no_objection<late>)
                return late{};
            else
                return objection_to_all_chunks<S, P, Memory, Stages...>();
        }
    }
}

template <std::size_t... I, class... Stages, class C>
auto fit_chunk_parts(const pipeline<Stages...>& recipe, C& source, const chunk_options& options,
                     std::index_sequence<I...>) {
    using S = typename C::schema_type;
    using P = fitted_t<pipeline<Stages...>, S>;
    using T = typename S::scalar;
    using Y = target_value<typename S::kind>;
    using transforms = transforms_fold<std::tuple<std::tuple_element_t<I, typename P::fitted_stages>...>,
                                       std::tuple_element_t<I, std::tuple<Stages...>>...>;
    chunk_fit<P, C> fit(source, options);
    transforms stages(recipe.template stage<I>()...);
    if constexpr (!P::has_model) {
        while (!stages.is_fitted()) {
            fit.pass([&](matrix_view<const T> x, vector_view<const Y> y, auto, std::size_t first_row) {
                travelling_rows<T> rows(x);
                stages.see(rows, y, {first_row, fit.info().columns});
            });
            stages.end_pass();
        }
        return fit.with_record(stages.fitted());
    } else {
        using M = typename P::model_type;
        const auto& model = recipe.template stage<sizeof...(I)>();
        constexpr std::type_identity<M> type{};
        using fold = decltype(model.begin(type, model_shape{}));
        std::optional<fold> learned;
        model_shape shape{};
        do {
            fit.pass([&](matrix_view<const T> x, vector_view<const Y> y, vector_view<const double> weights,
                         std::size_t first_row) {
                travelling_rows<T> rows(x);
                if (!stages.see(rows, y, {first_row, fit.info().columns})) return;
                if (!learned) {
                    shape = {rows.view().columns(),
                             is_classification<typename S::kind> ? fit.info().target.levels.size() : 1};
                    learned.emplace(model.begin(type, shape));
                }
                const converted_rows<typename M::scalar, T> features(rows.view());
                if constexpr (requires { learned->update(features.view(), y, weights); })
                    learned->update(features.view(), y, weights);
                else {
                    refuse_weights(weights, M::name);
                    learned->update(features.view(), y);
                }
            });
            stages.end_pass();
        } while (!learned || learned->wants_another_pass());
        return fit.with_record(
            std::tuple_cat(stages.fitted(), std::tuple<M>(model.finish(type, *learned, shape))));
    }
}

} // namespace detail

/// Fits a recipe to the rows of a source without ever holding all of them: the same as recipe.fit for these rows, to the
/// last bit, record and fingerprint included, whatever the size of the chunks.
///
///     csv_chunks<house> file("houses.csv");
///     auto model = fit_chunks(impute(mean) | standardize() | ridge(1.0), file, {.rows = 100'000});
///
/// Each stage that learns takes a pass over the source, in order; those that do not, such as one_hot and polynomial, none.
/// The model takes the last one, or two where columns are nearly collinear; a recipe that needs one pass only takes
/// another for the profiles (unless `.profile = false`). In memory are one chunk, 4096 rows on their way through the
/// stages, the statistics, and the rows that profiles are made of, 4096 at most.
///
/// Stages whose statistics are all values of a column (medians, quantiles) do not compile unless the user writes
/// fit_chunks<memory::unbounded>. Models that need all rows at once, and minimize, do not compile either. Throws as fit
/// and the source do, and data_error where a later pass has not as many rows as the first.
template <memory Memory = memory::bounded, class... Stages, class C>
    requires no_objection<
        decltype(detail::objection_to_fit_chunks<Memory, std::remove_cvref_t<C>, Stages...>())>
auto fit_chunks(const pipeline<Stages...>& recipe, C&& source, const chunk_options& options = {}) {
    using S = typename std::remove_cvref_t<C>::schema_type;
    constexpr std::size_t transforms = detail::recipe_parts<S, Stages...>::transforms;
    return detail::fit_chunk_parts(recipe, source, options, std::make_index_sequence<transforms>{});
}

template <memory Memory = memory::bounded, class... Stages, class C,
          class Why = decltype(detail::objection_to_fit_chunks<Memory, std::remove_cvref_t<C>, Stages...>())>
    requires(!no_objection<Why>)
refused<Why> fit_chunks(const pipeline<Stages...>&, C&&, const chunk_options& = {});

} // namespace tenon
