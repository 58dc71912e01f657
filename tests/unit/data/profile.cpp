#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <tenon/data/profile.hpp>
#include <vector>

namespace tn = tenon;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

double sum(const std::vector<double>& counts) {
    return std::accumulate(counts.begin(), counts.end(), 0.0);
}

std::vector<double> normal_values(std::size_t n, std::uint64_t key) {
    tn::philox random(key);
    std::vector<double> values(n);
    for (double& v : values) v = random.normal();
    return values;
}

} // namespace

TEST_CASE("a numeric profile has ten bins of the same share of the reference", "[profile]") {
    std::vector<double> values(1000);
    for (std::size_t i = 0; i < 1000; ++i) values[i] = static_cast<double>((i * 7) % 1000);
    const tn::column_profile profile = tn::profile_numbers(values);
    CHECK(profile.minimum == 0);
    CHECK(profile.maximum == 999);
    REQUIRE(profile.edges.size() == 9);
    REQUIRE(profile.counts.size() == 11);
    for (std::size_t b = 0; b < 10; ++b) CHECK(profile.counts[b] == 100);
    CHECK(profile.counts[10] == 0);
}

TEST_CASE("bins are open at the ends, closed above, and the last one is for missing values", "[profile]") {
    tn::column_profile profile;
    profile.edges = {1, 2};
    profile.counts.assign(4, 0);
    CHECK(tn::profile_bin(profile, -std::numeric_limits<double>::infinity()) == 0);
    CHECK(tn::profile_bin(profile, 1) == 0);
    CHECK(tn::profile_bin(profile, 1.5) == 1);
    CHECK(tn::profile_bin(profile, 2) == 1);
    CHECK(tn::profile_bin(profile, 2.1) == 2);
    CHECK(tn::profile_bin(profile, std::numeric_limits<double>::infinity()) == 2);
    CHECK(tn::profile_bin(profile, gap) == 3);
}

TEST_CASE("a numeric profile counts every value once", "[profile]") {
    for (std::size_t n : {1u, 2u, 9u, 10u, 11u, 500u}) {
        std::vector<double> values = normal_values(n, n);
        for (std::size_t i = 0; i < n; i += 5) values[i] = gap;
        const tn::column_profile profile = tn::profile_numbers(values);
        CHECK(sum(profile.counts) == static_cast<double>(n));
        CHECK(profile.counts.back() == static_cast<double>((n + 4) / 5));
        CHECK(profile.counts.size() == profile.edges.size() + 2);
        for (std::size_t b = 1; b < profile.edges.size(); ++b) CHECK(profile.edges[b - 1] < profile.edges[b]);
    }
}

TEST_CASE("columns of few values have few bins", "[profile]") {
    // One for the only value, and one to each side to see any other.
    for (double only : {3.0, 0.0, -1e300}) {
        const tn::column_profile constant = tn::profile_numbers(std::vector<double>{only, only, only});
        CHECK(constant.counts == std::vector<double>{0, 3, 0, 0});
        CHECK(tn::profile_bin(constant, only) == 1);
        CHECK(tn::profile_bin(constant, std::nextafter(only, -1e308)) == 0);
        CHECK(tn::profile_bin(constant, std::nextafter(only, 1e308)) == 2);
    }

    std::vector<double> two(100);
    for (std::size_t i = 0; i < 100; ++i) two[i] = i < 30 ? 0 : 1;
    CHECK(tn::profile_numbers(two).edges == std::vector<double>{0});
    CHECK(tn::profile_numbers(two).counts == std::vector<double>{30, 70, 0});

    const tn::column_profile missing = tn::profile_numbers(std::vector<double>{gap, gap});
    CHECK(missing.counts == std::vector<double>{0, 0, 2}); // a numeric profile has edges
    CHECK(tn::profile_numbers({}).counts == std::vector<double>{0, 0, 0});
}

TEST_CASE("a categorical profile has a bin for every level", "[profile]") {
    const tn::column_profile profile = tn::profile_levels(std::vector<double>{0, 2, 2, gap, 3, -1}, 3);
    CHECK(profile.edges.empty());
    CHECK(profile.counts == std::vector<double>{1, 0, 2, 3}); // unknown levels are as good as missing
    CHECK(profile.minimum == 0);
    CHECK(profile.maximum == 2);
    CHECK(tn::profile_levels(std::vector<double>{0, 0, gap}, 1).counts == std::vector<double>{2, 1});
    CHECK(tn::profile_levels(std::vector<double>{gap}, 0).counts == std::vector<double>{1});
}

TEST_CASE("profiles are made of all rows, or of a random sample that depends on their number only",
          "[profile]") {
    const std::vector<std::size_t> few = tn::profiled_rows(10);
    REQUIRE(few.size() == 10);
    for (std::size_t r = 0; r < 10; ++r) CHECK(few[r] == r);
    CHECK(tn::profiled_rows(0).empty());
    CHECK(tn::profiled_rows(tn::profile_rows).size() == tn::profile_rows);

    const std::size_t n = 50'000;
    const std::vector<std::size_t> rows = tn::profiled_rows(n);
    REQUIRE(rows.size() == tn::profile_rows);
    CHECK(rows == tn::profiled_rows(n));
    bool ascending = rows.back() < n;
    double mean = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ascending = ascending && (i == 0 || rows[i - 1] < rows[i]);
        mean += static_cast<double>(rows[i]) / static_cast<double>(rows.size());
    }
    CHECK(ascending);
    // The mean of 4096 uniform places deviates by n / sqrt(12 · 4096) = 226.
    CHECK(std::abs(mean - 25'000) < 5 * 226);
    CHECK(tn::profiled_rows(tn::profile_rows + 1).size() == tn::profile_rows);
}

TEST_CASE("a profile does not depend on the memory layout or the scalar", "[profile]") {
    const std::size_t n = 300;
    const tn::column_info number{"x", false, {}}, category{"kind", true, {"a", "b", "c"}};
    std::vector<double> by_row(2 * n), by_column(2 * n);
    std::vector<float> narrow(2 * n);
    tn::philox random(1);
    for (std::size_t r = 0; r < n; ++r) {
        const double values[2] = {r % 11 == 0 ? gap : static_cast<float>(random.normal()),
                                  r % 7 == 0 ? gap : static_cast<double>(random.below(3))};
        for (std::size_t c = 0; c < 2; ++c) {
            by_row[2 * r + c] = by_column[c * n + r] = values[c];
            narrow[2 * r + c] = static_cast<float>(values[c]);
        }
    }
    const tn::matrix_view<const double> rows(by_row.data(), n, 2);
    const tn::matrix_view<const double> columns(by_column.data(), n, 2, 1, static_cast<std::ptrdiff_t>(n));
    const tn::matrix_view<const float> floats(narrow.data(), n, 2);
    const std::vector<std::size_t> chosen = tn::profiled_rows(n);
    for (std::size_t c = 0; c < 2; ++c) {
        const tn::column_info& info = c == 0 ? number : category;
        const tn::column_profile expected = tn::profile_column(rows.column(c), info, chosen);
        CHECK(sum(expected.counts) == static_cast<double>(n));
        CHECK(expected.counts.size() == (c == 0 ? 11 : 4));
        CHECK(tn::profile_column(columns.column(c), info, chosen) == expected);
        CHECK(tn::profile_column(floats.column(c), info, chosen) == expected);
    }
}
