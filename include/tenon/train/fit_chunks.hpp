#pragma once

// fit_chunks: a recipe fitted to a source that gives its rows in chunks, again and again, for data larger than memory. What
// comes out is what fit gives for the same rows, to the last bit; a Model that minimize trains sees them in another order.

#include <concepts>
#include <cstddef>
#include <optional>
#include <tenon/core/fold_transforms.hpp>
#include <tenon/prepare/fold_on.hpp>
#include <tenon/train/chunks.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/train_chunks.hpp>
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

/// A Model behind which minimize stands is trained, whatever it could do alone.
template <class S, class P, memory Memory, bool IsTrained, class Stage>
consteval auto objection_to_chunks() {
    if constexpr (is_transform(Stage::part))
        return typename fold_objection<Stage, Memory>::type{};
    else if constexpr (Stage::part == role::trainer) {
        if constexpr (HasMetric<decltype(Stage::penalty)>)
            return because::a_Metric_needs_the_answers_to_all_rows__leave_it_out_where_rows_come_in_chunks{};
        else
            return because::nothing{};
    } else if constexpr (IsTrained ||
                         FitsBlocks<Stage, typename P::model_type, target_value<typename S::kind>>)
        return because::nothing{};
    else
        return because::this_Model_cannot_be_fitted_in_chunks<Stage>{};
}

/// The objection of the first stage that has one.
template <class S, class P, memory Memory, bool IsTrained>
consteval because::nothing objection_to_all_chunks() {
    return {};
}
template <class S, class P, memory Memory, bool IsTrained, class Stage, class... Rest>
consteval auto objection_to_all_chunks() {
    using why = decltype(objection_to_chunks<S, P, Memory, IsTrained, Stage>());
    if constexpr (no_objection<why>)
        return objection_to_all_chunks<S, P, Memory, IsTrained, Rest...>();
    else
        return why{};
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
            // Compressors first: they change the model's type.
            if constexpr (((Stages::part == role::pruner || Stages::part == role::quantizer) || ...))
                return because::
                    a_Pruner_or_Quantizer_needs_all_rows_in_memory__use_compress_on_what_fit_chunks_gives{};
            else
                return objection_to_all_chunks<S, P, Memory, (is_trainer<Stages>() || ...), Stages...>();
        }
    }
}

template <class P, class C, class Transforms>
P fit_transforms_to_chunks(C& source, const chunk_options& options, Transforms& stages) {
    using T = typename P::scalar;
    using Y = target_value<typename P::schema_type::kind>;
    chunk_fit<P, C> fit(source, options);
    while (!stages.is_fitted()) {
        fit.pass([&](matrix_view<const T> x, vector_view<const Y> y, auto, std::size_t first_row) {
            travelling_rows<T> rows(x);
            stages.see(rows, y, {first_row, fit.info().columns});
        });
        stages.end_pass();
    }
    return fit.with_record(stages.fitted());
}

/// A Model that is a fold takes the last pass, or passes.
template <class P, class C, class Transforms, class Model>
P fit_model_to_chunks(C& source, const chunk_options& options, Transforms& stages, const Model& model) {
    using T = typename P::scalar;
    using Y = target_value<typename P::schema_type::kind>;
    using M = typename P::model_type;
    constexpr std::type_identity<M> type{};
    using fold = decltype(model.begin(type, model_shape{}));
    chunk_fit<P, C> fit(source, options);
    std::optional<fold> learned;
    model_shape shape{};
    do {
        fit.pass([&](matrix_view<const T> x, vector_view<const Y> y, vector_view<const double> weights,
                     std::size_t first_row) {
            travelling_rows<T> rows(x);
            if (!stages.see(rows, y, {first_row, fit.info().columns})) return;
            if (!learned) {
                shape = {rows.view().columns(), output_count<typename P::schema_type::kind>(fit.info())};
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

/// What minimize trains takes a pass an epoch, when the transforms are fitted.
template <class P, class C, class Transforms, class Model, class L, class O, class Pen>
P train_on_chunks(C& source, const chunk_options& options, Transforms& stages, const Model& model,
                  const minimize_spec<L, O, Pen>& how) {
    using T = typename P::scalar;
    using Y = target_value<typename P::schema_type::kind>;
    using M = typename P::model_type;
    using kind = typename P::schema_type::kind;
    using fitting = chunk_fit<P, C>;
    fitting fit(source, options, row_draws(how.options.validation, how.options.seed));
    chunk_trainer<M, fitting, L, O, Pen> trainer(how, fit);
    bool is_first = true;
    do {
        auto look = [&](auto, vector_view<const Y> y, vector_view<const double> weights) {
            if (is_first) trainer.see(y, weights, output_count<kind>(fit.info()));
        };
        fit.pass(look, [&](matrix_view<const T> x, vector_view<const Y> y, auto, std::size_t first_row) {
            travelling_rows<T> rows(x);
            stages.see(rows, y, {first_row, fit.info().columns});
        });
        if (is_first) trainer.check_parts();
        is_first = false;
        stages.end_pass();
    } while (!stages.is_fitted());

    auto fitted = stages.fitted();
    auto features = [&](matrix_view<const T> x) {
        return features_of<typename M::scalar, std::tuple_size_v<decltype(fitted)>>(fitted, x);
    };
    const std::size_t width = features({nullptr, 0, fit.info().columns.size()}).columns();
    M trained =
        trainer.train(model.start(std::type_identity<M>{}, model_shape{width, output_count<kind>(fit.info())},
                                  how.options.seed),
                      features);
    return fit.with_record(std::tuple_cat(std::move(fitted), std::tuple<M>(std::move(trained))),
                           how.options.seed);
}

template <std::size_t... I, class... Stages, class C>
auto fit_chunk_parts(const pipeline<Stages...>& recipe, C& source, const chunk_options& options,
                     std::index_sequence<I...>) {
    using S = typename C::schema_type;
    using P = fitted_t<pipeline<Stages...>, S>;
    using parts = recipe_parts<S, Stages...>;
    transforms_fold<std::tuple<std::tuple_element_t<I, typename P::fitted_stages>...>,
                    std::tuple_element_t<I, std::tuple<Stages...>>...>
    stages(recipe.template stage<I>()...);
    if constexpr (!parts::has_model)
        return fit_transforms_to_chunks<P>(source, options, stages);
    else if constexpr (!parts::has_trainer)
        return fit_model_to_chunks<P>(source, options, stages, recipe.template stage<parts::transforms>());
    else
        return train_on_chunks<P>(source, options, stages, recipe.template stage<parts::transforms>(),
                                  recipe.template stage<parts::transforms + 1>());
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
/// A Model with minimize behind it takes a pass an epoch, in which each chunk is shuffled in itself and trained on in
/// batches of its own. The bits depend on the seed and on the size of the chunks; they are those of fit where one chunk
/// holds all rows and none is held out. Chunks should be many batches, and rows in no order: a file that is sorted by its
/// target is better shuffled first. With `.validation` each row is held out by a draw of its own (so the share is met
/// nearly, and the rows are others than fit's), and a second pass an epoch judges them; with `.patience` and no such rows it
/// judges those that train. In memory are then a chunk, its features, and what the model makes of them.
///
/// Stages whose statistics are all values of a column (medians, quantiles) do not compile unless the user writes
/// fit_chunks<memory::unbounded>. A Model that needs all rows at once and has no minimize behind it does not compile
/// either. Throws as fit and the source do, and data_error where a later pass has not as many rows as the first.
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
