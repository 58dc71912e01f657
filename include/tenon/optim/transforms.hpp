#pragma once

// Transformations of gradients, to stand in a chain in front of an optimizer.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tenon/core/storage.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {
/// The state of what remembers nothing.
struct no_state {
    explicit no_state(std::size_t) {}
    template <class Self, class Visit>
    static void fields(Self&, Visit&&) {}
};
} // namespace detail

/// g · min(1, norm / (‖g‖ + 1e-6)), over all parameters together. As PyTorch's clip_grad_norm_.
struct clip_by_norm_transform {
    double norm;
    template <class T>
    using state = detail::no_state;

    template <class T>
    void before(state<T>&, std::span<const T>, std::span<T> g) const noexcept {
        double squares = 0;
        for (T v : g) squares += static_cast<double>(v) * static_cast<double>(v);
        const double share = norm / (std::sqrt(squares) + 1e-6);
        if (!(share < 1)) return;
        for (T& v : g) v *= static_cast<T>(share);
    }
};

/// Every component between -limit and limit. As PyTorch's clip_grad_value_.
struct clip_by_value_transform {
    double limit;
    template <class T>
    using state = detail::no_state;

    template <class T>
    void before(state<T>&, std::span<const T>, std::span<T> g) const noexcept {
        const T most = static_cast<T>(limit);
        for (T& v : g) v = v > most ? most : (v < -most ? -most : v); // NaN stays
    }
};

/// g + strength · w: the gradient of strength/2 · ‖w‖² over all parameters, biases as well.
struct weight_decay_transform {
    double strength;
    template <class T>
    using state = detail::no_state;

    template <class T>
    void before(state<T>&, std::span<const T> w, std::span<T> g) const noexcept {
        const T a = static_cast<T>(strength);
        for (std::size_t i = 0; i < g.size(); ++i) g[i] += a * w[i];
    }
};

/// The mean of N gradients; the optimizer behind it steps at every N-th. What is left at the end of an epoch stays for
/// the next.
template <std::size_t N>
struct accumulate_transform {
    static_assert(N > 0, "accumulate<N>: N is 1 or more");
    template <class T>
    struct state {
        explicit state(std::size_t n) : sum(n) {}
        detail::aligned_vector<T> sum;
        std::uint64_t count = 0;

        template <class Self, class Visit>
        static void fields(Self& self, Visit&& visit) {
            visit("sum", self.sum);
            visit("count", self.count);
        }
    };

    template <class T>
    bool before(state<T>& s, std::span<const T>, std::span<T> g) const noexcept {
        const bool is_last = ++s.count == N;
        for (std::size_t i = 0; i < g.size(); ++i) {
            s.sum[i] += g[i];
            if (!is_last) continue;
            g[i] = s.sum[i] / static_cast<T>(N);
            s.sum[i] = 0;
        }
        if (is_last) s.count = 0;
        return is_last;
    }
};

/// Scales a gradient that is longer than `norm` down to it: chain(clip_by_norm(1), adam(1e-3)).
constexpr clip_by_norm_transform clip_by_norm(double norm) noexcept {
    return {norm};
}

/// Cuts every component of the gradient at ±limit: chain(clip_by_value(0.5), adam(1e-3)).
constexpr clip_by_value_transform clip_by_value(double limit) noexcept {
    return {limit};
}

/// Weight decay that passes through the optimizer's moments, as PyTorch's weight_decay of all but AdamW.
constexpr weight_decay_transform weight_decay(double strength) noexcept {
    return {strength};
}

/// Steps once in N batches, along the mean of their gradients: chain(accumulate<4>(), adam(1e-3)).
template <std::size_t N>
constexpr accumulate_transform<N> accumulate() noexcept {
    return {};
}

} // namespace tenon
