#pragma once

// Adagrad (Duchi, Hazan and Singer, JMLR 2011): weights that had steep slopes take small steps.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tenon/core/storage.hpp>
#include <tenon/optim/each_weight.hpp>
#include <vector>

namespace tenon::inline v0 {

struct adagrad_options {
    double rate_decay = 0;  ///< the rate of step t is rate / (1 + (t - 1) · rate_decay)
    double initial_sum = 0; ///< of squared slopes, before the first step
    double epsilon = 1e-10;
};

/// w -= rate · g / (√(sum of g²) + epsilon). PyTorch's formula and defaults, epsilon outside the root; Keras has it
/// inside (1e-7) and begins with a sum of 0.1.
struct adagrad_optimizer {
    double rate;
    adagrad_options options;

    template <class T>
    struct state {
        explicit state(std::size_t n) : squares(n) {}
        detail::aligned_vector<T> squares;
        std::uint64_t steps = 0;

        template <class Self, class Visit>
        static void fields(Self& self, Visit&& visit) {
            visit("squares", self.squares);
            visit("steps", self.steps);
        }
    };

    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const noexcept {
        const T step_size = static_cast<T>(rate_at(++s.steps));
        const T first = static_cast<T>(options.initial_sum), epsilon = static_cast<T>(options.epsilon);
        auto update = [&](auto& p, const auto& slope, auto&& root_of, auto& squares) {
            squares += slope * slope;
            auto square_root = squares + first;
            root_of(square_root);
            p -= step_size * slope / (square_root + epsilon);
        };
        detail::each_weight(w, g, update, s.squares.data());
    }

    /// How far each weight is driven by a slope of 1: the size of a proximal step.
    template <class T>
    auto reach(const state<T>& s) const noexcept {
        return [&s, size = rate_at(s.steps), o = options](std::size_t i) {
            return static_cast<T>(size) /
                   (std::sqrt(s.squares[i] + static_cast<T>(o.initial_sum)) + static_cast<T>(o.epsilon));
        };
    }

private:
    double rate_at(std::uint64_t t) const noexcept {
        return rate / (1 + (static_cast<double>(t) - 1) * options.rate_decay);
    }
};

/// Adagrad: adagrad(0.01).
constexpr adagrad_optimizer adagrad(double rate, adagrad_options options = {}) noexcept {
    return {rate, options};
}

} // namespace tenon
