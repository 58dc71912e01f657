#include "support/catch.hpp"

#include <chrono>
#include <tenon/core/stopwatch.hpp>
#include <thread>

namespace tn = tenon;

namespace {

using clock = std::chrono::steady_clock;

double seconds(clock::duration d) {
    return std::chrono::duration<double>(d).count();
}

} // namespace

TEST_CASE("differences are seconds, also while the program sleeps", "[stopwatch]") {
    constexpr double rounding = 1e-4;
    STATIC_REQUIRE(noexcept(tn::seconds_now()));
    // Another clock around it and inside it: however long the system stops this program, the order stays.
    const clock::time_point outside = clock::now();
    const double begin = tn::seconds_now();
    const clock::time_point inside = clock::now();
    std::this_thread::sleep_for(std::chrono::milliseconds(1001)); // fractions of a second begin again
    const clock::duration inner = clock::now() - inside;
    const double taken = tn::seconds_now() - begin;
    const clock::duration outer = clock::now() - outside;
    CHECK(taken > seconds(inner) - rounding);
    CHECK(taken < seconds(outer) + rounding);
}

TEST_CASE("time does not run backwards, and is fine enough for what takes microseconds", "[stopwatch]") {
    const double begin = tn::seconds_now();
    double last = begin, least_step = 1;
    bool ordered = true;
    while (last < begin + 0.01) {
        const double now = tn::seconds_now();
        ordered = ordered && now >= last;
        if (now > last && now - last < least_step) least_step = now - last;
        last = now;
    }
    CHECK(ordered);
    CHECK(least_step < 1e-4);
}
