#pragma once

// How a recipe is fitted: its transforms stage by stage, then the model, then the compressors, then the record of the
// data. Fits what a pipeline's type says, nothing else.

#include <string>
#include <tenon/core/fit_transforms.hpp>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/fingerprint.hpp>
#include <tenon/data/profile.hpp>
#include <tenon/train/minimize.hpp>
#include <tenon/train/training_data.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// x in the scalar the model computes in; no copy where it is the same.
template <class To, class From>
class converted_rows {
public:
    explicit converted_rows(matrix_view<const From> x) {
        if constexpr (std::is_same_v<To, From>)
            view_ = x;
        else {
            owned_ = matrix<To>(x.rows(), x.columns());
            for (std::size_t r = 0; r < x.rows(); ++r)
                for (std::size_t c = 0; c < x.columns(); ++c) owned_(r, c) = static_cast<To>(x(r, c));
            view_ = owned_.view();
        }
    }
    converted_rows(const converted_rows&) = delete;
    converted_rows& operator=(const converted_rows&) = delete;
    matrix_view<const To> view() const noexcept { return view_; }

private:
    matrix<To> owned_;
    matrix_view<const To> view_;
};

/// Every compressor of a recipe in turn, each seeing the features of all training rows.
template <class M, class T>
M compress_model(const M& m, matrix_view<const T>) {
    return m;
}
template <class M, class T, class C, class... Rest>
auto compress_model(const M& m, matrix_view<const T> features, const C& compressor, const Rest&... rest) {
    return compress_model(compressor(m, features), features, rest...);
}

template <class S>
consteval bool is_trainer() {
    return S::part == role::trainer;
}

/// What a fitted pipeline remembers of the rows it was given; `sampled` are those that its profiles count.
template <Dataset D>
training_record record_of(const D& data, std::uint64_t seed, fit_options options,
                          std::span<const std::size_t> sampled) {
    training_record record{
        .schema = data.info(), .rows = data.x().rows(), .profiled_rows = sampled.size(), .seed = seed};
    if (options.fingerprint) record.fingerprint = fingerprint(data);
    for (std::size_t c = 0; c < data.x().columns() && options.profile; ++c)
        record.columns.push_back(profile_column(data.x().column(c), record.schema.columns[c], sampled));
    return record;
}

/// How the answers to some rows are distributed, into the record; of several numbers each by itself.
template <class P>
void profile_answers(P& fitted, matrix_view<const typename P::scalar> x,
                     std::span<const std::size_t> sampled) {
    using T = typename P::scalar;
    using kind = typename P::schema_type::kind;
    constexpr std::size_t outputs = target_columns<kind>;
    auto room = make_sample<P::width, T>(x.columns());
    std::vector<double> answers[outputs];
    for (std::vector<double>& one : answers) one.reserve(sampled.size());
    for (const std::size_t r : sampled) {
        const std::span<const T> sample = contiguous_row(x, r, std::span<T>(room.data(), room.size()));
        const auto answer = std::as_const(fitted)(row<P::width, T>(sample.data(), sample.size()));
        if constexpr (is_several_numbers<kind>)
            for (std::size_t k = 0; k < outputs; ++k) answers[k].push_back(static_cast<double>(answer[k]));
        else
            answers[0].push_back(static_cast<double>(answer));
    }
    training_record& record = fitted.record();
    if (is_classification<kind>)
        record.prediction = profile_levels(answers[0], record.schema.target.levels.size());
    else
        record.prediction = profile_numbers(answers[0]);
    for (std::size_t k = 1; k < outputs; ++k) record.more_predictions.push_back(profile_numbers(answers[k]));
}

/// A fitted pipeline of these stages, with the record of its data.
template <class P, class... F, Dataset D>
P with_record(std::tuple<F...>&& stages, const D& data, std::uint64_t seed, fit_options options) {
    std::vector<std::size_t> sampled;
    if (options.profile) sampled = profiled_rows(data.x().rows());
    P fitted(std::move(stages), record_of(data, seed, options, sampled));
    if constexpr (P::has_model)
        if (options.profile)
            profile_answers(fitted, matrix_view<const typename P::scalar>(data.x()), sampled);
    return fitted;
}

/// The features that the first N fitted stages make of x, in the scalar To.
template <class To, std::size_t N, class T, class... F>
matrix<To> features_of(const std::tuple<F...>& fitted, matrix_view<const T> x) {
    travelling_rows<T> rows(x);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (rows.pass(std::get<I>(fitted)), ...);
    }(std::make_index_sequence<N>{});
    matrix<To> features(x.rows(), rows.view().columns());
    for (std::size_t r = 0; r < features.rows(); ++r)
        for (std::size_t c = 0; c < features.columns(); ++c)
            features(r, c) = static_cast<To>(rows.view()(r, c));
    return features;
}

/// A recipe taken apart by roles: transforms, the model, its trainer if any, compressors.
template <class S, class... Stages>
struct recipe_parts {
    static constexpr std::size_t transforms =
        (std::size_t{0} + ... + std::size_t(is_transform(Stages::part)));
    static constexpr bool has_model = transforms < sizeof...(Stages);
    static constexpr bool has_trainer = (is_trainer<Stages>() || ...);
    static constexpr std::size_t first_compressor = transforms + 1 + (has_trainer ? 1 : 0);
};

template <class S, class... Stages, Dataset D, std::size_t... I, std::size_t... C>
auto fit_parts(const pipeline<Stages...>& recipe, const D& data, fit_options options,
               std::index_sequence<I...>, std::index_sequence<C...>) {
    using parts = recipe_parts<S, Stages...>;
    using P = fitted_t<pipeline<Stages...>, S>;
    using T = typename S::scalar;
    using Y = target_value<typename S::kind>;

    // The rows that minimize watches leave before the first stage is fitted.
    row_parts split;
    std::uint64_t seed = 0;
    if constexpr (parts::has_trainer) {
        const minimize_options& watched = recipe.template stage<parts::transforms + 1>().options;
        seed = watched.seed;
        split = hold_out_rows(data.x().rows(), watched.validation, seed);
    }
    const bool watches = !split.held_out.empty();
    const dataset<S> training = select_rows(data, split.training),
                     held_out = select_rows(data, split.held_out);
    const vector_view<const Y> y = watches ? training.y() : vector_view<const Y>(data.y());
    const vector_view<const double> weights = watches ? training.weights() : weights_of(data);
    travelling_rows<T> rows(watches ? training.x() : matrix_view<const T>(data.x()));
    travelling_rows<T> held_out_rows(held_out.x());

    std::vector<column_info> columns = data.info().columns;
    std::tuple fitted{fit_and_pass<std::tuple_element_t<I, typename P::fitted_stages>>(
        recipe.template stage<I>(), rows, held_out_rows, y, columns,
        parts::has_model || I + 1 < sizeof...(I))...};
    if constexpr (!parts::has_model)
        return with_record<P>(std::move(fitted), data, seed, options);
    else {
        const auto& model = recipe.template stage<parts::transforms>();
        using In = typename detail::walked<S, std::tuple_element_t<I, std::tuple<Stages...>>...>::columns;
        using M =
            typename std::tuple_element_t<parts::transforms, std::tuple<Stages...>>::template fitted<In>;
        const converted_rows<typename M::scalar, T> features(rows.view());
        const model_shape shape{features.view().columns(), output_count<typename S::kind>(data.info())};
        M dense = [&] {
            if constexpr (parts::has_trainer) {
                const converted_rows<typename M::scalar, T> watched(held_out_rows.view());
                return recipe.template stage<parts::transforms + 1>().train(
                    model.start(std::type_identity<M>{}, shape, seed), features.view(), y, watched.view(),
                    held_out.y(), true, weights, held_out.weights(), data.info().target.levels);
            } else
                return fit_model<M>(model, features.view(), y, shape, weights);
        }();
        auto finish = [&](matrix_view<const typename M::scalar> all) {
            auto last = compress_model(dense, all, recipe.template stage<parts::first_compressor + C>()...);
            return with_record<P>(std::tuple_cat(std::move(fitted), std::tuple(std::move(last))), data, seed,
                                  options);
        };
        // Compressors see what the fitted stages make of all rows, as they would after the fact.
        constexpr bool as_fitted =
            !(FitsAndTransforms<std::tuple_element_t<I, std::tuple<Stages...>>,
                                std::tuple_element_t<I, typename P::fitted_stages>, T, Y> ||
              ...);
        if (sizeof...(C) == 0 || (as_fitted && !watches)) return finish(features.view());
        return finish(features_of<typename M::scalar, parts::transforms, T>(fitted, data.x()).view());
    }
}

} // namespace detail

/// What pipeline::fit runs.
template <class... Stages, Dataset D>
auto fit_recipe(const pipeline<Stages...>& recipe, const D& data, fit_options options) {
    using S = typename D::schema_type;
    using parts = detail::recipe_parts<S, Stages...>;
    detail::check_training_data<fitted_t<pipeline<Stages...>, S>>(data);
    constexpr std::size_t compressors = parts::has_model ? sizeof...(Stages) - parts::first_compressor : 0;
    return detail::fit_parts<S>(recipe, data, options, std::make_index_sequence<parts::transforms>{},
                                std::make_index_sequence<compressors>{});
}

} // namespace tenon
