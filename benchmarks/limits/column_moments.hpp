#pragma once

// Mean and standard deviation of each column of row-major doubles, in two plain passes over all rows.

#include <cmath>
#include <cstddef>

namespace tenon_benchmark::limits {

inline void column_moments(const double* x, std::size_t rows, std::size_t width, double* mean,
                           double* deviation) {
    for (std::size_t c = 0; c < width; ++c) mean[c] = deviation[c] = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < width; ++c) mean[c] += x[r * width + c];
    }
    for (std::size_t c = 0; c < width; ++c) mean[c] /= static_cast<double>(rows);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < width; ++c) {
            const double away = x[r * width + c] - mean[c];
            deviation[c] += away * away;
        }
    }
    for (std::size_t c = 0; c < width; ++c)
        deviation[c] = std::sqrt(deviation[c] / static_cast<double>(rows));
}

} // namespace tenon_benchmark::limits
