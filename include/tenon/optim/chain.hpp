#pragma once

// chain: what happens to gradients in front of an optimizer, in the manner of optax.

#include <concepts>
#include <cstddef>
#include <span>
#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/optim/events.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// Something that stands in front of an optimizer: before(state, weights, gradient) changes the gradient, and returns
/// false (where it returns anything) if there is to be no step; after(state, weights) looks at the weights when a step and a
/// penalty's proximal one have been made.
template <class X>
concept GradientTransform =
    std::copyable<X> && std::constructible_from<typename X::template state<float>, std::size_t> &&
    std::copyable<typename X::template state<float>> &&
    (
        requires(const X x, typename X::template state<float> s, std::span<const float> w,
                 std::span<float> g) { x.before(s, w, g); } ||
        requires(const X x, typename X::template state<float> s, std::span<const float> w) {
            x.after(s, w);
        });

/// Made by chain(transforms…, optimizer).
template <class... Parts>
struct chained_optimizer {
    static constexpr std::size_t transforms = sizeof...(Parts) - 1;
    std::tuple<Parts...> parts;

    /// The states of all parts, and a copy of the gradient to work on: allocated here and nowhere else.
    template <class T>
    struct state {
        explicit state(std::size_t n) : of(((void)sizeof(Parts), n)...), gradient(n) {}
        std::tuple<typename Parts::template state<T>...> of;
        detail::aligned_vector<T> gradient;
        bool stepped = false;

        template <class Self, class Visit>
        static void fields(Self& self, Visit&& visit)
            requires(detail::HasFields<typename Parts::template state<T>> && ...)
        {
            std::apply([&](auto&... part) { (detail::visit_state(part, visit), ...); }, self.of);
        }
    };

    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const {
        for (std::size_t i = 0; i < g.size(); ++i) s.gradient[i] = g[i];
        const std::span<T> changed = s.gradient;
        s.stepped = each_transform([&](const auto& x, auto index) {
            auto& own = std::get<decltype(index)::value>(s.of);
            if constexpr (requires {
                              { x.before(own, std::span<const T>(w), changed) } -> std::same_as<bool>;
                          })
                return x.before(own, std::span<const T>(w), changed);
            else if constexpr (requires { x.before(own, std::span<const T>(w), changed); })
                x.before(own, std::span<const T>(w), changed);
            return true;
        });
        if (!s.stepped) return;
        std::get<transforms>(parts).step(std::get<transforms>(s.of), w, std::span<const T>(changed));
    }
    template <class T>
    void after_step(state<T>& s, std::span<const T> w) const {
        if (!s.stepped) return;
        each_part(
            [&](const auto& part, auto& own) {
                detail::after_step(part, own, w);
                if constexpr (requires { part.after(own, w); }) part.after(own, w);
            },
            s);
    }

    template <class T>
    double rate_now(const state<T>& s) const {
        return detail::rate_now(std::get<transforms>(parts), std::get<transforms>(s.of));
    }
    constexpr chained_optimizer at_share(double factor) const
        requires detail::TakesRate<std::tuple_element_t<transforms, std::tuple<Parts...>>>
    {
        chained_optimizer other = *this;
        std::get<transforms>(other.parts) = detail::at_share(std::get<transforms>(parts), factor);
        return other;
    }
    template <class T>
    auto reach(const state<T>& s) const
        requires detail::HasReach<std::tuple_element_t<transforms, std::tuple<Parts...>>, T>
    {
        return [of = std::get<transforms>(parts).reach(std::get<transforms>(s.of)),
                stepped = s.stepped](std::size_t i) { return stepped ? of(i) : T{0}; };
    }
    template <class T>
    void begin_epoch(state<T>& s, std::span<T> w) const {
        each_part([&](const auto& part, auto& own) { detail::begin_epoch(part, own, w); }, s);
    }
    template <class T>
    void end_epoch(state<T>& s, std::span<T> w) const {
        each_part([&](const auto& part, auto& own) { detail::end_epoch(part, own, w); }, s);
    }
    template <class T>
    void watch(state<T>& s, double loss) const {
        each_part([&](const auto& part, auto& own) { detail::watch(part, own, loss); }, s);
    }

private:
    /// Calls each(transform, its place) until one answers false.
    template <class Each>
    bool each_transform(Each&& each) const {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (each(std::get<I>(parts), std::integral_constant<std::size_t, I>{}) && ...);
        }(std::make_index_sequence<transforms>{});
    }
    template <class Each, class S>
    void each_part(Each&& each, S& s) const {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (each(std::get<I>(parts), std::get<I>(s.of)), ...);
        }(std::index_sequence_for<Parts...>{});
    }
};

namespace detail {
template <class... Parts, std::size_t... I>
consteval auto objection_to_chain(std::index_sequence<I...>) {
    using all = std::tuple<Parts...>;
    if constexpr (!Optimizer<std::tuple_element_t<sizeof...(I), all>>)
        return because::the_last_argument_is_not_an_Optimizer{};
    else if constexpr (!(GradientTransform<std::tuple_element_t<I, all>> && ...))
        return because::one_of_the_arguments_does_not_transform_gradients{};
    else
        return because::nothing{};
}
template <class... Parts>
using chain_objection =
    decltype(objection_to_chain<Parts...>(std::make_index_sequence<sizeof...(Parts) - 1>{}));
} // namespace detail

/// An optimizer with transformations in front of it, in the order in which they see the gradient:
/// chain(clip_by_norm(1), weight_decay(1e-4), adam(1e-3)).
template <class... Parts>
    requires(sizeof...(Parts) > 0) && no_objection<detail::chain_objection<Parts...>>
constexpr chained_optimizer<Parts...> chain(Parts... parts) {
    return {{parts...}};
}

template <class... Parts, class Why = detail::chain_objection<Parts...>>
    requires(!no_objection<Why>)
refused<Why> chain(const Parts&...);

} // namespace tenon
