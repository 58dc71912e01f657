#include "support/catch.hpp"

#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <tenon/data/csv.hpp>
#include <tenon/data/read_table.hpp>
#include <tenon/data/table.hpp>
#include <vector>

namespace tn = tenon;

namespace {

constexpr std::string_view houses =
    "area,kind,price,town\n50,flat,1e5,Ely\n\"120.5\",house,250000,\n ,flat,7,Bath\n";

std::string refusal(std::string_view text, const tn::table_options& options = {}) {
    try {
        tn::parse_table(text, options, "some.csv");
    } catch (const tn::data_error& error) {
        return error.what();
    }
    return {};
}

using words = std::vector<std::string>;
using numbers = std::vector<double>;
using regression = tn::columns<tn::dynamic>;
using classification = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;

template <class F>
std::string message(F f) {
    try {
        f();
    } catch (const tn::data_error& error) {
        return error.what();
    }
    return {};
}

} // namespace

TEST_CASE("the kinds of a table's columns follow from their fields", "[table]") {
    const tn::table table = tn::parse_table(houses);
    CHECK(table.rows() == 3);
    REQUIRE(table.width() == 4);
    CHECK(table.columns()[0] == tn::column_info{"area", false, {}});
    CHECK(table.columns()[1] == tn::column_info{"kind", true, {"flat", "house"}});
    CHECK(table.columns()[2] == tn::column_info{"price", false, {}});
    CHECK(table.columns()[3] == tn::column_info{"town", true, {"Bath", "Ely"}});
    CHECK(table.column<double>("price") == numbers{1e5, 250000, 7});
    CHECK(table.column<double>("area")[1] == 120.5);
    CHECK(std::isnan(table.column<double>("area")[2]));
    CHECK(table.column<std::string_view>("town") == std::vector<std::string_view>{"Ely", "", "Bath"});
    CHECK(message([&] { table.column<double>("town"); }) == "column 'town' is one of words, not numbers");
    CHECK(message([&] { table.column<std::string_view>("area"); }) ==
          "column 'area' is one of numbers, not words");
    CHECK(message([&] { table.place("prize"); }) == "the table has no column 'prize'; did you mean 'price'?");

    SECTION("without a header they are x0, x1 …") {
        const tn::table plain = tn::parse_table("1;2,5\n3;\n", {.csv = {.delimiter = ';', .decimal = ','}});
        CHECK(plain.columns()[1].name == "x1");
        CHECK(plain.column<double>("x1")[0] == 2.5);
        const tn::table mixed = tn::parse_table("1,a\n2,b\n", {.csv = {.header = tn::csv_header::absent}});
        CHECK(mixed.columns()[1].levels == words{"a", "b"});
    }
    SECTION("a column without values is one of numbers") {
        CHECK_FALSE(tn::parse_table("a,b\n,1\nNA,2\n").columns()[0].categorical);
    }
}

TEST_CASE("a table has the values that read_csv finds", "[table]") {
    const std::string path = TENON_SOURCE_DIR "/examples/data/penguins.csv";
    struct penguin : tn::schema<tn::numeric<"bill_length_mm">, tn::numeric<"body_mass_g">,
                                tn::categorical<"sex">, tn::label<"species">> {};
    const auto typed = tn::read_csv<penguin>(path);
    const tn::table table = tn::read_table(path, {.csv = {.like = typed.info()}});
    CHECK(table.columns()[2] == typed.info().columns[2]);
    CHECK(table.columns()[3] == typed.info().target);
    const tn::table found = tn::read_table(path);
    bool same = true;
    for (std::size_t r = 0; r < typed.size(); ++r) {
        for (std::size_t c = 0; c < 3; ++c) {
            const double value = typed.x()(r, c), here = table.data().x()(r, c);
            const double there = found.data().x()(r, found.place(typed.info().columns[c].name));
            same =
                same && (value == value ? here == value && there == value : here != here && there != there);
        }
        same = same && table.data().x()(r, 3) == typed.y()[r];
    }
    CHECK(same);
    CHECK(found.columns()[found.place("species")].levels == typed.info().target.levels);
}

TEST_CASE("a word among numbers is never a category in silence", "[table]") {
    std::string text = "id,area\n";
    for (int i = 0; i < 999; ++i) text += "1," + std::to_string(i) + "\n";
    const std::string wrong = text + "1,abc\n1,5\n1,12a\n";
    CHECK(refusal(wrong) ==
          "some.csv: line 1001, column 'area': 'abc' is no number, as 1000 fields of the column are (2 not); "
          "correct it, "
          "say what stands for a missing value in csv_options::missing, or name the column in "
          "table_options::categories or ignored");
    CHECK(refusal("a,b\nunknown,1\n5,2\n")
              .find("line 2, column 'a': 'unknown' is no number, as 1 field of the column is (1 not)") !=
          std::string::npos);
    CHECK(
        std::isnan(tn::parse_table(wrong, {.csv = {.missing = {"abc", "12a"}}}).column<double>("area")[999]));
    CHECK(tn::parse_table(wrong, {.ignored = {"area"}}).width() == 1);
    const tn::table houses_12a = tn::parse_table("n,x\n12a,1\n9,2\n,3\n", {.categories = {"n"}});
    CHECK(houses_12a.columns()[0].levels == words{"12a", "9"});
    CHECK(houses_12a.column<std::string_view>("n")[1] == "9");
    CHECK(tn::parse_table("n\n10\n9\n", {.csv = {.header = tn::csv_header::present}, .categories = {"n"}})
              .columns()[0]
              .levels == words{"9", "10"});
    CHECK(refusal(houses, {.categories = {"kin"}}) ==
          "some.csv, line 1: the header has no column 'kin'; did you mean 'kind'?");
}

TEST_CASE("identifiers, dates and text are no categories unless somebody says so", "[table]") {
    std::string text = "day,sales\n";
    for (int i = 0; i < 70; ++i) text += "2026-01-" + std::to_string(i) + "," + std::to_string(i) + "\n";
    CHECK(refusal(text) ==
          "some.csv: line 66, column 'day': more than 64 different words; name the column in "
          "table_options::ignored if they are identifiers, dates or free text, or in "
          "table_options::categories");
    CHECK(tn::parse_table(text, {.at_most_levels = 70}).columns()[0].levels.size() == 70);
    CHECK(tn::parse_table(text, {.categories = {"day"}}).columns()[0].levels.size() == 70);
    const tn::table sales = tn::parse_table(text, {.ignored = {"day"}});
    CHECK(sales.width() == 1);
    CHECK(sales.column<double>("sales")[69] == 69);
    CHECK(refusal(text, {.ignored = {"day", "sales"}}) == "some.csv: no column is left to read");
}

TEST_CASE("a damaged file is refused as read_csv refuses it", "[table]") {
    CHECK(refusal("") == "some.csv: the file is empty");
    CHECK(refusal("a,b\n") == "some.csv: there are no rows behind the header");
    CHECK(refusal("a,b\n1\n") ==
          "some.csv, line 2, column 'b': the line ends before this column (1 field, expected 2)");
    CHECK(refusal("a,b\n1,\"2\n") ==
          "some.csv, line 2, column 'b': the quote that opens here is never closed");
    CHECK(refusal("a,a\n1,2\n") == "some.csv, line 1: the header names column 'a' twice");
    CHECK(refusal("x1,\n1,2\n") == "some.csv, line 1: two columns are called 'x1'");
    CHECK(refusal("1,b\n1,2\n").starts_with("some.csv, line 1, column 'b': cannot tell") == false);
    CHECK(refusal("1,b\n1,2\n").find("cannot tell whether this line is a header") != std::string::npos);
    std::vector<std::string> skipped;
    const tn::table rest = tn::parse_table("a,b\n1,u\n2\n3,v\n", {.csv = {.skipped = &skipped}}, "some.csv");
    CHECK(rest.column<double>("a") == numbers{1, 3});
    CHECK(skipped ==
          words{"some.csv, line 3, column 'b': the line ends before this column (1 field, expected 2)"});
}

TEST_CASE("a table becomes a dataset that knows its names and levels", "[table]") {
    const tn::table table =
        tn::parse_table("area,price,kind,rooms\n50,1e5,flat,2\n,25e4,house,3\n8,7,flat,2\n");
    CHECK(message([&] { tn::to_dataset<regression>(table, "price"); }) ==
          "to_dataset: column 'kind' is a category; begin the recipe with one_hot() or the like and say "
          "{.keep_categories = true}, or leave the column out");
    const auto data = tn::to_dataset<regression>(table, "price", {.keep_categories = true});
    CHECK(data.info().columns ==
          std::vector<tn::column_info>{table.columns()[0], table.columns()[2], table.columns()[3]});
    CHECK(data.info().target.name == "price");
    CHECK(data.y()[1] == 25e4);
    CHECK(data.x()(1, 1) == 1);
    CHECK(std::isnan(data.x()(1, 0)));

    const auto kinds = tn::to_dataset<classification>(table, "kind");
    CHECK(kinds.info().target == table.columns()[2]);
    CHECK(std::vector<tn::class_index>{kinds.y()[0], kinds.y()[1], kinds.y()[2]} ==
          std::vector<tn::class_index>{0, 1, 0});
    const auto rooms = tn::to_dataset<classification>(table, "rooms", {.keep_categories = true});
    CHECK(rooms.info().target == tn::column_info{"rooms", true, {"2", "3"}});
    CHECK(rooms.y()[1] == 1);
    CHECK(tn::to_dataset<tn::columns<3, tn::classes<2>, float>>(table, "kind").x()(0, 1) == 1e5F);
    CHECK(message([&] { tn::to_dataset<tn::columns<3, tn::classes<3>>>(table, "kind"); }) ==
          "to_dataset: the target 'kind' has 2 classes, expected 3");
    CHECK(message([&] { tn::to_dataset<regression>(table, "area", {.keep_categories = true}); }) ==
          "to_dataset: the target 'area', row 2, is missing");
    CHECK(message([&] { tn::to_dataset<regression>(table, "kind"); }) ==
          "to_dataset: the target 'kind' is a column of words; take columns<dynamic, classes<dynamic>>");
    const tn::table halves = tn::parse_table("a,b\n1,0.5\n");
    CHECK(message([&] { tn::to_dataset<classification>(halves, "b"); }) ==
          "to_dataset: the target 'b', row 1, is 0.5; classes are words or whole numbers");
    CHECK(tn::to_dataset<tn::columns<tn::dynamic, tn::none>>(halves).x()(0, 1) == 0.5);
}

TEST_CASE("a second file is read like the first", "[table]") {
    const tn::table train = tn::parse_table(houses);
    const auto data = tn::to_dataset<classification>(train, "kind", {.keep_categories = true});
    const tn::table_options like{.csv = {.like = data.info()}};
    // Its columns are elsewhere, one more is there, and levels and numbers are fewer.
    const tn::table test = tn::parse_table("kind,id,town,price,area\nhouse,a1,Ely,,\nflat,b2,,3,\n", like);
    const auto again = tn::to_dataset<classification>(test, "kind", {.keep_categories = true});
    CHECK(again.info() == data.info());
    CHECK(again.y()[0] == 1);
    CHECK(again.x()(0, 2) == 1);
    CHECK(tn::parse_table("town,price,area\nEly,,\n", like).width() == 3); // to be predicted
    CHECK(tn::parse_table("town,price,area\n \t,,\n", like).column<std::string_view>("town")[0].empty());
    CHECK(refusal("kind,town,price,area\nhouse,York,1,1\n", like) ==
          "some.csv, line 2, column 'town': unknown level 'York'; there are 'Bath', 'Ely'");
    CHECK(refusal("kind,town,price,area\nhouse,Ely,x,1\n", like)
              .starts_with("some.csv, line 2, column 'price': expected a finite number, found 'x'"));
    CHECK(refusal("kind,town,area\nhouse,Ely,1\n", like).find("has no column 'price'") != std::string::npos);
}

TEST_CASE("a table is summarized, checked, and written so that it reads back", "[table]") {
    const tn::table table = tn::parse_table(houses);
    const tn::data_summary summary = tn::summarize(table);
    CHECK(summary.columns[0].missing == 1);
    CHECK(summary.columns[3].levels[0].level == "Bath");
    CHECK(tn::check(table, tn::expect<"price">().between(10, 1e9)).violations.size() == 1);
    CHECK_THROWS_AS(tn::require(table, tn::expect<"town">().not_missing()), tn::data_error);
    CHECK(tn::csv_of(table) ==
          "area,kind,price,town\n50,flat,1e+05,Ely\n120.5,house,250000,\n,flat,7,Bath\n");
    tn::write_csv(table, "table.csv");
    CHECK(tn::csv_of(tn::read_table("table.csv")) == tn::csv_of(table));
    std::remove("table.csv");
}
