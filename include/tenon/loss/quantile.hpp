#pragma once

// The pinball loss, whose best prediction is a quantile (Koenker and Bassett 1978).

#include <span>
#include <tenon/core/because.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/target.hpp>
#include <type_traits>

namespace tenon::inline v0 {

/// tau · (y - score) where the score is too low, (1 - tau) · (score - y) where it is too high; slope 0 where they are equal.
/// As scikit-learn's mean_pinball_loss.
struct quantile_loss {
    double tau; ///< between 0 and 1

    template <class Kind>
    using accepts = std::conditional_t<std::is_same_v<Kind, real>, because::nothing,
                                       because::a_regression_loss_cannot_fit_class_labels>;
    /// Shifting and scaling the target shifts and scales its quantiles, so training may standardize it.
    static constexpr bool target_may_be_scaled = true;
    static constexpr const char* name = "quantile";

    template <class Targets>
    void check(const Targets&, std::size_t) const {
        if (!(tau > 0 && tau < 1))
            detail::fail<fit_error>({"quantile: tau must be between 0 and 1, not ", tau});
    }

    template <class T>
    constexpr T operator()(std::span<const T> scores, T y, std::span<T> gradient) const noexcept {
        const T error = scores[0] - y, low = static_cast<T>(-tau), high = static_cast<T>(1 - tau);
        gradient[0] = error > 0 ? high : (error < 0 ? low : error); // NaN stays
        return error * (error > 0 ? high : low);
    }
};

/// The loss whose best prediction is the tau-quantile of the target: quantile(0.9) is exceeded by a tenth.
constexpr quantile_loss quantile(double tau) noexcept {
    return {tau};
}

} // namespace tenon
