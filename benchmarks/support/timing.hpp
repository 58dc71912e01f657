#pragma once

// What every measurement here needs: a clock, a median, and barriers that keep the compiler from folding
// an input, dropping a result or hoisting work out of a loop.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <time.h>
#endif

namespace tenon_benchmark {

/// Nanoseconds on the wall, for programs that run threads.
inline double wall_ns() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
}

/// Nanoseconds this thread has spent on a processor: what others do on a busy machine does not count.
inline double thread_ns() {
#if defined(__linux__)
    timespec spent{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return 1e9 * static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec);
#else
    return wall_ns();
#endif
}

/// Quantile q in [0, 1] of some measurements, linear between neighbours; sorts a copy.
inline double quantile(std::vector<double> values, double q) {
    std::sort(values.begin(), values.end());
    const double place = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    const double part = place - static_cast<double>(below);
    return values[below] + part * (values[above] - values[below]);
}

/// The middle measurement.
inline double median(std::vector<double> values) {
    return quantile(std::move(values), 0.5);
}

/// The compiler must take the value in memory as read and rewritten here by somebody it cannot see.
template <class T>
inline void unknown(T& value) {
    asm volatile("" : "+m"(value));
}

/// All memory reachable from the outside may have been read and rewritten here.
inline void clobber() {
    asm volatile("" : : : "memory");
}

/// The pointed-to memory escapes: from here on a clobber() covers it.
inline void escape(const void* memory) {
    asm volatile("" : : "g"(memory) : "memory");
}

} // namespace tenon_benchmark
