#pragma once

// Penalties with a kink at zero: what they cost, and the proximal step that puts weights at exactly zero (Parikh and Boyd
// 2014; with an optimizer that scales its steps weight by weight: Yun, Lozano and Yang, arXiv 2007.07484).
//
// proximal(weights, reach) follows every step of the optimizer; reach(i) says how far a slope of 1 that stays drives weight
// i, which makes the end of the training a minimum of loss + penalty, whatever the optimizer.

#include <cmath>
#include <cstddef>
#include <span>

namespace tenon::inline v0 {

namespace detail {

template <class P, class T>
concept ProximalPenalty =
    requires(const P p, std::span<T> w) { p.proximal(w, [](std::size_t) { return T{}; }); };

/// Penalties that see one row of weights at a time: what one input gives to all outputs.
template <class P>
concept ActsOnRows = requires { requires P::acts_on_rows; };

/// v moved towards 0 by `far`, no further than 0.
template <class T>
T shrunk(T v, T far) noexcept {
    if (v > far) return v - far;
    if (v < -far) return v + far;
    return v == v ? T{0} : v;
}

template <class T>
double sum_of_sizes(std::span<const T> w) noexcept {
    double sum = 0;
    for (T v : w) sum += std::abs(static_cast<double>(v));
    return sum;
}

} // namespace detail

/// strength · Σ |w|: weights that are not worth it become 0.
struct l1_penalty {
    double strength;
    static constexpr bool pulls_to_start = false;

    template <class T>
    double operator()(std::span<const T> w, std::span<const T>, std::span<T>) const noexcept {
        return strength * detail::sum_of_sizes(w);
    }
    template <class T, class Reach>
    void proximal(std::span<T> w, Reach&& reach) const noexcept {
        for (std::size_t i = 0; i < w.size(); ++i)
            w[i] = detail::shrunk(w[i], static_cast<T>(strength) * reach(i));
    }
};

struct elastic_options {
    double l1 = 0; ///< of Σ |w|
    double l2 = 0; ///< of ½ ‖w‖²
};

/// l1 · Σ |w| + l2/2 · ‖w‖² (Zou and Hastie 2005): the second part by its gradient, the first by a proximal step.
struct elastic_penalty {
    elastic_options options;
    static constexpr bool pulls_to_start = false;

    template <class T>
    double operator()(std::span<const T> w, std::span<const T>, std::span<T> gradient) const noexcept {
        double squares = 0;
        for (std::size_t i = 0; i < w.size(); ++i) {
            gradient[i] += static_cast<T>(options.l2) * w[i];
            squares += static_cast<double>(w[i]) * static_cast<double>(w[i]);
        }
        return options.l1 * detail::sum_of_sizes(w) + options.l2 / 2 * squares;
    }
    template <class T, class Reach>
    void proximal(std::span<T> w, Reach&& reach) const noexcept {
        l1_penalty{options.l1}.proximal(w, reach);
    }
};

/// strength · Σ over rows of √(size) · ‖row‖ (Yuan and Lin 2006). A row of weights is what one input gives to all outputs
/// of its layer: whole inputs become 0.
struct group_lasso_penalty {
    double strength;
    static constexpr bool pulls_to_start = false;
    static constexpr bool acts_on_rows = true;

    template <class T>
    double operator()(std::span<const T> row, std::span<const T>, std::span<T>) const noexcept {
        double squares = 0;
        for (T v : row) squares += static_cast<double>(v) * static_cast<double>(v);
        return strength * std::sqrt(static_cast<double>(row.size()) * squares);
    }

    /// The row becomes row · length / (length + pull), pull = strength · √(size) · reach, weight by weight. The length is that
    /// of the result: Σ (row / (length + pull))² = 1, found by Newton's steps on the root's inverse, which is concave.
    template <class T, class Reach>
    void proximal(std::span<T> row, Reach&& reach) const noexcept {
        const double factor = strength * std::sqrt(static_cast<double>(row.size()));
        double length = 0;
        for (int round = 0; round < 60; ++round) {
            double squares = 0, slope = 0;
            for (std::size_t i = 0; i < row.size(); ++i) {
                const double v = static_cast<double>(row[i]),
                             far = length + factor * static_cast<double>(reach(i));
                if (v == 0) continue;
                squares += v / far * (v / far);
                slope += v / far * (v / far) / far;
            }
            if (round == 0 && squares <= 1) { // shorter than the pull
                for (T& v : row) v = 0;
                return;
            }
            if (std::isinf(squares)) return; // no step, no pull
            const double longer = (std::sqrt(squares) - 1) * squares / slope;
            length += longer;
            if (!(longer > 1e-15 * length)) break;
        }
        for (std::size_t i = 0; i < row.size(); ++i)
            row[i] *= static_cast<T>(length / (length + factor * static_cast<double>(reach(i))));
    }
};

/// Few weights: l1(1e-3). Takes proximal steps, so that weights become exactly 0.
constexpr l1_penalty l1(double strength) noexcept {
    return {strength};
}

/// Few and small weights: elastic({.l1 = 1e-3, .l2 = 1e-4}).
constexpr elastic_penalty elastic(elastic_options options) noexcept {
    return {options};
}

/// Few inputs, in every layer: group_lasso(1e-3).
constexpr group_lasso_penalty group_lasso(double strength) noexcept {
    return {strength};
}

} // namespace tenon
