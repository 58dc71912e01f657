#pragma once

// The solver of linear and ridge regression: the centred Gram matrix as a mergeable fold, then Cholesky; where the
// columns are too close to collinear for that, a rank-revealing orthogonal decomposition of the data themselves.

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <cmath>
#include <limits>
#include <tenon/core/error.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/ridge.hpp>

namespace tenon::inline v0 {

/// Means and centred co-moments of features and target, block by block and mergeable (Chan et al. 1979).
///
/// T is double; it is a template so that programs that never fit pay nothing for Eigen's product.
template <class T>
class co_moments {
public:
    using matrix_type = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
    using vector_type = Eigen::Matrix<T, Eigen::Dynamic, 1>;

    explicit co_moments(std::size_t width)
        : mean_(vector_type::Zero(index(width) + 1)),
          products_(matrix_type::Zero(index(width) + 1, index(width) + 1)) {}

    void update(matrix_view<const T> x, vector_view<const T> y) {
        constexpr std::size_t block = 512;
        co_moments part(x.columns());
        matrix_type centred(index(block), mean_.size());
        for (std::size_t first = 0; first < x.rows(); first += block) {
            const std::size_t rows = x.rows() - first < block ? x.rows() - first : block;
            part.assign(x.middle_rows(first, rows), {&y[first], rows, y.stride()}, centred);
            merge(part);
        }
    }

    void merge(const co_moments& other) {
        const T n = count_ + other.count_;
        if (other.count_ == 0) return;
        const vector_type away = other.mean_ - mean_;
        const T weight = count_ * other.count_ / n;
        for (Eigen::Index j = 0; j < away.size(); ++j)
            for (Eigen::Index i = j; i < away.size(); ++i)
                products_(i, j) += other.products_(i, j) + weight * away(i) * away(j);
        mean_ += away * (other.count_ / n);
        count_ = n;
    }

    Eigen::Index width() const { return mean_.size() - 1; }
    T count() const { return count_; }
    auto feature_means() const { return mean_.head(width()); }
    T target_mean() const { return mean_(width()); }
    /// The lower triangle of Xᵀ·X over centred columns, and Xᵀ·y.
    auto gram() const { return products_.topLeftCorner(width(), width()); }
    auto cross() const { return products_.row(width()).head(width()).transpose(); }
    /// Whether the spread of feature c is no more than rounding of its mean makes of equal values.
    bool is_constant(Eigen::Index c) const {
        const T noise = 128 * std::numeric_limits<T>::epsilon() * mean_(c);
        return !(products_(c, c) > count_ * noise * noise);
    }

private:
    static Eigen::Index index(std::size_t n) { return static_cast<Eigen::Index>(n); }

    void assign(matrix_view<const T> x, vector_view<const T> y, matrix_type& centred) {
        const Eigen::Index rows = index(x.rows());
        using strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
        const Eigen::Map<const matrix_type, 0, strides> features(x.data(), rows, width(),
                                                                 strides(x.column_stride(), x.row_stride()));
        auto panel = centred.topRows(rows);
        panel.leftCols(width()) = features;
        for (Eigen::Index r = 0; r < rows; ++r) panel(r, width()) = y[static_cast<std::size_t>(r)];
        count_ = static_cast<T>(rows);
        mean_ = panel.colwise().mean().transpose();
        panel.rowwise() -= mean_.transpose();
        products_.setZero();
        products_.template selfadjointView<Eigen::Lower>().rankUpdate(panel.transpose());
    }

    T count_ = 0;
    vector_type mean_;
    matrix_type products_; // lower triangle; the last row is the target's
};

namespace detail {

template <class T>
struct least_squares_solution {
    typename co_moments<T>::vector_type coefficients;
    T intercept;
};

/// Minimum-norm least squares of the centred problem, the penalty as extra rows.
template <class T>
typename co_moments<T>::vector_type solve_orthogonally(matrix_view<const T> x, vector_view<const T> y,
                                                       T penalty, const co_moments<T>& moments) {
    using matrix_type = typename co_moments<T>::matrix_type;
    using vector_type = typename co_moments<T>::vector_type;
    const auto rows = static_cast<Eigen::Index>(x.rows());
    const Eigen::Index columns = moments.width();
    const Eigen::Index extra = penalty > 0 ? columns : 0;
    matrix_type a = matrix_type::Zero(rows + extra, columns);
    vector_type b = vector_type::Zero(rows + extra);
    for (Eigen::Index r = 0; r < rows; ++r) {
        for (Eigen::Index c = 0; c < columns; ++c)
            a(r, c) =
                x(static_cast<std::size_t>(r), static_cast<std::size_t>(c)) - moments.feature_means()(c);
        b(r) = y[static_cast<std::size_t>(r)] - moments.target_mean();
    }
    for (Eigen::Index c = 0; c < columns; ++c)
        if (moments.is_constant(c)) a.col(c).setZero();
    if (extra > 0) a.bottomRows(extra).diagonal().setConstant(std::sqrt(penalty));
    return Eigen::CompleteOrthogonalDecomposition<matrix_type>(a).solve(b);
}

/// Least squares with an optional penalty.
template <class T>
least_squares_solution<T> solve_least_squares(matrix_view<const T> x, vector_view<const T> y, T penalty) {
    using matrix_type = typename co_moments<T>::matrix_type;
    using vector_type = typename co_moments<T>::vector_type;
    co_moments<T> moments(x.columns());
    moments.update(x, y);

    matrix_type gram = moments.gram();
    vector_type cross = moments.cross();
    for (Eigen::Index c = 0; c < cross.size(); ++c) {
        if (!moments.is_constant(c)) continue;
        gram.row(c).setZero(); // a constant column gets no coefficient
        gram.col(c).setZero();
        gram(c, c) = 1;
        cross(c) = 0;
    }
    // Unit diagonal: then the condition number speaks of collinearity and not of the columns' units.
    gram.diagonal().array() += penalty;
    const vector_type scale = gram.diagonal().array().sqrt();
    vector_type w(cross.size());
    bool solved = cross.size() == 0;
    if (!solved) {
        gram = scale.cwiseInverse().asDiagonal() * gram * scale.cwiseInverse().asDiagonal();
        const Eigen::LLT<matrix_type, Eigen::Lower> cholesky(gram);
        // The error of the normal equations is about epsilon / rcond: below 1e-8 the data are taken instead.
        solved = cholesky.info() == Eigen::Success && cholesky.rcond() > T(1e-8);
        if (solved) w = cholesky.solve(cross.cwiseQuotient(scale)).cwiseQuotient(scale);
    }
    if (!solved) w = solve_orthogonally(x, y, penalty, moments);
    return {w, moments.target_mean() - moments.feature_means().dot(w)};
}

template <class M>
M fit_least_squares(matrix_view<const double> x, vector_view<const double> y, double penalty,
                    model_shape shape) {
    if (!(penalty >= 0)) fail<fit_error>({"ridge: the penalty must be 0 or more, not ", penalty});
    const auto solution = solve_least_squares<double>(x, y, penalty);
    M m(shape);
    for (std::size_t i = 0; i < shape.inputs; ++i)
        m.coefficients()(i, 0) = solution.coefficients(static_cast<Eigen::Index>(i));
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
