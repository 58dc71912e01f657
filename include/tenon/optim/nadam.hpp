#pragma once

// NAdam: Adam with Nesterov's momentum (Dozat 2016, Incorporating Nesterov Momentum into Adam).

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tenon/core/storage.hpp>
#include <tenon/optim/adam.hpp>
#include <vector>

namespace tenon::inline v0 {

struct nadam_options {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double momentum_decay = 4e-3; ///< how soon the momentum rises from half of beta1 to beta1
};

/// μ_t = beta1 · (1 - ½ · 0.96^(t · momentum_decay)), Π_t = μ_1 · … · μ_t, d = √(v / (1 - beta2^t)) + epsilon:
/// w -= rate · ((1 - μ_t) / (1 - Π_t) · g + μ_{t+1} / (1 - Π_{t+1}) · m) / d. PyTorch's formula and defaults.
struct nadam_optimizer {
    double rate;
    nadam_options options;

    template <class T>
    struct state {
        explicit state(std::size_t n) : m(n), v(n) {}
        detail::aligned_vector<T> m, v;
        std::uint64_t steps = 0;
        detail::beta_powers powers;
        double product = 1; ///< of the momenta so far

        template <class Self, class Visit>
        static void fields(Self& self, Visit&& visit) {
            visit("m", self.m);
            visit("v", self.v);
            visit("steps", self.steps);
            detail::beta_powers::fields(self.powers, visit);
            visit("product", self.product);
        }
    };

    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const noexcept {
        const detail::adam_step<T> a(rate, moments(), s.powers.advance(moments()));
        const double now = momentum_at(++s.steps), next = momentum_at(s.steps + 1);
        s.product *= now;
        const T of_slope = static_cast<T>(rate * (1 - now) / (1 - s.product));
        const T of_mean = static_cast<T>(rate * next / (1 - s.product * next));
        auto update = [&](auto& p, const auto& slope, auto&& root_of, auto& m, auto& v) {
            m = a.beta1 * m + a.rest1 * slope;
            v = a.beta2 * v + a.rest2 * slope * slope;
            auto square_root = v;
            root_of(square_root);
            p -= (of_slope * slope + of_mean * m) / (square_root * a.inverse_root + a.epsilon);
        };
        detail::each_weight(w, g, update, s.m.data(), s.v.data());
    }

    template <class T>
    auto reach(const state<T>& s) const noexcept {
        return [&s, size = rate, a = detail::adam_step<T>(rate, moments(), s.powers)](std::size_t i) {
            return a.reach(size, s.v[i]);
        };
    }

private:
    constexpr adam_options moments() const noexcept {
        return {options.beta1, options.beta2, options.epsilon};
    }
    double momentum_at(std::uint64_t t) const noexcept {
        return options.beta1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(t) * options.momentum_decay));
    }
};

/// Adam with Nesterov's momentum: nadam(2e-3).
constexpr nadam_optimizer nadam(double rate, nadam_options options = {}) noexcept {
    return {rate, options};
}

} // namespace tenon
