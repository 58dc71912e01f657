#pragma once

// pca<K>: the K directions in which the rows differ most.

#include <cmath>
#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/features/enough_columns.hpp>
#include <tenon/features/projection.hpp>
#include <tuple>
#include <utility>

namespace tenon::inline v0 {

/// What pca fits to.
template <std::size_t W, std::size_t K, class T>
using fitted_pca = fitted_projection<"pca", true, W, K, T>;

/// Whether each output is divided by its standard deviation over the training rows.
struct pca_options {
    bool whiten = false;
};

/// Made by pca<K>(options).
template <std::size_t K>
struct pca_spec : stage<role::expander> {
    static_assert(K > 0, "pca<K>: ask for at least one component");
    pca_options options;
    explicit pca_spec(pca_options o = {}) : options(o) {}

    template <class In>
    using objection = enough_numbers<In, K>;
    template <class In>
    using out = columns<K, typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_pca<In::width, K, typename In::scalar>;

    /// A mergeable fold over the rows.
    using state = column_scatter;
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        s.update(x);
    }
    static void merge(state& into, const state& other) { into.merge(other); }
    template <class F>
    F finish(std::type_identity<F>, const state& s) const {
        using T = typename F::scalar;
        detail::check_projection(F::name, K, 2, s.width(), s.count());
        const std::size_t width = s.width();
        F f{storage<T, F::in>(width), storage<T, multiply_widths(F::in, K)>(width * K), {}, {}, {}};
        matrix<double> covariance(width, width);
        double total = 0;
        for (std::size_t i = 0; i < width; ++i) {
            f.mean[i] = static_cast<T>(s.mean(i));
            for (std::size_t j = 0; j < width; ++j) covariance(i, j) = s.product(i, j) / (s.count() - 1);
            total += covariance(i, i);
        }
        const eigen_pairs pairs = symmetric_eigen(std::move(covariance));
        detail::assign_components(f, pairs);
        for (std::size_t k = 0; k < K; ++k) {
            const double variance = pairs.values[k];
            // What is no more than rounding of the largest is no direction: its deviation would blow up noise.
            const bool is_direction = variance > 1e-14 * static_cast<double>(width) * pairs.values[0];
            detail::assign_variance(f, k, variance, total);
            f.scale[k] = static_cast<T>(options.whiten && is_direction ? 1 / std::sqrt(variance) : 1.0);
        }
        return f;
    }

    template <class F, class T, class Y>
    F fit(std::type_identity<F> type, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        state s(x.columns());
        update(s, x);
        if (!s.is_finite()) detail::fail_not_finite(F::name, x, columns);
        return finish(type, s);
    }
};

/// The first K principal components, exactly, from the eigenvalues of the columns' covariance (divided by n - 1): means,
/// components, explained_variance and explained_variance_ratio are those of scikit-learn, and so are the signs: the largest
/// loading of a component is positive. Columns are not scaled: put standardize() before it where their units differ.
/// `.whiten` divides each output by its standard deviation; one that does not vary is left as it is. inverse() gives the
/// nearest row in the span of the components.
///
/// Constant columns have loadings 0, or stand alone in a component without variance. Throws data_error for values that are
/// missing, for fewer rows than K or than 2, and for fewer than K columns where only the data know.
///
///     pca<10>()   pca<10>({.whiten = true})
template <std::size_t K>
auto pca(pca_options options = {}) {
    return pipeline{pca_spec<K>(options)};
}

} // namespace tenon
