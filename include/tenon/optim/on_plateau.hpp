#pragma once

// A rate that falls when the loss no longer does.

#include <cstdint>
#include <limits>

namespace tenon::inline v0 {

struct on_plateau_options {
    double factor = 0.1;         ///< what the rate is multiplied by
    std::uint64_t patience = 10; ///< epochs without a better loss that are waited out
    double threshold = 1e-4;     ///< better is below (1 - threshold) · the best
    std::uint64_t cooldown = 0;  ///< epochs after a fall in which none is counted
    double floor = 0;            ///< the smallest share of the rate
};

/// As PyTorch's ReduceLROnPlateau in its mode min with a relative threshold; a loss that is not a number is no better.
struct on_plateau_schedule {
    on_plateau_options options;

    struct memory {
        double best = std::numeric_limits<double>::infinity();
        double share = 1;
        std::uint64_t waited = 0;
        std::uint64_t cooling = 0;

        template <class Self, class Visit>
        static void fields(Self& self, Visit&& visit) {
            visit("best", self.best);
            visit("share", self.share);
            visit("waited", self.waited);
            visit("cooling", self.cooling);
        }
    };

    void watch(memory& m, double loss) const noexcept {
        if (loss < m.best * (1 - options.threshold)) {
            m.best = loss;
            m.waited = 0;
        } else
            ++m.waited;
        if (m.cooling > 0) {
            --m.cooling;
            m.waited = 0;
        }
        if (m.waited <= options.patience) return;
        m.share = m.share * options.factor > options.floor ? m.share * options.factor : options.floor;
        m.cooling = options.cooldown;
        m.waited = 0;
    }
    double operator()(const memory& m) const noexcept { return m.share; }
};

/// Multiplies the rate by `.factor` where the loss has not fallen for more than `.patience` epochs:
/// scheduled(adam(1e-3), on_plateau({.factor = 0.5, .patience = 3})). The loss is that of the rows that watch, or of the
/// training rows where there are none.
constexpr on_plateau_schedule on_plateau(on_plateau_options options = {}) noexcept {
    return {options};
}

} // namespace tenon
