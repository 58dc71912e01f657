#pragma once

// Adam (Kingma and Ba, arXiv 1412.6980).

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tenon::inline v0 {

struct adam_options {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
};

/// m and v are running means of the gradient and its square; w -= rate · m̂ / (√v̂ + epsilon), with m̂ and v̂ freed of
/// their bias towards zero. The correction advances once a step. PyTorch's placing of epsilon, outside the root of v̂.
struct adam_optimizer {
    double rate;
    adam_options options;

    template <class T>
    struct state {
        explicit state(std::size_t n) : m(n), v(n) {}
        std::vector<T> m, v;
        std::uint64_t steps = 0;
    };

    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const noexcept {
        const auto t = static_cast<double>(++s.steps);
        const double root = std::sqrt(1 - std::pow(options.beta2, t));
        const T step_size = static_cast<T>(rate / (1 - std::pow(options.beta1, t)));
        const T inverse_root = static_cast<T>(1 / root);
        const T beta1 = static_cast<T>(options.beta1), beta2 = static_cast<T>(options.beta2);
        const T rest1 = static_cast<T>(1 - options.beta1), rest2 = static_cast<T>(1 - options.beta2);
        const T epsilon = static_cast<T>(options.epsilon);
        T* const m = s.m.data();
        T* const v = s.v.data();
        for (std::size_t i = 0; i < w.size(); ++i) {
            m[i] = beta1 * m[i] + rest1 * g[i];
            v[i] = beta2 * v[i] + rest2 * g[i] * g[i];
            w[i] -= step_size * m[i] / (std::sqrt(v[i]) * inverse_root + epsilon);
        }
    }
};

/// Adam with the paper's defaults: adam(1e-3), adam(1e-3, {.beta1 = 0.8}).
constexpr adam_optimizer adam(double rate, adam_options options = {}) noexcept {
    return {rate, options};
}

} // namespace tenon
