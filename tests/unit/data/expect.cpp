#include "support/catch.hpp"

#include <limits>
#include <string>
#include <tenon/data/dataset.hpp>
#include <tenon/data/expect.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;

namespace {

struct penguin : tn::schema<tn::numeric<"bill_length_mm">, tn::categorical<"island", "Biscoe", "Dream">,
                            tn::label<"species", "Adelie", "Gentoo">> {};

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

tn::dataset<penguin> penguins() {
    tn::matrix<double> x(4, 2);
    const double values[4][2] = {{39.5, 0}, {gap, 1}, {139.5, gap}, {39.5, 1}};
    for (std::size_t r = 0; r < 4; ++r)
        for (std::size_t c = 0; c < 2; ++c) x(r, c) = values[r][c];
    return {std::move(x), {0, 1, 1, 0}};
}

/// "column row value rule" of each violation.
std::vector<std::string> lines(const tn::expectation_report& report) {
    std::vector<std::string> all;
    all.reserve(report.violations.size());
    for (const tn::violation& v : report.violations)
        all.push_back(v.column + " " + std::to_string(v.row) + " " + v.value + " " + v.rule);
    return all;
}

template <class F>
std::string refusal(F f) {
    try {
        f();
    } catch (const tn::data_error& e) {
        return e.what();
    }
    return {};
}

using texts = std::vector<std::string>;

template <tn::fixed_string Name, class D>
concept can_be_checked =
    requires(const D& data) { tn::check(data, tn::expect<"species">(), tn::expect<Name>()); };
template <tn::fixed_string Name, class D>
concept can_be_required = requires(const D& data) { tn::require(data, tn::expect<Name>()); };

} // namespace

TEST_CASE("check reports every value that breaks a rule, with its row", "[expect]") {
    const auto data = penguins();
    const auto report = tn::check(data, tn::expect<"bill_length_mm">().not_missing().between(20, 70).unique(),
                                  tn::expect<"island">().not_missing().one_of("Dream", "Torgersen"),
                                  tn::expect<"species">().one_of(std::string("Gentoo")));
    CHECK(report.rows == 4);
    CHECK_FALSE(report.holds());
    CHECK(lines(report) == texts{"bill_length_mm 2 missing a value",
                                 "bill_length_mm 3 139.5 between 20 and 70",
                                 "bill_length_mm 4 39.5 no value twice", "island 3 missing a value",
                                 "island 1 'Biscoe' one of 'Dream', 'Torgersen'",
                                 "species 1 'Adelie' one of 'Gentoo'", "species 4 'Adelie' one of 'Gentoo'"});
    CHECK(report.text().starts_with(
        "4 rows, 7 violations\n  row 2: 'bill_length_mm' is missing, expected a value\n"));
    CHECK(report.text().ends_with("  row 4: 'species' is 'Adelie', expected one of 'Gentoo'\n"));
}

TEST_CASE("what is as expected is not reported", "[expect]") {
    const auto data = penguins();
    // Rules are values: they can be kept and extended.
    const auto base = tn::expect<"bill_length_mm">().between(39.5, 139.5);
    const auto report = tn::check(data, base, base.one_of(39.5, 139.5, 0), tn::expect<"island">(),
                                  tn::expect<"species">().not_missing().one_of("Adelie", "Gentoo"));
    CHECK(report.holds());
    CHECK(report.text() == "4 rows, 0 violations\n");
    tn::require(data, base);
    CHECK(tn::check(data, base.one_of(0)).violations.size() == 3);
    CHECK(lines(tn::check(data, base.one_of(139.5, 1)))[0] == "bill_length_mm 1 39.5 one of 139.5, 1");
    CHECK(lines(tn::check(data, tn::expect<"species">().unique())) ==
          texts{"species 3 'Gentoo' no value twice", "species 4 'Adelie' no value twice"});
    CHECK(lines(tn::check(data, tn::expect<"bill_length_mm">().between(-1e308, 100))).size() == 1);
}

TEST_CASE("require throws the first violation and counts the others", "[expect]") {
    const auto data = penguins();
    const auto in_range = tn::expect<"bill_length_mm">().between(20, 70);
    CHECK(refusal([&] { tn::require(data, in_range); }) ==
          "row 3: 'bill_length_mm' is 139.5, expected between 20 and 70");
    CHECK(refusal([&] {
              tn::require(data, in_range.not_missing(), tn::expect<"island">().one_of("Dream"));
          }) == "row 3: 'bill_length_mm' is 139.5, expected between 20 and 70 (and 2 more)");
}

TEST_CASE("a column that a schema does not have does not compile", "[expect]") {
    STATIC_REQUIRE(can_be_checked<"island", tn::dataset<penguin>>);
    STATIC_REQUIRE_FALSE(can_be_checked<"iland", tn::dataset<penguin>>);
    STATIC_REQUIRE(can_be_required<"species", tn::dataset<penguin>>);
    STATIC_REQUIRE_FALSE(can_be_required<"specie", tn::dataset<penguin>>);
    STATIC_REQUIRE(
        std::is_same_v<tn::detail::objection_to_check<tn::dataset<penguin>, "species", "iland">,
                       tn::because::the_schema_has_no_column<"iland", tn::because::did_you_mean<"island">>>);
}

TEST_CASE("columns without a schema's names are found when they are checked", "[expect]") {
    tn::matrix<double> x(2, 2);
    x(1, 1) = 5;
    const tn::dataset<tn::columns<tn::dynamic>> data(std::move(x), {1, 2});
    CHECK(lines(tn::check(data, tn::expect<"x1">().between(0, 1), tn::expect<"y">().between(2, 3))) ==
          texts{"x1 2 5 between 0 and 1", "y 1 1 between 2 and 3"});
    CHECK(refusal([&] { tn::check(data, tn::expect<"weight">()); }) ==
          "expect: the data have no column 'weight', there are 'x0', 'x1', 'y'");
}

TEST_CASE("rules that do not suit a column are refused", "[expect]") {
    const auto data = penguins();
    CHECK(refusal([&] { tn::check(data, tn::expect<"island">().between(0, 1)); }) ==
          "expect: 'island' is a column of words, it cannot be expected to be between 0 and 1");
    CHECK(refusal([&] { tn::check(data, tn::expect<"species">().one_of(1)); }) ==
          "expect: 'species' is a column of words, it cannot be expected to be one of 1");
    CHECK(refusal([&] { tn::check(data, tn::expect<"bill_length_mm">().one_of("short")); }) ==
          "expect: 'bill_length_mm' is a column of numbers, it cannot be expected to be one of 'short'");
    CHECK(refusal([&] { tn::check(data, tn::expect<"bill_length_mm">().between(2, 1)); }) ==
          "expect: 'bill_length_mm' cannot be between 2 and 1");
}

TEST_CASE("columns are checked for the type they are expected to have", "[expect]") {
    const auto data = penguins();
    CHECK(tn::check(data, tn::expect<"bill_length_mm">().numeric(), tn::expect<"island">().categorical(),
                    tn::expect<"species">().categorical().one_of("Adelie", "Gentoo"))
              .holds());
    CHECK(lines(tn::check(data, tn::expect<"bill_length_mm">().integer())) ==
          texts{"bill_length_mm 1 39.5 a whole number", "bill_length_mm 3 139.5 a whole number",
                "bill_length_mm 4 39.5 a whole number"});
    const tn::expectation_report wrong =
        tn::check(data, tn::expect<"island">().numeric().between(0, 1), // what cannot be tried is not
                  tn::expect<"bill_length_mm">().not_missing().categorical());
    CHECK(wrong.text() == "4 rows, 3 violations\n"
                          "  'island' is a column of words, expected a column of numbers\n"
                          "  row 2: 'bill_length_mm' is missing, expected a value\n"
                          "  'bill_length_mm' is a column of numbers, expected a column of words\n");
    tn::matrix<double> x(5, 1);
    const double values[] = {1e300, -4, 0.5, gap, std::numeric_limits<double>::infinity()};
    for (std::size_t r = 0; r < 5; ++r) x(r, 0) = values[r];
    const tn::dataset<tn::columns<1, tn::none>> counts(std::move(x), {});
    CHECK(lines(tn::check(counts, tn::expect<"x0">().integer())) ==
          texts{"x0 3 0.5 a whole number", "x0 5 inf a whole number"});
    CHECK(refusal([&] { tn::check(data, tn::expect<"island">().integer()); }) ==
          "expect: 'island' is a column of words, it cannot be expected to be a whole number");
}
