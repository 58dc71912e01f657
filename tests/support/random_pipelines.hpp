// Fitted pipelines without training: transforms fitted to random data, and models whose parameters are random. For
// tests of what happens to a pipeline afterwards.
#pragma once

#include <cstdint>
#include <limits>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/train/fit.hpp>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon_test {

namespace tn = tenon;

/// Rows for the columns of `info`: numbers around 10, levels, and a missing value here and there where wanted.
template <class S>
tn::dataset<S> random_dataset(std::size_t rows, std::uint64_t seed, const tn::schema_info& info,
                              bool with_missing = false) {
    using T = typename S::scalar;
    tn::philox random(seed);
    tn::matrix<T> x(rows, info.columns.size());
    std::vector<tn::target_value<typename S::kind>> y;
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < x.columns(); ++c) {
            const auto& column = info.columns[c];
            x(r, c) = column.categorical ? static_cast<T>(random.below(column.levels.size()))
                                         : static_cast<T>(10 + 3 * random.normal());
            if (with_missing && random.below(16) == 0) x(r, c) = std::numeric_limits<T>::quiet_NaN();
        }
        if constexpr (tn::is_classification<typename S::kind>)
            y.push_back(static_cast<tn::class_index>(random.below(info.target.levels.size())));
        else if constexpr (!std::is_same_v<typename S::kind, tn::none>)
            y.push_back(random.normal());
    }
    return {std::move(x), std::move(y), info};
}

/// A model with parameters around zero, as training would leave them.
template <class M>
M random_model(tn::model_shape shape, std::uint64_t seed) {
    M model(shape);
    tn::philox random(seed, 7);
    for (auto& p : model.parameters()) p = static_cast<typename M::scalar>(0.5 * random.normal());
    return model;
}

/// The pipeline that Recipe fits to over S, its transforms fitted to `data` and its model random. A real target is
/// answered in its own units.
template <class P, class Transforms, class S>
P random_pipeline(const Transforms& transforms, const tn::dataset<S>& data, std::uint64_t seed) {
    using M = typename P::model_type;
    auto before = transforms.fit(data);
    const std::size_t scores = tn::is_classification<typename S::kind> ? data.info().target.levels.size() : 1;
    M model = random_model<M>({before.feature_count(), scores}, seed);
    if constexpr (!tn::is_classification<typename S::kind>)
        if constexpr (M::keeps_target_units) model.enter_target_units(250, 40, true);
    auto stages = std::tuple_cat(before.stages(), std::tuple<M>(std::move(model)));
    return tn::detail::with_record<P>(std::move(stages), data, seed, {});
}

/// The pipeline P that `compressor` makes of a fitted one, seeing the rows of `data`.
template <class P, class Dense, class Compressor, class S>
P compressed_pipeline(const Dense& dense, const Compressor& compressor, const tn::dataset<S>& data) {
    using T = typename Dense::model_type::scalar;
    using before = std::make_index_sequence<std::tuple_size_v<typename Dense::fitted_stages> - 1>;
    const tn::matrix<T> features = tn::detail::features_of<T, before::size()>(dense.stages(), data.x());
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        typename P::fitted_stages stages(dense.template stage<I>()...,
                                         compressor(dense.model(), features.view()));
        return tn::detail::with_record<P>(std::move(stages), data, dense.record().seed, {});
    }(before{});
}

} // namespace tenon_test
