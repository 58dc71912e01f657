#pragma once

// The solver of logistic regression: L-BFGS over centred and scaled columns, which leaves the optimum where it is and
// makes the road to it short whatever the columns' units.

#include <Eigen/Core>
#include <cmath>
#include <tenon/core/error.hpp>
#include <tenon/model/logistic_regression.hpp>
#include <tenon/optim/lbfgs.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// The penalized loss over centred and scaled columns. Weights are columns × scores, then one bias a score; with one score
/// the other class has the score zero.
template <class T>
class logistic_objective {
public:
    using dense = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
    using vector_type = Eigen::Matrix<T, Eigen::Dynamic, 1>;

    logistic_objective(matrix_view<const T> x, vector_view<const class_index> y, std::size_t scores,
                       double l2)
        : x_(index(x.rows()), index(x.columns())), y_(x.rows()), scores_(index(scores)), l2_(l2) {
        using strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
        x_ = Eigen::Map<const dense, 0, strides>(x.data(), x_.rows(), x_.cols(),
                                                 strides(x.column_stride(), x.row_stride()));
        for (std::size_t r = 0; r < y_.size(); ++r) y_[r] = y[r];
        mean_ = x_.colwise().mean().transpose();
        x_.rowwise() -= mean_.transpose();
        for (Eigen::Index c = 0; c < x_.cols(); ++c) // equal values may leave rounding of their mean
            if (x_.col(c).maxCoeff() == x_.col(c).minCoeff()) x_.col(c).setZero();
        // The second derivative is at most n/4 · spread² + l2 in a column's own units, so in these it is at most n/4.
        const T n = T(x_.rows());
        scale_ = (x_.colwise().squaredNorm().transpose().array() / n + 4 * l2_ / n).sqrt().matrix();
        for (T& s : scale_) s = s > 0 ? s : T(1);
        x_ *= scale_.cwiseInverse().asDiagonal();
    }

    std::size_t size() const { return static_cast<std::size_t>((x_.cols() + 1) * scores_); }

    T operator()(std::span<const T> w, std::span<T> gradient) {
        const Eigen::Map<const dense> weights(w.data(), x_.cols(), scores_);
        const Eigen::Map<const vector_type> bias(w.data() + weights.size(), scores_);
        Eigen::Map<dense> g(gradient.data(), x_.cols(), scores_);
        Eigen::Map<vector_type> g_bias(gradient.data() + g.size(), scores_);

        z_.noalias() = x_ * weights;
        z_.rowwise() += bias.transpose();
        T value = scores_ == 1 ? binary_residuals() : softmax_residuals();
        g.noalias() = x_.transpose() * z_;
        g_bias = z_.colwise().sum().transpose();
        const dense raw = scale_.cwiseInverse().asDiagonal() * weights; // the penalty is on the user's units
        g += l2_ * (scale_.cwiseInverse().asDiagonal() * raw);
        return value + l2_ / 2 * raw.squaredNorm();
    }

    /// Back to the units of the data.
    T coefficient(std::span<const T> w, std::size_t column, std::size_t score) const {
        return w[score * static_cast<std::size_t>(x_.cols()) + column] / scale_(index(column));
    }
    T intercept(std::span<const T> w, std::size_t score) const {
        T b = w[static_cast<std::size_t>(x_.cols() * scores_) + score];
        for (Eigen::Index c = 0; c < x_.cols(); ++c)
            b -= mean_(c) * coefficient(w, static_cast<std::size_t>(c), score);
        return b;
    }

private:
    static Eigen::Index index(std::size_t n) { return static_cast<Eigen::Index>(n); }

    /// The loss, and z becomes probability - target.
    T binary_residuals() {
        T value = 0;
        for (Eigen::Index r = 0; r < z_.rows(); ++r) {
            const T z = z_(r, 0), sign = y_[static_cast<std::size_t>(r)] == 1 ? T(1) : T(-1);
            const T margin = sign * z;
            const T e = std::exp(-std::abs(margin));
            value += std::log1p(e) + (margin < 0 ? -margin : T(0));
            const T wrong = margin < 0 ? 1 / (1 + e) : e / (1 + e); // the probability of the other class
            z_(r, 0) = -sign * wrong;
        }
        return value;
    }
    T softmax_residuals() {
        T value = 0;
        for (Eigen::Index r = 0; r < z_.rows(); ++r) {
            auto z = z_.row(r);
            const auto k = static_cast<Eigen::Index>(y_[static_cast<std::size_t>(r)]);
            z.array() -= z.maxCoeff();
            const T own = z(k);
            z = z.array().exp().matrix();
            const T sum = z.sum();
            value += std::log(sum) - own;
            z /= sum;
            z(k) -= 1;
        }
        return value;
    }

    dense x_;
    std::vector<class_index> y_;
    Eigen::Index scores_;
    T l2_;
    vector_type mean_, scale_;
    dense z_;
};

} // namespace detail

template <class M>
M logistic_regression_spec::fit(std::type_identity<M>, matrix_view<const double> x,
                                vector_view<const class_index> y, model_shape shape) const {
    if (!(options.l2 >= 0))
        detail::fail<fit_error>({"logistic_regression: l2 must be 0 or more, not ", options.l2});
    const bool binary = shape.outputs == 2;
    const std::size_t scores = binary ? 1 : shape.outputs;
    detail::logistic_objective<double> objective(x, y, scores, options.l2);
    std::vector<double> w(objective.size());
    const auto rows = static_cast<double>(x.rows());
    const lbfgs_result result =
        minimize_lbfgs(std::span<double>(w), objective,
                       {.max_iterations = options.max_iterations, .tolerance = 1e-9 * (rows < 1 ? 1 : rows)});
    if (!result.converged)
        detail::fail<fit_error>(
            {"logistic_regression: no convergence after ", result.iterations,
             " iterations; the classes may be separable: give l2 > 0, or raise max_iterations"});
    M m(shape);
    for (std::size_t k = 0; k < scores; ++k) {
        const std::size_t to = binary ? 1 : k;
        for (std::size_t c = 0; c < shape.inputs; ++c)
            m.coefficients()(c, to) = objective.coefficient(w, c, k);
        m.intercepts()[to] = objective.intercept(w, k);
    }
    return m;
}

} // namespace tenon
