#pragma once

// Adam (Kingma and Ba, arXiv 1412.6980).

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// As many values as the narrowest vector registers hold: square roots and quotients, which take most of a step, come
/// no faster in wider ones.
template <class T>
struct sixteen_bytes {
    typedef T type __attribute__((vector_size(16))); // NOLINT(modernize-use-using)
};

/// √v, value by value. A loop over std::sqrt is none of vectors: it would set errno.
template <class T>
inline void take_roots(typename sixteen_bytes<T>::type& v) noexcept {
#if defined(__AVX__)
    if constexpr (sizeof(T) == 4)
        asm("vsqrtps %0, %0" : "+x"(v));
    else
        asm("vsqrtpd %0, %0" : "+x"(v));
#elif defined(__SSE2__)
    if constexpr (sizeof(T) == 4)
        asm("sqrtps %0, %0" : "+x"(v));
    else
        asm("sqrtpd %0, %0" : "+x"(v));
#else
    for (std::size_t i = 0; i < 16 / sizeof(T); ++i) v[i] = std::sqrt(v[i]);
#endif
}

} // namespace detail

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
        auto update = [&](auto& m, auto& v, auto& p, const auto& slope, auto&& root_of) {
            m = beta1 * m + rest1 * slope;
            v = beta2 * v + rest2 * slope * slope;
            auto square_root = v;
            root_of(square_root);
            p -= step_size * m / (square_root * inverse_root + epsilon);
        };

        using several = typename detail::sixteen_bytes<T>::type;
        constexpr std::size_t many = sizeof(several) / sizeof(T);
        std::size_t i = 0;
        for (; i + many <= w.size(); i += many) {
            several m, v, p, slope;
            std::memcpy(&m, &s.m[i], sizeof m);
            std::memcpy(&v, &s.v[i], sizeof v);
            std::memcpy(&p, &w[i], sizeof p);
            std::memcpy(&slope, &g[i], sizeof slope);
            update(m, v, p, slope, [](several& x) { detail::take_roots<T>(x); });
            std::memcpy(&s.m[i], &m, sizeof m);
            std::memcpy(&s.v[i], &v, sizeof v);
            std::memcpy(&w[i], &p, sizeof p);
        }
        for (; i < w.size(); ++i) update(s.m[i], s.v[i], w[i], g[i], [](T& x) { x = std::sqrt(x); });
    }
};

/// Adam with the paper's defaults: adam(1e-3), adam(1e-3, {.beta1 = 0.8}).
constexpr adam_optimizer adam(double rate, adam_options options = {}) noexcept {
    return {rate, options};
}

} // namespace tenon
