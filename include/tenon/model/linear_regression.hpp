#pragma once

// linear_regression: least squares. The solver is in model/least_squares.hpp.

#include <tenon/model/linear_model.hpp>

namespace tenon::inline v0 {

/// Coefficients and intercept of a least-squares fit.
template <std::size_t W, class Score = double, class Kind = real>
struct fitted_linear_regression : linear_model<Kind, Score, W> {
    static constexpr std::string_view name = "linear_regression";
    using linear_model<Kind, Score, W>::linear_model;
};

/// Made by linear_regression().
struct linear_regression_spec : stage<role::model>, linear_start {
    static constexpr bool differentiable = true;
    template <class In>
    using objection = needs_real_target<In>;
    template <class In>
    using fitted = fitted_linear_regression<In::width, typename In::scalar, numbers_of<typename In::kind>>;

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

/// Least squares with an intercept. Where columns are collinear or constant: of all best coefficients those of the
/// smallest norm over the centred columns, as in scikit-learn. Several targets are fitted at once: the columns are
/// factorised once for all of them.
inline auto linear_regression() {
    return pipeline{linear_regression_spec{}};
}

} // namespace tenon
