#pragma once

// The solver of linear and ridge regression: the centred Gram matrix as a mergeable fold, then Cholesky; where the
// columns are too close to collinear for that, a second pass folds the rows into a triangle by rank-revealing
// orthogonal transformations.

#include <cmath>
#include <limits>
#include <optional>
#include <tenon/core/error.hpp>
#include <tenon/core/row_blocks.hpp>
#include <tenon/core/storage.hpp>
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
    std::vector<T> coefficients; ///< of one target behind those of the other
    std::vector<T> intercepts;   ///< one a target
};

/// The coefficients of each target from the Gram matrix, or none where the digits they would lose are too many.
template <class T, std::size_t Bytes = register_bytes>
std::vector<T> solve_normal_equations(const co_moments<T>& moments, T penalty) {
    matrix<T> gram = moments.gram();
    const std::size_t width = moments.width(), targets = moments.targets();
    // Unit diagonal: then the condition number speaks of collinearity and not of the columns' units.
    std::vector<T> scale(width), all(targets * width);
    for (std::size_t c = 0; c < width; ++c)
        scale[c] = moments.is_constant(c) ? T(0) : 1 / std::sqrt(gram(c, c) + penalty);
    for (std::size_t i = 0; i < width; ++i) { // a scale of zero leaves a constant column no coefficient
        for (std::size_t k = 0; k < targets; ++k) all[k * width + i] = moments.cross(k)[i] * scale[i];
        for (std::size_t j = 0; j < width; ++j) gram(i, j) *= scale[i] * scale[j];
        gram(i, i) = 1;
    }
    const cholesky<T, Bytes> factor(std::move(gram));
    // The error of the normal equations is about epsilon / condition: below 1e-8 the data are taken instead.
    if (!(factor.reciprocal_condition() > T(1e-8))) return {};
    for (std::size_t k = 0; k < targets; ++k) {
        const std::span<T> w = std::span<T>(all).subspan(k * width, width);
        factor.solve(w);
        for (std::size_t c = 0; c < width; ++c) w[c] *= scale[c];
    }
    return all;
}

/// Minimum-norm least squares of centred rows, the penalty as extra rows: a fold over blocks in their order, whose bits do
/// not depend on where the blocks end.
template <class T, std::size_t Bytes = register_bytes, class Y = T>
class orthogonal_fold {
public:
    /// `moments` are those of all rows that are going to come.
    orthogonal_fold(const co_moments<T>& moments, std::size_t rows, T penalty)
        : factor_(moments.width(), moments.targets()), panel_(moments.width() + moments.targets(), rows),
          left_over_(panel_.capacity()), mean_(panel_.pitch()),
          threshold_(std::numeric_limits<T>::epsilon() *
                     static_cast<T>(rows > moments.width() ? rows : moments.width())) {
        for (std::size_t c = 0; c < moments.width(); ++c) {
            is_constant_.push_back(moments.is_constant(c));
            if (!is_constant_.back()) factor_.begin_with(c, std::sqrt(penalty));
        }
    }

    void update(matrix_view<const T> x, vector_view<const Y> y, vector_view<const T> weights = {}) {
        left_over_.add(x, y, weights, [this](auto... block) { add(block...); });
    }
    /// Uses the fold up.
    std::vector<T> solve() {
        left_over_.flush([this](auto... block) { add(block...); });
        return factor_.solve(threshold_);
    }

private:
    void add(matrix_view<const T> x, vector_view<const Y> y, vector_view<const T> weights) {
        panel_.take(x, target_matrix(y), count_, mean_.data(), weights);
        for (std::size_t c = 0; c < is_constant_.size(); ++c)
            if (is_constant_[c])
                for (std::size_t r = 0; r <= x.rows(); ++r) panel_.row(r)[c] = 0;
        factor_.add(panel_.row(0), x.rows() + 1);
    }

    triangular_factor<T, Bytes> factor_;
    row_panel<T, Bytes> panel_;
    row_blocks<T, Y, T> left_over_;
    aligned_vector<T> mean_;
    std::vector<bool> is_constant_;
    T threshold_, count_ = 0;
};

/// Least squares with an optional penalty as a fold over blocks of rows. One pass over them where the normal equations do,
/// else two. The target Y of a row is a T, or a std::array of several.
template <class T, std::size_t Bytes, class Y>
class least_squares_fold {
public:
    explicit least_squares_fold(std::size_t width, T penalty = 0)
        // NOLINTNEXTLINE(bugprone-sizeof-expression): Y may hold several T
        : moments_(width, sizeof(Y) / sizeof(T)), penalty_(penalty) {}

    void update(matrix_view<const T> x, vector_view<const Y> y, vector_view<const T> weights = {}) {
        if (orthogonal_) return orthogonal_->update(x, y, weights);
        moments_.template update<T, Bytes>(x, target_matrix(y), weights);
        rows_ += x.rows();
    }
    /// Behind the last row: whether all of them are needed again, in the same order.
    bool wants_another_pass() {
        if (orthogonal_)
            coefficients_ = orthogonal_->solve();
        else {
            coefficients_ = solve_normal_equations<T, Bytes>(moments_, penalty_);
            if (coefficients_.size() != moments_.targets() * moments_.width()) {
                orthogonal_.emplace(moments_, rows_, penalty_);
                return true;
            }
        }
        return false;
    }
    least_squares_solution<T> solution() const {
        least_squares_solution<T> all{coefficients_, {}};
        for (std::size_t k = 0, i = 0; k < moments_.targets(); ++k) {
            T intercept = moments_.target_mean(k);
            for (const T mean : moments_.feature_means()) intercept -= mean * coefficients_[i++];
            all.intercepts.push_back(intercept);
        }
        return all;
    }

private:
    co_moments<T> moments_;
    std::optional<orthogonal_fold<T, Bytes, Y>> orthogonal_;
    std::vector<T> coefficients_;
    T penalty_;
    std::size_t rows_ = 0;
};

/// The same for rows that are all there.
template <class T, std::size_t Bytes = register_bytes, class Y = T>
least_squares_solution<T> solve_least_squares(matrix_view<const T> x,
                                              vector_view<const std::type_identity_t<Y>> y, T penalty,
                                              vector_view<const T> weights = {}) {
    least_squares_fold<T, Bytes, Y> fold(x.columns(), penalty);
    do fold.update(x, y, weights);
    while (fold.wants_another_pass());
    return fold.solution();
}

inline void check_ridge_penalty(double penalty) {
    if (!(penalty >= 0)) fail<fit_error>({"ridge: the penalty must be 0 or more, not ", penalty});
}

template <class M>
M linear_model_of(const least_squares_solution<double>& solution, model_shape shape) {
    M m(shape);
    for (std::size_t k = 0; k < shape.outputs; ++k) {
        for (std::size_t i = 0; i < shape.inputs; ++i)
            m.coefficients()(i, k) = solution.coefficients[k * shape.inputs + i];
        m.intercepts()[k] = solution.intercepts[k];
    }
    return m;
}

template <class M, class Y>
M fit_least_squares(matrix_view<const double> x, vector_view<const Y> y, double penalty, model_shape shape,
                    vector_view<const double> weights) {
    return linear_model_of<M>(solve_least_squares<double, register_bytes, Y>(x, y, penalty, weights), shape);
}

} // namespace detail

template <class M>
M linear_regression_spec::fit(std::type_identity<M>, matrix_view<const double> x,
                              vector_view<const target_value<typename M::kind>> y, model_shape shape,
                              vector_view<const double> weights) const {
    return detail::fit_least_squares<M>(x, y, 0, shape, weights);
}
template <class M>
detail::fold_of<M> linear_regression_spec::begin(std::type_identity<M>, model_shape shape) const {
    return detail::fold_of<M>(shape.inputs);
}
template <class M, class Fold>
M linear_regression_spec::finish(std::type_identity<M>, const Fold& fold, model_shape shape) const {
    return detail::linear_model_of<M>(fold.solution(), shape);
}

template <class M>
M ridge_spec::fit(std::type_identity<M>, matrix_view<const double> x,
                  vector_view<const target_value<typename M::kind>> y, model_shape shape,
                  vector_view<const double> weights) const {
    detail::check_ridge_penalty(penalty);
    return detail::fit_least_squares<M>(x, y, penalty, shape, weights);
}
template <class M>
detail::fold_of<M> ridge_spec::begin(std::type_identity<M>, model_shape shape) const {
    detail::check_ridge_penalty(penalty);
    return detail::fold_of<M>(shape.inputs, penalty);
}
template <class M, class Fold>
M ridge_spec::finish(std::type_identity<M>, const Fold& fold, model_shape shape) const {
    return detail::linear_model_of<M>(fold.solution(), shape);
}

} // namespace tenon
