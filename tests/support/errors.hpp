// How far numbers are apart, so that one comparison with a tolerance says whether that is too far.
#pragma once

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <span>

namespace tenon_test {

/// The largest of errors that are no less than 0; NaN where one is, which is within no tolerance.
inline double worst(std::initializer_list<double> errors) {
    double largest = 0;
    for (const double error : errors) {
        if (std::isnan(error)) return error;
        largest = std::max(largest, error);
    }
    return largest;
}

/// The largest |a - b| / |b|; infinite where sizes differ.
inline double relative_error(std::span<const double> a, std::span<const double> b) {
    if (a.size() != b.size()) return INFINITY;
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double away = std::abs(a[i] - b[i]);
        if (away != 0) largest = worst({largest, away / std::abs(b[i])});
    }
    return largest;
}
inline double relative_error(double a, double b) {
    return relative_error(std::span(&a, 1), std::span(&b, 1));
}

/// The largest |a - b|; infinite where sizes differ.
inline double absolute_error(std::span<const double> a, std::span<const double> b) {
    if (a.size() != b.size()) return INFINITY;
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = worst({largest, std::abs(a[i] - b[i])});
    return largest;
}

/// The largest |a - b| over the largest |b|.
inline double error_of_largest(std::span<const double> a, std::span<const double> b) {
    double largest = 0;
    for (double v : b) largest = std::max(largest, std::abs(v));
    return absolute_error(a, b) / largest;
}

} // namespace tenon_test
