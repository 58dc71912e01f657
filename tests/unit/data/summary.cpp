#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <tenon/data/dataset.hpp>
#include <tenon/data/summary.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::WithinRel;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};

tn::dataset<house> houses() {
    tn::matrix<double> x(5, 2);
    const double areas[] = {30, gap, 10, 20, 20}, kinds[] = {0, 1, gap, 0, 0};
    for (std::size_t r = 0; r < 5; ++r) {
        x(r, 0) = areas[r];
        x(r, 1) = kinds[r];
    }
    return {std::move(x), {5, 5, 5, 5, 5}};
}

tn::column_summary summary_of(const std::vector<double>& values) {
    return tn::summarize_numbers(tn::vector_view<const double>(values.data(), values.size()), "x");
}

/// The longest line of a text, in characters.
std::size_t width_of(const std::string& text) {
    std::size_t widest = 0, width = 0;
    for (const char c : text) {
        width = c == '\n' ? 0 : width + ((static_cast<unsigned char>(c) & 0xC0u) != 0x80u ? 1 : 0);
        widest = widest < width ? width : widest;
    }
    return widest;
}

} // namespace

TEST_CASE("summarize counts and measures every column", "[summary]") {
    const tn::data_summary summary = tn::summarize(houses());
    CHECK(summary.rows == 5);
    REQUIRE(summary.columns.size() == 2);
    const tn::column_summary& area = summary.columns[0];
    CHECK(area.name == "area");
    CHECK_FALSE(area.categorical);
    CHECK(area.count == 4);
    CHECK(area.missing == 1);
    CHECK(area.distinct == 3);
    CHECK(area.minimum == 10);
    CHECK(area.lower_quartile == 17.5);
    CHECK(area.median == 20);
    CHECK(area.upper_quartile == 22.5);
    CHECK(area.maximum == 30);
    CHECK_THAT(area.mean, WithinRel(20.0, 1e-15));
    CHECK_THAT(area.deviation, WithinRel(std::sqrt(200.0 / 3), 1e-15));

    const tn::column_summary& kind = summary.columns[1];
    CHECK(kind.categorical);
    CHECK(kind.count == 4);
    CHECK(kind.missing == 1);
    CHECK(kind.distinct == 2);
    REQUIRE(kind.levels.size() == 2);
    CHECK(kind.levels[0].level == "flat");
    CHECK(kind.levels[0].count == 3);
    CHECK(kind.levels[1].count == 1);
    CHECK(std::isnan(kind.mean));

    CHECK(summary.target.name == "price");
    CHECK(summary.target.distinct == 1);
    CHECK(summary.target.mean == 5);
    CHECK(summary.target.deviation == 0);
}

TEST_CASE("quartiles are those of R and NumPy", "[summary]") {
    // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6], [25, 50, 75])
    const auto s = summary_of({3, 1, 4, 1, 5, 9, 2, 6});
    CHECK(s.lower_quartile == 1.75);
    CHECK(s.median == 3.5);
    CHECK(s.upper_quartile == 5.25);
}

TEST_CASE("columns without spread or without values have a summary too", "[summary]") {
    const auto one = summary_of({0.1});
    CHECK(one.distinct == 1);
    CHECK(one.mean == 0.1);
    CHECK(one.lower_quartile == 0.1);
    CHECK(std::isnan(one.deviation));
    const auto constant = summary_of({0.1, 0.1, 0.1});
    CHECK(constant.mean == 0.1);
    CHECK(constant.deviation == 0);
    const auto none = summary_of({gap, gap});
    CHECK(none.count == 0);
    CHECK(none.missing == 2);
    CHECK(none.distinct == 0);
    CHECK(std::isnan(none.minimum));
    CHECK(std::isnan(none.mean));
    CHECK(summary_of({}).missing == 0);

    const tn::data_summary empty = tn::summarize(tn::dataset<house>(tn::matrix<double>(0, 2), {}));
    CHECK(empty.rows == 0);
    CHECK(empty.columns[1].levels.size() == 2);
    CHECK(empty.text().find("0 rows") == 0);
}

TEST_CASE("values that are the index of no level are missing", "[summary]") {
    const std::vector<double> values{0, 1, 2, -1, 0.5, gap};
    const auto s = tn::summarize_levels(tn::vector_view<const double>(values.data(), values.size()),
                                        tn::column_info{"kind", true, {"flat", "house"}});
    CHECK(s.count == 2);
    CHECK(s.missing == 4);
    const std::vector<tn::class_index> classes{1, 1, tn::no_class};
    const auto labels =
        tn::summarize_levels(tn::vector_view<const tn::class_index>(classes.data(), classes.size()),
                             tn::column_info{"kind", true, {"flat", "house"}});
    CHECK(labels.levels[1].count == 2);
    CHECK(labels.missing == 1);
}

TEST_CASE("a summary does not depend on the memory layout or the order of rows", "[summary]") {
    const tn::dataset<house> data = houses();
    std::vector<double> by_column, backwards;
    for (std::size_t c = 0; c < 2; ++c)
        for (std::size_t r = 0; r < 5; ++r) by_column.push_back(data.x()(r, c));
    const tn::matrix_view<const double> columns(by_column.data(), 5, 2, 1, 5);
    const tn::matrix_view<const double> reversed(by_column.data() + 4, 5, 2, -1, 5);
    const std::string expected = tn::summarize(data).text();
    CHECK(tn::summarize(tn::dataset_view<house>(columns, data.y())).text() == expected);
    CHECK(tn::summarize(tn::dataset_view<house>(reversed, data.y())).text() == expected);
}

TEST_CASE("the text of a summary is a table", "[summary]") {
    CHECK(tn::summarize(houses()).text() ==
          "5 rows, 2 features, target 'price'\n"
          "1 row repeats an earlier one\n"
          "\n"
          "number  missing  distinct  min  25 %  median  75 %  max  mean  std dev\n"
          "area          1         3   10  17.5      20  22.5   30    20    8.165\n"
          "price         0         1    5     5       5     5    5     5        0\n"
          "\n"
          "category  missing  levels\n"
          "kind            1  flat 3, house 1\n");
    std::ostringstream stream;
    stream << tn::summarize(houses()) << "end";
    CHECK(stream.str() == tn::summarize(houses()).text() + "end");
}

TEST_CASE("the text of a summary is at most 80 columns wide", "[summary]") {
    tn::data_summary summary;
    summary.rows = 123456789;
    SECTION("long names are cut") {
        for (const char* name :
             {"a_name_that_is_longer_than_a_line_of_eighty_characters_can_be_whatever_one_tries",
              "\xC3\xA9\xC3\xA9\xC3\xA9", "tab\tand\nline"}) {
            auto column = summary_of({1, 2, 3});
            column.name = name;
            summary.columns.push_back(column);
            column.categorical = true;
            column.levels = {{name, 1}, {name, 2}, {name, 3}, {name, 4}, {name, 5}};
            summary.columns.push_back(column);
        }
        const std::string text = summary.text();
        CHECK(width_of(text) <= 80);
        CHECK(text.find("a_name_that_is") != std::string::npos);
        CHECK(text.find("tab and line") != std::string::npos);
    }
    SECTION("long numbers push out distinct values, then quartiles") {
        summary.columns.push_back(summary_of({-123456, 1234567, 7654321}));
        const std::string wide = summary.text();
        CHECK(wide.find("distinct") != std::string::npos);
        CHECK(wide.find("1.235e6") != std::string::npos);
        summary.columns.push_back(summary_of({-1.2345e-300, 2.3456e-300, -3.4567e-300}));
        summary.columns.back().name = "sixteen_letters_";
        const std::string wider = summary.text();
        CHECK(width_of(wider) <= 80);
        CHECK(wider.find("distinct") == std::string::npos);
        CHECK(wider.find("-3.457e-300") != std::string::npos);
        CHECK(wider.find("sixteen_letters_") != std::string::npos);
    }
    SECTION("many levels are counted, not shown") {
        tn::column_summary column;
        column.name = "town";
        column.categorical = true;
        for (int i = 0; i < 40; ++i) column.levels.push_back({"town" + std::to_string(i), 1});
        summary.columns.push_back(column);
        const std::string text = summary.text();
        CHECK(width_of(text) <= 80);
        CHECK(text.find("town11 1,") != std::string::npos);
        CHECK(text.find("and 28 more\n") != std::string::npos);
        CHECK(text.find("town12") == std::string::npos);
    }
}

TEST_CASE("what repeats is found, missing values too", "[summary]") {
    const double rows[4][4] = {{1, 1, 7, gap}, {gap, gap, 7, gap}, {1, 1, 7, gap}, {-0.0, 0, 7, gap}};
    const tn::matrix_view<const double> x(&rows[0][0], 4, 4);
    const double y[] = {1, 2, 1, 3}, others[] = {1, 2, 4, 3};
    using targets = tn::vector_view<const double>;
    CHECK(tn::first_equal_rows(x, targets(y, 4)) == std::vector<std::size_t>{0, 1, 0, 3});
    CHECK(tn::first_equal_rows(x, targets(others, 4)) == std::vector<std::size_t>{0, 1, 2, 3});
    CHECK(tn::first_equal_columns(x) == std::vector<std::size_t>{0, 0, 2, 3});

    const tn::dataset_view<tn::columns<4>> data(x, targets(y, 4));
    const std::string text = tn::summarize(data).text();
    CHECK(text.find("4 rows, 4 features, target 'y'\n1 row repeats an earlier one\n'x1' repeats 'x0'\n"
                    "'x2' has one value only\n'x3' has no value\n\n") == 0);
}

TEST_CASE("a summary is JSON", "[summary]") {
    CHECK(
        tn::summarize(houses()).json() ==
        R"({"rows":5,"duplicate_rows":1,"columns":[{"name":"area","count":4,"missing":1,"distinct":3,"minimum":10,)"
        R"("lower_quartile":17.5,"median":20,"upper_quartile":22.5,"maximum":30,"mean":20,)"
        R"("deviation":8.16496580927726},{"name":"kind","count":4,"missing":1,"distinct":2,)"
        R"("levels":{"flat":3,"house":1}}],"target":{"name":"price","count":5,"missing":0,"distinct":1,"minimum":5,)"
        R"("lower_quartile":5,"median":5,"upper_quartile":5,"maximum":5,"mean":5,"deviation":0}})");
}
