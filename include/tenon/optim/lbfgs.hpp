#pragma once

// Limited-memory BFGS (Nocedal 1980; Nocedal and Wright, Numerical Optimization, algorithm 7.4) for smooth functions
// whose whole gradient is at hand.

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace tenon::inline v0 {

struct lbfgs_options {
    int max_iterations = 1000;
    double tolerance = 1e-8; ///< stop where no component of the gradient is larger
    std::size_t memory = 10; ///< pairs of steps and gradient changes kept
};

struct lbfgs_result {
    double value;
    int iterations;
    bool converged;
};

/// Minimizes f from w, in place. `f(std::span<const double> w, std::span<double> gradient)` returns the value.
/// Steps are halved until the value falls enough (Armijo).
template <class F>
lbfgs_result minimize_lbfgs(std::span<double> w, F&& f, lbfgs_options options = {}) {
    const std::size_t n = w.size();
    struct pair {
        std::vector<double> step, change;
        double curvature;
    };
    std::vector<pair> pairs;
    std::vector<double> g(n), direction(n), next(n), next_g(n), alpha(options.memory);
    auto dot = [](std::span<const double> a, std::span<const double> b) {
        double sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
        return sum;
    };
    auto largest = [](std::span<const double> a) { // NaN where one is
        double m = 0;
        for (double v : a) m = m != m || std::abs(v) <= m ? m : std::abs(v);
        return m;
    };

    double value = f(std::span<const double>(w), std::span<double>(g));
    for (int iteration = 0; iteration < options.max_iterations; ++iteration) {
        const double steepest = largest(g);
        if (!(steepest > options.tolerance))
            return {value, iteration, std::isfinite(value) && steepest <= options.tolerance};

        direction = g; // two loops: the inverse Hessian's estimate times the gradient
        for (std::size_t k = pairs.size(); k-- > 0;) {
            alpha[k] = dot(pairs[k].step, direction) / pairs[k].curvature;
            for (std::size_t i = 0; i < n; ++i) direction[i] -= alpha[k] * pairs[k].change[i];
        }
        const double scale = pairs.empty()
                                 ? 1 / (1 + std::sqrt(dot(g, g)))
                                 : pairs.back().curvature / dot(pairs.back().change, pairs.back().change);
        for (double& d : direction) d *= scale;
        for (std::size_t k = 0; k < pairs.size(); ++k) {
            const double beta = dot(pairs[k].change, direction) / pairs[k].curvature;
            for (std::size_t i = 0; i < n; ++i) direction[i] += (alpha[k] - beta) * pairs[k].step[i];
        }

        const double slope = -dot(g, direction);
        double length = 1;
        double next_value = value;
        bool fell = false;
        for (int halvings = 0; halvings < 60 && !fell; ++halvings, length /= 2) {
            for (std::size_t i = 0; i < n; ++i) next[i] = w[i] - length * direction[i];
            next_value = f(std::span<const double>(next), std::span<double>(next_g));
            // Where rounding hides the fall the gradient tells, which still has digits.
            fell = next_value <= value + 1e-4 * length * slope ||
                   (next_value <= value + 1e-14 * std::abs(value) && 2 * largest(next_g) < steepest);
        }
        if (!fell) { // rounding hides any further fall: start again along the gradient, or end
            if (pairs.empty()) return {value, iteration, largest(g) <= std::sqrt(options.tolerance)};
            pairs.clear();
            continue;
        }

        pair p{std::vector<double>(n), std::vector<double>(n), 0};
        for (std::size_t i = 0; i < n; ++i) {
            p.step[i] = next[i] - w[i];
            p.change[i] = next_g[i] - g[i];
            w[i] = next[i];
        }
        p.curvature = dot(p.step, p.change);
        if (p.curvature > 1e-300 && p.curvature > 1e-12 * dot(p.change, p.change)) {
            if (pairs.size() == options.memory) pairs.erase(pairs.begin());
            pairs.push_back(std::move(p));
        }
        g.swap(next_g);
        value = next_value;
    }
    return {value, options.max_iterations, false};
}

} // namespace tenon
