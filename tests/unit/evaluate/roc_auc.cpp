#include "support/catch.hpp"

#include "unit/evaluate/observed.hpp"
#include <cmath>
#include <cstddef>
#include <limits>
#include <tenon/core/random.hpp>
#include <tenon/evaluate/roc_auc.hpp>
#include <vector>

using tenon_test::matrix_of;
using tenon_test::observed_classes;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

static_assert(tenon::MetricFor<tenon::roc_auc_metric, tenon::classes<3>>);
static_assert(!tenon::MetricFor<tenon::roc_auc_metric, tenon::real>);

namespace {

/// Two classes with these probabilities of the second.
observed_classes binary(const std::vector<tenon::class_index>& truth, const std::vector<double>& second) {
    observed_classes o{truth, std::vector<tenon::class_index>(truth.size()), {"no", "yes"}};
    o.probabilities = tenon::matrix<double>(truth.size(), 2);
    for (std::size_t r = 0; r < truth.size(); ++r) {
        o.probabilities(r, 0) = 1 - second[r];
        o.probabilities(r, 1) = second[r];
    }
    return o;
}

double auc(const observed_classes& o) {
    return tenon::roc_auc()(o.seen());
}

/// The definition: the share of pairs in the right order, ties counting half.
double share_of_ordered_pairs(const std::vector<tenon::class_index>& truth, const std::vector<double>& p) {
    double wins = 0, pairs = 0;
    for (std::size_t i = 0; i < p.size(); ++i)
        for (std::size_t j = 0; j < p.size(); ++j) {
            if (truth[i] != 1 || truth[j] != 0) continue;
            wins += p[i] > p[j] ? 1 : (p[i] == p[j] ? 0.5 : 0);
            ++pairs;
        }
    return wins / pairs;
}

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST_CASE("roc_auc of two classes with ties is that of scikit-learn 1.9.1", "[evaluate]") {
    const observed_classes o =
        binary({0, 1, 1, 0, 1, 0, 1, 0, 1, 1}, {.1, .4, .35, .4, .8, .2, .9, .8, .4, .05});
    CHECK_THAT(auc(o), WithinRel(0.6041666666666667, 1e-15));
}

TEST_CASE("roc_auc of three classes is scikit-learn's macro average of one against the rest", "[evaluate]") {
    observed_classes o{{0, 1, 2, 0, 1, 2, 0, 2}, std::vector<tenon::class_index>(8), {"a", "b", "c"}};
    o.probabilities = matrix_of({{.5, .3, .2},
                                 {.2, .5, .3},
                                 {.1, .2, .7},
                                 {.4, .4, .2},
                                 {.3, .3, .4},
                                 {.25, .5, .25},
                                 {.2, .3, .5},
                                 {.1, .1, .8}});
    CHECK_THAT(auc(o), WithinRel(0.7805555555555556, 1e-15));
}

TEST_CASE("roc_auc is the share of ordered pairs, and only the order matters", "[evaluate]") {
    tenon::philox random(5);
    std::vector<tenon::class_index> truth;
    std::vector<double> p, squared, logit;
    for (int i = 0; i < 300; ++i) {
        truth.push_back(static_cast<tenon::class_index>(random.below(3) == 0));
        p.push_back(static_cast<double>(1 + random.below(38) + 2 * truth.back()) / 64); // many ties
        squared.push_back(p.back() * p.back());
        logit.push_back(std::log(p.back() / (1 - p.back())));
    }
    const double area = auc(binary(truth, p));
    CHECK_THAT(area, WithinAbs(share_of_ordered_pairs(truth, p), 1e-14));
    CHECK(auc(binary(truth, squared)) == area);
    CHECK(auc(binary(truth, logit)) == area);

    std::vector<double> reversed = p;
    for (double& v : reversed) v = 1 - v;
    CHECK_THAT(auc(binary(truth, reversed)), WithinAbs(1 - area, 1e-14));
}

TEST_CASE("roc_auc is 1, 0 and one half where it must be", "[evaluate]") {
    CHECK(auc(binary({0, 0, 1, 1}, {.1, .2, .3, .4})) == 1);
    CHECK(auc(binary({1, 1, 0, 0}, {.1, .2, .3, .4})) == 0);
    CHECK(auc(binary({1, 0, 1, 0}, {.5, .5, .5, .5})) == 0.5);
}

TEST_CASE("rows without probabilities are on the wrong side of all others", "[evaluate]") {
    CHECK(auc(binary({0, 1, 0, 1}, {.1, .9, missing, .8})) == 0.5);
    CHECK(auc(binary({0, 1, 0, 1}, {.1, .9, .2, missing})) == 0.5);
    CHECK(auc(binary({0, 1}, {missing, missing})) == 0);
}

TEST_CASE("roc_auc of one class is not a number, and classes that do not occur are left out", "[evaluate]") {
    CHECK(std::isnan(auc(binary({1, 1}, {.1, .2}))));
    observed_classes o{{0, 2, 0, 2}, std::vector<tenon::class_index>(4), {"a", "b", "c"}};
    o.probabilities = matrix_of({{.6, .1, .3}, {.2, .1, .7}, {.3, .3, .4}, {.5, .3, .2}});
    const double of_a = 0.75, of_c = 0.5; // pairs counted by hand
    CHECK_THAT(auc(o), WithinRel((of_a + of_c) / 2, 1e-15));
}
