#pragma once

// Huber's loss (1964): squared near the target, absolute far from it.

#include <span>
#include <tenon/core/because.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/target.hpp>
#include <type_traits>

namespace tenon::inline v0 {

/// e = score - y: e²/2 where |e| <= delta, delta · (|e| - delta/2) beyond. As PyTorch's HuberLoss.
struct huber_loss {
    double delta; ///< in the units of the target

    template <class Kind>
    using accepts = std::conditional_t<std::is_same_v<Kind, real>, because::nothing,
                                       because::a_regression_loss_cannot_fit_class_labels>;
    /// Training may standardize the target: delta goes along, by in_units.
    static constexpr bool target_may_be_scaled = true;
    static constexpr const char* name = "huber";

    /// The loss for a target that was divided by `unit`; its values are those of the target's own units over unit².
    constexpr huber_loss in_units(double unit) const noexcept { return {delta / unit}; }

    template <class Targets>
    void check(const Targets&, std::size_t) const {
        if (!(delta > 0)) detail::fail<fit_error>({"huber: delta must be above 0, not ", delta});
    }

    template <class T>
    constexpr T operator()(std::span<const T> scores, T y, std::span<T> gradient) const noexcept {
        const T error = scores[0] - y, size = error < 0 ? -error : error, d = static_cast<T>(delta);
        if (size > d) {
            gradient[0] = error < 0 ? -d : d;
            return d * (size - d / 2);
        }
        gradient[0] = error;
        return error * error / 2;
    }
};

/// Huber's loss, quadratic within delta of the target (in the target's units) and linear beyond: huber(1.5).
constexpr huber_loss huber(double delta) noexcept {
    return {delta};
}

} // namespace tenon
