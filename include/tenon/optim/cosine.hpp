#pragma once

// The rate along half a cosine, once or again and again (Loshchilov and Hutter, SGDR, arXiv 1608.03983), and one cycle up
// and down (Smith and Topin, arXiv 1708.07120).

#include <cmath>
#include <cstdint>

namespace tenon::inline v0 {

namespace detail {
/// From a to b along half a cosine, `share` of the way.
inline double along_cosine(double a, double b, double share) noexcept {
    return b + (a - b) / 2 * (1 + std::cos(3.14159265358979323846 * share));
}
} // namespace detail

struct cosine_options {
    double floor = 0; ///< the share of the rate at the end
};

/// floor + (1 - floor) · (1 + cos(π t / ticks)) / 2, and the floor from there on.
struct cosine_schedule {
    std::uint64_t ticks;
    cosine_options options;
    double operator()(std::uint64_t t) const noexcept {
        if (t >= ticks) return options.floor;
        return detail::along_cosine(1, options.floor, static_cast<double>(t) / static_cast<double>(ticks));
    }
};

struct cosine_restarts_options {
    std::uint64_t growth = 1; ///< each cycle is so many times as long as the one before
    double floor = 0;         ///< the share of the rate at the end of each
};

/// The cosine again from the top after each cycle, the first of `ticks`.
struct cosine_restarts_schedule {
    std::uint64_t ticks;
    cosine_restarts_options options;
    double operator()(std::uint64_t t) const noexcept {
        std::uint64_t length = ticks == 0 ? 1 : ticks;
        if (options.growth <= 1)
            t %= length;
        else
            for (; t >= length; length *= options.growth) t -= length;
        return detail::along_cosine(1, options.floor, static_cast<double>(t) / static_cast<double>(length));
    }
};

struct one_cycle_options {
    double rising = 0.3;     ///< share of the ticks in which the rate goes up
    double start = 1.0 / 25; ///< share of the rate at the first tick
    double end = 1.0 / 25e4; ///< share of the rate at the last tick
};

/// Up from `start` to the whole rate along half a cosine, and down to `end` along another; `end` from there on.
struct one_cycle_schedule {
    std::uint64_t ticks;
    one_cycle_options options;
    double operator()(std::uint64_t t) const noexcept {
        const double last = static_cast<double>(ticks) - 1, top = options.rising * (last + 1) - 1;
        const double at = static_cast<double>(t);
        if (at >= last) return options.end;
        if (at <= top) return detail::along_cosine(options.start, 1, at / top);
        return detail::along_cosine(1, options.end, (at - top) / (last - top));
    }
};

/// Down to zero, or to `.floor`, in so many ticks: cosine(100). As PyTorch's CosineAnnealingLR up to its T_max, behind
/// which that one goes up again; eta_min is the floor times the rate.
constexpr cosine_schedule cosine(std::uint64_t ticks, cosine_options options = {}) noexcept {
    return {ticks, options};
}

/// With warm restarts, as PyTorch's CosineAnnealingWarmRestarts: cosine_restarts(10, {.growth = 2}).
constexpr cosine_restarts_schedule cosine_restarts(std::uint64_t ticks,
                                                   cosine_restarts_options options = {}) noexcept {
    return {ticks, options};
}

/// One cycle over all ticks, most often counted in steps: scheduled(sgd(0.1), one_cycle(1000), per::step). As PyTorch's
/// OneCycleLR, whose max_lr is the optimizer's rate; the momentum stays as it is (cycle_momentum=False).
constexpr one_cycle_schedule one_cycle(std::uint64_t ticks, one_cycle_options options = {}) noexcept {
    return {ticks, options};
}

} // namespace tenon
