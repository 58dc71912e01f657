// Published points of the distribution; what every number is right to is looked at in elementary.cpp.

#include "support/catch.hpp"

#include <cstddef>
#include <limits>
#include <tenon/core/lanes.hpp>
#include <tenon/model/normal_distribution.hpp>

using tenon::normal_distribution_of;
using tenon_test::WithinRel;

namespace {

template <class T>
struct point {
    T below, decay;
};
template <class T>
point<T> at(T v) {
    point<T> both{};
    normal_distribution_of(v, both.below, both.decay);
    return both;
}

} // namespace

TEMPLATE_TEST_CASE("the normal distribution has its published shares", "[model]", float, double) {
    using T = TestType;
    const double rounding = static_cast<double>(std::numeric_limits<T>::epsilon());
    const struct {
        T v;
        double below, decay;
    } table[] = {{1, 0.84134474606854295, 0.60653065971263342},
                 {-1, 0.15865525393145705, 0.60653065971263342},
                 {2, 0.97724986805182079, 0.13533528323661269},
                 {-3, 0.0013498980316300945, 0.011108996538242306},
                 {-10, 7.6198530241605261e-24, 1.9287498479639178e-22}};
    for (const auto& [v, below, decay] : table) {
        const double room = (6 + static_cast<double>(v * v)) * rounding;
        CHECK_THAT(static_cast<double>(at(v).below), WithinRel(below, room));
        CHECK_THAT(static_cast<double>(at(v).decay), WithinRel(decay, room));
    }
    CHECK(at(T{0}).below == T(0.5));
    CHECK(at(-T{0}).below == T(0.5));
    CHECK(at(T{0}).decay == 1);
}

TEST_CASE("the share far below is not lost in rounding", "[model]") {
    CHECK_THAT(at(-37.5).below, WithinRel(4.605353009581955e-308, 1e-12));
    CHECK(at(-38.4).below > 0); // a denormal number
    CHECK(at(-13.0F).below > 0);
}

TEMPLATE_TEST_CASE("far out the shares are exactly 0 and 1", "[model]", float, double) {
    using T = TestType;
    for (const T far : {T(40), std::numeric_limits<T>::max(), std::numeric_limits<T>::infinity()}) {
        CHECK(at(far).below == 1);
        CHECK(at(-far).below == 0);
        CHECK(at(far).decay == 0);
        CHECK(at(-far).decay == 0);
    }
}

TEST_CASE("numbers side by side have each the share of its own", "[model]") {
    using four = tenon::detail::lanes<float, 4>;
    const float missing = std::numeric_limits<float>::quiet_NaN();
    const four v{-1.0F, missing, 40.0F, 0.0F};
    four below{}, decay{};
    normal_distribution_of(v, below, decay);
    CHECK_THAT(static_cast<double>(below[0]), WithinRel(0.15865525393145705, 1e-6));
    CHECK((below[1] != below[1] && decay[1] != decay[1]));
    CHECK((below[2] == 1 && decay[2] == 0));
    CHECK((below[3] == 0.5F && decay[3] == 1));
}
