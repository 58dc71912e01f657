#pragma once

// Count, mean and variance of every column as a mergeable fold (Chan, Golub and LeVeque 1979): blocks are summed
// in two passes while they are in the cache, and blocks, threads or files are merged without loss.

#include <cstddef>
#include <limits>
#include <tenon/core/matrix.hpp>
#include <tenon/core/storage.hpp>

namespace tenon::inline v0 {

/// Moments of columns; missing values (NaN) are left out.
class column_moments {
public:
    explicit column_moments(std::size_t width) : count_(width), mean_(width), squares_(width) {}

    std::size_t width() const noexcept { return mean_.size(); }
    double count(std::size_t c) const noexcept { return count_[c]; }
    double mean(std::size_t c) const noexcept { return mean_[c]; }
    /// Divided by n.
    double variance(std::size_t c) const noexcept { return count_[c] > 0 ? squares_[c] / count_[c] : 0; }

    /// Whether the spread of column c is no more than rounding of its mean can make it (as in scikit-learn).
    bool is_constant(std::size_t c) const noexcept {
        constexpr double epsilon = std::numeric_limits<double>::epsilon();
        const double n = count_[c];
        const double noise = n * mean_[c] * epsilon;
        return !(variance(c) > n * epsilon * variance(c) + noise * noise);
    }

    template <class T>
    void update(matrix_view<const T> x) {
        constexpr std::size_t block = 512;
        column_moments part(x.columns());
        for (std::size_t first = 0; first < x.rows(); first += block) {
            const std::size_t rows = x.rows() - first < block ? x.rows() - first : block;
            part.assign(x.middle_rows(first, rows));
            merge(part);
        }
    }

    void merge(const column_moments& other) {
        for (std::size_t c = 0; c < mean_.size(); ++c) {
            const double n = count_[c] + other.count_[c];
            if (other.count_[c] == 0) continue;
            const double difference = other.mean_[c] - mean_[c];
            const double share = other.count_[c] / n;
            mean_[c] += difference * share;
            squares_[c] += other.squares_[c] + difference * difference * count_[c] * share;
            count_[c] = n;
        }
    }

private:
    /// The moments of one block, in two passes. Rows outside, columns inside: contiguous for row-major data.
    template <class T>
    void assign(matrix_view<const T> x) {
        for (std::size_t c = 0; c < mean_.size(); ++c) count_[c] = mean_[c] = squares_[c] = 0;
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < mean_.size(); ++c) {
                const double v = static_cast<double>(x(r, c));
                const bool present = v == v;
                mean_[c] += present ? v : 0;
                count_[c] += present ? 1 : 0;
            }
        for (std::size_t c = 0; c < mean_.size(); ++c) mean_[c] = count_[c] > 0 ? mean_[c] / count_[c] : 0;
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < mean_.size(); ++c) {
                const double d = static_cast<double>(x(r, c)) - mean_[c];
                squares_[c] += d == d ? d * d : 0;
            }
    }

    // Aligned: a vector of sums that crosses a cache line is not handed on to the next row's load, which doubles the time.
    detail::aligned_vector<double> count_, mean_, squares_;
};

} // namespace tenon
