#include "support/catch.hpp"

#include "unit/evaluate/observed.hpp"
#include <cstddef>
#include <cstdint>
#include <string>
#include <tenon/core/random.hpp>
#include <tenon/evaluate/confusion.hpp>

using tenon_test::ContainsSubstring;
using tenon_test::observed_classes;
using tenon_test::WithinRel;

namespace {

/// Class 3 is predicted once but never true; class 4 does neither occur nor is it predicted.
const observed_classes twelve{{0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2},
                              {0, 0, 1, 3, 1, 1, 0, 2, 2, 2, 0, 1},
                              {"ant", "bee", "cat", "dog", "elk"}};

} // namespace

TEST_CASE("the confusion matrix counts as scikit-learn 1.9.1 does", "[evaluate]") {
    const tenon::confusion_matrix m(twelve.seen());
    const std::uint64_t expected[5][5] = {
        {2, 1, 0, 1, 0}, {1, 2, 0, 0, 0}, {1, 1, 3, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}};
    REQUIRE(m.class_count() == 5);
    for (std::size_t t = 0; t < 5; ++t)
        for (std::size_t p = 0; p < 5; ++p) CHECK(m.counts()(t, p) == expected[t][p]);

    const double precision[5] = {0.5, 0.5, 1, 0, 0};
    const double recall[5] = {0.5, 2.0 / 3, 0.6, 0, 0};
    const double f1[5] = {0.5, 0.5714285714285714, 0.75, 0, 0};
    for (std::size_t k = 0; k < 5; ++k) {
        CHECK_THAT(m.precision(k), WithinRel(precision[k], 1e-15));
        CHECK_THAT(m.recall(k), WithinRel(recall[k], 1e-15));
        CHECK_THAT(m.f1(k), WithinRel(f1[k], 1e-15));
    }
}

TEST_CASE("rows without a prediction are counted apart and as wrong", "[evaluate]") {
    observed_classes o = twelve;
    o.predicted[0] = tenon::no_class;
    o.predicted[11] = tenon::no_class;
    const tenon::confusion_matrix m(o.seen());
    CHECK(m.unanswered(0) == 1);
    CHECK(m.unanswered(1) == 0);
    CHECK(m.unanswered(2) == 1);
    CHECK(m.support(0) == 4);
    CHECK_THAT(m.recall(0), WithinRel(0.25, 1e-15));
    CHECK_THAT(m.precision(0), WithinRel(1.0 / 3, 1e-15));
    CHECK_THAT(m.text(), ContainsSubstring("(none)"));
    CHECK_THAT(tenon::confusion_matrix(twelve.seen()).text(), !ContainsSubstring("(none)"));
}

TEST_CASE("rows, columns and the whole of a confusion matrix sum up", "[evaluate]") {
    tenon::philox random(11);
    observed_classes o;
    o.names = {"a", "b", "c", "d"};
    for (int i = 0; i < 500; ++i) {
        o.truth.push_back(static_cast<tenon::class_index>(random.below(4)));
        o.predicted.push_back(random.below(10) == 0 ? tenon::no_class
                                                    : static_cast<tenon::class_index>(random.below(4)));
    }
    const tenon::confusion_matrix m(o.seen());
    std::uint64_t all = 0, support = 0, predicted = 0, unanswered = 0;
    for (std::size_t t = 0; t < 4; ++t) {
        for (std::size_t p = 0; p < 4; ++p) all += m.counts()(t, p);
        support += m.support(t);
        predicted += m.predicted(t);
        unanswered += m.unanswered(t);
    }
    CHECK(support == 500);
    CHECK(unanswered > 0);
    CHECK(all + unanswered == 500);
    CHECK(predicted == all);
}

TEST_CASE("a confusion matrix is written as a table with the classes' names", "[evaluate]") {
    const observed_classes o{{0, 0, 1, 1}, {0, 1, 1, 1}, {"cat", "weasel"}};
    CHECK(tenon::confusion_matrix(o.seen()).text() == "true \\ predicted    cat  weasel  recall\n"
                                                      "cat                   1       1   0.500\n"
                                                      "weasel                0       2   1.000\n"
                                                      "precision         1.000   0.667\n");
}

TEST_CASE("a class is found by its name, and an unknown one is refused with those that are known",
          "[evaluate]") {
    const tenon::confusion_matrix m(twelve.seen());
    CHECK(m.class_of("cat") == 2);
    CHECK_THROWS_AS(m.class_of("cow"), tenon::data_error);
    CHECK_THROWS_WITH(m.class_of("cow"), "there is no class 'cow'; the classes are ant, bee, cat, dog, elk");
}

TEST_CASE("without names, classes are called by their indices", "[evaluate]") {
    const std::vector<tenon::class_index> y{0, 1, 2};
    tenon::class_outcomes o{y, y, {}, 3, {}};
    const tenon::confusion_matrix m(o);
    CHECK(m.class_names() == std::vector<std::string>{"0", "1", "2"});
    CHECK(m.correct(2) == 1);
}
