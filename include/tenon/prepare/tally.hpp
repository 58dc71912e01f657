#pragma once

// All values of a column, for statistics that need them all: median and mode. Mergeable, and independent of the
// order in which rows came.

#include <algorithm>
#include <cstddef>
#include <tenon/core/matrix.hpp>
#include <vector>

namespace tenon::inline v0 {

/// The values of one column; missing ones (NaN) are left out. The statistics need at least one value.
class column_tally {
public:
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

    /// Summed in ascending order, so that the order of the rows does not matter to the last bit.
    double mean() const {
        double sum = 0;
        for (double v : sorted()) sum += v / static_cast<double>(values_.size());
        return sum;
    }
    /// The middle value, or the mean of the two middle ones.
    double median() const {
        std::vector<double> v = values_;
        const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
        std::nth_element(v.begin(), middle, v.end());
        if (v.size() % 2 == 1) return *middle;
        return *std::max_element(v.begin(), middle) / 2 + *middle / 2;
    }
    /// The value that occurs most often, the smallest of equals (as in scikit-learn).
    double most_frequent() const {
        const std::vector<double> v = sorted();
        double best = v.front();
        std::size_t most = 0;
        for (std::size_t first = 0; first < v.size();) {
            std::size_t last = first;
            while (last < v.size() && v[last] == v[first]) ++last;
            if (last - first > most) {
                most = last - first;
                best = v[first];
            }
            first = last;
        }
        return best;
    }

private:
    std::vector<double> sorted() const {
        std::vector<double> v = values_;
        std::sort(v.begin(), v.end());
        return v;
    }

    std::vector<double> values_;
};

} // namespace tenon
