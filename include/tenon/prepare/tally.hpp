#pragma once

// All values of a column, for statistics that need them all: median, quantiles and mode. Mergeable, and independent
// of the order in which rows came.

#include <cmath>
#include <cstddef>
#include <string_view>
#include <tenon/core/ascending.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Where the quantile q of n values lies in ascending order: `weight` of the way from value `below` to the next one.
/// The first value is quantile 0, the last one quantile 1 (numpy's default, "linear").
struct quantile_place {
    quantile_place(std::size_t n, double q) {
        const double at = q * static_cast<double>(n - 1);
        below = static_cast<std::size_t>(at);
        weight = at - static_cast<double>(below);
    }
    std::size_t below;
    double weight;
};

/// The value with a share q (0 to 1) of the sorted others below it, interpolated linearly between neighbours.
inline double quantile_of(const std::vector<double>& sorted, double q) noexcept {
    const quantile_place place(sorted.size(), q);
    const double below = sorted[place.below];
    return place.weight == 0 ? below : std::lerp(below, sorted[place.below + 1], place.weight);
}

/// The middle one of sorted values, or the mean of the two middle ones.
inline double median_of(const std::vector<double>& sorted) noexcept {
    const std::size_t middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

/// Of sorted values the one that occurs most often, the smallest of equals (as in scikit-learn).
inline double most_frequent_of(const std::vector<double>& sorted) noexcept {
    double best = sorted.front();
    std::size_t most = 0;
    for (std::size_t first = 0; first < sorted.size();) {
        std::size_t last = first;
        while (last < sorted.size() && sorted[last] == sorted[first]) ++last;
        if (last - first > most) {
            most = last - first;
            best = sorted[first];
        }
        first = last;
    }
    return best;
}

/// Throws fit_error unless low and high are quantiles in this order.
inline void check_quantiles(std::string_view stage, double low, double high) {
    if (!(low >= 0 && low < high && high <= 1))
        fail<fit_error>({stage, ": quantiles lie between 0 and 1, low below high; not ", low, " and ", high});
}

} // namespace detail

/// The values of one column; missing ones (NaN) are left out. The statistics need at least one value.
class column_tally {
public:
    static constexpr bool keeps_all_values = true; ///< its memory grows with the rows
    template <class T>
    void update(vector_view<const T> column) {
        // + 0.0 makes 0 of -0: of equal values the sort may leave either in front.
        for (std::size_t i = 0; i < column.size(); ++i)
            if (column[i] == column[i]) values_.push_back(static_cast<double>(column[i]) + 0.0);
    }
    void merge(const column_tally& other) {
        values_.insert(values_.end(), other.values_.begin(), other.values_.end());
    }

    std::size_t count() const noexcept { return values_.size(); }

    /// All of them in ascending order.
    template <class Lazy = void>
    std::vector<double> sorted() const {
        std::vector<double> v = values_;
        detail::sort_ascending(v);
        return v;
    }
    /// Summed in ascending order, so that the order of the rows does not matter to the last bit.
    double mean() const {
        double sum = 0;
        for (double v : sorted()) sum += v / static_cast<double>(values_.size());
        return sum;
    }
    double median() const { return detail::median_of(sorted()); }
    double quantile(double q) const { return detail::quantile_of(sorted(), q); }
    double most_frequent() const { return detail::most_frequent_of(sorted()); }

private:
    std::vector<double> values_;
};

/// A tally for every column of a table.
class column_tallies {
public:
    static constexpr bool keeps_all_values = true;
    explicit column_tallies(std::size_t width) : columns_(width) {}

    std::size_t width() const noexcept { return columns_.size(); }
    const column_tally& operator[](std::size_t c) const noexcept { return columns_[c]; }

    template <class T>
    void update(matrix_view<const T> x) {
        for (std::size_t c = 0; c < columns_.size(); ++c) columns_[c].update(x.column(c));
    }
    void merge(const column_tallies& other) {
        for (std::size_t c = 0; c < columns_.size(); ++c) columns_[c].merge(other.columns_[c]);
    }

private:
    std::vector<column_tally> columns_;
};

} // namespace tenon
