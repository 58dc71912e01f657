#pragma once

// The average of the weights that an optimizer goes through, which often predicts better than the last of them (Polyak and
// Juditsky 1992; Izmailov et al., arXiv 1803.05407).

#include <cstddef>
#include <cstdint>
#include <span>
#include <tenon/core/storage.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

struct average_iterates_options {
    double decay = 0;        ///< of a running average; 0: the plain mean of all
    std::uint64_t after = 0; ///< steps that are left out at the beginning
};

/// Steps go on from where they are; between epochs, when the loss is watched, and in the end the model has the average.
/// As PyTorch's AveragedModel: the first weights are taken as they are, w̄ = decay · w̄ + (1 - decay) · w from there on.
struct average_iterates_transform {
    average_iterates_options options;

    template <class T>
    struct state {
        explicit state(std::size_t n) : mean(n) {}
        detail::aligned_vector<T> mean; ///< or the weights themselves, while the model has the mean
        std::uint64_t steps = 0;
        std::uint64_t shown = 0; ///< 1 while the model has the mean

        template <class Self, class Visit>
        static void fields(Self& self, Visit&& visit) {
            visit("mean", self.mean);
            visit("steps", self.steps);
            visit("shown", self.shown);
        }
    };

    template <class T>
    void after(state<T>& s, std::span<const T> w) const noexcept {
        if (++s.steps <= options.after) return;
        const std::uint64_t count = s.steps - options.after;
        const double share = count == 1          ? 1
                             : options.decay > 0 ? 1 - options.decay
                                                 : 1 / static_cast<double>(count);
        if (count == 1)
            for (std::size_t i = 0; i < w.size(); ++i) s.mean[i] = w[i];
        else
            for (std::size_t i = 0; i < w.size(); ++i)
                s.mean[i] += static_cast<T>(share) * (w[i] - s.mean[i]);
    }
    template <class T>
    void begin_epoch(state<T>& s, std::span<T> w) const noexcept {
        if (s.shown == 1) exchange(s, w);
    }
    template <class T>
    void end_epoch(state<T>& s, std::span<T> w) const noexcept {
        if (s.shown == 0 && s.steps > options.after) exchange(s, w);
    }

private:
    template <class T>
    static void exchange(state<T>& s, std::span<T> w) noexcept {
        for (std::size_t i = 0; i < w.size(); ++i) std::swap(s.mean[i], w[i]);
        s.shown = 1 - s.shown;
    }
};

/// Keeps the average of the weights: chain(average_iterates(), sgd(0.1)), chain(average_iterates({.decay = 0.999}), …).
constexpr average_iterates_transform average_iterates(average_iterates_options options = {}) noexcept {
    return {options};
}

} // namespace tenon
