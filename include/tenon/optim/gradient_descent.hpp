#pragma once

// Plain gradient descent.

#include <cstddef>
#include <span>

namespace tenon::inline v0 {

/// w -= rate·g. Nothing is remembered between steps.
struct gradient_descent_optimizer {
    double rate;

    template <class T>
    struct state {
        explicit state(std::size_t) {}
        template <class Self, class Visit>
        static void fields(Self&, Visit&&) {}
    };

    template <class T>
    void step(state<T>&, std::span<T> w, std::span<const T> g) const noexcept {
        const T step_size = static_cast<T>(rate);
        for (std::size_t i = 0; i < w.size(); ++i) w[i] -= step_size * g[i];
    }

    /// How far each weight is driven by a slope of 1: the size of a proximal step.
    template <class T>
    auto reach(const state<T>&) const noexcept {
        return [size = static_cast<T>(rate)](std::size_t) { return size; };
    }
};

/// Gradient descent with a fixed rate.
constexpr gradient_descent_optimizer gradient_descent(double rate) noexcept {
    return {rate};
}

} // namespace tenon
