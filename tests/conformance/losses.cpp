// Losses against PyTorch, scikit-learn and Keras, in float64: values and slopes to 1e-12. Least squares with penalties that
// have a kink against scikit-learn: 1e-6 of the largest coefficient.
#include "support/catch.hpp"

#include "conformance/reference.hpp"
#include <tenon/loss.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/optim.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/train_model.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

/// Values and slopes of a loss at the fixture's scores, one sample after another.
template <class L, class Y>
double loss_error(const L& loss, const tn::matrix<double>& scores, const std::vector<Y>& y,
                  const tn::json_value& expected) {
    std::vector<double> values, gradients;
    for (std::size_t r = 0; r < y.size(); ++r) {
        std::vector<double> g(scores.columns());
        values.push_back(loss(std::span<const double>(scores.row(r)), y[r], std::span<double>(g)));
        gradients.insert(gradients.end(), g.begin(), g.end());
    }
    std::vector<double> wanted;
    for (const tn::json_value& row : expected["slopes"].as_array()) {
        if (scores.columns() == 1)
            wanted.push_back(row.as_number());
        else
            for (const double v : numbers(row)) wanted.push_back(v);
    }
    return worst({absolute_error(values, numbers(expected["values"])), absolute_error(gradients, wanted)});
}

/// A loss over all rows as Keras has it: the sum of values times weights, over the number of rows.
struct mean_loss {
    double value = 0;
    std::vector<double> slopes;
};
template <class L, class Y>
mean_loss mean_of(const L& loss, const tn::matrix<double>& scores, const std::vector<Y>& y,
                  const std::vector<double>& weights) {
    mean_loss mean;
    for (std::size_t r = 0; r < y.size(); ++r) {
        std::vector<double> g(scores.columns());
        const double share = (weights.empty() ? 1.0 : weights[r]) / static_cast<double>(y.size());
        mean.value += share * loss(std::span<const double>(scores.row(r)), y[r], std::span<double>(g));
        for (const double v : g) mean.slopes.push_back(share * v);
    }
    return mean;
}

/// With weights and without; the slopes are those of every column, or of the last one alone.
template <class L, class Y>
void check_keras(const char* name, const L& loss, const tn::matrix<double>& scores, const std::vector<Y>& y,
                 bool last_column_alone = false) {
    static const tn::json_value all = fixture("keras");
    INFO(name);
    for (const char* how : {"plain", "weighted"}) {
        const tn::json_value& expected = all["losses"][name][how];
        const bool weighs = how[0] == 'w';
        mean_loss mean =
            mean_of(loss, scores, y, weighs ? numbers(all["losses"]["weights"]) : std::vector<double>{});
        if (last_column_alone)
            for (std::size_t r = 0; r < y.size(); ++r) mean.slopes[r] = mean.slopes[2 * r + 1];
        if (last_column_alone) mean.slopes.resize(y.size());
        CHECK_THAT(mean.value, WithinAbs(expected["value"].as_number(), 1e-12));
        CHECK(absolute_error(mean.slopes, numbers(expected["slopes"])) <= 1e-12);
    }
}

/// Scores of two classes, the first 0: their difference is the one score that Keras wants.
tn::matrix<double> behind_zeros(const tn::matrix<double>& score) {
    tn::matrix<double> two(score.rows(), 2);
    for (std::size_t r = 0; r < score.rows(); ++r) two(r, 1) = score(r, 0);
    return two;
}

} // namespace

TEST_CASE("losses have the values and slopes of PyTorch's and scikit-learn's", "[loss]") {
    const tn::json_value all = fixture("trajectories");
    const tn::json_value& expected = all["losses"];
    const std::vector<double> score = numbers(expected["score"]), target = numbers(expected["target"]),
                              count = numbers(expected["count"]);
    const std::vector<tn::class_index> label = class_indices(expected["label"]);
    const tn::matrix<double> scores = table(expected["scores"]);
    tn::matrix<double> column(score.size(), 1);
    for (std::size_t r = 0; r < score.size(); ++r) column(r, 0) = score[r];
    CHECK(loss_error(tn::absolute_error(), column, target, expected["absolute"]) <= 1e-12);
    CHECK(loss_error(tn::huber(1.3), column, target, expected["huber"]) <= 1e-12);
    CHECK(loss_error(tn::poisson(), column, count, expected["poisson"]) <= 1e-12);
    const std::array weights{0.5, 2.0, 3.5};
    CHECK(loss_error(tn::cross_entropy({.label_smoothing = 0.2}), scores, label, expected["smoothed"]) <=
          1e-12);
    CHECK(loss_error(tn::cross_entropy(weights), scores, label, expected["weighted"]) <= 1e-12);
    CHECK(loss_error(tn::cross_entropy(weights, {.label_smoothing = 0.2}), scores, label,
                     expected["weighted_smoothed"]) <= 1e-12);

    constexpr double taus[3] = {0.1, 0.5, 0.8};
    for (std::size_t r = 0; r < label.size(); ++r) {
        std::vector<double> g(3);
        const std::span<double> slope(g);
        for (std::size_t t = 0; t < 3; ++t) {
            const double wanted = numbers(expected["quantiles"].as_array()[t])[r];
            CHECK_THAT(tn::quantile(taus[t])(std::span(&score[r], 1), target[r], slope.first(1)),
                       WithinAbs(wanted, 1e-12));
        }
        const std::span<const double> all_three = scores.row(r);
        const double of_three = numbers(expected["hinge"])[r], of_two = numbers(expected["hinge_of_two"])[r];
        CHECK_THAT(tn::hinge()(all_three, label[r], slope), WithinAbs(of_three, 1e-12));
        CHECK_THAT(tn::squared_hinge()(all_three, label[r], slope), WithinAbs(of_three * of_three, 1e-12));
        CHECK_THAT(tn::hinge()(all_three.first(2), label[r] % 2, slope.first(2)), WithinAbs(of_two, 1e-12));
    }
}

TEST_CASE("losses have the means and slopes of Keras's", "[loss]") {
    const tn::json_value all = fixture("keras");
    const tn::json_value& given = all["losses"];
    const tn::matrix<double> score = table(given["score"]), scores = table(given["scores"]);
    const std::vector<double> target = values_of(table(given["target"])),
                              count = values_of(table(given["count"]));
    const std::vector<tn::class_index> label = class_indices(given["label"]);
    check_keras("squared", tn::squared_error(), score, target);
    check_keras("absolute", tn::absolute_error(), score, target);
    check_keras("huber", tn::huber(1.3), score, target);
    // Keras takes exp(score), and adds 1e-7 to it: in the fixture nothing.
    check_keras("poisson", tn::poisson(), score, count);
    check_keras("cross_entropy", tn::cross_entropy(), scores, label);
    check_keras("smoothed", tn::cross_entropy({.label_smoothing = 0.2}), scores, label);

    std::vector<tn::class_index> odd;
    odd.reserve(label.size());
    for (const tn::class_index y : label) odd.push_back(y % 2);
    check_keras("of_two", tn::cross_entropy(), behind_zeros(score), odd, true);
    check_keras("hinge_of_two", tn::hinge(), behind_zeros(score), odd, true);
    check_keras("squared_hinge_of_two", tn::squared_hinge(), behind_zeros(score), odd, true);
    // Keras's best other score is never below 0, because the class itself is among the others with 0.
    check_keras("hinge", tn::hinge(), table(given["positive_scores"]), label);

    // Weights of classes are weights of rows.
    const std::vector<double> of_class = numbers(given["class_weights"]);
    const mean_loss mean =
        mean_of(tn::cross_entropy(std::array{of_class[0], of_class[1], of_class[2]}), scores, label, {});
    const tn::json_value& expected = given["class_weighted"]["weighted"];
    CHECK_THAT(mean.value, WithinAbs(expected["value"].as_number(), 1e-12));
    CHECK(absolute_error(mean.slopes, numbers(expected["slopes"])) <= 1e-12);
}

TEST_CASE("proximal steps end where scikit-learn's lasso and elastic net end", "[penalty]") {
    const tn::json_value all = fixture("trajectories");
    const auto data = patients();
    const tn::minimize_options all_rows{
        .epochs = 6000, .batch_size = 1000, .scale_target = false, .show = tn::progress::off};
    auto check = [&](const char* name, const auto& optimizer, const auto& penalty) {
        INFO(name);
        const auto m = (tn::standardize() | tn::linear_regression() |
                        tn::minimize(tn::squared_error(), optimizer, all_rows, penalty))
                           .fit(data);
        const std::vector<double> wanted = numbers(all["sparse"][name]["coefficients"]),
                                  found = values_of(m.model().coefficients());
        CHECK(error_of_largest(found, wanted) <= 1e-6);
        for (std::size_t i = 0; i < wanted.size(); ++i) CHECK((found[i] == 0) == (wanted[i] == 0));
        CHECK_THAT(m.model().intercept(), WithinRel(all["sparse"][name]["intercept"].as_number(), 1e-6));
    };
    // Momentum reaches ten times as far as the rate says: the proximal step knows.
    check("lasso", tn::sgd(0.005, {.momentum = 0.9}), tn::l1(8));
    check("elastic", tn::scheduled(tn::adam(1), tn::cosine(6000)), tn::elastic({.l1 = 8, .l2 = 2}));
}
