#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <tenon/core/sample.hpp>

namespace tn = tenon;
using tn::detail::check_value;
using tn::detail::parse_value;

namespace {

const tn::column_info area{"area", false, {}};
const tn::column_info kind{"kind", true, {"flat", "house", "barge"}};
const tn::column_info open{"town", true, {}};
constexpr double gap = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

} // namespace

TEST_CASE("a sample is an array, or a vector where its width is dynamic", "[sample]") {
    STATIC_REQUIRE(std::is_same_v<tn::sample<3>, std::array<double, 3>>);
    STATIC_REQUIRE(std::is_same_v<tn::sample<2, float>, std::array<float, 2>>);
    STATIC_REQUIRE(std::is_same_v<tn::sample<tn::dynamic>, std::vector<double>>);
    CHECK(tn::detail::make_sample<3, double>(3) == std::array<double, 3>{});
    CHECK(tn::detail::make_sample<tn::dynamic, float>(2) == std::vector<float>(2));
}

TEST_CASE("numbers and words become values of a row", "[sample]") {
    CHECK(parse_value<double>(area, 30, true) == 30);
    CHECK(parse_value<float>(area, 1.5, true) == 1.5F);
    CHECK(parse_value<double>(kind, "barge", true) == 2);
    CHECK(parse_value<double>(kind, std::string("flat"), true) == 0);
    CHECK(parse_value<double>(kind, 1, true) == 1);
}

TEST_CASE("what is missing is NaN where a stage fills it, else an error", "[sample]") {
    for (const char* word : {"", "NA"}) {
        CHECK(std::isnan(parse_value<double>(area, std::string_view(word), true)));
        CHECK(std::isnan(parse_value<double>(kind, std::string_view(word), true)));
        CHECK_THROWS_AS(parse_value<double>(area, std::string_view(word), false), tn::data_error);
    }
    CHECK(std::isnan(parse_value<double>(area, gap, true)));
    CHECK_THROWS_WITH(parse_value<double>(kind, gap, false),
                      "column 'kind' is missing (NaN) and no stage of this pipeline fills missing values");
}

TEST_CASE("values that no column can have are refused by name", "[sample]") {
    CHECK_THROWS_WITH(parse_value<double>(kind, "tent", true),
                      "column 'kind' has no level 'tent'; it has flat, house, barge");
    CHECK_THROWS_WITH(parse_value<double>(area, "large", true),
                      "column 'area' takes a number, not the word 'large'");
    CHECK_THROWS_WITH(parse_value<double>(area, -infinity, true), "column 'area' is infinite");
    CHECK_THROWS_AS(parse_value<float>(area, 1e39, true), tn::data_error); // no float is that large
    CHECK_THROWS_WITH(parse_value<float>(kind, 3, true),
                      tenon_test::ContainsSubstring("'kind' is categorical with 3 levels"));
}

TEST_CASE("an index is one of the levels of its column", "[sample]") {
    for (const double good : {0.0, 1.0, 2.0}) CHECK_NOTHROW(check_value(kind, good, false));
    for (const double bad : {-1.0, 3.0, 0.5, 1e300, infinity}) {
        INFO(bad);
        CHECK_THROWS_AS(check_value(kind, bad, true), tn::data_error);
    }
    CHECK_NOTHROW(check_value(open, 17, false)); // its levels are not known
    CHECK_NOTHROW(check_value(area, -0.5, false));
    CHECK_NOTHROW(check_value(kind, gap, true));
}
