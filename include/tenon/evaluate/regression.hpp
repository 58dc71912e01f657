#pragma once

// Metrics of regressions, by scikit-learn's definitions: mse, rmse, mae, r2.

#include <cmath>
#include <limits>
#include <string_view>
#include <tenon/evaluate/metric.hpp>

namespace tenon::inline v0 {

namespace detail {

/// The largest |a[i] - b[i]|, 1 where all are zero: a unit in which squares neither overflow nor vanish.
inline double largest_distance(std::span<const double> a, std::span<const double> b) noexcept {
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double d = std::abs(a[i] - b[i]);
        largest = d > largest ? d : largest;
    }
    return largest > 0 && std::isfinite(largest) ? largest : 1;
}

/// Σ ((a[i] - b[i]) / unit)².
inline double squared_distance(std::span<const double> a, std::span<const double> b, double unit) noexcept {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double d = (a[i] - b[i]) / unit;
        sum += d * d;
    }
    return sum;
}

/// 1 - Σ (truth - predicted)² / Σ (truth - mean)².
inline double coefficient_of_determination(std::span<const double> truth,
                                           std::span<const double> predicted) noexcept {
    if (truth.size() < 2) return std::numeric_limits<double>::quiet_NaN();
    const double first = truth[0]; // measured from here, equal targets have no spread at all
    double spread = 0;
    for (double t : truth) spread = std::abs(t - first) > spread ? std::abs(t - first) : spread;
    const bool is_constant = spread == 0;
    const double unit = is_constant ? largest_distance(truth, predicted) : spread;
    const double wrong = squared_distance(truth, predicted, unit);
    if (wrong != wrong) return wrong;
    if (is_constant) return wrong == 0 ? 1 : 0;
    double mean = 0, total = 0;
    for (double t : truth) mean += (t - first) / unit;
    mean /= static_cast<double>(truth.size());
    for (double t : truth) {
        const double d = (t - first) / unit - mean;
        total += d * d;
    }
    return 1 - wrong / total;
}

} // namespace detail

struct mse_metric {
    static constexpr std::string_view name = "mse";
    template <class Kind>
    using accepts = only_real_targets<mse_metric, Kind>;
    double operator()(const outcomes<real>& o) const noexcept {
        return detail::squared_distance(o.truth, o.predicted, 1) / static_cast<double>(o.truth.size());
    }
};

struct rmse_metric {
    static constexpr std::string_view name = "rmse";
    template <class Kind>
    using accepts = only_real_targets<rmse_metric, Kind>;
    double operator()(const outcomes<real>& o) const noexcept {
        const double unit = detail::largest_distance(o.truth, o.predicted);
        return unit * std::sqrt(detail::squared_distance(o.truth, o.predicted, unit) /
                                static_cast<double>(o.truth.size()));
    }
};

struct mae_metric {
    static constexpr std::string_view name = "mae";
    template <class Kind>
    using accepts = only_real_targets<mae_metric, Kind>;
    double operator()(const outcomes<real>& o) const noexcept {
        double sum = 0;
        for (std::size_t i = 0; i < o.truth.size(); ++i) sum += std::abs(o.truth[i] - o.predicted[i]);
        return sum / static_cast<double>(o.truth.size());
    }
};

struct r2_metric {
    static constexpr std::string_view name = "r2";
    template <class Kind>
    using accepts = only_real_targets<r2_metric, Kind>;
    double operator()(const outcomes<real>& o) const noexcept {
        return detail::coefficient_of_determination(o.truth, o.predicted);
    }
};

/// Mean squared error, in squared units of the target.
constexpr mse_metric mse() noexcept {
    return {};
}

/// Root of the mean squared error, in units of the target.
constexpr rmse_metric rmse() noexcept {
    return {};
}

/// Mean absolute error, in units of the target.
constexpr mae_metric mae() noexcept {
    return {};
}

/// Coefficient of determination: 1 is perfect, 0 as good as always answering the mean, below is worse. Targets that are
/// all equal give 1 for a perfect prediction and 0 for any other; a single row gives NaN.
constexpr r2_metric r2() noexcept {
    return {};
}

} // namespace tenon
