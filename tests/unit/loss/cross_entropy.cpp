#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <tenon/core/concepts.hpp>
#include <tenon/loss/cross_entropy.hpp>
#include <type_traits>
#include <vector>

using loss = tenon::cross_entropy_loss;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

static_assert(tenon::Loss<loss>);
static_assert(tenon::LossFor<loss, tenon::classes<3>, float>);
static_assert(tenon::LossFor<loss, tenon::classes<tenon::dynamic>, double>);
static_assert(tenon::no_objection<loss::accepts<tenon::classes<7>>>);
static_assert(std::is_same_v<loss::accepts<tenon::real>,
                             tenon::because::a_classification_loss_cannot_fit_real_targets>);

namespace {

struct result {
    double value;
    std::vector<double> gradient;
};

template <class T = double>
result of(std::vector<T> scores, tenon::class_index y) {
    std::vector<T> g(scores.size());
    const T value = tenon::cross_entropy()(std::span<const T>(scores), y, std::span<T>(g));
    return {static_cast<double>(value), {g.begin(), g.end()}};
}

} // namespace

TEST_CASE("cross-entropy and its gradient are those of PyTorch", "[loss]") {
    // torch 2.15, cross_entropy in float64
    const result three = of<double>({2.0, -1.0, 0.5}, 2);
    CHECK_THAT(three.value, WithinRel(1.7413112966571571, 1e-15));
    CHECK_THAT(three.gradient[0], WithinRel(0.7855970345892759, 1e-14));
    CHECK_THAT(three.gradient[1], WithinRel(0.03911257327068745, 1e-14));
    CHECK_THAT(three.gradient[2], WithinRel(-0.8247096078599633, 1e-14));

    const result two = of<double>({-0.3, 0.7}, 0);
    CHECK_THAT(two.value, WithinRel(1.3132616875182228, 1e-15));
    CHECK_THAT(two.gradient[0], WithinRel(-0.7310585786300049, 1e-14));
    CHECK_THAT(two.gradient[1], WithinRel(0.7310585786300049, 1e-14));
}

TEST_CASE("equal scores cost the log of the number of classes", "[loss]") {
    CHECK_THAT(of<double>({7, 7, 7, 7, 7}, 3).value, WithinRel(std::log(5.0), 1e-15));
}

TEST_CASE("the gradient sums to zero and a shift of all scores changes nothing", "[loss]") {
    const result a = of<double>({0.5, -1.25, 3, 0.25}, 1), b = of<double>({64.5, 62.75, 67, 64.25}, 1);
    CHECK_THAT(a.value, WithinRel(b.value, 1e-13));
    double sum = 0;
    for (std::size_t k = 0; k < 4; ++k) {
        CHECK_THAT(a.gradient[k], WithinAbs(b.gradient[k], 1e-14));
        sum += a.gradient[k];
    }
    CHECK_THAT(sum, WithinAbs(0, 1e-15));
}

TEMPLATE_TEST_CASE("scores of any size neither overflow nor lose the loss", "[loss]", float, double) {
    const result right = of<TestType>({1000, -1000}, 0), wrong = of<TestType>({1000, -1000}, 1);
    CHECK(right.value == 0);
    CHECK(right.gradient == std::vector<double>{0, 0});
    CHECK(wrong.value == 2000);
    CHECK(wrong.gradient == std::vector<double>{1, -1});
}

TEST_CASE("a score that is NaN is not hidden", "[loss]") {
    CHECK(std::isnan(of<double>({0, std::numeric_limits<double>::quiet_NaN(), 1}, 0).value));
    CHECK(std::isnan(of<double>({std::numeric_limits<double>::quiet_NaN(), 0, 1}, 1).value));
}
