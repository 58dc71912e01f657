#pragma once

// Times several programs in turn: A B C, C B A, A B C, … A machine that slows down for a while then slows all of
// them, and the ratio of their medians holds where absolute figures drift.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "support/timing.hpp"

namespace tenon_benchmark {

/// A program to time: one call of `batch` does `operations` of them.
struct contestant {
    std::string name;
    std::function<void()> batch;
    double operations = 1.0;
};

/// What one contestant took: the median over the repetitions, and (q75 - q25) / median as its spread.
struct timing {
    std::string name;
    double ns = 0.0;
    double spread = 0.0;
};

/// How long to measure.
struct effort {
    int repetitions = 9;
    double repetition_ns = 1e7; ///< at least so long a repetition: batches are repeated to fill it
    bool wall = false; ///< time on the wall, where a contestant runs threads; else time of this thread
};

namespace detail {

inline double run_ns(const contestant& one, std::size_t calls, const effort& how) {
    const auto now = [&how] { return how.wall ? wall_ns() : thread_ns(); };
    const double start = now();
    for (std::size_t i = 0; i < calls; ++i) one.batch();
    return now() - start;
}

/// Calls that fill a repetition; finding out also warms the caches and the branch predictor.
inline std::size_t calls_to_fill(const contestant& one, const effort& how) {
    std::size_t calls = 1;
    for (double took = run_ns(one, calls, how); took < how.repetition_ns; took = run_ns(one, calls, how)) {
        const double missing = std::min(8.0, 1.2 * how.repetition_ns / std::max(took, 1.0));
        calls = static_cast<std::size_t>(static_cast<double>(calls) * std::max(missing, 1.1)) + 1;
    }
    return calls;
}

} // namespace detail

/// Times all contestants, interleaved; the result is in their order.
inline std::vector<timing> interleaved(const std::vector<contestant>& contestants, effort how = {}) {
    const std::size_t count = contestants.size();
    std::vector<std::size_t> calls;
    for (const contestant& one : contestants) calls.push_back(detail::calls_to_fill(one, how));

    std::vector<std::vector<double>> seen(count);
    for (int repetition = 0; repetition < how.repetitions; ++repetition) {
        for (std::size_t step = 0; step < count; ++step) {
            const std::size_t i = repetition % 2 == 0 ? step : count - 1 - step;
            const double operations = static_cast<double>(calls[i]) * contestants[i].operations;
            seen[i].push_back(detail::run_ns(contestants[i], calls[i], how) / operations);
        }
    }

    std::vector<timing> result;
    for (std::size_t i = 0; i < count; ++i) {
        const double middle = median(seen[i]);
        const double width = quantile(seen[i], 0.75) - quantile(seen[i], 0.25);
        result.push_back({contestants[i].name, middle, width / middle});
    }
    return result;
}

/// Median nanoseconds of one call of a program that is timed alone.
template <class Program>
double median_ns(Program& program, effort how = {}) {
    return interleaved({{"", [&program] { program(); }}}, how).front().ns;
}

} // namespace tenon_benchmark
