#include "support/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <tenon/data/folds.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

using rows = std::vector<std::size_t>;
using labels = tn::columns<1, tn::classes<3>>;

/// Rows whose feature is their number.
tn::dataset<labels> counting(std::vector<tn::class_index> y) {
    tn::matrix<double> x(y.size(), 1);
    for (std::size_t r = 0; r < y.size(); ++r) x(r, 0) = static_cast<double>(r);
    return {std::move(x), std::move(y)};
}

rows rows_of(const tn::dataset<labels>& data) {
    rows all;
    for (std::size_t r = 0; r < data.size(); ++r) all.push_back(static_cast<std::size_t>(data.x()(r, 0)));
    return all;
}

rows counted(std::size_t n) {
    rows all(n);
    for (std::size_t r = 0; r < n; ++r) all[r] = r;
    return all;
}

/// Whether each fold divides the rows 0 … n - 1, in order, and each row is tested once.
bool is_division(const std::vector<tn::fold>& folds, std::size_t n) {
    rows tested;
    for (const tn::fold& part : folds) {
        rows both;
        std::merge(part.train.begin(), part.train.end(), part.test.begin(), part.test.end(),
                   std::back_inserter(both));
        if (both != counted(n) || part.test.empty() || part.train.empty()) return false;
        tested.insert(tested.end(), part.test.begin(), part.test.end());
    }
    std::sort(tested.begin(), tested.end());
    return tested == counted(n);
}

template <class F>
rows test_sizes(const F& folds) {
    rows sizes;
    for (const tn::fold& part : folds) sizes.push_back(part.test.size());
    return sizes;
}

bool same(const std::vector<tn::fold>& a, const std::vector<tn::fold>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const tn::fold& one, const tn::fold& other) {
        return one.train == other.train && one.test == other.test;
    });
}

template <class D>
concept can_be_stratified = requires(const D& data) { tn::stratified_k_fold(data, 2, tn::seed{1}); };

} // namespace

TEST_CASE("k_fold tests every row once, in folds of equal size", "[folds]") {
    const auto folds = tn::k_fold(11, 3, tn::seed{7});
    CHECK(is_division(folds, 11));
    CHECK(test_sizes(folds) == rows{4, 4, 3});
    CHECK(same(folds, tn::k_fold(11, 3, tn::seed{7})));
    CHECK_FALSE(same(folds, tn::k_fold(11, 3, tn::seed{8})));
    CHECK(is_division(tn::k_fold(5, 5, tn::seed{1}), 5));

    const auto data = counting({0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1});
    CHECK(rows_of(tn::select_rows(data, folds[0].test)) == folds[0].test);

    CHECK_THROWS_WITH(tn::k_fold(11, 1, tn::seed{1}),
                      ContainsSubstring("k_fold: expected 2 folds or more, got 1"));
    CHECK_THROWS_WITH(tn::k_fold(2, 3, tn::seed{1}),
                      ContainsSubstring("k_fold: 3 folds need as many rows, there are 2"));
    CHECK_THROWS_AS(tn::k_fold(0, 2, tn::seed{1}), tn::data_error);
}

TEST_CASE("k_fold tests every row in every fold equally often", "[folds]") {
    std::vector<int> in_first(10);
    for (std::uint64_t s = 0; s < 2000; ++s) {
        const auto folds = tn::k_fold(10, 4, tn::seed{s});
        for (const std::size_t r : folds[0].test) ++in_first[r];
    }
    // Binomial, n = 2000, p = 0.3: a deviation of 20.5.
    for (const int count : in_first) CHECK(std::abs(count - 600) < 5 * 20.5);
}

TEST_CASE("stratified_k_fold deals each class evenly", "[folds]") {
    tn::philox random(3);
    for (std::uint64_t s = 0; s < 50; ++s) {
        std::vector<tn::class_index> y;
        for (std::size_t i = 0; i < 20 + random.below(30); ++i)
            y.push_back(static_cast<tn::class_index>(random.below(6) / 2 * random.below(2)));
        const auto data = counting(y);
        const auto folds = tn::stratified_k_fold(data, 4, tn::seed{s});
        REQUIRE(is_division(folds, y.size()));
        const rows sizes = test_sizes(folds);
        CHECK(*std::max_element(sizes.begin(), sizes.end()) - *std::min_element(sizes.begin(), sizes.end()) <=
              1);
        for (tn::class_index k = 0; k < 3; ++k) {
            std::size_t least = y.size(), most = 0;
            for (const tn::fold& part : folds) {
                const auto count = static_cast<std::size_t>(std::count_if(
                    part.test.begin(), part.test.end(), [&](std::size_t r) { return y[r] == k; }));
                least = std::min(least, count);
                most = std::max(most, count);
            }
            CHECK(most - least <= 1);
        }
        CHECK(same(folds, tn::stratified_k_fold(data, 4, tn::seed{s})));
    }
    CHECK_THROWS_WITH(
        tn::stratified_k_fold(counting({0, 9}), 2, tn::seed{1}),
        ContainsSubstring("stratified_k_fold: label 'y' of row 2 is 9, the schema has 3 classes"));
    STATIC_REQUIRE(can_be_stratified<tn::dataset<labels>>);
    STATIC_REQUIRE_FALSE(can_be_stratified<tn::dataset<tn::columns<1>>>);
}

TEST_CASE("grouped_k_fold never parts a group", "[folds]") {
    const std::vector<int> ids{5, 5, 9, -1, 9, 5, 7, 7, -1, 5};
    const auto folds = tn::grouped_k_fold(ids, 3, tn::seed{2});
    CHECK(is_division(folds, ids.size()));
    for (const tn::fold& part : folds)
        for (const std::size_t tested : part.test)
            for (const std::size_t trained : part.train) CHECK(ids[tested] != ids[trained]);
    // 4, 2, 2 and 2 rows: the largest group alone, and two of the others share a fold.
    rows sizes = test_sizes(folds);
    std::sort(sizes.begin(), sizes.end());
    CHECK(sizes == rows{2, 4, 4});

    // What the ids are does not matter.
    const std::vector<std::string> words{"b", "b", "a", "z", "a", "b", "c", "c", "z", "b"};
    CHECK(same(folds, tn::grouped_k_fold(words, 3, tn::seed{2})));
    CHECK_FALSE(same(tn::grouped_k_fold(counted(20), 2, tn::seed{2}),
                     tn::grouped_k_fold(counted(20), 2, tn::seed{3})));

    CHECK_THROWS_WITH(tn::grouped_k_fold(ids, 5, tn::seed{1}),
                      ContainsSubstring("grouped_k_fold: 5 folds need as many groups, there are 4"));
}

TEST_CASE("rolling_folds train on the past only", "[folds]") {
    const auto folds = tn::rolling_folds(10, 3);
    REQUIRE(folds.size() == 3);
    CHECK(folds[0].train == counted(4));
    CHECK(folds[0].test == rows{4, 5});
    CHECK(folds[1].train == counted(6));
    CHECK(folds[2].train == counted(8));
    CHECK(folds[2].test == rows{8, 9});

    const auto apart = tn::rolling_folds(10, 2, {.test_rows = 3, .gap = 1, .train_rows = 4});
    CHECK(apart[0].train == rows{0, 1, 2});
    CHECK(apart[0].test == rows{4, 5, 6});
    CHECK(apart[1].train == rows{2, 3, 4, 5});
    CHECK(apart[1].test == rows{7, 8, 9});

    const std::string message = " to train on";
    for (const auto& [n, k, test, gap] : std::vector<std::array<std::size_t, 4>>{{3, 3, 0, 0},
                                                                                 {0, 1, 0, 0},
                                                                                 {10, 2, 5, 0},
                                                                                 {10, 2, 4, 2},
                                                                                 {10, 20, 1, 0},
                                                                                 {9, SIZE_MAX, 0, 0},
                                                                                 {9, 3, SIZE_MAX / 3, 0},
                                                                                 {9, 2, 2, SIZE_MAX}})
        CHECK_THROWS_WITH(tn::rolling_folds(n, k, {.test_rows = test, .gap = gap}),
                          ContainsSubstring(message));
    CHECK_THROWS_WITH(tn::rolling_folds(9, 0), ContainsSubstring("expected 1 fold or more"));
}

TEST_CASE("grouped_split never parts a group and comes near to the share", "[split]") {
    tn::philox random(11);
    for (std::uint64_t s = 0; s < 100; ++s) {
        std::vector<std::uint64_t> ids(60);
        for (auto& id : ids) id = random.below(20);
        const auto data = counting(std::vector<tn::class_index>(60));
        const auto parts = tn::grouped_split(data, ids, 0.7, tn::seed{s});
        const rows train = rows_of(parts.train), test = rows_of(parts.test);
        CHECK(train.size() + test.size() == 60);
        for (const std::size_t tested : test)
            for (const std::size_t trained : train)
                if (ids[tested] == ids[trained]) FAIL("a group is in both parts");
        // Nearer than half of the largest group, of 9 rows at most here.
        CHECK(std::abs(static_cast<int>(train.size()) - 42) <= 4);
    }
    const auto data = counting({0, 1, 2, 0});
    // Each part gets a group, however large.
    CHECK(tn::grouped_split(data, std::vector{1, 1, 1, 2}, 0.3, tn::seed{1}).train.size() % 2 == 1);
    CHECK(tn::grouped_split(data, std::vector{1, 1, 2, 2}, 0.8, tn::seed{1}).test.size() == 2);
    CHECK_THROWS_WITH(
        tn::grouped_split(data, std::vector{1, 2}, 0.5, tn::seed{1}),
        ContainsSubstring("grouped_split: the data have 4 rows, but there are 2 ids of groups"));
    CHECK_THROWS_WITH(tn::grouped_split(data, rows(4), 0.5, tn::seed{1}),
                      ContainsSubstring("all rows are of one group"));
    CHECK_THROWS_WITH(tn::grouped_split(data, rows(4), 1, tn::seed{1}),
                      ContainsSubstring("grouped_split: the share"));
}

TEST_CASE("time_split tests with the last rows", "[split]") {
    const auto data = counting({0, 1, 2, 0, 1, 2, 0});
    const auto parts = tn::time_split(data, 0.7);
    CHECK(rows_of(parts.train) == counted(5));
    CHECK(rows_of(parts.test) == rows{5, 6});
    CHECK(parts.test.target(1) == 0);
    CHECK_THROWS_WITH(tn::time_split(data, 0.99),
                      ContainsSubstring("time_split: a share of 0.99 of 7 rows leaves"));
    CHECK_THROWS_WITH(tn::time_split(data, std::numeric_limits<double>::quiet_NaN()),
                      ContainsSubstring("time_split: the share"));
}
