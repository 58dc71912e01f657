#pragma once

// randomised_pca<K>: the first principal components of very many columns, nearly, without the covariance of all pairs (Halko,
// Martinsson and Tropp, "Finding Structure with Randomness", SIAM Review 53, 2011).

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/features/enough_columns.hpp>
#include <tenon/features/pca.hpp>
#include <tenon/features/projection.hpp>
#include <tenon/features/subspace.hpp>
#include <tenon/prepare/moments.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

struct randomised_pca_options {
    std::uint64_t seed = 0;
    bool whiten = false;           ///< as pca's
    std::size_t oversampling = 10; ///< directions followed beside the K
    std::size_t iterations = 5;    ///< passes over the rows that turn them towards the components
};

/// Made by randomised_pca<K>(options).
template <std::size_t K>
struct randomised_pca_spec : stage<role::expander> {
    static_assert(K > 0, "randomised_pca<K>: ask for at least one component");
    randomised_pca_options options;
    explicit randomised_pca_spec(randomised_pca_options o = {}) : options(o) {}

    template <class In>
    using objection = enough_numbers<In, K>;
    template <class In>
    using out = columns<K, typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_pca<In::width, K, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        constexpr const char* stage_name = "randomised_pca";
        const std::size_t width = x.columns();
        detail::check_projection(stage_name, K, 2, width, static_cast<double>(x.rows()));
        column_moments moments(width);
        moments.update(x);
        double total = 0; // of Σ (x - mean)²
        for (std::size_t c = 0; c < width; ++c) {
            const double n = moments.count(c);
            if (n < static_cast<double>(x.rows()) || !detail::is_finite(moments.mean(c)) ||
                !detail::is_finite(moments.variance(c) * n))
                detail::fail_not_finite(stage_name, x, columns);
            total += moments.variance(c) * n;
        }
        const std::size_t wanted = K + options.oversampling;
        matrix<double> basis(width, wanted < width ? wanted : width);
        philox random(options.seed);
        for (std::size_t c = 0; c < width; ++c)
            for (double& v : basis.row(c)) v = random.normal();
        detail::orthonormalize(basis);
        for (std::size_t i = 0; i < options.iterations; ++i) {
            basis = detail::pass_along(x, moments, basis);
            detail::orthonormalize(basis);
        }

        // The directions of the basis that carry most, in terms of the columns.
        const eigen_pairs within =
            symmetric_eigen(detail::inside_of(basis, detail::pass_along(x, moments, basis)));
        eigen_pairs pairs{within.values, matrix<double>(K, width)};
        for (std::size_t k = 0; k < K; ++k)
            for (std::size_t j = 0; j < basis.columns(); ++j)
                for (std::size_t c = 0; c < width; ++c)
                    pairs.vectors(k, c) += within.vectors(k, j) * basis(c, j);
        F f{storage<T, F::in>(width), storage<T, multiply_widths(F::in, K)>(width * K), {}, {}, {}};
        for (std::size_t c = 0; c < width; ++c) f.mean[c] = static_cast<T>(moments.mean(c));
        detail::assign_components(f, pairs);
        const double free = static_cast<double>(x.rows() - 1);
        for (std::size_t k = 0; k < K; ++k) {
            const double variance = pairs.values[k] / free;
            const bool is_direction = pairs.values[k] > 1e-14 * static_cast<double>(width) * pairs.values[0];
            detail::assign_variance(f, k, variance, total / free);
            f.scale[k] = static_cast<T>(options.whiten && is_direction ? 1 / std::sqrt(variance) : 1.0);
        }
        return f;
    }
};

/// What pca<K> fits, from a search in K + `.oversampling` directions that begins at random and takes `.iterations` + 1 passes
/// over the rows. It pays where the covariance of all pairs costs more: for ten components from some 400 columns on. Subspace
/// iteration with directions made orthonormal after every pass, then the exact components within what they span. Where K +
/// `.oversampling` is all columns the result is that of pca; else a component's error shrinks with each pass by the ratio of
/// the variance along direction K + `.oversampling` + 1 to its own. Memory beside the rows: columns times directions, thrice.
///
/// Signs, whitening and errors are those of pca. The rows are read again in every pass, so it is no fold.
///
///     randomised_pca<10>()   randomised_pca<10>({.seed = 7, .whiten = true})
template <std::size_t K>
auto randomised_pca(randomised_pca_options options = {}) {
    return pipeline{randomised_pca_spec<K>(options)};
}

} // namespace tenon
