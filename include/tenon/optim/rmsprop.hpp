#pragma once

// RMSprop (Tieleman and Hinton 2012, lecture 6.5), centered as in Graves (arXiv 1308.0850) where asked for.

#include <cmath>
#include <cstddef>
#include <span>
#include <tenon/core/storage.hpp>
#include <tenon/optim/each_weight.hpp>
#include <vector>

namespace tenon::inline v0 {

struct rmsprop_options {
    double smoothing = 0.99; ///< of the running means
    double momentum = 0;     ///< share of the last step that is kept
    bool centered = false;   ///< divide by the deviation of the slopes instead of their size
    double epsilon = 1e-8;
};

/// square = smoothing · square + (1 - smoothing) · g²; v = momentum · v + g / (√square + epsilon); w -= rate · v.
/// Centered: the root is of square - mean², mean the running mean of g. PyTorch's formula and defaults, epsilon outside
/// the root; Keras has it inside (1e-7), takes a smoothing of 0.9, and multiplies by the rate before the momentum.
struct rmsprop_optimizer {
    double rate;
    rmsprop_options options;

    template <class T>
    struct state {
        explicit state(std::size_t n) : square(n), mean(n), velocity(n) {}
        detail::aligned_vector<T> square, mean, velocity;

        template <class Self, class Visit>
        static void fields(Self& self, Visit&& visit) {
            visit("square", self.square);
            visit("mean", self.mean);
            visit("velocity", self.velocity);
        }
    };

    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const noexcept {
        const T step_size = static_cast<T>(rate), epsilon = static_cast<T>(options.epsilon);
        const T kept = static_cast<T>(options.smoothing), rest = static_cast<T>(1 - options.smoothing);
        const T momentum = static_cast<T>(options.momentum);
        const T of_mean = options.centered ? rest : T{0}; // a mean that stays 0 changes nothing
        auto update = [&](auto& p, const auto& slope, auto&& root_of, auto& square, auto& centre,
                          auto& velocity) {
            square = kept * square + rest * slope * slope;
            centre += of_mean * (slope - centre);
            // Rounding can make the square of slopes that do not vary smaller than that of their mean.
            auto size = detail::larger_of(centre - centre, square - centre * centre);
            root_of(size);
            velocity = momentum * velocity + slope / (size + epsilon);
            p -= step_size * velocity;
        };
        detail::each_weight(w, g, update, s.square.data(), s.mean.data(), s.velocity.data());
    }

    /// How far each weight is driven, in the end, by a slope of 1 that stays: the size of a proximal step.
    template <class T>
    auto reach(const state<T>& s) const noexcept {
        return [&s, size = rate / (1 - options.momentum), o = options](std::size_t i) {
            const T spread = detail::larger_of(T{0}, s.square[i] - s.mean[i] * s.mean[i]);
            return static_cast<T>(size) / (std::sqrt(spread) + static_cast<T>(o.epsilon));
        };
    }
};

/// RMSprop: rmsprop(0.01), rmsprop(0.01, {.momentum = 0.9, .centered = true}).
constexpr rmsprop_optimizer rmsprop(double rate, rmsprop_options options = {}) noexcept {
    return {rate, options};
}

} // namespace tenon
