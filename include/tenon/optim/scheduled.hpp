#pragma once

// scheduled: an optimizer whose rate follows a schedule.

#include <cstddef>
#include <cstdint>
#include <span>
#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/optim/events.hpp>
#include <tenon/optim/schedule.hpp>

namespace tenon::inline v0 {

/// What a schedule counts.
enum class per : std::uint8_t { epoch, step };

namespace detail {
struct no_memory {};
template <class S>
struct memory_of {
    using type = no_memory;
};
template <ReactingSchedule S>
struct memory_of<S> {
    using type = typename S::memory;
};
} // namespace detail

/// Made by scheduled(optimizer, schedule). The state is that of the optimizer, the ticks so far, and what the schedule
/// remembers.
template <class O, class S>
struct scheduled_optimizer {
    O optimizer;
    S schedule;
    per counts;

    template <class T>
    struct state {
        explicit state(std::size_t n) : inner(n) {}
        typename O::template state<T> inner;
        std::uint64_t ticks = 0;
        [[no_unique_address]] typename detail::memory_of<S>::type memory;

        template <class Self, class Visit>
        static void fields(Self& self, Visit&& visit)
            requires(detail::HasFields<typename O::template state<T>> &&
                     detail::HasFields<typename detail::memory_of<S>::type>)
        {
            detail::visit_state(self.inner, visit);
            visit("ticks", self.ticks);
            detail::visit_state(self.memory, visit);
        }
    };

    /// The share of the rate that the next step takes.
    template <class T>
    double share(const state<T>& s) const {
        if constexpr (ReactingSchedule<S>)
            return static_cast<double>(schedule(s.memory));
        else
            return static_cast<double>(schedule(s.ticks));
    }

    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const {
        now(s).step(s.inner, w, g);
        if (counts == per::step) ++s.ticks;
    }
    template <class T>
    auto stepper(state<T>& s) const
        requires requires { optimizer.stepper(s.inner); }
    {
        auto inner = now(s).stepper(s.inner);
        if (counts == per::step) ++s.ticks;
        return inner;
    }

    template <class T>
    double rate_now(const state<T>& s) const {
        return share(s) * detail::rate_now(optimizer, s.inner);
    }

    /// The same with another rate to begin with.
    constexpr scheduled_optimizer at_share(double factor) const {
        return {detail::at_share(optimizer, factor), schedule, counts};
    }

    template <class T>
    auto reach(const state<T>& s) const
        requires detail::HasReach<O, T>
    {
        return now(s).reach(s.inner);
    }
    template <class T>
    void after_step(state<T>& s, std::span<const T> w) const {
        detail::after_step(optimizer, s.inner, w);
    }
    template <class T>
    void begin_epoch(state<T>& s, std::span<T> w) const {
        detail::begin_epoch(optimizer, s.inner, w);
    }
    template <class T>
    void end_epoch(state<T>& s, std::span<T> w) const {
        detail::end_epoch(optimizer, s.inner, w);
        if (counts == per::epoch) ++s.ticks;
    }
    template <class T>
    void watch(state<T>& s, double loss) const {
        detail::watch(optimizer, s.inner, loss);
        if constexpr (ReactingSchedule<S>) schedule.watch(s.memory, loss);
    }

private:
    template <class T>
    O now(const state<T>& s) const {
        return detail::at_share(optimizer, share(s));
    }
};

namespace detail {
template <class O, class S>
consteval auto objection_to_scheduled() {
    if constexpr (!Optimizer<O>)
        return because::the_first_argument_is_not_an_Optimizer{};
    else if constexpr (!TakesRate<O>)
        return because::this_Optimizer_has_no_rate_to_schedule{};
    else if constexpr (!Schedule<S> && !ReactingSchedule<S>)
        return because::the_second_argument_is_not_a_Schedule{};
    else
        return because::nothing{};
}
} // namespace detail

/// An optimizer whose rate is multiplied by the schedule's share of it: scheduled(adam(1e-3), cosine(100)), counted in
/// epochs, or in steps: scheduled(sgd(0.1), one_cycle(1000), per::step). Schedules around one another multiply.
template <class O, class S>
    requires no_objection<decltype(detail::objection_to_scheduled<O, S>())>
constexpr scheduled_optimizer<O, S> scheduled(O optimizer, S schedule, per counts = per::epoch) {
    return {optimizer, schedule, counts};
}

template <class O, class S, class Why = decltype(detail::objection_to_scheduled<O, S>())>
    requires(!no_objection<Why>)
refused<Why> scheduled(const O&, const S&, per = per::epoch);

} // namespace tenon
