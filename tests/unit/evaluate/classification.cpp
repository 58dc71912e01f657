#include "support/catch.hpp"

#include "unit/evaluate/observed.hpp"
#include <string>
#include <tenon/evaluate/classification.hpp>
#include <vector>

using tenon::average;
using tenon_test::observed_classes;
using tenon_test::WithinRel;

static_assert(tenon::MetricFor<tenon::accuracy_metric, tenon::classes<2>>);
static_assert(tenon::MetricFor<tenon::precision_metric, tenon::classes<tenon::dynamic>>);
static_assert(tenon::MetricFor<tenon::recall_metric, tenon::classes<7>>);
static_assert(tenon::MetricFor<tenon::f1_metric, tenon::classes<3>>);
static_assert(!tenon::MetricFor<tenon::f1_metric, tenon::real>);

namespace {

/// Class 3 is predicted once but never true; class 4 does neither occur nor is it predicted.
const observed_classes twelve{{0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2},
                              {0, 0, 1, 3, 1, 1, 0, 2, 2, 2, 0, 1},
                              {"ant", "bee", "cat", "dog", "elk"}};
const observed_classes ten{
    {0, 1, 1, 0, 1, 0, 1, 0, 1, 1}, {0, 0, 0, 0, 1, 0, 1, 1, 0, 0}, {"healthy", "sick"}};

} // namespace

TEST_CASE("accuracy is the share of right classes", "[evaluate]") {
    CHECK_THAT(tenon::accuracy()(twelve.seen()), WithinRel(7.0 / 12, 1e-15));
    CHECK(tenon::accuracy()(observed_classes{{0, 1}, {0, 1}, {"a", "b"}}.seen()) == 1);
    CHECK(tenon::accuracy()(observed_classes{{0, 1}, {1, 0}, {"a", "b"}}.seen()) == 0);
}

// scikit-learn 1.9.1, precision_score, recall_score and f1_score of the twelve rows.
TEST_CASE("macro averages are those of scikit-learn, over the classes that are true or predicted",
          "[evaluate]") {
    CHECK_THAT(tenon::precision()(twelve.seen()), WithinRel(0.5, 1e-15));
    CHECK_THAT(tenon::recall()(twelve.seen()), WithinRel(0.44166666666666665, 1e-15));
    CHECK_THAT(tenon::f1()(twelve.seen()), WithinRel(0.45535714285714285, 1e-15));
}

TEST_CASE("weighted averages are those of scikit-learn", "[evaluate]") {
    CHECK_THAT(tenon::precision({.average = average::weighted})(twelve.seen()),
               WithinRel(0.7083333333333334, 1e-15));
    CHECK_THAT(tenon::recall({.average = average::weighted})(twelve.seen()),
               WithinRel(0.5833333333333334, 1e-15));
    CHECK_THAT(tenon::f1({.average = average::weighted})(twelve.seen()),
               WithinRel(0.6220238095238095, 1e-15));
}

TEST_CASE("micro averages of complete predictions are the accuracy", "[evaluate]") {
    const double accuracy = tenon::accuracy()(twelve.seen());
    CHECK_THAT(tenon::precision({.average = average::micro})(twelve.seen()), WithinRel(accuracy, 1e-15));
    CHECK_THAT(tenon::recall({.average = average::micro})(twelve.seen()), WithinRel(accuracy, 1e-15));
    CHECK_THAT(tenon::f1({.average = average::micro})(twelve.seen()), WithinRel(accuracy, 1e-15));
}

TEST_CASE("the number of one class alone is that of scikit-learn's binary average", "[evaluate]") {
    CHECK_THAT(tenon::precision({.positive = "sick"})(ten.seen()), WithinRel(0.6666666666666666, 1e-15));
    CHECK_THAT(tenon::recall({.positive = "sick"})(ten.seen()), WithinRel(0.3333333333333333, 1e-15));
    CHECK_THAT(tenon::f1({.positive = "sick"})(ten.seen()), WithinRel(0.4444444444444444, 1e-15));
    CHECK_THROWS_AS(tenon::f1({.positive = "ill"})(ten.seen()), tenon::data_error);
    CHECK_THROWS_WITH(tenon::f1({.positive = "ill"})(ten.seen()),
                      "there is no class 'ill'; the classes are healthy, sick");
}

TEST_CASE("0/0 is 0", "[evaluate]") {
    const observed_classes never{{0, 0}, {0, 0}, {"no", "yes"}};
    CHECK(tenon::precision({.positive = "yes"})(never.seen()) == 0);
    CHECK(tenon::recall({.positive = "yes"})(never.seen()) == 0);
    CHECK(tenon::f1({.positive = "yes"})(never.seen()) == 0);
    CHECK(tenon::f1()(never.seen()) == 1);
}

TEST_CASE("a row without a prediction counts as wrong in every metric", "[evaluate]") {
    observed_classes o{{0, 0, 1, 1}, {0, 0, 1, 1}, {"a", "b"}};
    o.predicted[3] = tenon::no_class;
    CHECK_THAT(tenon::accuracy()(o.seen()), WithinRel(0.75, 1e-15));
    CHECK_THAT(tenon::recall()(o.seen()), WithinRel(0.75, 1e-15));
    CHECK_THAT(tenon::precision()(o.seen()), WithinRel(1.0, 1e-15));
    CHECK_THAT(tenon::recall({.average = average::micro})(o.seen()), WithinRel(0.75, 1e-15));
    CHECK_THAT(tenon::f1({.average = average::micro})(o.seen()), WithinRel(6.0 / 7, 1e-15));
    CHECK_THAT(tenon::f1()(o.seen()), WithinRel((1 + 2.0 / 3) / 2, 1e-15));

    o.predicted.assign(4, tenon::no_class);
    CHECK(tenon::accuracy()(o.seen()) == 0);
    CHECK(tenon::precision()(o.seen()) == 0);
    CHECK(tenon::f1({.average = average::weighted})(o.seen()) == 0);
}

TEST_CASE("the names of metrics say what is averaged", "[evaluate]") {
    CHECK(tenon::precision().name == "precision");
    CHECK(tenon::recall({.average = average::micro}).name == "micro recall");
    CHECK(tenon::f1({.average = average::weighted}).name == "weighted f1");
    CHECK(tenon::f1({.positive = "sick"}).name == "f1 of sick");
}
