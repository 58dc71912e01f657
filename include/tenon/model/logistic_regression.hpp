#pragma once

// logistic_regression: binary and multinomial. The solver is in model/logistic_solver.hpp.

#include <tenon/model/linear_model.hpp>

namespace tenon::inline v0 {

struct logistic_options {
    double l2 = 1.0; ///< weight of ½‖coefficients‖² beside the summed loss; 1/C of scikit-learn
    int max_iterations = 2000; ///< of L-BFGS; fit throws fit_error where they do not suffice
};

/// Coefficients and intercepts, one column a class. With two classes those of the first are zero, and the second's
/// are scikit-learn's.
template <class Kind, std::size_t W, class Score = double>
struct fitted_logistic_regression : linear_model<Kind, Score, W> {
    static constexpr std::string_view name = "logistic_regression";
    using linear_model<Kind, Score, W>::linear_model;
};

/// Made by logistic_regression(options).
struct logistic_regression_spec : stage<role::model>, linear_start {
    static constexpr bool differentiable = true;
    logistic_options options;

    explicit logistic_regression_spec(logistic_options o) : options(o) {}
    template <class In>
    using objection = needs_class_target<In>;
    template <class In>
    using fitted = fitted_logistic_regression<typename In::kind, In::width, typename In::scalar>;

    template <class M>
    M fit(std::type_identity<M>, matrix_view<const double> x, vector_view<const class_index> y,
          model_shape shape, vector_view<const double> weights = {}) const;
};

/// Minimizes the summed cross-entropy + l2/2 · ‖coefficients‖²; intercepts are free. Two classes: one logit; more:
/// softmax. As scikit-learn's LogisticRegression(C = 1/l2).
inline auto logistic_regression(logistic_options options = {}) {
    return pipeline{logistic_regression_spec(options)};
}

} // namespace tenon
