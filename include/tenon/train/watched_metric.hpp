#pragma once

// A Metric that minimize watches while it trains. What metrics are is said in evaluate/, far below; here they are known by
// what they look like, and whoever passes one has included what it looks at.

#include <concepts>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/target.hpp>
#include <tenon/optim/penalty.hpp>
#include <type_traits>

namespace tenon::inline v0 {

template <class Kind>
struct outcomes;

namespace detail {

template <class M>
concept LooksLikeMetric = std::copyable<M> && requires(const M m) {
    { m.name } -> std::convertible_to<std::string_view>;
    typename M::template accepts<real>;
};

/// A penalty and the metric that stands beside it: a penalty to all who do not ask for the metric.
template <class P, class M>
struct penalty_and_metric : P {
    M metric;
};

template <class P>
concept HasMetric = requires(const P p) { requires LooksLikeMetric<decltype(p.metric)>; };

/// What stands for arguments that minimize cannot take.
struct neither_penalty_nor_metric {};

/// What minimize is given behind its options, as one penalty.
inline no_penalty penalty_of() noexcept {
    return {};
}
template <class E>
auto penalty_of(const E& extra) {
    if constexpr (!Penalty<E> && LooksLikeMetric<E>)
        return penalty_and_metric<no_penalty, E>{{}, extra};
    else
        return extra;
}
template <class A, class B, class... More>
auto penalty_of(const A& a, const B& b, const More&...) {
    constexpr bool are_two = sizeof...(More) == 0;
    if constexpr (are_two && Penalty<A> && LooksLikeMetric<B>)
        return penalty_and_metric<A, B>{a, b};
    else if constexpr (are_two && LooksLikeMetric<A> && Penalty<B>)
        return penalty_and_metric<B, A>{b, a};
    else
        return neither_penalty_nor_metric{};
}

/// A metric that can be called with outcomes of this kind.
template <class M, class Kind>
concept WatchesKind =
    no_objection<typename M::template accepts<Kind>> && requires(const M m, const outcomes<Kind>& seen) {
        { m(seen) } -> std::convertible_to<double>;
    };

/// The kind that a metric is asked about: of several numbers a single one, unless it knows them itself.
template <class M, class Kind>
using watched_kind = std::conditional_t<is_several_numbers<Kind> && !WatchesKind<M, Kind>, real, Kind>;

/// Why a metric cannot be watched on targets of this kind.
template <class M, class Kind>
consteval auto objection_to_watch() {
    using accepts = typename M::template accepts<watched_kind<M, Kind>>;
    if constexpr (!no_objection<accepts>)
        return accepts{};
    else if constexpr (!WatchesKind<M, watched_kind<M, Kind>>)
        return because::this_Metric_does_not_suit_the_target<M>{};
    else
        return because::nothing{};
}

} // namespace detail

} // namespace tenon
