#include "support/catch.hpp"

#include "unit/evaluate/observed.hpp"
#include <cmath>
#include <limits>
#include <tenon/evaluate/log_loss.hpp>
#include <vector>

using tenon_test::matrix_of;
using tenon_test::observed_classes;
using tenon_test::WithinRel;

static_assert(tenon::MetricFor<tenon::log_loss_metric, tenon::classes<3>>);
static_assert(!tenon::MetricFor<tenon::log_loss_metric, tenon::real>);

namespace {

double loss(const std::vector<tenon::class_index>& truth, tenon::matrix<double> probabilities) {
    observed_classes o{truth, truth, std::vector<std::string>(probabilities.columns(), "k")};
    o.probabilities = std::move(probabilities);
    return tenon::log_loss()(o.seen());
}

} // namespace

TEST_CASE("log_loss is that of scikit-learn 1.9.1", "[evaluate]") {
    CHECK_THAT(loss({0, 1, 2, 0, 1, 2, 0, 2}, matrix_of({{.5, .3, .2},
                                                         {.2, .5, .3},
                                                         {.1, .2, .7},
                                                         {.4, .4, .2},
                                                         {.3, .3, .4},
                                                         {.25, .5, .25},
                                                         {.2, .3, .5},
                                                         {.1, .1, .8}})),
               WithinRel(0.8852635832658644, 1e-14));
}

TEST_CASE("log_loss of a class given no probability is finite, as in scikit-learn 1.9.1", "[evaluate]") {
    CHECK_THAT(loss({0, 1, 1}, matrix_of({{1, 0}, {0, 1}, {1, 0}})), WithinRel(12.014551129705717, 1e-14));
}

TEST_CASE("log_loss of equal probabilities is the log of the number of classes", "[evaluate]") {
    CHECK_THAT(loss({3, 0}, matrix_of({{.25, .25, .25, .25}, {.25, .25, .25, .25}})),
               WithinRel(std::log(4.0), 1e-15));
}

TEST_CASE("a row without probabilities costs as much as one that gave the true class none", "[evaluate]") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(loss({0, 1}, matrix_of({{nan, nan}, {0, 1}})) == loss({0, 1}, matrix_of({{0, 1}, {0, 1}})));
}
