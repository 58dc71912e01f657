// Steps of an optimizer on Σ ½·a·(w - c)², whose gradient is a·(w - c): the function of the PyTorch trajectories.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <tenon/optim/events.hpp>

namespace tenon_test {

template <class T = double>
using three = std::array<T, 3>;

inline constexpr three<> quadratic_start{1.0, -2.0, 0.5};

template <class T>
three<T> quadratic_gradient(const three<T>& w) {
    const three<> a{2, 1, 10}, c{0.25, 1, -1};
    three<T> g{};
    for (std::size_t i = 0; i < 3; ++i) g[i] = static_cast<T>(a[i]) * (w[i] - static_cast<T>(c[i]));
    return g;
}

/// One run of an optimizer, step by step.
template <class O, class T = double>
struct descent {
    O optimizer;
    three<T> w{static_cast<T>(quadratic_start[0]), static_cast<T>(quadratic_start[1]),
               static_cast<T>(quadratic_start[2])};
    typename O::template state<T> state{3};

    void step() {
        const three<T> g = quadratic_gradient(w);
        optimizer.step(state, std::span<T>(w), std::span<const T>(g));
        tenon::detail::after_step(optimizer, state, std::span<const T>(w));
    }
};

} // namespace tenon_test
