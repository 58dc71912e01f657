#pragma once

// The mean of one column, and how often each level of a category occurs: mergeable folds of a few numbers, however many
// rows there are.

#include <cstddef>
#include <cstdint>
#include <tenon/core/matrix.hpp>
#include <vector>

namespace tenon::inline v0 {

/// The mean of a column's values; missing ones (NaN) are left out. Merged in any order it is the mean to about 1e-15 of
/// the values' size; that of equal values is the value itself, and sums of large values do not overflow.
class column_mean {
public:
    template <class T>
    void update(vector_view<const T> column) {
        constexpr std::size_t block = 512; // few enough for sums that lose no digits
        for (std::size_t first = 0; first < column.size(); first += block) {
            const std::size_t rest = column.size() - first;
            merge(
                mean_of(vector_view<const T>(&column[first], rest < block ? rest : block, column.stride())));
        }
    }
    void merge(const column_mean& other) noexcept {
        if (other.count_ == 0) return;
        const double n = count_ + other.count_, share = other.count_ / n;
        const double away = other.mean_ - mean_;
        mean_ = is_finite(away) ? mean_ + share * away : (1 - share) * mean_ + share * other.mean_;
        count_ = n;
    }

    std::size_t count() const noexcept { return static_cast<std::size_t>(count_); }
    double mean() const noexcept { return mean_; }

private:
    static bool is_finite(double v) noexcept { return v - v == 0; }

    template <class T>
    static column_mean mean_of(vector_view<const T> some) noexcept {
        column_mean found;
        std::size_t first = 0;
        while (first < some.size() && !(some[first] == some[first])) ++first;
        if (first == some.size()) return found;
        const double origin = static_cast<double>(some[first]); // equal values are no way from it
        double sum = 0, halves = 0;
        for (std::size_t i = first; i < some.size(); ++i) {
            const double v = static_cast<double>(some[i]);
            const bool present = v == v;
            sum += present ? v - origin : 0;
            halves += present ? v * 0x1p-10 : 0;
            found.count_ += present ? 1 : 0;
        }
        // -0 is 0: which of the two came first must not show.
        found.mean_ =
            (is_finite(sum) ? origin + sum / found.count_ : halves / (found.count_ * 0x1p-10)) + 0.0;
        return found;
    }

    double count_ = 0, mean_ = 0;
};

/// How many rows have each level of a category; what is the index of no level is left out.
class level_counts {
public:
    explicit level_counts(std::size_t levels) : counts_(levels) {}

    template <class T>
    void update(vector_view<const T> column) {
        const T end = static_cast<T>(counts_.size());
        for (std::size_t i = 0; i < column.size(); ++i)
            if (column[i] >= 0 && column[i] < end) ++counts_[static_cast<std::size_t>(column[i])];
    }
    void merge(const level_counts& other) noexcept {
        for (std::size_t k = 0; k < counts_.size(); ++k) counts_[k] += other.counts_[k];
    }

    /// The level that most rows have, the first of equals; the number of levels where no row has any.
    std::size_t most_frequent() const noexcept {
        std::size_t best = counts_.size();
        for (std::size_t k = 0; k < counts_.size(); ++k)
            if (counts_[k] > (best == counts_.size() ? 0 : counts_[best])) best = k;
        return best;
    }
    std::size_t size() const noexcept { return counts_.size(); }

private:
    std::vector<std::uint64_t> counts_;
};

} // namespace tenon
