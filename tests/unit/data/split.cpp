#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <tenon/data/split.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

using numbers = tn::columns<1>;
using labels = tn::columns<1, tn::classes<3>>;

/// Rows whose feature is their number.
template <class S>
tn::dataset<S> counting(std::vector<tn::target_value<typename S::kind>> y) {
    tn::matrix<double> x(y.size(), 1);
    for (std::size_t r = 0; r < y.size(); ++r) x(r, 0) = static_cast<double>(r);
    return tn::dataset<S>(std::move(x), std::move(y));
}

template <class D>
std::vector<double> rows_of(const D& data) {
    std::vector<double> all;
    for (std::size_t r = 0; r < data.size(); ++r) all.push_back(data.x()(r, 0));
    return all;
}

template <class D>
std::vector<std::size_t> class_counts(const D& data) {
    std::vector<std::size_t> counts(data.info().target.levels.size());
    for (std::size_t r = 0; r < data.size(); ++r) ++counts[data.y()[r]];
    return counts;
}

/// counts[k] rows of class k, in turns.
tn::dataset<labels> with_counts(std::vector<std::size_t> counts) {
    std::vector<tn::class_index> y;
    for (bool more = true; more;) {
        more = false;
        for (std::size_t k = 0; k < counts.size(); ++k)
            if (counts[k] > 0) {
                --counts[k];
                y.push_back(static_cast<tn::class_index>(k));
                more = true;
            }
    }
    return counting<labels>(std::move(y));
}

/// Every row of the whole is in one part, each part has them in their order, and target k still belongs to row k.
template <class D>
bool is_partition(const D& data, const tn::split_data<typename D::schema_type>& parts) {
    const std::vector<double> train = rows_of(parts.train), test = rows_of(parts.test);
    std::vector<double> all(train.size() + test.size());
    std::merge(train.begin(), train.end(), test.begin(), test.end(), all.begin());
    const auto targets_fit = [&](const auto& part) {
        for (std::size_t r = 0; r < part.size(); ++r)
            if (part.y()[r] != data.y()[static_cast<std::size_t>(part.x()(r, 0))]) return false;
        return part.info() == data.info();
    };
    return std::is_sorted(train.begin(), train.end()) && std::is_sorted(test.begin(), test.end()) &&
           all == rows_of(data) && targets_fit(parts.train) && targets_fit(parts.test);
}

template <class D>
concept can_be_stratified = requires(const D& data) { tn::stratified_split(data, 0.5, tn::seed{1}); };

} // namespace

TEST_CASE("split takes a random share of the rows and leaves them in order", "[split]") {
    std::vector<double> y(100);
    for (std::size_t r = 0; r < y.size(); ++r) y[r] = static_cast<double>(7 * r);
    const auto data = counting<numbers>(y);
    const auto parts = tn::split(data, 0.8, tn::seed{7});
    CHECK(parts.train.size() == 80);
    CHECK(is_partition(data, parts));

    const auto& [train, test] = parts;
    CHECK(rows_of(train) == rows_of(tn::split(data, 0.8, tn::seed{7}).train));
    CHECK(rows_of(test) != rows_of(tn::split(data, 0.8, tn::seed{8}).test));
    CHECK(tn::split(counting<numbers>({1, 2, 3}), 0.5, tn::seed{1}).train.size() == 2); // 1.5 is rounded up

    // A view is as good as a dataset.
    const tn::dataset_view<numbers> view(data.x(), data.y());
    CHECK(rows_of(tn::split(view, 0.8, tn::seed{7}).test) == rows_of(test));
}

TEST_CASE("split makes every row a test row equally often", "[split]") {
    const auto data = counting<numbers>(std::vector<double>(20));
    std::vector<int> tested(20);
    constexpr int runs = 2000;
    for (int run = 0; run < runs; ++run)
        for (double r : rows_of(tn::split(data, 0.7, tn::seed{static_cast<std::uint64_t>(run)}).test))
            ++tested[static_cast<std::size_t>(r)];
    // Binomial, n = 2000, p = 0.3: a deviation of 20.5.
    for (int count : tested) CHECK(std::abs(count - 600) < 5 * 20.5);
}

TEST_CASE("split refuses shares that leave a part without rows", "[split]") {
    const auto data = counting<numbers>({1, 2, 3});
    for (double share : {0.0, 1.0, -0.5, 1.5, std::numeric_limits<double>::quiet_NaN()})
        CHECK_THROWS_WITH(tn::split(data, share, tn::seed{1}),
                          ContainsSubstring("split: the share to train on lies between 0 and 1"));
    CHECK_THROWS_WITH(tn::split(data, 0.1, tn::seed{1}),
                      ContainsSubstring("split: a share of 0.1 of 3 rows leaves no row to train on"));
    CHECK_THROWS_WITH(tn::split(data, 0.9, tn::seed{1}), ContainsSubstring("leaves no row to test with"));
    CHECK_THROWS_AS(tn::split(counting<numbers>({}), 0.5, tn::seed{1}), tn::data_error);
    CHECK_THROWS_AS(tn::split(counting<numbers>({1}), 0.5, tn::seed{1}), tn::data_error);
}

TEST_CASE("stratified_split keeps the classes' shares", "[split]") {
    const auto data = with_counts({50, 30, 20});
    for (std::uint64_t s = 0; s < 20; ++s) {
        const auto parts = tn::stratified_split(data, 0.7, tn::seed{s});
        CHECK(class_counts(parts.train) == std::vector<std::size_t>{35, 21, 14});
        CHECK(is_partition(data, parts));
    }
    const auto parts = tn::stratified_split(data, 0.7, tn::seed{1});
    CHECK(rows_of(parts.train) == rows_of(tn::stratified_split(data, 0.7, tn::seed{1}).train));
    CHECK(rows_of(parts.train) != rows_of(tn::stratified_split(data, 0.7, tn::seed{2}).train));
}

TEST_CASE("stratified_split gives rows left over to the largest remainders", "[split]") {
    const auto counts = [](std::vector<std::size_t> rows, double share) {
        return class_counts(tn::stratified_split(with_counts(std::move(rows)), share, tn::seed{3}).train);
    };
    using sizes = std::vector<std::size_t>;
    // 0.7 · (11, 12, 13) = (7.7, 8.4, 9.1): 25 of 36 rows, 24 whole ones and one for the first class.
    CHECK(counts({11, 12, 13}, 0.7) == sizes{8, 8, 9});
    // 0.5 · (3, 3, 3): 4.5 is rounded to 5, and of equal remainders the first classes come first.
    CHECK(counts({3, 3, 3}, 0.5) == sizes{2, 2, 1});
    CHECK(counts({7, 0, 1}, 0.5) == sizes{4, 0, 0});
    // 0.29 · 100 is a little less than 29 in double.
    CHECK(counts({100, 100, 100}, 0.29) == sizes{29, 29, 29});

    // Never further from the exact share than one row, whatever the counts.
    tn::philox random(5);
    for (int i = 0; i < 200; ++i) {
        const sizes rows{1 + random.below(40), 1 + random.below(40), 1 + random.below(9)};
        const double share = random.uniform(0.2, 0.8);
        const sizes train = counts(rows, share);
        for (std::size_t k = 0; k < 3; ++k)
            CHECK(std::abs(static_cast<double>(train[k]) - share * static_cast<double>(rows[k])) < 1);
    }
}

TEST_CASE("stratified_split refuses what has no classes", "[split]") {
    CHECK_THROWS_WITH(tn::stratified_split(counting<labels>({0, 1, 7, 2}), 0.5, tn::seed{1}),
                      ContainsSubstring("label 'y' of row 3 is 7, the schema has 3 classes"));
    CHECK_THROWS_WITH(tn::stratified_split(with_counts({2, 2, 2}), 0, tn::seed{1}),
                      ContainsSubstring("stratified_split: the share"));
    CHECK_THROWS_AS(tn::stratified_split(with_counts({}), 0.5, tn::seed{1}), tn::data_error);
    STATIC_REQUIRE(can_be_stratified<tn::dataset<labels>>);
    STATIC_REQUIRE_FALSE(can_be_stratified<tn::dataset<numbers>>);
}
