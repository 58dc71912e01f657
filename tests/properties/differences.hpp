// Slopes by finite differences.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <vector>

namespace tenon_test {

/// (f(v + h) - f(v - h)) / 2h for each place of v in turn, extrapolated to h → 0 (Richardson).
inline std::vector<double> differences(std::span<double> v, const std::function<double()>& f) {
    std::vector<double> slopes(v.size());
    for (std::size_t i = 0; i < v.size(); ++i) {
        const double at = v[i];
        auto slope = [&](double h) {
            v[i] = at + h;
            const double up = f();
            v[i] = at - h;
            const double down = f();
            v[i] = at;
            return (up - down) / (2 * h);
        };
        slopes[i] = (4 * slope(5e-5) - slope(1e-4)) / 3;
    }
    return slopes;
}

/// The largest difference of two gradients, relative to their largest value, or to 1 where that is smaller.
inline double gradient_error(std::span<const double> a, std::span<const double> b) {
    if (a.size() != b.size()) return INFINITY;
    double largest = 1, off = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!std::isfinite(a[i]) || !std::isfinite(b[i])) return INFINITY;
        largest = std::max({largest, std::abs(a[i]), std::abs(b[i])});
        off = std::max(off, std::abs(a[i] - b[i]));
    }
    return off / largest;
}

} // namespace tenon_test
