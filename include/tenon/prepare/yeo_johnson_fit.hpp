#pragma once

// The exponent of the Yeo-Johnson transform by maximum likelihood. The likelihood is strictly concave in it (Marchand et
// al., SecureFedYJ, 2022), so its slope has one zero: found there, the exponent has twice the digits that a search for the
// largest likelihood can give.

#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// (eᵖᵘ - 1) / p, which is u where p is 0: the transform over u = log(1 + |x|).
inline double yeo_johnson_power(double p, double u) noexcept {
    return std::abs(p) < 2.3e-16 ? u : std::expm1(p * u) / p;
}

/// The transform of x: the power lambda of 1 + x, from 0 down the power 2 - lambda of 1 - x.
inline double yeo_johnson_of(double x, double lambda) noexcept {
    return x >= 0 ? yeo_johnson_power(lambda, std::log1p(x)) : -yeo_johnson_power(2 - lambda, std::log1p(-x));
}

/// The x that has the transform y.
inline double yeo_johnson_back(double y, double lambda) noexcept {
    const double p = y >= 0 ? lambda : 2 - lambda, size = y >= 0 ? y : -y;
    const double x = std::expm1(std::abs(p) < 2.3e-16 ? size : std::log1p(p * size) / p);
    return y >= 0 ? x : -x;
}

/// The exponents that a search may try.
struct yeo_johnson_range {
    double low, high;
};

/// Exponents with which values up to 20 times `largest` neither overflow nor vanish in T, and their squares neither.
template <class T>
yeo_johnson_range yeo_johnson_limits(double largest, bool has_negative, bool has_positive) noexcept {
    const double log_epsilon = std::log(static_cast<double>(std::numeric_limits<T>::epsilon()));
    const double log_least = std::log(static_cast<double>(std::numeric_limits<T>::min()));
    const double log_most = std::log(static_cast<double>(std::numeric_limits<T>::max()));
    const double span = largest < 1e300 ? std::log1p(20 * largest) : std::log(20.0) + std::log(largest);
    const double low = (log_least - log_epsilon) / 2 / span, high = (log_most + log_epsilon) / 2 / span;
    if (!has_negative) return {low, high};
    if (!has_positive) return {2 - high, 2 - low};
    return {low > 2 - high ? low : 2 - high, high < 2 - low ? high : 2 - low};
}

/// The slope of the log-likelihood of a column over the exponent, divided by the number of values.
class yeo_johnson_slope {
public:
    explicit yeo_johnson_slope(const std::vector<double>& x) : logs_(x.size()), is_negative_(x.size()) {
        double sum = 0;
        std::size_t negative = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            is_negative_[i] = x[i] < 0;
            negative += x[i] < 0 ? 1u : 0u;
            logs_[i] = std::log1p(std::abs(x[i]));
            sum += logs_[i] / static_cast<double>(x.size());
        }
        // Of values of one sign, a common factor of all 1 + |x| changes nothing but the digits that are lost.
        if (negative == 0 || negative == x.size())
            for (double& u : logs_) u -= sum;
        made_.resize(x.size());
        slopes_.resize(x.size());
    }

    double operator()(double lambda) {
        const auto n = static_cast<double>(logs_.size());
        double mean = 0, mean_slope = 0, mean_log = 0;
        for (std::size_t i = 0; i < logs_.size(); ++i) {
            const double u = logs_[i], p = is_negative_[i] ? 2 - lambda : lambda;
            const double f = yeo_johnson_power(p, u);
            made_[i] = is_negative_[i] ? -f : f;
            slopes_[i] = slope_of_power(p, u, f); // of both signs: the minus of -f meets that of 2 - lambda
            mean += made_[i] / n;
            mean_slope += slopes_[i] / n;
            mean_log += (is_negative_[i] ? -u : u) / n;
        }
        double together = 0, squares = 0;
        for (std::size_t i = 0; i < logs_.size(); ++i) {
            together += (made_[i] - mean) * ((slopes_[i] - mean_slope) / n);
            squares += (made_[i] - mean) * ((made_[i] - mean) / n);
        }
        return mean_log - together / squares;
    }

private:
    /// The derivative of f = (eᵖᵘ - 1) / p over p.
    static double slope_of_power(double p, double u, double f) noexcept {
        const double t = p * u;
        if (std::abs(t) < 1e-3) return u * u * (1.0 / 2 + t * (1.0 / 3 + t * (1.0 / 8 + t / 30)));
        return u * f + (u - f) / p;
    }

    std::vector<double> logs_, made_, slopes_;
    std::vector<unsigned char> is_negative_;
};

/// Where a falling function is 0 between low and high, or the end that is nearer to it (Ridders 1979).
template <class Function>
double zero_of_falling(Function& f, double low, double high) {
    double at_low = f(low), at_high = f(high);
    if (!(at_low > 0)) return low;
    if (!(at_high < 0)) return high;
    double best = low;
    for (int step = 0; step < 100; ++step) {
        const double middle = low / 2 + high / 2, at_middle = f(middle);
        const double root = std::sqrt(at_middle * at_middle - at_low * at_high);
        const double next = middle + (middle - low) * (at_middle / root), at_next = f(next);
        const bool has_settled = std::abs(next - best) <= 1e-12 * (1 + std::abs(next));
        best = next;
        if (has_settled || at_next == 0) break;
        for (const auto& [place, value] : {std::pair(middle, at_middle), std::pair(next, at_next)}) {
            if (value > 0 && place > low) low = place, at_low = value;
            if (value <= 0 && place < high) high = place, at_high = value;
        }
    }
    return best;
}

} // namespace tenon::inline v0::detail
