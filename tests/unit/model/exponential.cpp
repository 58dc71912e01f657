// Exact points of the functions; how far all others are right is looked at in elementary.cpp.

#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <tenon/core/lanes.hpp>
#include <tenon/model/exponential.hpp>

using tenon::exponential_function;
using tenon::exponential_less_one_of;
using tenon::exponential_of;
using tenon::logistic_function;
using tenon::logistic_of;
using tenon_test::WithinRel;

namespace {

template <class T>
T less_one(T v) {
    exponential_less_one_of(v);
    return v;
}

} // namespace

TEMPLATE_TEST_CASE("exponentials of zero and of logarithms are those numbers", "[model]", float, double) {
    using T = TestType;
    const double rounding = 100 * static_cast<double>(std::numeric_limits<T>::epsilon());
    CHECK(exponential_function(T{0}) == 1);
    CHECK(exponential_function(-T{0}) == 1);
    for (const double x : {1e-30, 0.001, 0.5, 3.0, 10.0, 1e30})
        CHECK_THAT(static_cast<double>(exponential_function(static_cast<T>(std::log(x)))),
                   WithinRel(x, rounding));
}

TEST_CASE("the exponential leaves the range where its numbers do", "[model]") {
    // ln of the largest float is 88.7228, of half the least denormal one -103.9721; for double 709.7827 and -745.1332.
    CHECK(std::isfinite(exponential_function(88.72F)));
    CHECK(std::isinf(exponential_function(88.73F)));
    CHECK(exponential_function(-103.9F) == std::numeric_limits<float>::denorm_min());
    CHECK(exponential_function(-104.0F) == 0);
    CHECK(std::isfinite(exponential_function(709.78)));
    CHECK(std::isinf(exponential_function(709.79)));
    CHECK(exponential_function(-745.1) == std::numeric_limits<double>::denorm_min());
    CHECK(exponential_function(-745.2) == 0);
}

TEMPLATE_TEST_CASE("e^v - 1 loses nothing near zero, and ends at -1", "[model]", float, double) {
    using T = TestType;
    using limits = std::numeric_limits<T>;
    CHECK(less_one(T{0}) == 0);
    CHECK(less_one(-limits::denorm_min()) == -limits::denorm_min());
    CHECK(less_one(T(-1e-20)) == T(-1e-20));
    CHECK_THAT(static_cast<double>(less_one(T(-0.001))), // v + v²/2 + v³/6 + …
               WithinRel(-0.00099950016662500833, 2 * static_cast<double>(limits::epsilon())));
    CHECK(less_one(T(-100)) == -1);
    CHECK(less_one(-limits::max()) == -1);
    CHECK(less_one(-limits::infinity()) == -1);
    CHECK(less_one(T(0.5)) == 0); // it is for negative numbers only
    CHECK(less_one(limits::infinity()) == 0);
    CHECK(std::isnan(less_one(limits::quiet_NaN())));
}

TEMPLATE_TEST_CASE("the logistic function has its exact points, and is as small as e^v below", "[model]",
                   float, double) {
    using T = TestType;
    const double rounding = 10 * static_cast<double>(std::numeric_limits<T>::epsilon());
    CHECK(logistic_function(T{0}) == T(0.5));
    CHECK(logistic_function(-T{0}) == T(0.5));
    CHECK_THAT(static_cast<double>(logistic_function(static_cast<T>(std::log(3.0)))),
               WithinRel(0.75, rounding));
    CHECK_THAT(static_cast<double>(logistic_function(static_cast<T>(-std::log(3.0)))),
               WithinRel(0.25, rounding));
    CHECK_THAT(static_cast<double>(logistic_function(T(-80))), WithinRel(1.8048513878454153e-35, rounding));
    CHECK(logistic_function(T(80)) == 1);
}

TEST_CASE("numbers side by side do not disturb each other", "[model]") {
    using four = tenon::detail::lanes<float, 4>;
    const float infinity = std::numeric_limits<float>::infinity(), missing = infinity - infinity;
    const four v{0.0F, missing, infinity, -infinity};
    four power = v, less = v, share = v;
    exponential_of(power);
    exponential_less_one_of(less);
    logistic_of(share);
    CHECK((power[0] == 1 && power[1] != power[1] && power[2] == infinity && power[3] == 0));
    CHECK((less[0] == 0 && less[1] != less[1] && less[2] == 0 && less[3] == -1));
    CHECK((share[0] == 0.5F && share[1] != share[1] && share[2] == 1 && share[3] == 0));
}
