#pragma once

// Schedules: what share of an optimizer's rate is taken at tick t, counted from 0 in epochs or steps. A schedule is a value
// that is called with t; one's own is any copyable type that is. See scheduled in optim/scheduled.hpp.

#include <cmath>
#include <concepts>
#include <cstdint>

namespace tenon::inline v0 {

/// The share of the rate at tick t, a number from 0 up.
template <class S>
concept Schedule = std::copyable<S> && requires(const S s, std::uint64_t t) {
    { s(t) } -> std::convertible_to<double>;
};

/// A schedule that goes by the loss of the epochs: what it has seen is in a memory that lives in the run.
template <class S>
concept ReactingSchedule =
    std::copyable<S> && std::default_initializable<typename S::memory> && std::copyable<typename S::memory> &&
    requires(const S s, typename S::memory m, double loss) {
        s.watch(m, loss);
        { s(m) } -> std::convertible_to<double>;
    };

/// factor^⌊t / every⌋.
struct step_decay_schedule {
    std::uint64_t every;
    double factor;
    double operator()(std::uint64_t t) const noexcept {
        const std::uint64_t falls = t / (every == 0 ? 1 : every);
        return std::pow(factor, static_cast<double>(falls));
    }
};

/// factor^t.
struct exponential_schedule {
    double factor;
    double operator()(std::uint64_t t) const noexcept { return std::pow(factor, static_cast<double>(t)); }
};

/// In a straight line from one share to another, and on at that.
struct linear_schedule {
    std::uint64_t ticks;
    double from, to;
    double operator()(std::uint64_t t) const noexcept {
        if (t >= ticks) return to;
        return from + (to - from) * static_cast<double>(t) / static_cast<double>(ticks);
    }
};

/// The whole rate for some ticks, and then another schedule from its beginning.
template <Schedule S>
struct delayed_schedule {
    std::uint64_t ticks;
    S then;
    double operator()(std::uint64_t t) const {
        return t < ticks ? 1.0 : static_cast<double>(then(t - ticks));
    }
};

/// The rate times `factor` after every `every` ticks, as PyTorch's StepLR: step_decay(30), step_decay(30, 0.5).
constexpr step_decay_schedule step_decay(std::uint64_t every, double factor = 0.1) noexcept {
    return {every, factor};
}

/// The rate times `factor` after every tick, as PyTorch's ExponentialLR: exponential(0.95).
constexpr exponential_schedule exponential(double factor) noexcept {
    return {factor};
}

/// From a share of the rate up to all of it in a straight line, as PyTorch's LinearLR: warm_up(5). What comes behind it
/// is a second schedule around it: scheduled(scheduled(adam(1e-3), warm_up(5)), delayed(5, cosine(95))).
constexpr linear_schedule warm_up(std::uint64_t ticks, double from = 1.0 / 3) noexcept {
    return {ticks, from, 1};
}

/// From the rate down to a share of it in a straight line: linear_decay(100), linear_decay(100, 0.1).
constexpr linear_schedule linear_decay(std::uint64_t ticks, double to = 0) noexcept {
    return {ticks, 1, to};
}

/// A schedule that begins later: delayed(5, cosine(95)).
template <Schedule S>
constexpr delayed_schedule<S> delayed(std::uint64_t ticks, S then) {
    return {ticks, then};
}

} // namespace tenon
