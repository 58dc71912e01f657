// Absolute, huber, quantile, poisson, hinge, and cross-entropy with weights and smoothed labels. Their values against
// PyTorch and scikit-learn are in tests/conformance/losses.cpp.

#include "support/catch.hpp"
#include "support/errors.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <tenon/core/concepts.hpp>
#include <tenon/loss.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

using on_labels = tn::because::a_regression_loss_cannot_fit_class_labels;
using on_numbers = tn::because::a_classification_loss_cannot_fit_real_targets;
template <class L>
inline constexpr bool is_for_numbers =
    tn::Loss<L> && tn::LossFor<L, tn::real, float> && tn::LossFor<L, tn::real, double> &&
    tn::no_objection<typename L::template accepts<tn::real>> &&
    std::is_same_v<typename L::template accepts<tn::classes<3>>, on_labels>;
template <class L>
inline constexpr bool is_for_classes =
    tn::Loss<L> && tn::LossFor<L, tn::classes<3>, float> && tn::LossFor<L, tn::classes<3>, double> &&
    tn::no_objection<typename L::template accepts<tn::classes<3>>> &&
    tn::no_objection<typename L::template accepts<tn::classes<tn::dynamic>>> &&
    std::is_same_v<typename L::template accepts<tn::real>, on_numbers>;
static_assert(is_for_numbers<tn::absolute_error_loss> && is_for_numbers<tn::huber_loss> &&
              is_for_numbers<tn::quantile_loss> && is_for_numbers<tn::poisson_loss>);
static_assert(is_for_classes<tn::hinge_loss> && is_for_classes<tn::squared_hinge_loss> &&
              is_for_classes<tn::weighted_cross_entropy_loss<0>> &&
              is_for_classes<tn::weighted_cross_entropy_loss<3>>);
static_assert(std::is_same_v<tn::weighted_cross_entropy_loss<2>::accepts<tn::classes<3>>,
                             tn::because::the_Loss_has_weights_for_another_number_of_classes>);
static_assert(tn::absolute_error_loss::target_may_be_scaled && tn::huber_loss::target_may_be_scaled &&
              tn::quantile_loss::target_may_be_scaled && !tn::poisson_loss::target_may_be_scaled);
static_assert(std::is_same_v<decltype(tn::cross_entropy()), tn::cross_entropy_loss>);

template <class L, class Y>
double value_of(const L& loss, std::vector<double> scores, Y y) {
    std::vector<double> g(scores.size());
    return loss(std::span<const double>(scores), y, std::span<double>(g));
}

template <class L, class Y>
std::vector<double> slopes_of(const L& loss, const std::vector<double>& scores, Y y) {
    std::vector<double> g(scores.size(), 99.0);
    loss(std::span<const double>(scores), y, std::span<double>(g));
    return g;
}

/// How far the slopes are from central differences.
template <class L, class Y>
double slope_error(const L& loss, const std::vector<double>& scores, Y y) {
    std::vector<double> differences;
    for (std::size_t k = 0; k < scores.size(); ++k) {
        constexpr double h = 1e-6;
        std::vector<double> up = scores, down = scores;
        up[k] += h;
        down[k] -= h;
        differences.push_back((value_of(loss, up, y) - value_of(loss, down, y)) / (2 * h));
    }
    return tenon_test::absolute_error(slopes_of(loss, scores, y), differences);
}

const std::vector<std::vector<double>> rows_of_scores{
    {0.5, -1.25, 2}, {3, 2.9, -4}, {0.25, 0, 0.5}, {-3, 1, 0.1}};
constexpr std::array<double, 3> weights{0.5, 2, 3};

} // namespace

TEST_CASE("the slopes of losses of numbers are those of their values", "[loss]") {
    for (const double score : {-2.5, -0.3, 0.2, 1.4, 3.0}) {
        for (const double y : {0.0, 1.0, 2.0}) {
            CAPTURE(score, y);
            CHECK(slope_error(tn::absolute_error(), {score}, y) <= 1e-8);
            CHECK(slope_error(tn::huber(0.7), {score}, y) <= 1e-8);
            CHECK(slope_error(tn::huber(2.05), {score}, y) <= 1e-8);
            CHECK(slope_error(tn::quantile(0.2), {score}, y) <= 1e-8);
            CHECK(slope_error(tn::poisson(), {score}, y) <= 1e-8);
        }
    }
}

TEST_CASE("the slopes of losses of classes are those of their values", "[loss]") {
    for (const auto& scores : rows_of_scores) {
        for (tn::class_index y = 0; y < 3; ++y) {
            CAPTURE(scores, y);
            CHECK(slope_error(tn::hinge(), scores, y) <= 1e-8);
            CHECK(slope_error(tn::squared_hinge(), scores, y) <= 1e-8);
            CHECK(slope_error(tn::cross_entropy({.label_smoothing = 0.3}), scores, y) <= 1e-8);
            CHECK(slope_error(tn::cross_entropy(weights), scores, y) <= 1e-8);
            CHECK(slope_error(tn::cross_entropy(weights, {.label_smoothing = 0.3}), scores, y) <= 1e-8);
        }
    }
}

TEST_CASE("a perfect prediction costs nothing and pulls nowhere", "[loss]") {
    auto check = [](const auto& loss) {
        CHECK(value_of(loss, {0.1}, 0.1) == 0);
        CHECK(slopes_of(loss, {0.1}, 0.1)[0] == 0);
    };
    check(tn::absolute_error());
    check(tn::huber(1));
    check(tn::quantile(0.3));
    CHECK(value_of(tn::hinge(), {0, 1, 3}, tn::class_index{2}) == 0); // a lead of 2
    CHECK(slopes_of(tn::squared_hinge(), {0, 1, 3}, tn::class_index{2}) == std::vector<double>{0, 0, 0});
}

TEST_CASE("a huber that moves with its target's units has the same shape", "[loss]") {
    // e = 5·e', delta = 5·delta': the loss is 25 times as much, its slope 5 times.
    for (const double score : {-9.0, -1.0, 0.5, 4.0}) {
        const auto own = tn::huber(2.5), scaled = own.in_units(5);
        CHECK_THAT(value_of(own, {score}, 1.0), WithinRel(25 * value_of(scaled, {score / 5}, 0.2), 1e-13));
        CHECK_THAT(slopes_of(own, {score}, 1.0)[0],
                   WithinRel(5 * slopes_of(scaled, {score / 5}, 0.2)[0], 1e-13));
    }
}

TEST_CASE("the best constant of the quantile loss is the quantile", "[loss]") {
    auto mean_loss = [](double tau, double at) {
        double sum = 0;
        for (int y = 0; y <= 100; ++y) sum += value_of(tn::quantile(tau), {at}, static_cast<double>(y));
        return sum;
    };
    for (const double tau : {0.1, 0.5, 0.9})
        for (const double away : {-3.0, -1.0, 1.0, 3.0})
            CHECK(mean_loss(tau, 100 * tau) < mean_loss(tau, 100 * tau + away));
}

TEST_CASE("smoothing by 0 and weights of 1 are plain cross-entropy", "[loss]") {
    for (const auto& scores : rows_of_scores) {
        const auto plain = slopes_of(tn::cross_entropy(), scores, tn::class_index{1}),
                   other =
                       slopes_of(tn::cross_entropy(std::array{1.0, 1.0, 1.0}), scores, tn::class_index{1});
        for (std::size_t k = 0; k < 3; ++k) CHECK_THAT(other[k], WithinAbs(plain[k], 1e-15));
        CHECK_THAT(value_of(tn::cross_entropy({.label_smoothing = 0}), scores, tn::class_index{1}),
                   WithinRel(value_of(tn::cross_entropy(), scores, tn::class_index{1}), 1e-14));
    }
    // A class without weight costs nothing, however unlikely.
    CHECK(value_of(tn::cross_entropy(std::array{0.0, 1.0}), {-1e6, 1e6}, tn::class_index{0}) == 0);
}

TEST_CASE("a score that is NaN is hidden by none of them", "[loss]") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    auto check = [](const auto& loss) {
        CHECK(std::isnan(value_of(loss, {nan}, 1.0)));
        CHECK(std::isnan(slopes_of(loss, {nan}, 1.0)[0]));
    };
    check(tn::absolute_error());
    check(tn::huber(1));
    check(tn::quantile(0.5));
    check(tn::poisson());
    for (const std::vector<double>& scores : {std::vector<double>{0, nan, 1}, {nan, 0, 1}, {0, 1, nan}}) {
        CHECK(std::isnan(value_of(tn::hinge(), scores, tn::class_index{1})));
        CHECK(std::isnan(value_of(tn::squared_hinge(), scores, tn::class_index{0})));
        CHECK(std::isnan(value_of(tn::cross_entropy(weights), scores, tn::class_index{2})));
    }
}

TEST_CASE("parameters and targets that mean nothing are refused before the first step", "[loss]") {
    const std::vector<double> counts{0, 3}, below{2, -1};
    CHECK_NOTHROW(tn::poisson().check(counts, 1));
    CHECK_THROWS_AS(tn::poisson().check(below, 1), tn::data_error);
    CHECK_THROWS_WITH(tn::poisson().check(below, 1), ContainsSubstring("a target is -1"));
    CHECK_THROWS_WITH(tn::huber(0).check(counts, 1), ContainsSubstring("delta must be above 0, not 0"));
    for (const double tau : {0.0, 1.0, -0.5, std::numeric_limits<double>::quiet_NaN()})
        CHECK_THROWS_AS(tn::quantile(tau).check(counts, 1), tn::fit_error);
    CHECK_THROWS_WITH(tn::cross_entropy(weights).check(counts, 4),
                      ContainsSubstring("3 weights were given for 4 classes"));
    CHECK_THROWS_AS(tn::cross_entropy(std::array{1.0, -1.0}).check(counts, 2), tn::fit_error);
    CHECK_THROWS_WITH(tn::cross_entropy({.label_smoothing = 1}).check(counts, 2),
                      ContainsSubstring(".label_smoothing must be from 0 to below 1, not 1"));
    CHECK_NOTHROW(tn::cross_entropy({.label_smoothing = 0.1}).check(counts, 7));
}
