#pragma once

// What linear, ridge and logistic regression share: one dense layer in double, seen as coefficients and intercepts.

#include <tenon/core/lanes.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/model/dense_network.hpp>

namespace tenon::inline v0 {

namespace detail {
/// Defined in model/least_squares.hpp, with the widest registers.
template <class T, std::size_t Bytes = register_bytes, class Y = T>
class least_squares_fold;
/// The fold that a model M is fitted by.
template <class M>
using fold_of = least_squares_fold<double, register_bytes, target_value<typename M::kind>>;
} // namespace detail

/// scores = coefficientsᵀ · x + intercepts, one score a class, or one an output of numbers.
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
        requires(std::is_same_v<Kind, real>)
    {
        return intercepts()[0];
    }

    /// Coefficients stay in the units of the data: training borrows the units of a standardized target and gives
    /// them back.
    static constexpr bool keeps_target_units = false;
    using output_unit = typename base::output_unit;
    void enter_target_units(const output_unit& shift, const output_unit& scale, bool is_fresh) noexcept {
        if (is_fresh) return;
        scale_outputs(scale, [](double& p, double unit) { p /= unit; });
        for (std::size_t o = 0; o < this->width_out(); ++o)
            intercepts()[o] -= detail::of_output(shift, o) / detail::of_output(scale, o);
    }
    void leave_target_units(const output_unit& shift, const output_unit& scale) noexcept {
        scale_outputs(scale, [](double& p, double unit) { p *= unit; });
        for (std::size_t o = 0; o < this->width_out(); ++o) intercepts()[o] += detail::of_output(shift, o);
    }

private:
    /// Each parameter with the unit of the output that it is of.
    template <class Change>
    void scale_outputs(const output_unit& scale, Change change) noexcept {
        const std::span<double> all = this->parameters();
        const std::size_t scores = this->width_out();
        for (std::size_t o = 0; o < scores; ++o)
            for (std::size_t i = o; i < all.size(); i += scores) change(all[i], detail::of_output(scale, o));
    }
};

/// Linear models may be trained by minimize, from zero, where their own solver is not wanted.
struct linear_start {
    template <class M>
    static M start(std::type_identity<M>, model_shape shape, std::uint64_t) {
        return M(shape);
    }
};

/// What a model answers with that knows numbers only: several where the target is several, else one.
template <class Kind>
using numbers_of = std::conditional_t<is_several_numbers<Kind>, Kind, real>;

/// The objection of models that answer with numbers.
template <class In>
using needs_real_target =
    std::conditional_t<is_classification<typename In::kind>,
                       because::a_regression_Model_cannot_fit_class_labels, needs_numbers<In>>;

/// The objection of models that answer with a class.
template <class In>
using needs_class_target =
    std::conditional_t<std::is_same_v<typename In::kind, real> || is_several_numbers<typename In::kind>,
                       because::a_classification_Model_cannot_fit_real_targets, needs_numbers<In>>;

} // namespace tenon
