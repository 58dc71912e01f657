#pragma once

// Cross-entropy, the loss of classification.

#include <cmath>
#include <span>
#include <tenon/core/because.hpp>
#include <tenon/core/target.hpp>
#include <type_traits>

namespace tenon::inline v0 {

/// -log softmax(scores)[y], computed from the scores so that no exponential overflows. The scores are logits, one a
/// class, also for two classes. As PyTorch's cross_entropy.
struct cross_entropy_loss {
    template <class Kind>
    using accepts = std::conditional_t<is_classification<Kind>, because::nothing,
                                       because::a_classification_loss_cannot_fit_real_targets>;
    static constexpr const char* name = "cross-entropy";

    template <class T>
    T operator()(std::span<const T> scores, class_index y, std::span<T> gradient) const noexcept {
        T largest = scores[0];
        for (T v : scores) largest = v > largest ? v : largest;
        T sum = 0;
        for (std::size_t k = 0; k < scores.size(); ++k) sum += gradient[k] = std::exp(scores[k] - largest);
        for (std::size_t k = 0; k < scores.size(); ++k) gradient[k] /= sum;
        gradient[y] -= 1;
        return std::log(sum) - (scores[y] - largest);
    }
};

/// The loss of one sample is minus the log of the probability given to its class.
constexpr cross_entropy_loss cross_entropy() noexcept {
    return {};
}

} // namespace tenon
