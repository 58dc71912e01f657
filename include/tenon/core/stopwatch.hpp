#pragma once

// Elapsed time. Not <chrono>: with g++ it brings <sstream> and costs every unit a quarter of a second.

#include <ctime>

namespace tenon::inline v0 {

/// Seconds since some fixed moment, for differences.
inline double seconds_now() noexcept {
    std::timespec t{};
#ifdef CLOCK_MONOTONIC
    clock_gettime(CLOCK_MONOTONIC, &t);
#else
    static_cast<void>(std::timespec_get(&t, TIME_UTC));
#endif
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

} // namespace tenon
