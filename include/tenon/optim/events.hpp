#pragma once

// What an Optimizer may have besides step, and how a run calls it where it is there:
//
//   begin_epoch(state, weights), end_epoch(state, weights)   around every epoch; the weights may be changed
//   after_step(state, weights)   behind every step, when a penalty has had its own; the weights are const
//   watch(state, loss)    after an epoch, with the loss on the rows that watch, or on the training rows where there are none
//   reach(state)          a function of a weight's place: how far a slope of 1 that stays drives it, for proximal steps
//   stepper(state)        in place of step, where each weight is for itself: begins a step and returns step(weights, gradient,
//                         first), to be called for parts of both, the first weight of which is number `first`
//   rate, or at_share(f)  the rate as a member, or the same optimizer with f times its rate: it can be scheduled
//   rate_now(state)       the rate of the next step, for those that watch; the member rate where it is not there

#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <type_traits>

namespace tenon::inline v0::detail {

template <class O, class S, class T>
void begin_epoch(const O& optimizer, S& state, std::span<T> weights) {
    if constexpr (requires { optimizer.begin_epoch(state, weights); }) optimizer.begin_epoch(state, weights);
}

template <class O, class S, class T>
void end_epoch(const O& optimizer, S& state, std::span<T> weights) {
    if constexpr (requires { optimizer.end_epoch(state, weights); }) optimizer.end_epoch(state, weights);
}

template <class O, class S, class T>
void after_step(const O& optimizer, S& state, std::span<const T> weights) {
    if constexpr (requires { optimizer.after_step(state, weights); }) optimizer.after_step(state, weights);
}

template <class O, class S>
void watch(const O& optimizer, S& state, double loss) {
    if constexpr (requires { optimizer.watch(state, loss); }) optimizer.watch(state, loss);
}

template <class O>
concept HasRate = requires(O o) {
    { o.rate } -> std::convertible_to<double>;
    o.rate = 0.5;
};

template <class O>
concept TakesRate = HasRate<O> || requires(const O o) {
    { o.at_share(0.5) } -> std::same_as<O>;
};

/// The same optimizer with its rate times a factor.
template <TakesRate O>
constexpr O at_share(O optimizer, double factor) {
    if constexpr (HasRate<O>) {
        optimizer.rate = optimizer.rate * factor;
        return optimizer;
    } else
        return optimizer.at_share(factor);
}

/// The rate of the next step; NaN where the optimizer has none.
template <class O, class S>
double rate_now(const O& optimizer, const S& state) {
    if constexpr (requires {
                      { optimizer.rate_now(state) } -> std::convertible_to<double>;
                  })
        return static_cast<double>(optimizer.rate_now(state));
    else if constexpr (HasRate<O>)
        return static_cast<double>(optimizer.rate);
    else
        return std::numeric_limits<double>::quiet_NaN();
}

/// A state that lists its fields by name, so that it can be stored, or has nothing to store.
template <class S>
concept HasFields = std::is_empty_v<S> || requires(S& state, void (*visit)(...)) { S::fields(state, visit); };

/// Calls visit(name, field) for each field of a state that lists them.
template <HasFields S, class Visit>
void visit_state(S& state, Visit&& visit) {
    if constexpr (requires { S::fields(state, visit); }) S::fields(state, visit);
}

/// An optimizer that says how far slopes drive its weights.
template <class O, class T>
concept HasReach = requires(const O o, const typename O::template state<T> s) {
    { o.reach(s)(std::size_t{}) } -> std::convertible_to<T>;
};

} // namespace tenon::detail
