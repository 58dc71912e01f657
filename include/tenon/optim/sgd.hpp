#pragma once

// Stochastic gradient descent, with momentum, plain or Nesterov's (Sutskever et al. 2013). PyTorch's formula.

#include <cstddef>
#include <span>
#include <tenon/core/storage.hpp>
#include <vector>

namespace tenon::inline v0 {

struct sgd_options {
    double momentum = 0;   ///< share of the last step that is kept
    bool nesterov = false; ///< step from where the momentum leads to
};

/// v = momentum·v + g; w -= rate·v, or with Nesterov w -= rate·(g + momentum·v). The velocity v lives in the run. Keras
/// has the rate inside the velocity, which is another path where the rate changes.
struct sgd_optimizer {
    double rate;
    sgd_options options;

    template <class T>
    struct state {
        explicit state(std::size_t n) : velocity(n) {}
        detail::aligned_vector<T> velocity;

        template <class Self, class Visit>
        static void fields(Self& self, Visit&& visit) {
            visit("velocity", self.velocity);
        }
    };

    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const noexcept {
        stepper(s)(w, g, 0);
    }
    /// A step that may be taken in parts: of the weights from the first on.
    template <class T>
    auto stepper(state<T>& s) const noexcept {
        return [&s, momentum = static_cast<T>(options.momentum), step_size = static_cast<T>(rate),
                nesterov = options.nesterov](std::span<T> w, std::span<const T> g, std::size_t first) {
            T* const velocity = s.velocity.data() + first;
            for (std::size_t i = 0; i < w.size(); ++i) {
                velocity[i] = momentum * velocity[i] + g[i];
                w[i] -= step_size * (nesterov ? g[i] + momentum * velocity[i] : velocity[i]);
            }
        };
    }

    /// How far each weight is driven, in the end, by a slope of 1 that stays: the size of a proximal step.
    template <class T>
    auto reach(const state<T>&) const noexcept {
        return [size = static_cast<T>(rate / (1 - options.momentum))](std::size_t) { return size; };
    }
};

/// Stochastic gradient descent: sgd(0.01, {.momentum = 0.9}), sgd(0.01, {.momentum = 0.9, .nesterov = true}).
constexpr sgd_optimizer sgd(double rate, sgd_options options = {}) noexcept {
    return {rate, options};
}

} // namespace tenon
