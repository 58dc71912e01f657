#pragma once

// The area under the receiver operating characteristic: how well probabilities put rows in order.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <tenon/evaluate/metric.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// How likely a row of class `positive` is to have a larger probability of it than a row of another class, ties
/// counting half (the rank statistic of Mann and Whitney). A row without probabilities is on the wrong side of all
/// others. NaN where the class does not occur, or no other.
inline double area_under_roc(const class_outcomes& o, std::size_t positive) {
    struct scored {
        double score;
        bool is_positive;
    };
    const double infinity = std::numeric_limits<double>::infinity();
    std::vector<scored> rows(o.truth.size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const bool is_positive = o.truth[r] == positive;
        const double p = o.probabilities(r, positive);
        rows[r] = {p == p ? p : (is_positive ? -infinity : infinity), is_positive};
    }
    std::sort(rows.begin(), rows.end(), [](const scored& a, const scored& b) { return a.score < b.score; });
    std::uint64_t positives = 0, negatives = 0, half_wins = 0; // of positives over negatives
    for (std::size_t first = 0, end = 0; first < rows.size(); first = end) {
        std::uint64_t tied_positives = 0, tied_negatives = 0;
        for (; end < rows.size() && rows[end].score == rows[first].score; ++end)
            ++(rows[end].is_positive ? tied_positives : tied_negatives);
        half_wins += tied_positives * (2 * negatives + tied_negatives);
        positives += tied_positives;
        negatives += tied_negatives;
    }
    if (positives == 0 || negatives == 0) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(half_wins) /
           (2 * static_cast<double>(positives) * static_cast<double>(negatives));
}

} // namespace detail

struct roc_auc_metric {
    static constexpr std::string_view name = "roc_auc";
    static constexpr bool needs_probabilities = true;
    template <class Kind>
    using accepts = only_class_targets<roc_auc_metric, Kind>;

    double operator()(const class_outcomes& o) const {
        if (o.class_count == 2) return detail::area_under_roc(o, 1);
        double sum = 0;
        std::size_t occurring = 0;
        for (std::size_t k = 0; k < o.class_count; ++k) {
            const double area = detail::area_under_roc(o, k);
            if (area != area) continue;
            sum += area;
            ++occurring;
        }
        return occurring == 0 ? std::numeric_limits<double>::quiet_NaN()
                              : sum / static_cast<double>(occurring);
    }
};

/// Area under the ROC curve of the second of two classes; with more classes the mean of one against the rest over the
/// classes that occur. As scikit-learn's roc_auc_score (multi_class="ovr"). NaN where fewer than two classes occur.
constexpr roc_auc_metric roc_auc() noexcept {
    return {};
}

} // namespace tenon
