#pragma once

// Cross-entropy with smoothed labels (Szegedy et al., arXiv 1512.00567) and classes that weigh differently.

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <tenon/core/because.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/target.hpp>
#include <type_traits>

namespace tenon::inline v0 {

struct cross_entropy_options {
    double label_smoothing = 0; ///< share of a label that is spread over all classes, from 0 to below 1
};

/// Σ_k q_k · -log softmax(scores)_k, with q_k = weight_k · ((1 - smoothing) · [k = y] + smoothing / classes). As PyTorch's
/// cross_entropy(weight, label_smoothing, reduction="none"); the mean is over the rows, as in Keras, while PyTorch's
/// divides by the weights of the classes that came. K weights, or none (K = 0).
template <std::size_t K>
struct weighted_cross_entropy_loss {
    cross_entropy_options options;
    std::array<double, K> weights;

    template <class Kind>
    using accepts = std::conditional_t<
        !is_classification<Kind>, because::a_classification_loss_cannot_fit_real_targets,
        std::conditional_t<K == 0 || outputs_of<Kind> == K || outputs_of<Kind> == dynamic, because::nothing,
                           because::the_Loss_has_weights_for_another_number_of_classes>>;
    static constexpr const char* name = "cross-entropy";

    template <class Targets>
    void check(const Targets&, std::size_t classes) const {
        if (K != 0 && classes != K)
            detail::fail<fit_error>({"cross_entropy: ", K, " weights were given for ", classes, " classes"});
        if (!(options.label_smoothing >= 0 && options.label_smoothing < 1))
            detail::fail<fit_error>(
                {"cross_entropy: .label_smoothing must be from 0 to below 1, not ", options.label_smoothing});
        for (const double w : weights)
            if (!(w >= 0))
                detail::fail<fit_error>({"cross_entropy: a class weighs ", w, "; 0 or more is meant"});
    }

    template <class T>
    T operator()(std::span<const T> scores, class_index y, std::span<T> gradient) const noexcept {
        T largest = scores[0];
        for (T v : scores) largest = v > largest ? v : largest;
        T sum = 0;
        for (std::size_t k = 0; k < scores.size(); ++k) sum += gradient[k] = std::exp(scores[k] - largest);
        const T log_sum = std::log(sum),
                spread = static_cast<T>(options.label_smoothing) / static_cast<T>(scores.size());
        auto share = [&](std::size_t k) {
            const T q = k == y ? 1 - static_cast<T>(options.label_smoothing) + spread : spread;
            if constexpr (K == 0)
                return q;
            else
                return static_cast<T>(weights[k]) * q;
        };
        T loss = 0, all = 0;
        for (std::size_t k = 0; k < scores.size(); ++k) {
            const T q = share(k);
            all += q;
            if (q != 0) loss += q * (log_sum - (scores[k] - largest));
        }
        for (std::size_t k = 0; k < scores.size(); ++k) gradient[k] = gradient[k] / sum * all - share(k);
        return loss;
    }
};

/// Cross-entropy with options: cross_entropy({.label_smoothing = 0.1}).
constexpr weighted_cross_entropy_loss<0> cross_entropy(cross_entropy_options options) noexcept {
    return {options, {}};
}

/// Cross-entropy in which each class has a weight, in the order of the schema's label:
/// cross_entropy(std::array{1.0, 20.0}), cross_entropy(std::array{1.0, 20.0}, {.label_smoothing = 0.1}).
template <std::size_t K>
constexpr weighted_cross_entropy_loss<K> cross_entropy(const std::array<double, K>& weights,
                                                       cross_entropy_options options = {}) noexcept {
    return {options, weights};
}

} // namespace tenon
