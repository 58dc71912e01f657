#pragma once

// AdamW: Adam whose weight decay does not pass through the moments (Loshchilov and Hutter, arXiv 1711.05101).

#include <cstddef>
#include <span>
#include <tenon/optim/adam.hpp>

namespace tenon::inline v0 {

struct adamw_options {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0.01;
};

/// w -= rate · weight_decay · w, then Adam's step. PyTorch's formula and defaults: the decay is multiplied by the rate
/// (and by its schedule), and biases decay as weights do. To spare biases use the penalty l2.
struct adamw_optimizer {
    double rate;
    adamw_options options;

    template <class T>
    using state = adam_optimizer::state<T>;

    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const noexcept {
        stepper(s)(w, g, 0);
    }
    /// A step that may be taken in parts.
    template <class T>
    auto stepper(state<T>& s) const noexcept {
        return [kept = static_cast<T>(1 - rate * options.weight_decay),
                adam = moments().stepper(s)](std::span<T> w, std::span<const T> g, std::size_t first) {
            for (T& v : w) v *= kept;
            adam(w, g, first);
        };
    }

    template <class T>
    auto reach(const state<T>& s) const noexcept {
        return moments().reach(s);
    }

private:
    constexpr adam_optimizer moments() const noexcept {
        return {rate, {options.beta1, options.beta2, options.epsilon}};
    }
};

/// Adam with decoupled weight decay: adamw(1e-3), adamw(1e-3, {.weight_decay = 0.1}).
constexpr adamw_optimizer adamw(double rate, adamw_options options = {}) noexcept {
    return {rate, options};
}

} // namespace tenon
