#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <tenon/core/random.hpp>
#include <tenon/prepare/tally.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::WithinRel;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

tn::column_tally tally_of(const std::vector<double>& values) {
    tn::column_tally tally;
    tally.update(tn::vector_view<const double>(values.data(), values.size()));
    return tally;
}

std::uint64_t bits_of(double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

bool same_bits(const tn::column_tally& a, const tn::column_tally& b) {
    return a.count() == b.count() && bits_of(a.mean()) == bits_of(b.mean()) &&
           bits_of(a.median()) == bits_of(b.median()) &&
           bits_of(a.most_frequent()) == bits_of(b.most_frequent());
}

} // namespace

TEST_CASE("a tally gives mean, median and mode of what is there", "[tally]") {
    const auto odd = tally_of({5, gap, 1, 3, 3, gap, 8});
    CHECK(odd.count() == 5);
    CHECK_THAT(odd.mean(), WithinRel(4.0, 1e-15));
    CHECK(odd.median() == 3);
    CHECK(odd.most_frequent() == 3);
    CHECK(tally_of({4, 1, 3, 2}).median() == 2.5);
    CHECK(tally_of({7, 7, 2, 2, 9}).most_frequent() == 2); // the smallest of equals
    CHECK(tally_of({3, 1, 2}).most_frequent() == 1);
    const auto one = tally_of({gap, 0.1});
    CHECK(one.mean() == 0.1);
    CHECK(one.median() == 0.1);
    CHECK(one.most_frequent() == 0.1);
    CHECK(tally_of({gap, gap}).count() == 0);
    CHECK(tally_of({}).count() == 0);
}

TEST_CASE("quantiles lie between the values as numpy's do", "[tally]") {
    const auto tally = tally_of({4, gap, 1, 2, 8});
    CHECK(tally.quantile(0) == 1);
    CHECK(tally.quantile(1) == 8);
    CHECK(tally.quantile(0.5) == 3);
    CHECK_THAT(tally.quantile(0.25), WithinRel(1.75, 1e-15));
    CHECK_THAT(tally.quantile(0.9), WithinRel(6.8, 1e-15));
    CHECK(tally_of({0.1, 0.1, 0.1}).quantile(0.3) == 0.1); // between equal values there is nothing else
    CHECK(tally_of({7}).quantile(0.25) == 7);
    const double large = std::numeric_limits<double>::max();
    CHECK(tally_of({-large, large}).quantile(0.5) == 0);
}

TEST_CASE("tallies of all columns of a table", "[tally]") {
    const std::vector<double> values{1, 10, 2, gap, 3, 30};
    tn::column_tallies tallies(2), rest(2);
    tallies.update(tn::matrix_view<const double>(values.data(), 2, 2));
    rest.update(tn::matrix_view<const double>(values.data() + 4, 1, 2));
    tallies.merge(rest);
    CHECK(tallies.width() == 2);
    CHECK(tallies[0].median() == 2);
    CHECK(tallies[1].count() == 2);
    CHECK(tallies[1].sorted() == std::vector<double>{10, 30});
}

TEST_CASE("a tally does not overflow where its answer does not", "[tally]") {
    const double large = std::numeric_limits<double>::max();
    CHECK(tally_of({large, large}).median() == large);
    CHECK(tally_of({large, large}).mean() == large);
    CHECK(tally_of({-large, large}).median() == 0);
}

TEST_CASE("a tally takes columns of any stride and scalar", "[tally]") {
    const std::vector<double> spread{1, -9, 2, -9, 4, -9};
    tn::column_tally tally;
    tally.update(tn::vector_view<const double>(spread.data(), 3, 2));
    CHECK(same_bits(tally, tally_of({1, 2, 4})));
    const std::vector<float> narrow{0.5F, 0.25F, std::numeric_limits<float>::quiet_NaN()};
    tn::column_tally from_float;
    from_float.update(tn::vector_view<const float>(narrow.data(), 3));
    CHECK(same_bits(from_float, tally_of({0.5, 0.25})));
}

TEST_CASE("merging any split of the rows gives the single pass to the last bit", "[tally]") {
    tn::philox random(11);
    std::vector<double> values(301);
    for (double& v : values) {
        v = random.uniform() < 0.3 ? static_cast<double>(random.below(5)) : random.normal();
        if (random.uniform() < 0.1) v = gap;
        if (random.uniform() < 0.1) v = -0.0;
    }
    const auto whole = tally_of(values);
    for (int run = 0; run < 20; ++run) {
        tn::shuffle(values, random);
        std::vector<tn::column_tally> parts;
        for (std::size_t first = 0; first < values.size();) {
            const std::size_t size = std::min<std::size_t>(random.below(120), values.size() - first);
            parts.push_back(tally_of({values.begin() + static_cast<std::ptrdiff_t>(first),
                                      values.begin() + static_cast<std::ptrdiff_t>(first + size)}));
            first += size;
        }
        while (parts.size() > 1) { // two parts at random, until one is left
            const std::size_t from = random.below(parts.size() - 1);
            parts.back().merge(parts[from]);
            std::swap(parts[from], parts.back());
            parts.pop_back();
        }
        CHECK(same_bits(parts.front(), whole));
    }
}
