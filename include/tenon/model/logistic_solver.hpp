#pragma once

// The solver of logistic regression: L-BFGS over centred and scaled columns, which leaves the optimum where it is and
// makes the road to it short whatever the columns' units.

#include <cmath>
#include <tenon/core/error.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/model/layer_products.hpp>
#include <tenon/model/logistic_regression.hpp>
#include <tenon/optim/lbfgs.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// The penalized loss over centred and scaled columns. Parameters are weights, columns × scores, then one bias a score;
/// with one score the other class has the score zero.
template <class T>
class logistic_objective {
public:
    logistic_objective(matrix_view<const T> x, vector_view<const class_index> y, std::size_t scores,
                       double l2, vector_view<const double> weights = {})
        : x_(x.rows() * x.columns()), y_(y.size()), columns_(x.columns()), scores_(scores), l2_(l2),
          mean_(columns_), scale_(columns_), z_(block * scores), part_(size()) {
        for (std::size_t r = 0; r < y_.size(); ++r) y_[r] = y[r];
        for (std::size_t r = 0; r < weights.size(); ++r) weights_.push_back(static_cast<T>(weights[r]));
        if (y_.empty()) return;
        const T n = static_cast<T>(x.rows());
        T* to = x_.data(); // from the first row on, so that equal values have a spread of exactly zero
        for (std::size_t r = 0; r < y_.size(); ++r)
            for (std::size_t c = 0; c < columns_; ++c) mean_[c] += * to++ = x(r, c) - x(0, c);
        for (T& m : mean_) m /= n;
        to = x_.data();
        for (std::size_t r = 0; r < y_.size(); ++r)
            for (std::size_t c = 0; c < columns_; ++c, ++to) {
                *to -= mean_[c];
                scale_[c] += *to * *to;
            }
        // The second derivative is at most n/4 · spread² + l2 in a column's own units, so in these it is at most n/4.
        for (std::size_t c = 0; c < columns_; ++c) {
            mean_[c] += x(0, c);
            scale_[c] = std::sqrt((scale_[c] + 4 * l2_) / n);
            if (!(scale_[c] > 0)) scale_[c] = 1;
        }
        to = x_.data();
        for (std::size_t r = 0; r < y_.size(); ++r)
            for (std::size_t c = 0; c < columns_; ++c) *to++ /= scale_[c];
    }

    std::size_t size() const { return (columns_ + 1) * scores_; }

    T operator()(std::span<const T> w, std::span<T> gradient) {
        for (T& g : gradient) g = 0;
        const T* const bias = w.data() + columns_ * scores_;
        T value = 0;
        for (std::size_t first = 0; first < y_.size(); first += block) { // while its rows are in the cache
            const std::size_t rows = y_.size() - first < block ? y_.size() - first : block;
            const T* const x = x_.data() + first * columns_;
            layer_forward(x, rows, columns_, w.data(), bias, scores_, z_.data(), room_);
            value += scores_ == 1 ? binary_residuals(first, rows) : softmax_residuals(first, rows);
            for (std::size_t i = 0; i < rows * scores_ && !weights_.empty(); ++i)
                z_[i] *= weights_[first + i / scores_];
            layer_backward(x, z_.data(), rows, columns_, scores_, part_.data(), room_);
            for (std::size_t i = 0; i < part_.size(); ++i) gradient[i] += part_[i];
        }
        for (std::size_t i = 0; i < columns_ * scores_; ++i) { // the penalty is on the user's units
            const T scale = scale_[i / scores_], raw = w[i] / scale;
            gradient[i] += l2_ * raw / scale;
            value += l2_ / 2 * raw * raw;
        }
        return value;
    }

    /// Back to the units of the data.
    T coefficient(std::span<const T> w, std::size_t column, std::size_t score) const {
        return w[column * scores_ + score] / scale_[column];
    }
    T intercept(std::span<const T> w, std::size_t score) const {
        T b = w[columns_ * scores_ + score];
        for (std::size_t c = 0; c < columns_; ++c) b -= mean_[c] * coefficient(w, c, score);
        return b;
    }

private:
    static constexpr std::size_t block = 256;

    T weighted(T loss, std::size_t row) const { return weights_.empty() ? loss : weights_[row] * loss; }

    /// The loss of some rows, and z becomes probability - target.
    T binary_residuals(std::size_t first, std::size_t rows) {
        T value = 0;
        for (std::size_t r = 0; r < rows; ++r) {
            const T z = z_[r], sign = y_[first + r] == 1 ? T(1) : T(-1);
            const T margin = sign * z;
            const T e = std::exp(-std::abs(margin));
            value += weighted(std::log1p(e) + (margin < 0 ? -margin : T(0)), first + r);
            const T wrong = margin < 0 ? 1 / (1 + e) : e / (1 + e); // the probability of the other class
            z_[r] = -sign * wrong;
        }
        return value;
    }
    T softmax_residuals(std::size_t first, std::size_t rows) {
        T value = 0;
        for (std::size_t r = 0; r < rows; ++r) {
            T* const z = z_.data() + r * scores_;
            const T own = z[y_[first + r]];
            T most = z[0], sum = 0;
            for (std::size_t k = 1; k < scores_; ++k) most = z[k] > most ? z[k] : most;
            for (std::size_t k = 0; k < scores_; ++k) sum += z[k] = std::exp(z[k] - most);
            value += weighted(std::log(sum) + most - own, first + r);
            for (std::size_t k = 0; k < scores_; ++k) z[k] /= sum;
            z[y_[first + r]] -= 1;
        }
        return value;
    }

    aligned_vector<T> x_; // row after row
    std::vector<class_index> y_;
    std::vector<T> weights_; // one a row, or none
    std::size_t columns_, scores_;
    T l2_;
    std::vector<T> mean_, scale_;
    std::vector<T> z_, part_; // scores and gradient of a block of rows
    product_room<T> room_;
};

} // namespace detail

template <class M>
M logistic_regression_spec::fit(std::type_identity<M>, matrix_view<const double> x,
                                vector_view<const class_index> y, model_shape shape,
                                vector_view<const double> weights) const {
    if (!(options.l2 >= 0))
        detail::fail<fit_error>({"logistic_regression: l2 must be 0 or more, not ", options.l2});
    const bool binary = shape.outputs == 2;
    const std::size_t scores = binary ? 1 : shape.outputs;
    detail::logistic_objective<double> objective(x, y, scores, options.l2, weights);
    std::vector<double> w(objective.size());
    double rows = weights.size() == 0 ? static_cast<double>(x.rows()) : 0;
    for (std::size_t r = 0; r < weights.size(); ++r) rows += weights[r];
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
