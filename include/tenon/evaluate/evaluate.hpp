#pragma once

// evaluate: what metrics say of a fitted pipeline on data that it did not see.

#include <string>
#include <tenon/evaluate/confusion.hpp>
#include <tenon/evaluate/metric.hpp>
#include <tenon/evaluate/predictions.hpp>
#include <tenon/evaluate/report.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

template <class P, class D, class... M>
consteval auto objection_to_evaluate() {
    using predicting = decltype(objection_to_predict_all<P, D>());
    if constexpr (!no_objection<predicting>)
        return predicting{};
    else if constexpr (!(metric_list<M>::is_one && ...))
        return because::one_of_the_arguments_is_not_a_Metric{};
    else
        return first_objection_of<typename P::schema_type::kind, M...>();
}

template <class P, class D>
consteval auto objection_to_confusion() {
    using predicting = decltype(objection_to_predict_all<P, D>());
    if constexpr (!no_objection<predicting>)
        return predicting{};
    else if constexpr (!is_classification<typename P::schema_type::kind>)
        return because::this_Metric_does_not_suit_the_target<confusion_matrix>{};
    else
        return because::nothing{};
}

} // namespace detail

/// The values of metrics over all rows of the data: `evaluate(model, test, metrics(r2(), rmse()))`, or the metrics one
/// by one. Throws data_error for data without rows, with other columns or levels than the model's, or with targets
/// that are not finite. Missing features that no stage fills make a regression's metrics NaN and count as wrong classes.
template <class P, class D, class First, class... Rest>
    requires no_objection<decltype(detail::objection_to_evaluate<P, D, First, Rest...>())>
report evaluate(const P& model, const D& data, const First& first, const Rest&... rest) {
    constexpr bool needs_probabilities = (detail::metric_list<First>::needs_probabilities || ... ||
                                          detail::metric_list<Rest>::needs_probabilities);
    const auto rows = detail::predict_all(model, data, needs_probabilities);
    const auto seen = rows.seen(model.record().schema);
    std::vector<named_value> values;
    auto measure = [&](const auto& metric) {
        values.push_back({std::string(std::string_view(metric.name)), detail::measured(metric, seen)});
    };
    detail::metric_list<First>::visit(first, measure);
    (detail::metric_list<Rest>::visit(rest, measure), ...);
    return {rows.size(), std::move(values)};
}

template <class P, class D, class First, class... Rest,
          class Why = decltype(detail::objection_to_evaluate<P, D, First, Rest...>())>
    requires(!no_objection<Why>)
refused<Why> evaluate(const P&, const D&, const First&, const Rest&...);

/// How often each class of the data was predicted as each class. Throws as evaluate does.
template <class P, class D>
    requires no_objection<decltype(detail::objection_to_confusion<P, D>())>
confusion_matrix confusion(const P& model, const D& data) {
    return confusion_matrix(detail::predict_all(model, data, false).seen(model.record().schema));
}

template <class P, class D, class Why = decltype(detail::objection_to_confusion<P, D>())>
    requires(!no_objection<Why>)
refused<Why> confusion(const P&, const D&);

} // namespace tenon
