#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <tenon/train/learning_curve_axes.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::WithinRel;
using tn::detail::axis_ticks;
using tn::detail::curve_data;
using tn::detail::tick_text;
using tn::detail::ticks_between;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN(),
                 infinite = std::numeric_limits<double>::infinity();

struct losses {
    double loss, validation_loss;
};
curve_data seen(const std::vector<losses>& all) {
    tn::history epochs;
    for (const losses& one : all) {
        tn::epoch_result e;
        e.epoch = static_cast<int>(epochs.size()) + 1;
        e.loss = one.loss;
        e.validation_loss = one.validation_loss;
        epochs.push_back(e);
    }
    return curve_data(epochs);
}

bool are(const axis_ticks& ticks, double first, double step, int count) {
    return std::abs(ticks.first - first) < 1e-9 * step && std::abs(ticks.step / step - 1) < 1e-9 &&
           ticks.count == count;
}

} // namespace

TEST_CASE("axes are numbered by 1, 2 or 5 times a power of ten", "[train]") {
    CHECK(are(ticks_between(0, 1, 5), 0, 0.2, 6));
    CHECK(are(ticks_between(0, 1, 10), 0, 0.1, 11));
    CHECK(are(ticks_between(1, 5, 8), 1, 0.5, 9));
    CHECK(are(ticks_between(1, 100, 8), 0, 20, 6));
    CHECK(are(ticks_between(-0.03, 0.04, 6), -0.04, 0.02, 5));
    CHECK(are(ticks_between(1234, 1235, 3), 1234, 0.5, 3));
    CHECK_THAT(ticks_between(0, 1, 5).at(3), WithinRel(0.6, 1e-12));
    CHECK_THAT(ticks_between(1, 5, 8).last(), WithinRel(5, 1e-12));
}

TEST_CASE("where there is one number only the axis goes on above it", "[train]") {
    CHECK(are(ticks_between(0, 0, 4), 0, 0.5, 3));
    CHECK(are(ticks_between(2, 2, 5), 2, 0.05, 5));
    CHECK(are(ticks_between(-2, -2, 5), -2, 0.05, 5));
    CHECK(are(ticks_between(0, 5e-324, 4), 0, 0.5, 3)); // nearly one
}

TEST_CASE("losses near the ends of double are drawn where their distances are numbers", "[train]") {
    CHECK(ticks_between(-1e300, 1e300, 6).count <= 8);
    CHECK(std::isfinite(ticks_between(-1e300, 1e300, 6).last()));
    CHECK(std::isfinite(ticks_between(1e300, 1e300, 6).last()));
    const curve_data huge = seen({{1.6e308, missing}, {3, missing}, {2, -1.7e308}});
    CHECK((huge.low == 2 && huge.high == 3 && huge.watches));
}

TEST_CASE("axes of any size reach from below the least to above the largest, in about as many steps",
          "[train]") {
    int bad = 0;
    for (double size = 1e-100; size < 1e101; size *= 7.3)
        for (const double low : {-2.9, -1.0, 0.0, 0.017, 1.0, 12.5})
            for (const double span : {0.3, 1.0, 4.1})
                for (const int about : {2, 6, 12}) {
                    const double high = low + span;
                    const axis_ticks ticks = ticks_between(low * size, high * size, about);
                    const double room = 1e-6 * ticks.step;
                    const bool reaches =
                        ticks.first <= low * size + room && ticks.last() >= high * size - room;
                    const bool is_tight = ticks.at(1) > low * size && ticks.at(ticks.count - 2) < high * size;
                    bad += reaches && is_tight && ticks.count >= 2 && ticks.count <= about + 2 ? 0 : 1;
                }
    CHECK(bad == 0);
}

TEST_CASE("the range of the losses is that of the finite ones, from 0 where they fall far", "[train]") {
    const curve_data fallen = seen({{8, missing}, {infinite, missing}, {missing, missing}, {2, missing}});
    CHECK((fallen.low == 0 && fallen.high == 8 && !fallen.watches && fallen.last_epoch == 4));
    const curve_data flat = seen({{8, 9}, {7, -infinite}});
    CHECK((flat.low == 7 && flat.high == 9 && flat.watches));
    const curve_data negative = seen({{-1, missing}, {-3, missing}});
    CHECK((negative.low == -3 && negative.high == -1));
    for (const curve_data& nothing : {seen({}), seen({{missing, infinite}})})
        CHECK((nothing.low == 0 && nothing.high == 1 && nothing.last_epoch == 1));
}

TEST_CASE("numbers of an axis have four digits at most, and nearly 0 is 0", "[train]") {
    CHECK(tick_text(0.30000000000000004, 0.1) == "0.3");
    CHECK(tick_text(-2.7e-17, 0.1) == "0");
    CHECK(tick_text(-2.7e-17, 1e-17) == "-2.7e-17");
    CHECK(tick_text(12345.6, 1000) == "1.235e+04");
    CHECK(tick_text(-150, 50) == "-150");
}
