#pragma once

// recursive_elimination<K>(model): takes away the column with the smallest coefficient, fits again, and so on until K are left
// (Guyon, Weston, Barnhill and Vapnik, "Gene Selection for Cancer Classification using Support Vector Machines", 2002).

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

/// What recursive_elimination fits to.
template <std::size_t W, std::size_t K, class T>
using fitted_recursive_elimination = fitted_kept<"recursive_elimination", W, K, T>;

struct recursive_elimination_options {
    std::size_t step = 1; ///< columns that go at once; fewer in the last round
};

/// Made by recursive_elimination<K>(model, options).
template <std::size_t K, Model M>
struct recursive_elimination_spec : stage<role::preprocessor> {
    static_assert(K > 0, "recursive_elimination<K>: keep at least one column");
    M model;
    recursive_elimination_options options;
    recursive_elimination_spec(M m, recursive_elimination_options o) : model(m), options(o) {}

    template <class In>
    using objection = decltype(detail::objection_to_selection<In, K, M>());
    template <class In>
    using out = columns<K, typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_recursive_elimination<In::width, K, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y> y,
          std::span<const column_info> columns) const {
        if (K > x.columns())
            detail::fail<data_error>({F::name, ": asked for ", K, " columns, there are ", x.columns()});
        if (options.step == 0) detail::fail<fit_error>({F::name, ": .step is 1 or more, not 0"});
        std::vector<std::size_t> left(x.columns());
        for (std::size_t c = 0; c < left.size(); ++c) left[c] = c;
        const detail::trial_fits<M, Y> trials(F::name, model, x, y, columns);
        while (left.size() > K) {
            const std::vector<double> sizes = trials.sizes(left, 2);
            const auto best_first =
                detail::ascending_places(left.size(), [&](std::size_t i) { return -sizes[i]; });
            const std::size_t over = left.size() - K;
            std::vector<bool> goes(left.size());
            for (std::size_t i = 0; i < (over < options.step ? over : options.step); ++i)
                goes[best_first[left.size() - 1 - i]] = true;
            std::vector<std::size_t> stay;
            for (std::size_t i = 0; i < left.size(); ++i)
                if (!goes[i]) stay.push_back(left[i]);
            left = stay;
        }
        return detail::kept_places<F>(x.columns(), left);
    }
};

/// Fits the model again and again, each time without the `.step` columns whose coefficients are smallest (their squares summed
/// over the classes), until K are left; they keep their order. scikit-learn's RFE; of equal columns the last goes first (there
/// the order of an unstable sort decides). What is said of the model, the units and the errors of from_coefficients holds here.
///
///     standardize() | recursive_elimination<5>(logistic_regression(), {.step = 2}) | …
template <std::size_t K, Model M>
auto recursive_elimination(const pipeline<M>& model, recursive_elimination_options options = {}) {
    return pipeline{recursive_elimination_spec<K, M>(model.template stage<0>(), options)};
}

template <std::size_t K, class M>
refused<because::a_selector_by_a_Model_takes_one_Model_alone>
recursive_elimination(const M&, recursive_elimination_options = {});

} // namespace tenon
