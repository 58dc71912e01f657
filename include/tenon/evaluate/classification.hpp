#pragma once

// Metrics of classifications that need classes only, by scikit-learn's definitions: accuracy, precision, recall, f1.

#include <string>
#include <string_view>
#include <tenon/core/text.hpp>
#include <tenon/evaluate/confusion.hpp>
#include <tenon/evaluate/metric.hpp>

namespace tenon::inline v0 {

/// How numbers of single classes become one: all alike (macro), from counts over all classes (micro), or weighted by
/// how many rows are of each class. Classes that neither occur nor are predicted are left out.
enum class average { macro, micro, weighted };

struct class_metric_options {
    tenon::average average = tenon::average::macro;
    std::string positive{}; ///< the name of a class: the number of this one alone, instead of an average
};

namespace detail {

inline std::string class_metric_name(std::string name, const class_metric_options& options) {
    if (!options.positive.empty()) return concat({name, " of ", options.positive});
    if (options.average == average::micro) return "micro " + name;
    if (options.average == average::weighted) return "weighted " + name;
    return name;
}

/// One number from those of single classes, each a ratio above(k) / below(k); 0/0 is 0.
template <class Above, class Below>
double averaged(const confusion_matrix& m, const class_metric_options& options, Above above, Below below) {
    auto ratio = [](double a, double b) { return b > 0 ? a / b : 0; };
    if (!options.positive.empty()) {
        const std::size_t k = m.class_of(options.positive);
        return ratio(above(k), below(k));
    }
    double sum = 0, weights = 0;
    for (std::size_t k = 0; k < m.class_count(); ++k) {
        if (m.support(k) + m.predicted(k) == 0) continue;
        const double weight = options.average == average::macro   ? 1
                              : options.average == average::micro ? below(k)
                                                                  : static_cast<double>(m.support(k));
        sum += options.average == average::micro ? above(k) : weight * ratio(above(k), below(k));
        weights += weight;
    }
    return ratio(sum, weights);
}

} // namespace detail

struct accuracy_metric {
    static constexpr std::string_view name = "accuracy";
    template <class Kind>
    using accepts = only_class_targets<accuracy_metric, Kind>;
    double operator()(const class_outcomes& o) const noexcept {
        std::size_t right = 0;
        for (std::size_t r = 0; r < o.truth.size(); ++r) right += o.truth[r] == o.predicted[r];
        return static_cast<double>(right) / static_cast<double>(o.truth.size());
    }
};

struct precision_metric {
    std::string name;
    class_metric_options options;
    template <class Kind>
    using accepts = only_class_targets<precision_metric, Kind>;
    double operator()(const class_outcomes& o) const {
        const confusion_matrix m(o);
        return detail::averaged(
            m, options, [&](std::size_t k) { return static_cast<double>(m.correct(k)); },
            [&](std::size_t k) { return static_cast<double>(m.predicted(k)); });
    }
};

struct recall_metric {
    std::string name;
    class_metric_options options;
    template <class Kind>
    using accepts = only_class_targets<recall_metric, Kind>;
    double operator()(const class_outcomes& o) const {
        const confusion_matrix m(o);
        return detail::averaged(
            m, options, [&](std::size_t k) { return static_cast<double>(m.correct(k)); },
            [&](std::size_t k) { return static_cast<double>(m.support(k)); });
    }
};

struct f1_metric {
    std::string name;
    class_metric_options options;
    template <class Kind>
    using accepts = only_class_targets<f1_metric, Kind>;
    double operator()(const class_outcomes& o) const {
        const confusion_matrix m(o);
        return detail::averaged(
            m, options, [&](std::size_t k) { return 2 * static_cast<double>(m.correct(k)); },
            [&](std::size_t k) { return static_cast<double>(m.predicted(k) + m.support(k)); });
    }
};

/// The share of rows whose class was predicted.
constexpr accuracy_metric accuracy() noexcept {
    return {};
}

/// Of the rows predicted as a class, the share that is of it: `precision()`, `precision({.positive = "sick"})`.
/// Evaluating throws data_error where no class is called so.
inline precision_metric precision(const class_metric_options& options = {}) {
    return {detail::class_metric_name("precision", options), options};
}

/// Of the rows of a class, the share that was predicted as it: `recall({.average = average::weighted})`.
inline recall_metric recall(const class_metric_options& options = {}) {
    return {detail::class_metric_name("recall", options), options};
}

/// The harmonic mean of precision and recall of each class, then averaged.
inline f1_metric f1(const class_metric_options& options = {}) {
    return {detail::class_metric_name("f1", options), options};
}

} // namespace tenon
