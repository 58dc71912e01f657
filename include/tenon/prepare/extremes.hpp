#pragma once

// The smallest and largest value of every column as a mergeable fold: to the last bit the same for any split of the
// rows, merged in any order.

#include <cstddef>
#include <limits>
#include <tenon/core/matrix.hpp>
#include <vector>

namespace tenon::inline v0 {

/// The extremes of columns; missing values (NaN) are left out.
class column_extremes {
public:
    explicit column_extremes(std::size_t width)
        : low_(width, std::numeric_limits<double>::infinity()),
          high_(width, -std::numeric_limits<double>::infinity()) {}

    std::size_t width() const noexcept { return low_.size(); }
    /// Whether column c had no value yet; low and high say something only where it had.
    bool is_empty(std::size_t c) const noexcept { return low_[c] > high_[c]; }
    double low(std::size_t c) const noexcept { return low_[c]; }
    double high(std::size_t c) const noexcept { return high_[c]; }

    template <class T>
    void update(matrix_view<const T> x) {
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < low_.size(); ++c) {
                // + 0.0 makes 0 of -0: which of the two came first must not show.
                const double v = static_cast<double>(x(r, c)) + 0.0;
                low_[c] = v < low_[c] ? v : low_[c];
                high_[c] = v > high_[c] ? v : high_[c];
            }
    }

    void merge(const column_extremes& other) {
        for (std::size_t c = 0; c < low_.size(); ++c) {
            low_[c] = other.low_[c] < low_[c] ? other.low_[c] : low_[c];
            high_[c] = other.high_[c] > high_[c] ? other.high_[c] : high_[c];
        }
    }

private:
    std::vector<double> low_, high_;
};

} // namespace tenon
