#pragma once

// Adam (Kingma and Ba, arXiv 1412.6980).

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tenon/core/storage.hpp>
#include <tenon/optim/each_weight.hpp>
#include <vector>

namespace tenon::inline v0 {

struct adam_options {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
};

namespace detail {

/// beta1^t and beta2^t after t steps.
struct beta_powers {
    double first = 1, second = 1;

    const beta_powers& advance(const adam_options& options) noexcept {
        first *= options.beta1;
        second *= options.beta2;
        return *this;
    }
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("beta1_power", self.first);
        visit("beta2_power", self.second);
    }
};

/// What one step of Adam and its kin takes, in the scalar of the parameters.
template <class T>
struct adam_step {
    T beta1, beta2, rest1, rest2, epsilon, step_size, inverse_root;

    adam_step(double rate, const adam_options& options, const beta_powers& powers) noexcept
        : beta1(static_cast<T>(options.beta1)), beta2(static_cast<T>(options.beta2)),
          rest1(static_cast<T>(1 - options.beta1)), rest2(static_cast<T>(1 - options.beta2)),
          epsilon(static_cast<T>(options.epsilon)), step_size(static_cast<T>(rate / (1 - powers.first))),
          inverse_root(static_cast<T>(1 / std::sqrt(1 - powers.second))) {}

    /// How far a weight is driven, in the end, by a slope of 1 that stays, where v is the mean of squared slopes.
    T reach(double rate, T v) const noexcept {
        return static_cast<T>(rate) / (std::sqrt(v) * inverse_root + epsilon);
    }
};

} // namespace detail

/// m and v are running means of the gradient and its square; w -= rate · m̂ / (√v̂ + epsilon), with m̂ and v̂ freed of
/// their bias towards zero. The correction advances once a step. PyTorch's placing of epsilon, outside the root of v̂;
/// Keras adds it to √v before the correction and takes 1e-7.
struct adam_optimizer {
    double rate;
    adam_options options;

    template <class T>
    struct state {
        explicit state(std::size_t n) : m(n), v(n) {}
        detail::aligned_vector<T> m, v;
        detail::beta_powers powers;

        template <class Self, class Visit>
        static void fields(Self& self, Visit&& visit) {
            visit("m", self.m);
            visit("v", self.v);
            detail::beta_powers::fields(self.powers, visit);
        }
    };

    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const noexcept {
        stepper(s)(w, g, 0);
    }
    /// A step that may be taken in parts: of the weights from the first on.
    template <class T>
    auto stepper(state<T>& s) const noexcept {
        return [&s, step = detail::adam_step<T>(rate, options, s.powers.advance(options))](
                   std::span<T> w, std::span<const T> g, std::size_t first) {
            const detail::adam_step<T> a = step; // in registers: no store to a weight can change it
            auto update = [&](auto& p, const auto& slope, auto&& root_of, auto& m, auto& v) {
                m = a.beta1 * m + a.rest1 * slope;
                v = a.beta2 * v + a.rest2 * slope * slope;
                auto square_root = v;
                root_of(square_root);
                p -= a.step_size * m / (square_root * a.inverse_root + a.epsilon);
            };
            detail::each_weight(w, g, update, s.m.data() + first, s.v.data() + first);
        };
    }

    /// How far each weight is driven by a slope of 1 that stays: the size of a proximal step.
    template <class T>
    auto reach(const state<T>& s) const noexcept {
        return [&s, size = rate, a = detail::adam_step<T>(rate, options, s.powers)](std::size_t i) {
            return a.reach(size, s.v[i]);
        };
    }
};

/// Adam with the paper's defaults: adam(1e-3), adam(1e-3, {.beta1 = 0.8}).
constexpr adam_optimizer adam(double rate, adam_options options = {}) noexcept {
    return {rate, options};
}

} // namespace tenon
