#pragma once

// The solver of linear and ridge regression: the centred Gram matrix as a mergeable fold, then Cholesky; where the
// columns are too close to collinear for that, a second pass folds the rows into a triangle by rank-revealing
// orthogonal transformations.

#include <cmath>
#include <limits>
#include <tenon/core/error.hpp>
#include <tenon/model/cholesky.hpp>
#include <tenon/model/co_moments.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/orthogonal.hpp>
#include <tenon/model/ridge.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

template <class T>
struct least_squares_solution {
    std::vector<T> coefficients;
    T intercept;
};

/// The coefficients from the Gram matrix, or none where the digits they would lose are too many.
template <class T, std::size_t Bytes = register_bytes>
std::vector<T> solve_normal_equations(const co_moments<T>& moments, T penalty) {
    matrix<T> gram = moments.gram();
    const std::size_t width = moments.width();
    // Unit diagonal: then the condition number speaks of collinearity and not of the columns' units.
    std::vector<T> scale(width), w(width);
    for (std::size_t c = 0; c < width; ++c)
        scale[c] = moments.is_constant(c) ? T(0) : 1 / std::sqrt(gram(c, c) + penalty);
    for (std::size_t i = 0; i < width; ++i) { // a scale of zero leaves a constant column no coefficient
        w[i] = moments.cross()[i] * scale[i];
        for (std::size_t j = 0; j < width; ++j) gram(i, j) *= scale[i] * scale[j];
        gram(i, i) = 1;
    }
    const cholesky<T, Bytes> factor(std::move(gram));
    // The error of the normal equations is about epsilon / condition: below 1e-8 the data are taken instead.
    if (!(factor.reciprocal_condition() > T(1e-8))) return {};
    factor.solve(w);
    for (std::size_t c = 0; c < width; ++c) w[c] *= scale[c];
    return w;
}

/// Minimum-norm least squares of the centred rows, the penalty as extra rows.
template <class T, std::size_t Bytes = register_bytes>
std::vector<T> solve_orthogonally(matrix_view<const T> x, vector_view<const T> y, T penalty,
                                  const co_moments<T>& moments) {
    const std::size_t width = x.columns();
    triangular_factor<T, Bytes> factor(width);
    for (std::size_t c = 0; c < width; ++c)
        if (!moments.is_constant(c)) factor.begin_with(c, std::sqrt(penalty));
    row_panel<T, Bytes> panel(width + 1, x.rows());
    aligned_vector<T> mean(panel.pitch());
    T count = 0;
    for (std::size_t first = 0; first < x.rows(); first += panel.capacity()) {
        const std::size_t left = x.rows() - first, rows = left < panel.capacity() ? left : panel.capacity();
        panel.take(x.middle_rows(first, rows), {&y[first], rows, y.stride()}, count, mean.data());
        for (std::size_t c = 0; c < width; ++c)
            if (moments.is_constant(c))
                for (std::size_t r = 0; r <= rows; ++r) panel.row(r)[c] = 0;
        factor.add(panel.row(0), rows + 1);
    }
    return factor.solve(std::numeric_limits<T>::epsilon() *
                        static_cast<T>(x.rows() > width ? x.rows() : width));
}

/// Least squares with an optional penalty.
template <class T, std::size_t Bytes = register_bytes>
least_squares_solution<T> solve_least_squares(matrix_view<const T> x, vector_view<const T> y, T penalty) {
    co_moments<T> moments(x.columns());
    moments.template update<T, Bytes>(x, y);
    std::vector<T> w = solve_normal_equations<T, Bytes>(moments, penalty);
    if (w.size() != x.columns()) w = solve_orthogonally<T, Bytes>(x, y, penalty, moments);
    T intercept = moments.target_mean();
    for (std::size_t c = 0; c < w.size(); ++c) intercept -= moments.feature_means()[c] * w[c];
    return {std::move(w), intercept};
}

template <class M>
M fit_least_squares(matrix_view<const double> x, vector_view<const double> y, double penalty,
                    model_shape shape) {
    if (!(penalty >= 0)) fail<fit_error>({"ridge: the penalty must be 0 or more, not ", penalty});
    const auto solution = solve_least_squares<double>(x, y, penalty);
    M m(shape);
    for (std::size_t i = 0; i < shape.inputs; ++i) m.coefficients()(i, 0) = solution.coefficients[i];
    m.intercepts()[0] = solution.intercept;
    return m;
}

} // namespace detail

template <class M>
M linear_regression_spec::fit(std::type_identity<M>, matrix_view<const double> x, vector_view<const double> y,
                              model_shape shape) const {
    return detail::fit_least_squares<M>(x, y, 0, shape);
}

template <class M>
M ridge_spec::fit(std::type_identity<M>, matrix_view<const double> x, vector_view<const double> y,
                  model_shape shape) const {
    return detail::fit_least_squares<M>(x, y, penalty, shape);
}

} // namespace tenon
