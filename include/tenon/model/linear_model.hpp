#pragma once

// What linear, ridge and logistic regression share: one dense layer in double, seen as coefficients and intercepts.

#include <tenon/core/lanes.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/model/dense_network.hpp>

namespace tenon::inline v0 {

namespace detail {
/// Defined in model/least_squares.hpp, with the widest registers.
template <class T, std::size_t Bytes = register_bytes>
class least_squares_fold;
} // namespace detail

/// scores = coefficientsᵀ · x + intercepts, one score a class (or one number).
template <class Kind, class Score, std::size_t W>
struct linear_model : dense_network<identity_activation, Kind, double, Score, W> {
    using base = dense_network<identity_activation, Kind, double, Score, W>;
    using base::base;

    /// inputs × scores.
    matrix_view<const double> coefficients() const noexcept {
        return {this->parameters().data(), this->inputs(), this->width_out()};
    }
    matrix_view<double> coefficients() noexcept {
        return {this->parameters().data(), this->inputs(), this->width_out()};
    }
    std::span<const double> intercepts() const noexcept { return this->parameters().last(this->width_out()); }
    std::span<double> intercepts() noexcept { return this->parameters().last(this->width_out()); }
    double intercept() const noexcept
        requires(!is_classification<Kind>)
    {
        return intercepts()[0];
    }

    /// Coefficients stay in the units of the data: training borrows the units of a standardized target and gives
    /// them back.
    static constexpr bool keeps_target_units = false;
    void enter_target_units(double shift, double scale, bool is_fresh) noexcept {
        if (is_fresh) return;
        for (double& p : this->parameters()) p /= scale;
        for (double& b : intercepts()) b -= shift / scale;
    }
    void leave_target_units(double shift, double scale) noexcept {
        for (double& p : this->parameters()) p *= scale;
        for (double& b : intercepts()) b += shift;
    }
};

/// Linear models may be trained by minimize, from zero, where their own solver is not wanted.
struct linear_start {
    template <class M>
    static M start(std::type_identity<M>, model_shape shape, std::uint64_t) {
        return M(shape);
    }
};

/// The objection of models that answer with a number.
template <class In>
using needs_real_target =
    std::conditional_t<is_classification<typename In::kind>,
                       because::a_regression_Model_cannot_fit_class_labels, needs_numbers<In>>;

/// The objection of models that answer with a class.
template <class In>
using needs_class_target =
    std::conditional_t<std::is_same_v<typename In::kind, real>,
                       because::a_classification_Model_cannot_fit_real_targets, needs_numbers<In>>;

} // namespace tenon
