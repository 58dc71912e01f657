#pragma once

// One column in numbers: range, middle, spread, gaps, and how often each level occurs.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <tenon/core/matrix.hpp>
#include <tenon/core/record.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// One level of a category or label, and how many rows have it.
struct level_count {
    std::string level;
    std::size_t count = 0;
};

/// One column. The statistics are over the values that are there: NaN where there are none (for the deviation: fewer
/// than two), and for categories.
struct column_summary {
    static constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

    std::string name;
    bool categorical = false;
    std::size_t count = 0;    ///< values that are there
    std::size_t missing = 0;  ///< NaN; for categories also what is the index of no level
    std::size_t distinct = 0; ///< different values
    double minimum = nothing;
    double lower_quartile = nothing; ///< interpolated between the two nearest values, as the median
    double median = nothing;
    double upper_quartile = nothing;
    double maximum = nothing;
    double mean = nothing;
    double deviation = nothing;      ///< the standard deviation, divided by n - 1
    std::vector<level_count> levels; ///< of a category or label, in their order
    std::string same_as;             ///< an earlier feature with the same values; empty where there is none

    /// Whether all values that are there are one.
    bool is_constant() const noexcept { return distinct <= 1; }
};

namespace detail {

/// The value below which a share of sorted values lies, interpolated (R's type 7).
inline double quantile(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double part = place - static_cast<double>(below);
    if (part == 0) return sorted[below];
    return sorted[below] * (1 - part) + sorted[below + 1] * part;
}

/// Mean and deviation in two passes over sorted values, so that the order of the rows does not matter.
inline void summarize_spread(const std::vector<double>& sorted, column_summary& summary) {
    const auto n = static_cast<double>(sorted.size());
    const bool is_constant = sorted.front() == sorted.back();
    double mean = is_constant ? sorted.front() : 0, squares = 0;
    for (const double v : sorted) mean += is_constant ? 0 : v / n;
    for (const double v : sorted) squares += (v - mean) * (v - mean);
    summary.mean = mean;
    if (sorted.size() > 1) summary.deviation = std::sqrt(squares / (n - 1));
}

} // namespace detail

/// A column of numbers; NaN is missing.
template <class T>
column_summary summarize_numbers(vector_view<const T> values, std::string name) {
    column_summary summary;
    summary.name = std::move(name);
    std::vector<double> sorted;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] == values[i]) sorted.push_back(static_cast<double>(values[i]));
    std::sort(sorted.begin(), sorted.end());
    summary.count = sorted.size();
    summary.missing = values.size() - sorted.size();
    if (sorted.empty()) return summary;
    for (std::size_t i = 0; i < sorted.size(); ++i)
        summary.distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
    summary.minimum = sorted.front();
    summary.lower_quartile = detail::quantile(sorted, 0.25);
    summary.median = detail::quantile(sorted, 0.5);
    summary.upper_quartile = detail::quantile(sorted, 0.75);
    summary.maximum = sorted.back();
    detail::summarize_spread(sorted, summary);
    return summary;
}

/// A column of level indices; what is the index of no level is missing.
template <class T>
column_summary summarize_levels(vector_view<const T> values, const column_info& column) {
    column_summary summary;
    summary.name = column.name;
    summary.categorical = true;
    for (const std::string& level : column.levels) summary.levels.push_back({level, 0});
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto value = static_cast<double>(values[i]);
        const bool is_level =
            value >= 0 && value < static_cast<double>(column.levels.size()) && value == std::floor(value);
        if (is_level) ++summary.levels[static_cast<std::size_t>(value)].count;
        ++(is_level ? summary.count : summary.missing);
    }
    for (const level_count& level : summary.levels) summary.distinct += level.count > 0 ? 1 : 0;
    return summary;
}

} // namespace tenon
