#pragma once

// The mean cross-entropy of predicted probabilities.

#include <cmath>
#include <limits>
#include <string_view>
#include <tenon/evaluate/metric.hpp>

namespace tenon::inline v0 {

struct log_loss_metric {
    static constexpr std::string_view name = "log_loss";
    static constexpr bool needs_probabilities = true;
    template <class Kind>
    using accepts = only_class_targets<log_loss_metric, Kind>;

    double operator()(const class_outcomes& o) const noexcept {
        constexpr double least = std::numeric_limits<double>::epsilon();
        double sum = 0;
        for (std::size_t r = 0; r < o.truth.size(); ++r) {
            const double p = o.probabilities(r, o.truth[r]);
            sum -= std::log(p > least ? (p < 1 - least ? p : 1 - least) : least);
        }
        return sum / static_cast<double>(o.truth.size());
    }
};

/// Minus the mean log of the probability given to the true class; probabilities are kept between 2^-52 and 1 - 2^-52,
/// as in scikit-learn. A row without probabilities counts as if the true class had been given none.
constexpr log_loss_metric log_loss() noexcept {
    return {};
}

} // namespace tenon
