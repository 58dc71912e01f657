#pragma once

// from_coefficients<K>(model): keeps the K columns to which a linear model gives the largest coefficients.

#include <cstddef>
#include <tenon/core/ascending.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/features/coefficients.hpp>
#include <tenon/features/kept_columns.hpp>
#include <vector>

namespace tenon::inline v0 {

/// What from_coefficients fits to.
template <std::size_t W, std::size_t K, class T>
using fitted_from_coefficients = fitted_kept<"from_coefficients", W, K, T>;

/// Made by from_coefficients<K>(model).
template <std::size_t K, Model M>
struct from_coefficients_spec : stage<role::preprocessor> {
    static_assert(K > 0, "from_coefficients<K>: keep at least one column");
    M model;
    explicit from_coefficients_spec(M m) : model(m) {}

    template <class In>
    using objection = decltype(detail::objection_to_selection<In, K, M>());
    template <class In>
    using out = columns<K, typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_from_coefficients<In::width, K, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y> y,
          std::span<const column_info> columns) const {
        if (K > x.columns())
            detail::fail<data_error>({F::name, ": asked for ", K, " columns, there are ", x.columns()});
        std::vector<std::size_t> places(x.columns());
        for (std::size_t c = 0; c < places.size(); ++c) places[c] = c;
        const detail::trial_fits<M, Y> trials(F::name, model, x, y, columns);
        const std::vector<double> sizes = trials.sizes(places, 1);
        const auto best_first =
            detail::ascending_places(sizes.size(), [&](std::size_t c) { return -sizes[c]; });
        std::vector<bool> is_kept(sizes.size());
        for (std::size_t i = 0; i < K; ++i) is_kept[best_first[i]] = true;
        places.clear();
        for (std::size_t c = 0; c < sizes.size(); ++c)
            if (is_kept[c]) places.push_back(c);
        return detail::kept_places<F>(sizes.size(), places);
    }
};

/// Fits the model to all columns and keeps the K whose coefficients are largest in size, summed over the classes where there
/// are several, in their old order: scikit-learn's SelectFromModel with max_features = K and threshold = -inf. Of equal
/// columns the first is kept. The model is one with coefficients and a solver of its own (linear_regression, ridge,
/// logistic_regression); it is not part of what is fitted. Coefficients compare only where columns have one unit: put
/// standardize() before it.
///
/// A constant column has the coefficient 0 in a penalized model, and goes first. Throws data_error for values that are missing
/// or infinite, for one class only, and for fewer than K columns where only the data know.
///
///     standardize() | from_coefficients<5>(ridge(1.0)) | …
template <std::size_t K, Model M>
auto from_coefficients(const pipeline<M>& model) {
    return pipeline{from_coefficients_spec<K, M>(model.template stage<0>())};
}

template <std::size_t K, class M>
refused<because::a_selector_by_a_Model_takes_one_Model_alone> from_coefficients(const M&);

} // namespace tenon
