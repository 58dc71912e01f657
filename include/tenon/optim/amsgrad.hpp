#pragma once

// AMSGrad: Adam whose steps never grow because a slope was forgotten (Reddi, Kale and Kumar, arXiv 1904.09237).

#include <cstddef>
#include <cstdint>
#include <span>
#include <tenon/core/storage.hpp>
#include <tenon/optim/adam.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Adam with the largest v so far in the place of v. PyTorch's Adam(amsgrad=True): the largest is taken before the
/// correction of the bias, and epsilon is added behind it.
struct amsgrad_optimizer {
    double rate;
    adam_options options;

    template <class T>
    struct state {
        explicit state(std::size_t n) : m(n), v(n), largest(n) {}
        detail::aligned_vector<T> m, v, largest;
        detail::beta_powers powers;

        template <class Self, class Visit>
        static void fields(Self& self, Visit&& visit) {
            visit("m", self.m);
            visit("v", self.v);
            visit("largest", self.largest);
            detail::beta_powers::fields(self.powers, visit);
        }
    };

    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const noexcept {
        const detail::adam_step<T> a(rate, options, s.powers.advance(options));
        auto update = [&](auto& p, const auto& slope, auto&& root_of, auto& m, auto& v, auto& largest) {
            m = a.beta1 * m + a.rest1 * slope;
            v = a.beta2 * v + a.rest2 * slope * slope;
            largest = detail::larger_of(largest, v);
            auto square_root = largest;
            root_of(square_root);
            p -= a.step_size * m / (square_root * a.inverse_root + a.epsilon);
        };
        detail::each_weight(w, g, update, s.m.data(), s.v.data(), s.largest.data());
    }

    template <class T>
    auto reach(const state<T>& s) const noexcept {
        return [&s, size = rate, a = detail::adam_step<T>(rate, options, s.powers)](std::size_t i) {
            return a.reach(size, s.largest[i]);
        };
    }
};

/// AMSGrad with Adam's defaults: amsgrad(1e-3).
constexpr amsgrad_optimizer amsgrad(double rate, adam_options options = {}) noexcept {
    return {rate, options};
}

} // namespace tenon
