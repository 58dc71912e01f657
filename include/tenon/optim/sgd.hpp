#pragma once

// Stochastic gradient descent, with momentum. PyTorch's formula.

#include <cstddef>
#include <span>
#include <vector>

namespace tenon::inline v0 {

struct sgd_options {
    double momentum = 0; ///< share of the last step that is kept
};

/// v = momentum·v + g; w -= rate·v. The velocity v lives in the run.
struct sgd_optimizer {
    double rate;
    sgd_options options;

    template <class T>
    struct state {
        explicit state(std::size_t n) : velocity(n) {}
        std::vector<T> velocity;
    };

    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const noexcept {
        const T momentum = static_cast<T>(options.momentum);
        const T step_size = static_cast<T>(rate);
        for (std::size_t i = 0; i < w.size(); ++i) {
            s.velocity[i] = momentum * s.velocity[i] + g[i];
            w[i] -= step_size * s.velocity[i];
        }
    }
};

/// Stochastic gradient descent: sgd(0.01, {.momentum = 0.9}).
constexpr sgd_optimizer sgd(double rate, sgd_options options = {}) noexcept {
    return {rate, options};
}

} // namespace tenon
