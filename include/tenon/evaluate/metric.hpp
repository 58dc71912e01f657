#pragma once

// What a metric is, and lists of them.
//
// A metric is a small value with a name; it says which targets it accepts and maps outcomes to a number:
//
//     struct bias_metric {
//         static constexpr std::string_view name = "bias";
//         template <class Kind> using accepts = only_real_targets<bias_metric, Kind>;
//         double operator()(const outcomes<real>& o) const { … }
//     };

#include <concepts>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/evaluate/outcomes.hpp>
#include <tuple>
#include <type_traits>

namespace tenon::inline v0 {

/// A metric has a name (a static member, or one of the value where options matter) and says which targets it accepts:
/// `accepts<Kind>` is because::nothing, or a reason. One that reads probabilities says
/// `static constexpr bool needs_probabilities = true`.
template <class M>
concept Metric = std::copyable<M> && requires(const M m) {
    { m.name } -> std::convertible_to<std::string_view>;
    typename M::template accepts<real>;
    typename M::template accepts<classes<2>>;
};

/// A metric that can be called with outcomes of this kind.
template <class M, class Kind>
concept MetricFor =
    Metric<M> && no_objection<typename M::template accepts<Kind>> && requires(const M m, outcomes<Kind> o) {
        { m(o) } -> std::convertible_to<double>;
    };

/// `accepts` of a metric for regressions. Of several outputs its value is the mean over them, each by itself (scikit-learn's
/// multioutput="uniform_average"), unless the metric can be called with outcomes<reals<N>> and accepts them.
template <class M, class Kind>
using only_real_targets = std::conditional_t<std::is_same_v<Kind, real>, because::nothing,
                                             because::this_Metric_does_not_suit_the_target<M>>;

/// `accepts` of a metric for classifications.
template <class M, class Kind>
using only_class_targets = std::conditional_t<is_classification<Kind>, because::nothing,
                                              because::this_Metric_does_not_suit_the_target<M>>;

/// Metrics in order. Made by metrics(…).
template <Metric... M>
struct metric_set {
    std::tuple<M...> all;
};

/// A list of metrics: `metrics(r2(), rmse())`.
template <class... M>
    requires(sizeof...(M) > 0 && (Metric<M> && ...))
constexpr metric_set<M...> metrics(const M&... wanted) {
    return {std::tuple<M...>(wanted...)};
}

template <class... M>
    requires(!(Metric<M> && ...))
refused<because::one_of_the_arguments_is_not_a_Metric> metrics(const M&...);

namespace detail {

/// The kind that a metric is asked about where the target is of Kind: of several numbers a single one, unless the metric
/// knows them itself.
template <class M, class Kind>
using measured_kind = std::conditional_t<is_several_numbers<Kind> && !MetricFor<M, Kind>, real, Kind>;

/// The value of a metric.
template <class M, class Kind>
double measured(const M& metric, const outcomes<Kind>& seen) {
    if constexpr (std::is_same_v<measured_kind<M, Kind>, Kind>)
        return static_cast<double>(metric(seen));
    else {
        double sum = 0;
        for (const outcomes<real>& one : seen.outputs) sum += static_cast<double>(metric(one));
        return sum / static_cast<double>(seen.outputs.size());
    }
}

/// What a caller may write where metrics are wanted: a metric, or a list of them.
template <class A>
struct metric_list {
    static constexpr bool is_one = Metric<A>;
    template <class Kind>
    static consteval auto objection() {
        using asked = measured_kind<A, Kind>;
        if constexpr (!no_objection<typename A::template accepts<asked>>)
            return typename A::template accepts<asked>{};
        else if constexpr (!MetricFor<A, asked>)
            return because::this_Metric_does_not_suit_the_target<A>{};
        else
            return because::nothing{};
    }
    static constexpr bool needs_probabilities = requires { requires A::needs_probabilities; };
    template <class Each>
    static void visit(const A& metric, Each&& each) {
        each(metric);
    }
};

template <class... M>
struct metric_list<metric_set<M...>> {
    static constexpr bool is_one = true;
    template <class Kind>
    static consteval auto objection();
    static constexpr bool needs_probabilities = (metric_list<M>::needs_probabilities || ...);
    template <class Each>
    static void visit(const metric_set<M...>& set, Each&& each) {
        std::apply([&](const M&... m) { (each(m), ...); }, set.all);
    }
};

/// The first objection of several arguments.
template <class Kind, class First, class... Rest>
consteval auto first_objection_of() {
    using why = decltype(metric_list<First>::template objection<Kind>());
    if constexpr (!no_objection<why> || sizeof...(Rest) == 0)
        return why{};
    else
        return first_objection_of<Kind, Rest...>();
}

template <class... M>
template <class Kind>
consteval auto metric_list<metric_set<M...>>::objection() {
    return first_objection_of<Kind, M...>();
}

} // namespace detail

} // namespace tenon
