#pragma once

// truncated_svd<K>: the K directions that carry most of the rows' squares, about zero instead of the mean.

#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/features/enough_columns.hpp>
#include <tenon/features/projection.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// What truncated_svd fits to.
template <std::size_t W, std::size_t K, class T>
using fitted_truncated_svd = fitted_projection<"truncated_svd", false, W, K, T>;

/// Made by truncated_svd<K>().
template <std::size_t K>
struct truncated_svd_spec : stage<role::expander> {
    static_assert(K > 0, "truncated_svd<K>: ask for at least one component");

    template <class In>
    using objection = enough_numbers<In, K>;
    template <class In>
    using out = columns<K, typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_truncated_svd<In::width, K, typename In::scalar>;

    /// A mergeable fold over the rows, that of pca.
    using state = column_scatter;
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        s.update(x);
    }
    static void merge(state& into, const state& other) { into.merge(other); }
    template <class F>
    static F finish(std::type_identity<F>, const state& s) {
        detail::check_projection(F::name, K, 1, s.width(), s.count());
        const std::size_t width = s.width();
        F f{{}, storage<typename F::scalar, multiply_widths(F::in, K)>(width * K), {}, {}, {}};
        matrix<double> squares(width, width);
        double total = 0;
        for (std::size_t i = 0; i < width; ++i) {
            for (std::size_t j = 0; j < width; ++j)
                squares(i, j) = s.product(i, j) / s.count() + s.mean(i) * s.mean(j);
            total += s.product(i, i) / s.count();
        }
        const eigen_pairs pairs = symmetric_eigen(std::move(squares));
        detail::assign_components(f, pairs);
        for (std::size_t k = 0; k < K; ++k) {
            const std::span<const double> v = pairs.vectors.row(k);
            double variance = 0;
            for (std::size_t i = 0; i < width; ++i)
                for (std::size_t j = 0; j < width; ++j)
                    variance += v[i] * v[j] * (s.product(i, j) / s.count());
            detail::assign_variance(f, k, variance, total);
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

/// The rows in terms of the K right singular vectors of the largest singular values, exactly; columns are neither centred
/// nor scaled, so zeros stay zeros. Components, explained_variance (of the outputs, divided by n) and its ratio are those
/// of scikit-learn's TruncatedSVD (algorithm arpack), and so are the signs: the largest loading is positive. inverse()
/// gives the nearest row in the span of the components. Throws data_error for values that are missing, for fewer rows than
/// K, and for fewer than K columns where only the data know.
///
///     truncated_svd<10>()
template <std::size_t K>
auto truncated_svd() {
    return pipeline{truncated_svd_spec<K>{}};
}

} // namespace tenon
