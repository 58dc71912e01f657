#pragma once

// Reference profiles: how each column was distributed, in bins whose edges are quantiles of the reference. What drift
// monitoring compares new data with; never the data themselves.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <tenon/core/matrix.hpp>
#include <tenon/core/random.hpp>
#include <tenon/core/record.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Bins of a numeric column's profile, missing values not counted.
inline constexpr std::size_t profile_bins = 10;
/// Rows that profiles are made of: all, or a random sample of this many.
inline constexpr std::size_t profile_rows = 4096;

/// Which bin of the profile a value falls in; the last one is for missing values.
inline std::size_t profile_bin(const column_profile& profile, double value) noexcept {
    const std::size_t missing = profile.counts.size() - 1;
    if (value != value) return missing;
    if (profile.edges.empty()) // one bin a level
        return value >= 0 && value < static_cast<double>(missing) ? static_cast<std::size_t>(value) : missing;
    std::size_t bin = 0;
    while (bin < profile.edges.size() && value > profile.edges[bin]) ++bin;
    return bin;
}

/// The profile of a numeric column. Equal quantiles make one edge, so that a column of few values has few bins.
inline column_profile profile_numbers(std::span<const double> values) {
    std::vector<double> sorted;
    for (double v : values)
        if (v == v) sorted.push_back(v);
    std::sort(sorted.begin(), sorted.end());
    column_profile profile;
    if (sorted.empty()) {
        profile.edges = {0}; // a numeric profile is one that has edges
    } else {
        profile.minimum = sorted.front();
        profile.maximum = sorted.back();
        for (std::size_t b = 1; b < profile_bins; ++b) {
            const double edge = sorted[b * (sorted.size() - 1) / profile_bins];
            if (edge < sorted.back() && (profile.edges.empty() || edge > profile.edges.back()))
                profile.edges.push_back(edge);
        }
        // A constant column keeps a bin of its own for its value, so that any other one is seen.
        if (profile.edges.empty())
            profile.edges = {std::nextafter(sorted.front(), -INFINITY), sorted.front()};
    }
    profile.counts.assign(profile.edges.size() + 2, 0);
    for (double v : values) ++profile.counts[profile_bin(profile, v)];
    return profile;
}

/// The profile of indices into `levels` levels.
inline column_profile profile_levels(std::span<const double> values, std::size_t levels) {
    column_profile profile;
    profile.counts.assign(levels + 1, 0);
    profile.maximum = levels == 0 ? 0 : static_cast<double>(levels - 1);
    for (double v : values) ++profile.counts[profile_bin(profile, v)];
    return profile;
}

/// The rows that profiles of n rows are made of, ascending: the same for the same n.
inline std::vector<std::size_t> profiled_rows(std::size_t n) {
    std::vector<std::size_t> rows;
    if (n <= profile_rows) {
        for (std::size_t r = 0; r < n; ++r) rows.push_back(r);
        return rows;
    }
    philox random(0x70726f66696c65u); // selection sampling (Knuth, algorithm S)
    for (std::size_t r = 0; r < n && rows.size() < profile_rows; ++r)
        if (random.uniform() * static_cast<double>(n - r) < static_cast<double>(profile_rows - rows.size()))
            rows.push_back(r);
    return rows;
}

/// The profile of one column of x at `rows`.
template <class T>
column_profile profile_column(vector_view<const T> x, const column_info& column,
                              std::span<const std::size_t> rows) {
    std::vector<double> values;
    values.reserve(rows.size());
    for (std::size_t r : rows) values.push_back(static_cast<double>(x[r]));
    return column.categorical ? profile_levels(values, column.levels.size()) : profile_numbers(values);
}

} // namespace tenon
