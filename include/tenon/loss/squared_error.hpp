#pragma once

// Squared error, the loss of least squares.

#include <span>
#include <tenon/core/because.hpp>
#include <tenon/core/target.hpp>
#include <type_traits>

namespace tenon::inline v0 {

/// (score - y)²; its mean over the rows is the mean squared error, as in PyTorch and Keras.
struct squared_error_loss {
    template <class Kind>
    using accepts = std::conditional_t<std::is_same_v<Kind, real>, because::nothing,
                                       because::a_regression_loss_cannot_fit_class_labels>;
    /// Shifting and scaling the target shifts and scales the best prediction, so training may standardize it.
    static constexpr bool target_may_be_scaled = true;
    static constexpr const char* name = "squared error";

    template <class T>
    constexpr T operator()(std::span<const T> scores, T y, std::span<T> gradient) const noexcept {
        const T error = scores[0] - y;
        gradient[0] = 2 * error;
        return error * error;
    }
};

/// The loss of one sample is (prediction - target)².
constexpr squared_error_loss squared_error() noexcept {
    return {};
}

} // namespace tenon
