#pragma once

// What a metric says of a model in the middle of its training: the answers are those that it would give if it ended now.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <tenon/core/chain.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/train/watched_metric.hpp>
#include <vector>

namespace tenon::inline v0::detail {

/// Calls each(row, scores) for all rows.
template <class M, class Each>
void each_scores(const M& model, matrix_view<const typename M::scalar> x, Each&& each) {
    using T = typename M::scalar;
    std::vector<T> sample(x.columns());
    std::vector<typename M::score> scores(model.width_out());
    for (std::size_t r = 0; r < x.rows(); ++r) {
        for (std::size_t c = 0; c < sample.size(); ++c) sample[c] = x(r, c);
        model(row<M::in, T>(sample.data(), sample.size()),
              row_out<M::outputs, typename M::score>(scores.data(), scores.size()));
        each(r, std::span<typename M::score>(scores));
    }
}

/// The metric over all rows, of classes.
template <class Metric, class M>
double metric_of_classes(const Metric& metric, const M& model, matrix_view<const typename M::scalar> x,
                         vector_view<const class_index> y, std::span<const std::string> class_names) {
    constexpr bool needs_probabilities = requires { requires Metric::needs_probabilities; };
    using score = typename M::score;
    std::vector<class_index> truth(x.rows()), predicted(x.rows());
    matrix<double> probabilities(needs_probabilities ? x.rows() : 0, model.width_out());
    each_scores(model, x, [&](std::size_t r, std::span<score> scores) {
        truth[r] = y[r];
        predicted[r] = largest_of(std::span<const score>(scores));
        if constexpr (needs_probabilities) {
            softmax(scores);
            for (std::size_t k = 0; k < scores.size(); ++k)
                probabilities(r, k) = static_cast<double>(scores[k]);
        }
    });
    return static_cast<double>(metric(outcomes<classes<M::outputs>>{
        {truth, predicted, probabilities.view(), model.width_out(), class_names}}));
}

/// The metric over all rows, of numbers: of several the mean over them, unless the metric knows better. Answers are
/// shift + scale · score.
template <class Metric, class M, class Y, class Units>
double metric_of_numbers(const Metric& metric, const M& model, matrix_view<const typename M::scalar> x,
                         vector_view<const Y> y, const Units& units) {
    constexpr std::size_t n = M::outputs;
    std::array<std::vector<double>, n> truth, predicted;
    each_scores(model, x, [&](std::size_t r, std::span<typename M::score> scores) {
        const Y is = y[r];
        for (std::size_t k = 0; k < n; ++k) {
            truth[k].push_back(of_output(is, k));
            predicted[k].push_back(of_output(units.shift, k) +
                                   of_output(units.scale, k) * static_cast<double>(scores[k]));
        }
    });
    if constexpr (n > 1) {
        if constexpr (WatchesKind<Metric, reals<n>>) {
            outcomes<reals<n>> all;
            for (std::size_t k = 0; k < n; ++k) all.outputs[k] = {truth[k], predicted[k]};
            return static_cast<double>(metric(all));
        }
    }
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k)
        sum += static_cast<double>(metric(outcomes<real>{truth[k], predicted[k]}));
    return sum / static_cast<double>(n);
}

} // namespace tenon::detail
