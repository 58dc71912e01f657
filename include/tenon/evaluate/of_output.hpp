#pragma once

// of_output<I>(metric): a metric of one output alone, where the target is several numbers.
//
//     tenon::evaluate(model, test, tenon::metrics(tenon::r2(), tenon::of_output<0>(tenon::r2())))["r2 of output 0"];

#include <string>
#include <string_view>
#include <tenon/core/text.hpp>
#include <tenon/evaluate/metric.hpp>

namespace tenon::inline v0 {

/// Made by of_output<I>(metric). Its name is that of the metric and " of output I".
template <std::size_t I, Metric M>
struct output_metric {
    M metric;
    std::string name;

    template <class Kind>
    static consteval auto judge() {
        if constexpr (!is_several_numbers<Kind>)
            return because::this_Metric_does_not_suit_the_target<output_metric>{};
        else if constexpr (I >= outputs_of<Kind>)
            return because::the_target_has_no_output_of_this_number__they_count_from_0<I>{};
        else
            return typename M::template accepts<real>{};
    }
    template <class Kind>
    using accepts = decltype(judge<Kind>());

    template <std::size_t N>
    double operator()(const outcomes<reals<N>>& o) const {
        return static_cast<double>(metric(o.outputs[I]));
    }
};

/// The metric of output I, counted from 0 in the order of the schema's targets. One that there is not does not compile.
template <std::size_t I, Metric M>
output_metric<I, M> of_output(const M& metric) {
    return {metric, detail::concat({std::string_view(metric.name), " of output ", I})};
}

} // namespace tenon
