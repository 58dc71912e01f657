#pragma once

// Quantiles of the chi-squared distribution, for thresholds that know the sample size.

#include <cmath>

namespace tenon::inline v0 {

namespace detail {

/// The regularized lower incomplete gamma function P(a, x): its series where x is small, the continued fraction of
/// Q = 1 - P (Lentz) where it is large. Abramowitz and Stegun 6.5.29 and 6.5.31.
inline double incomplete_gamma(double a, double x) noexcept {
    if (x <= 0) return 0;
    const double front = std::exp(a * std::log(x) - x - std::lgamma(a));
    if (x < a + 1) {
        double term = 1 / a, sum = term;
        for (int n = 1; n < 1000 && term > sum * 1e-16; ++n) sum += term *= x / (a + n);
        return front * sum;
    }
    constexpr double tiny = 1e-300;
    double b = x + 1 - a, c = 1 / tiny, d = 1 / b, fraction = d;
    for (int n = 1; n < 1000; ++n) {
        const double numerator = -n * (n - a);
        b += 2;
        d = numerator * d + b;
        c = b + numerator / c;
        d = 1 / (std::abs(d) < tiny ? tiny : d);
        c = std::abs(c) < tiny ? tiny : c;
        fraction *= d * c;
        if (std::abs(d * c - 1) < 1e-15) break;
    }
    return 1 - front * fraction;
}

} // namespace detail

/// x such that a chi-squared variable with `degrees` degrees of freedom is at most x with this probability.
/// By bisection: relative accuracy 1e-11 for probabilities up to 0.999999, beyond that about 1e-17 / (1 - probability).
/// 0 where there are no degrees of freedom.
inline double chi_squared_quantile(double probability, double degrees) noexcept {
    if (degrees <= 0) return 0;
    double low = 0, high = degrees + 10;
    while (detail::incomplete_gamma(degrees / 2, high / 2) < probability) high *= 2;
    for (int i = 0; i < 100 && high - low > 1e-13 * high; ++i) {
        const double middle = (low + high) / 2;
        (detail::incomplete_gamma(degrees / 2, middle / 2) < probability ? low : high) = middle;
    }
    return (low + high) / 2;
}

} // namespace tenon
