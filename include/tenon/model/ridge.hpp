#pragma once

// ridge: least squares with a squared penalty. The solver is in model/least_squares.hpp.

#include <tenon/model/linear_model.hpp>

namespace tenon::inline v0 {

/// Coefficients and intercept of a ridge fit.
template <std::size_t W, class Score = double, class Kind = real>
struct fitted_ridge : linear_model<Kind, Score, W> {
    static constexpr std::string_view name = "ridge";
    using linear_model<Kind, Score, W>::linear_model;
};

/// Made by ridge(penalty).
struct ridge_spec : stage<role::model>, linear_start {
    static constexpr bool differentiable = true;
    double penalty;

    explicit ridge_spec(double p) : penalty(p) {}
    template <class In>
    using objection = needs_real_target<In>;
    template <class In>
    using fitted = fitted_ridge<In::width, typename In::scalar, numbers_of<typename In::kind>>;

    template <class M>
    M fit(std::type_identity<M>, matrix_view<const double> x,
          vector_view<const target_value<typename M::kind>> y, model_shape shape,
          vector_view<const double> weights = {}) const;

    /// The same for rows that come in blocks.
    template <class M>
    detail::fold_of<M> begin(std::type_identity<M>, model_shape shape) const;
    template <class M, class Fold>
    M finish(std::type_identity<M>, const Fold& fold, model_shape shape) const;
};

/// Minimizes Σ (y - prediction)² + penalty · ‖coefficients‖²; the intercept is free. scikit-learn's Ridge(alpha). Several
/// targets have the same penalty; the columns are factorised once for all of them.
/// Under minimize the penalty is left to minimize's own penalties.
inline auto ridge(double penalty) {
    return pipeline{ridge_spec(penalty)};
}

} // namespace tenon
