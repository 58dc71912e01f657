#pragma once

// Absolute error, the loss of the median.

#include <span>
#include <tenon/core/because.hpp>
#include <tenon/core/target.hpp>
#include <type_traits>

namespace tenon::inline v0 {

/// |score - y|, with slope 0 where they are equal. As PyTorch's L1Loss.
struct absolute_error_loss {
    template <class Kind>
    using accepts = std::conditional_t<std::is_same_v<Kind, real>, because::nothing,
                                       because::a_regression_loss_cannot_fit_class_labels>;
    /// Shifting and scaling the target shifts and scales the best prediction, so training may standardize it.
    static constexpr bool target_may_be_scaled = true;
    static constexpr const char* name = "absolute error";

    template <class T>
    constexpr T operator()(std::span<const T> scores, T y, std::span<T> gradient) const noexcept {
        const T error = scores[0] - y;
        gradient[0] = error > 0 ? T{1} : (error < 0 ? T{-1} : error); // NaN stays
        return error < 0 ? -error : error;
    }
};

/// The loss of one sample is |prediction - target|.
constexpr absolute_error_loss absolute_error() noexcept {
    return {};
}

} // namespace tenon
