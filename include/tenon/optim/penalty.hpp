#pragma once

// Penalties on the weights of a model (never on its biases), added to the mean loss.

#include <cstddef>
#include <span>

namespace tenon::inline v0 {

/// No penalty.
struct no_penalty {
    static constexpr bool pulls_to_start = false;
    template <class T>
    double operator()(std::span<const T>, std::span<const T>, std::span<T>) const noexcept {
        return 0;
    }
};

/// strength/2 · ‖w‖².
struct l2_penalty {
    double strength;
    static constexpr bool pulls_to_start = false;

    template <class T>
    double operator()(std::span<const T> w, std::span<const T>, std::span<T> gradient) const noexcept {
        const T a = static_cast<T>(strength);
        double squares = 0;
        for (std::size_t i = 0; i < w.size(); ++i) {
            gradient[i] += a * w[i];
            squares += static_cast<double>(w[i] * w[i]);
        }
        return strength / 2 * squares;
    }
};

/// strength/2 · ‖w - w0‖², w0 the weights that fine-tuning starts from (L2-SP, arXiv 1802.01483).
struct l2_sp_penalty {
    double strength;
    static constexpr bool pulls_to_start = true;

    template <class T>
    double operator()(std::span<const T> w, std::span<const T> start, std::span<T> gradient) const noexcept {
        const T a = static_cast<T>(strength);
        double squares = 0;
        for (std::size_t i = 0; i < w.size(); ++i) {
            const T away = w[i] - start[i];
            gradient[i] += a * away;
            squares += static_cast<double>(away * away);
        }
        return strength / 2 * squares;
    }
};

/// Pulls the weights towards zero.
constexpr l2_penalty l2(double strength) noexcept {
    return {strength};
}

/// Pulls the weights towards those of the model that fine-tuning starts from; for fine_tune only.
constexpr l2_sp_penalty l2_sp(double strength) noexcept {
    return {strength};
}

} // namespace tenon
