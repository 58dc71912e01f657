#include "support/catch.hpp"

#include "unit/evaluate/observed.hpp"
#include <cmath>
#include <cstddef>
#include <limits>
#include <tenon/core/random.hpp>
#include <tenon/evaluate/regression.hpp>
#include <vector>

using tenon_test::observed_numbers;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

static_assert(tenon::MetricFor<tenon::mse_metric, tenon::real>);
static_assert(tenon::MetricFor<tenon::rmse_metric, tenon::real>);
static_assert(tenon::MetricFor<tenon::mae_metric, tenon::real>);
static_assert(tenon::MetricFor<tenon::r2_metric, tenon::real>);
static_assert(!tenon::MetricFor<tenon::r2_metric, tenon::classes<3>>);

namespace {

const observed_numbers eight{{3.0, -0.5, 2.0, 7.0, 4.25, -1.75, 0.0, 10.5},
                             {2.5, 0.0, 2.0, 8.0, 4.0, -2.25, 1.0, 9.0}};

observed_numbers random_rows(std::size_t n) {
    tenon::philox random(3);
    observed_numbers o;
    for (std::size_t i = 0; i < n; ++i) {
        o.truth.push_back(random.normal());
        o.predicted.push_back(o.truth.back() + 0.3 * random.normal());
    }
    return o;
}

observed_numbers scaled_and_shifted(observed_numbers o, double scale, double shift) {
    for (double& v : o.truth) v = scale * v + shift;
    for (double& v : o.predicted) v = scale * v + shift;
    return o;
}

} // namespace

TEST_CASE("regression metrics are those of scikit-learn 1.9.1", "[evaluate]") {
    CHECK_THAT(tenon::mse()(eight.seen()), WithinRel(0.6328125, 1e-15));
    CHECK_THAT(tenon::rmse()(eight.seen()), WithinRel(0.795495128834866, 1e-15));
    CHECK_THAT(tenon::mae()(eight.seen()), WithinRel(0.65625, 1e-15));
    CHECK_THAT(tenon::r2()(eight.seen()), WithinRel(0.9573122529644269, 1e-15));

    observed_numbers negated = eight;
    for (double& v : negated.predicted) v = -v;
    CHECK_THAT(tenon::r2()(negated.seen()), WithinRel(-5.2129117259552045, 1e-15));
}

TEST_CASE("r2 of equal targets is 1 for perfect predictions, else 0, as in scikit-learn", "[evaluate]") {
    CHECK(tenon::r2()(observed_numbers{{2, 2, 2}, {2, 2, 2}}.seen()) == 1);
    CHECK(tenon::r2()(observed_numbers{{2, 2, 2}, {2, 2, 2.5}}.seen()) == 0);
    // Ten times 0.1 have a mean that is not 0.1: the spread must be seen to be zero all the same.
    observed_numbers tenths{std::vector<double>(10, 0.1), std::vector<double>(10, 0.1)};
    CHECK(tenon::r2()(tenths.seen()) == 1);
    tenths.predicted[9] = 0.2;
    CHECK(tenon::r2()(tenths.seen()) == 0);
    tenths.predicted[9] = 1e300;
    CHECK(tenon::r2()(tenths.seen()) == 0);
}

TEST_CASE("r2 of a single row is not a number", "[evaluate]") {
    CHECK(std::isnan(tenon::r2()(observed_numbers{{1}, {1}}.seen())));
}

TEST_CASE("r2 does not depend on the target's unit, the errors are in it", "[evaluate]") {
    const observed_numbers o = random_rows(1000);
    const double r2 = tenon::r2()(o.seen());
    for (double scale : {1e5, 1e-5, 1e150, 1e-170, -3.0}) {
        const observed_numbers other = scaled_and_shifted(o, scale, 0);
        CHECK_THAT(tenon::r2()(other.seen()), WithinRel(r2, 1e-13));
        CHECK_THAT(tenon::rmse()(other.seen()), WithinRel(std::abs(scale) * tenon::rmse()(o.seen()), 1e-13));
        CHECK_THAT(tenon::mae()(other.seen()), WithinRel(std::abs(scale) * tenon::mae()(o.seen()), 1e-13));
    }
    // A shift of 1e8 leaves 8 of 16 digits of each difference.
    const observed_numbers shifted = scaled_and_shifted(o, 1, 1e8);
    CHECK_THAT(tenon::r2()(shifted.seen()), WithinAbs(r2, 1e-8));
    CHECK_THAT(tenon::rmse()(shifted.seen()), WithinRel(tenon::rmse()(o.seen()), 1e-7));
}

TEST_CASE("predicting the mean has r2 0, perfect predictions have no error", "[evaluate]") {
    observed_numbers o = random_rows(101);
    double mean = 0;
    for (double v : o.truth) mean += v / 101;
    o.predicted.assign(101, mean);
    CHECK_THAT(tenon::r2()(o.seen()), WithinAbs(0, 1e-14));
    o.predicted = o.truth;
    CHECK(tenon::r2()(o.seen()) == 1);
    CHECK(tenon::mse()(o.seen()) == 0);
    CHECK(tenon::rmse()(o.seen()) == 0);
    CHECK(tenon::mae()(o.seen()) == 0);
}

TEST_CASE("a prediction that is NaN makes every regression metric NaN", "[evaluate]") {
    observed_numbers o = eight;
    o.predicted[3] = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::isnan(tenon::mse()(o.seen())));
    CHECK(std::isnan(tenon::rmse()(o.seen())));
    CHECK(std::isnan(tenon::mae()(o.seen())));
    CHECK(std::isnan(tenon::r2()(o.seen())));
    o.truth.assign(8, 1.0);
    CHECK(std::isnan(tenon::r2()(o.seen())));
}
