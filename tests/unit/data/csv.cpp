#include "support/catch.hpp"

#include <bit>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <tenon/data/csv.hpp>
#include <tenon/data/fingerprint.hpp>
#include <vector>

namespace tn = tenon;

namespace {

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};
struct open_house : tn::schema<tn::numeric<"area">, tn::categorical<"kind">, tn::label<"buyer">> {};
struct owned : tn::schema<tn::numeric<"area", float>, tn::label<"buyer", "yes", "no">> {};
struct only_features : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">> {};

constexpr bool missing(double value) {
    return value != value;
}

/// What parse_csv says about text that it refuses; empty where it takes it.
template <tn::Schema S>
std::string refusal(std::string_view text, const tn::csv_options& options = {}) {
    try {
        tn::parse_csv<S>(text, options, "houses.csv");
    } catch (const tn::data_error& error) {
        return error.what();
    }
    return {};
}

/// All values of a dataset, row by row, the target at the end of each.
template <class D>
std::vector<std::vector<double>> values_of(const D& data) {
    std::vector<std::vector<double>> all(data.size());
    for (std::size_t r = 0; r < data.size(); ++r) {
        for (std::size_t c = 0; c < data.x().columns(); ++c)
            all[r].push_back(static_cast<double>(data.x()(r, c)));
        if (data.y().size() > 0) all[r].push_back(static_cast<double>(data.y()[r]));
    }
    return all;
}

using table = std::vector<std::vector<double>>;

} // namespace

TEST_CASE("read_csv finds the columns of a schema by name", "[csv]") {
    const table expected{{50, 0, 1e5}, {120.5, 1, 2.5e5}};
    CHECK(values_of(tn::parse_csv<house>("area,kind,price\n50,flat,1e5\n120.5,house,250000\n")) == expected);
    CHECK(values_of(tn::parse_csv<house>("price,area,kind\n1e5,50,flat\n250000,120.5,house")) == expected);
    CHECK(values_of(tn::parse_csv<house>("id,price,,area,,kind,note\n"
                                         "1,1e5,,50,,flat,\"a, b\"\n2,250000,x,120.5,y,house,inf\n")) ==
          expected);
    CHECK(values_of(tn::parse_csv<house>("\xEF\xBB\xBF\"area\",\"kind\",\"price\"\r\n"
                                         "\"50\",\"flat\",\"1e5\"\r\n 120.5 ,house,\t250000\r\n")) ==
          expected);
    const auto data = tn::parse_csv<house>("price,area,kind\n1,2,flat\n");
    CHECK(data.info() == house::info());
    STATIC_REQUIRE(std::is_same_v<decltype(data), const tn::dataset<house>>);
}

TEST_CASE("read_csv reads numbers to the last bit, in the scalar of the schema", "[csv]") {
    const auto wide = tn::parse_csv<tn::columns<2, tn::none>>("0.1,-1.7976931348623157e308\n4.9e-324,+3\n");
    CHECK(wide.x()(0, 0) == 0.1);
    CHECK(wide.x()(0, 1) == -1.7976931348623157e308);
    CHECK(wide.x()(1, 0) == 4.9e-324);
    CHECK(wide.x()(1, 1) == 3);
    const auto narrow = tn::parse_csv<owned>("area,buyer\n0.1,no\n");
    CHECK(narrow.x()(0, 0) == 0.1F);
    CHECK(narrow.y()[0] == 1);
    CHECK(refusal<owned>("area,buyer\n1e39,no\n") ==
          "houses.csv, line 2, column 'area': expected a finite number, found '1e39'");
}

TEST_CASE("a missing feature becomes NaN", "[csv]") {
    const auto data =
        tn::parse_csv<house>("area,kind,price\n,flat,1\nNA,,2\n \t,NA,3\n\"\",\"NA\",4\n5,house,5\n");
    for (std::size_t r = 0; r < 4; ++r) CHECK(missing(data.x()(r, 0)));
    CHECK(data.x()(0, 1) == 0);
    for (std::size_t r = 1; r < 4; ++r) CHECK(missing(data.x()(r, 1)));
    CHECK(data.x()(4, 0) == 5);

    const tn::csv_options options{.missing = {"?", "-999", "flat"}};
    const auto other = tn::parse_csv<house>("area,kind,price\n?,house,1\n-999,flat,2\n", options);
    CHECK(missing(other.x()(0, 0)));
    CHECK(missing(other.x()(1, 0)));
    CHECK(missing(other.x()(1, 1)));
    CHECK(refusal<house>("area,kind,price\nNA,house,1\n", options) ==
          "houses.csv, line 2, column 'area': expected a finite number, found 'NA' (csv_options::missing "
          "lists what stands for a missing value)");
}

TEST_CASE("levels that the schema leaves open are found and sorted", "[csv]") {
    const auto data =
        tn::parse_csv<open_house>("area,kind,buyer\n1,tower,no\n2,flat,yes\n3,,maybe\n4,flat,no\n");
    CHECK(data.info().columns[1].levels == std::vector<std::string>{"flat", "tower"});
    CHECK(data.info().target.levels == std::vector<std::string>{"maybe", "no", "yes"});
    CHECK(data.x()(0, 1) == 1);
    CHECK(data.x()(1, 1) == 0);
    CHECK(missing(data.x()(2, 1)));
    CHECK(data.x()(3, 1) == 0);
    CHECK(std::vector<tn::class_index>{data.y()[0], data.y()[1], data.y()[2], data.y()[3]} ==
          std::vector<tn::class_index>{1, 2, 0, 1});

    SECTION("a second file is read with the levels of the first") {
        const tn::csv_options like{.like = data.info()};
        const auto test = tn::parse_csv<open_house>("area,kind,buyer\n1,tower,no\n", like);
        CHECK(test.info() == data.info());
        CHECK(values_of(test) == table{{1, 1, 1}});
        CHECK(refusal<open_house>("area,kind,buyer\n1,towr,no\n", like) ==
              "houses.csv, line 2, column 'kind': unknown level 'towr'; did you mean 'tower'?");
        CHECK(refusal<open_house>("area,kind,buyer\n1,flat,never\n", like) ==
              "houses.csv, line 2, column 'buyer': unknown level 'never'; there are 'maybe', 'no', 'yes'");
        CHECK(refusal<open_house>("area,kind,buyer\n1,flat,no\n", {.like = owned::info()}) ==
              "houses.csv: csv_options::like has 1 feature column, the schema has 2");
    }
}

TEST_CASE("columns without names take every column in order, with a header or without", "[csv]") {
    const table expected{{1, 2, 3}, {4, 5, 6}};
    CHECK(values_of(tn::parse_csv<tn::columns<2>>("1,2,3\n4,5,6\n")) == expected);
    CHECK(values_of(tn::parse_csv<tn::columns<2>>("a,b,c\n1,2,3\n4,5,6\n")) == expected);
    CHECK(values_of(tn::parse_csv<tn::columns<tn::dynamic>>("1;2; 3\n4;5;6\n", {.delimiter = ';'})) ==
          expected);
    CHECK(values_of(tn::parse_csv<tn::columns<3, tn::none>>("1,2,3\n4,5,6\n")) == expected);
    CHECK(values_of(tn::parse_csv<tn::columns<2, tn::real, float>>("1,2,3\n4,5,6\n")) == expected);
    CHECK(tn::parse_csv<tn::columns<2>>("1,2,3\n").info() == tn::columns<2>::info());
    CHECK(missing(tn::parse_csv<tn::columns<2>>("NA,2,3\n").x()(0, 0)));

    SECTION("a header names the columns") {
        const auto named = tn::parse_csv<tn::columns<tn::dynamic>>("a,,price\n1,2,3\n");
        CHECK(named.info().columns[0].name == "a");
        CHECK(named.info().columns[1].name == "x1");
        CHECK(named.info().target.name == "price");
    }
    SECTION("a header of numbers has to be announced, words that are data too") {
        CHECK(values_of(tn::parse_csv<tn::columns<2>>(
                  "0,1,2\n4,5,6\n", {.header = tn::csv_header::present})) == table{{4, 5, 6}});
        CHECK(refusal<tn::columns<2>>("a,b,c\n1,2,3", {.header = tn::csv_header::absent}) ==
              "houses.csv, line 1, column 'x0': expected a finite number, found 'a' (csv_options::missing "
              "lists what stands for a missing value)");
        CHECK(refusal<tn::columns<2>>("1,2x,3\n4,5,6") ==
              "houses.csv, line 1, column 2: cannot tell whether this line is a header, with '2x' and '1' in "
              "it; say so in csv_options::header");
    }
}

TEST_CASE("columns without names take classes as numbers, or as words where their number is dynamic",
          "[csv]") {
    using numbered = tn::columns<1, tn::classes<3>>;
    CHECK(values_of(tn::parse_csv<numbered>("x,y\n5,2\n6,0.0\n7,1e0\n")) == table{{5, 2}, {6, 0}, {7, 1}});
    CHECK(tn::parse_csv<numbered>("5,2\n").info() == numbered::info());
    for (const char* bad : {"3", "-1", "0.5", "1e300"})
        CHECK(refusal<numbered>("x,y\n5," + std::string(bad)) ==
              "houses.csv, line 2, column 'y': expected a class from 0 to 2, found '" + std::string(bad) +
                  "'");

    using words = tn::columns<1, tn::classes<tn::dynamic>>;
    const auto iris = tn::parse_csv<words>("5,setosa\n6,virginica\n7,setosa\n"); // no header
    CHECK(values_of(iris) == table{{5, 0}, {6, 1}, {7, 0}});
    CHECK(iris.info().target.levels == std::vector<std::string>{"setosa", "virginica"});
    CHECK(values_of(tn::parse_csv<words>("length,species\n5,setosa\n6,virginica\n")) ==
          table{{5, 0}, {6, 1}});
    const auto digits = tn::parse_csv<words>("1,10\n1,9\n1,0\n");
    CHECK(values_of(digits) == table{{1, 2}, {1, 1}, {1, 0}});
    CHECK(digits.info().target.levels == std::vector<std::string>{"0", "9", "10"});
}

TEST_CASE("a schema without target reads features alone", "[csv]") {
    const auto data = tn::parse_csv<only_features>("kind,area,price\nflat,1,x\nhouse,2,\n");
    CHECK(values_of(data) == table{{1, 0}, {2, 1}});
    CHECK(data.y().size() == 0);
}

TEST_CASE("a damaged file gives one error with file, line and column", "[csv]") {
    const std::string head = "area,kind,price\n1,flat,2\n";
    CHECK(refusal<house>(head).empty());
    const auto damage = [&](std::string_view record) {
        return refusal<house>(head + std::string(record) + "\n4,flat,5\n");
    };

    SECTION("ragged rows") {
        CHECK(damage("3,flat") ==
              "houses.csv, line 3, column 'price': the line ends before this column (2 fields, expected 3)");
        CHECK(damage(" ") ==
              "houses.csv, line 3, column 'kind': the line ends before this column (1 field, expected 3)");
        CHECK(damage("3,flat,4,5") == "houses.csv, line 3, column 'price': the line goes on behind this last "
                                      "column (4 fields, expected 3)");
        CHECK(damage("3,flat,4,") == "houses.csv, line 3, column 'price': the line goes on behind this last "
                                     "column (4 fields, expected 3)");
    }
    SECTION("bad numbers") {
        for (const char* bad : {"1.2.3", "12a", "0x10", "1 2", "1e", "--1"}) {
            CHECK(damage(std::string(bad) + ",flat,4") ==
                  "houses.csv, line 3, column 'area': expected a finite number, found '" + std::string(bad) +
                      "'");
        }
        CHECK(damage("\"1,5\",flat,4") ==
              "houses.csv, line 3, column 'area': expected a finite number, found '1,5'");
        CHECK(damage("1,flat,1e400") ==
              "houses.csv, line 3, column 'price': expected a finite number, found '1e400'");
        for (const char* word : {"inf", "-inf", "Infinity", "nan", "NaN", "abc", "-"}) {
            CHECK(damage(std::string(word) + ",flat,4") ==
                  "houses.csv, line 3, column 'area': expected a finite number, found '" + std::string(word) +
                      "' (csv_options::missing lists what stands for a missing value)");
        }
    }
    SECTION("quotes") {
        CHECK(damage("3,\"flat,4") ==
              "houses.csv, line 3, column 'kind': the quote that opens here is never closed");
        CHECK(damage("3,fl\"at,4") == "houses.csv, line 3, column 'kind': a quote beside other text; put the "
                                      "whole field in quotes and write each quote inside twice");
        CHECK(damage("3,\"flat\"s,4") ==
              "houses.csv, line 3, column 'kind': a quote beside other text; put the "
              "whole field in quotes and write each quote inside twice");
        CHECK(refusal<house>("area,\"kind") ==
              "houses.csv, line 1, column 2: the quote that opens here is never closed");
    }
    SECTION("levels and targets") {
        CHECK(damage("3,hose,4") ==
              "houses.csv, line 3, column 'kind': unknown level 'hose'; did you mean 'house'?");
        CHECK(damage("3,villa,4") ==
              "houses.csv, line 3, column 'kind': unknown level 'villa'; there are 'flat', 'house'");
        CHECK(damage("3,flat,") == "houses.csv, line 3, column 'price': the target is missing");
        CHECK(refusal<owned>("area,buyer\n1,NA\n") ==
              "houses.csv, line 2, column 'buyer': the target is missing");
        CHECK(refusal<owned>("area,buyer\n1,perhaps\n") ==
              "houses.csv, line 2, column 'buyer': unknown level 'perhaps'; there are 'yes', 'no'");
        CHECK(refusal<tn::columns<1>>("1,\n") == "houses.csv, line 1, column 'y': the target is missing");
    }
    SECTION("lines are those of the file") {
        CHECK(refusal<house>("area,kind,price\r\n\r\n1,\"flat\",2\r\n\"3\r\n\r\n\",flat,4") ==
              "houses.csv, line 4, column 'area': expected a finite number, found '3    '");
        CHECK(refusal<house>("area,kind,price,note\n1,flat,2,\"a\nb\nc\"\nx1,flat,4,\n") ==
              "houses.csv, line 5, column 'area': expected a finite number, found 'x1'");
    }
}

TEST_CASE("a damaged header gives one error with file, line and column", "[csv]") {
    CHECK(refusal<house>("aera,kind,price\n1,flat,2\n") ==
          "houses.csv, line 1: the header has no column 'area'; did you mean 'aera'?");
    CHECK(refusal<house>("\narea,kind,cost\n1,flat,2\n") ==
          "houses.csv, line 2: the header has no column 'price'; there are 'area', 'kind', 'cost'");
    CHECK(refusal<house>("area;kind;price\n1;flat;2\n") ==
          "houses.csv, line 1: the header has no column 'area'; there is only 'area;kind;price'");
    CHECK(refusal<house>("area,kind,area,price\n1,flat,1,2\n") ==
          "houses.csv, line 1: the header names column 'area' twice");
    CHECK(refusal<house>("note,area,kind,note,price\n,1,flat,1,2\n") ==
          "houses.csv, line 1: the header names column 'note' twice");
    CHECK(refusal<tn::columns<2>>("a,b,a\n1,2,3\n") ==
          "houses.csv, line 1: the header names column 'a' twice");
    CHECK(refusal<tn::columns<2>>("1,2\n") ==
          "houses.csv, line 1: expected 2 feature columns and a target, found 2 columns");
    CHECK(refusal<tn::columns<2, tn::none>>("1,2,3\n") ==
          "houses.csv, line 1: expected 2 feature columns, found 3 columns");
    CHECK(refusal<tn::columns<tn::dynamic>>("1\n2\n") ==
          "houses.csv, line 1: expected 1 or more feature columns and a target, found 1 column");
    CHECK(refusal<house>("1,flat,2\n", {.header = tn::csv_header::absent}) ==
          "houses.csv: a schema with names needs a header line, csv_options::header says there is none");
}

TEST_CASE("a file without rows is an error", "[csv]") {
    CHECK(refusal<house>("") == "houses.csv: the file is empty");
    CHECK(refusal<house>("\n\r\n\n") == "houses.csv: the file is empty");
    CHECK(refusal<house>("area,kind,price") == "houses.csv: there are no rows behind the header");
    CHECK(refusal<house>("area,kind,price\n\n\n") == "houses.csv: there are no rows behind the header");
    CHECK(refusal<tn::columns<2>>("a,b,c\n") == "houses.csv: there are no rows behind the header");
    CHECK(refusal<house>(std::string_view("\xFF\xFE"
                                          "a\0r\0",
                                          6)) == "houses.csv: the file is UTF-16, expected UTF-8");
    CHECK(refusal<house>("area,kind,price\n1,flat,2\n", {.delimiter = '"'}) ==
          "csv_options: the delimiter cannot be the quote or a line end");
}

TEST_CASE("rows with line ends inside fields and empty lines between are counted right", "[csv]") {
    std::string text = "area,kind,price,note\n";
    table expected;
    for (int i = 0; i < 200; ++i) {
        text += std::to_string(i) + ",flat," + std::to_string(2 * i) + ",\"a\nb\n\nc\"\n" +
                (i % 3 == 0 ? "\r\n" : "");
        expected.push_back({static_cast<double>(i), 0, 2.0 * i});
    }
    CHECK(values_of(tn::parse_csv<house>(text)) == expected);
}

TEST_CASE("read_csv reads the file at a path and names it in errors", "[csv]") {
    const std::string path = TENON_SOURCE_DIR "/examples/data/penguins.csv";
    using penguin_numbers = tn::schema<tn::numeric<"bill_length_mm">, tn::numeric<"body_mass_g">,
                                       tn::categorical<"sex">, tn::label<"species">>;
    const auto penguins = tn::read_csv<penguin_numbers>(path);
    CHECK(penguins.size() == 344);
    CHECK(penguins.x()(0, 0) == 39.1);
    CHECK(missing(penguins.x()(3, 1)));
    CHECK(penguins.x()(343, 1) == 3775);
    CHECK(penguins.info().columns[2].levels == std::vector<std::string>{"female", "male"});
    CHECK(penguins.info().target.levels == std::vector<std::string>{"Adelie", "Chinstrap", "Gentoo"});

    CHECK_THROWS_WITH(tn::read_csv<house>(path),
                      tenon_test::ContainsSubstring("penguins.csv, line 1: the header has no column 'area'"));
    CHECK_THROWS_AS(tn::read_csv<house>(path), tn::data_error);
    CHECK_THROWS_WITH(tn::read_csv<house>("no/such/file.csv"),
                      tenon_test::ContainsSubstring("cannot read no/such/file.csv"));
}

TEST_CASE("a record is read the same quickly, without quotes, and slowly, with them", "[csv]") {
    const std::vector<std::string> areas{"0",
                                         "-0",
                                         "-12.5",
                                         ".5",
                                         "5.",
                                         "1e3",
                                         "2.5E-3",
                                         "1e-320",
                                         "123456789012345678901234",
                                         "0.1",
                                         "0.30000000000000004",
                                         "9007199254740993",
                                         "1e22",
                                         "NA",
                                         "",
                                         "179769313486231570000000000000",
                                         "000000000000000000000012",
                                         "4.9e-5"};
    std::string plain = "area,kind,price,note\n", quoted = plain;
    for (const std::string& area : areas) {
        plain += area + ",flat,1.5,x y\n";
        quoted += "\"" + area + "\",\"flat\",\"1.5\",\"x y\"\n";
    }
    CHECK(tn::fingerprint(tn::parse_csv<house>(plain)) == tn::fingerprint(tn::parse_csv<house>(quoted)));
    const auto data = tn::parse_csv<house>(plain);
    for (std::size_t r = 0; r < areas.size(); ++r) {
        double value = std::numeric_limits<double>::quiet_NaN();
        tn::parse_number(areas[r], value);
        CHECK(std::bit_cast<std::uint64_t>(value) == std::bit_cast<std::uint64_t>(data.row(r)[0]));
    }
    CHECK(values_of(tn::parse_csv<tn::columns<3, tn::none>>("1.2.3\n4.5.6\n", {.delimiter = '.'})) ==
          table{{1, 2, 3}, {4, 5, 6}});
    CHECK_THROWS_AS((tn::parse_csv<tn::columns<2, tn::none>>("1.2\n1.2.3.4\n", {.delimiter = '.'})),
                    tn::data_error);
    // A number that stands for a missing value is missing.
    CHECK(std::isnan(
        tn::parse_csv<house>("area,kind,price\n-999,flat,1\n3,flat,1\n", {.missing = {"-999"}}).row(0)[0]));
}

TEST_CASE("rows that cannot be read are skipped and listed where that is asked for", "[csv]") {
    std::vector<std::string> skipped;
    const auto data =
        tn::parse_csv<house>("area,kind,price\n1,flat,2\nx,flat,3\n4,flat\n5,villa,6\n7,flat,NA\n8,house,9\n",
                             {.skipped = &skipped}, "houses.csv");
    CHECK(values_of(data) == std::vector<std::vector<double>>{{1, 0, 2}, {8, 1, 9}});
    REQUIRE(skipped.size() == 4);
    CHECK_THAT(skipped[0], tenon_test::ContainsSubstring("houses.csv, line 3, column 'area'"));
    CHECK_THAT(skipped[1], tenon_test::ContainsSubstring("line 4, column 'price': the line ends before"));
    CHECK_THAT(skipped[2], tenon_test::ContainsSubstring("line 5, column 'kind': unknown level 'villa'"));
    CHECK_THAT(skipped[3], tenon_test::ContainsSubstring("line 6, column 'price': the target is missing"));

    struct open_words : tn::schema<tn::numeric<"n">, tn::categorical<"word">> {};
    const auto words = tn::parse_csv<open_words>("word,n\nb,1\nc,x\na,2\n", {.skipped = &skipped});
    CHECK(words.info().columns[1].levels == std::vector<std::string>{"a", "b"}); // c is in no row
    CHECK_THROWS_WITH(tn::parse_csv<house>("area,kind,price\nx,flat,1\n", {.skipped = &skipped}),
                      tenon_test::ContainsSubstring("no row can be read"));
    CHECK_THROWS_WITH(tn::parse_csv<house>("area,kind,price\n1,flat,1\n2,\"flat,1\n", {.skipped = &skipped}),
                      tenon_test::ContainsSubstring("never closed"));
}

TEST_CASE("numbers may be written with a comma", "[csv]") {
    const tn::csv_options german{.delimiter = ';', .decimal = ','};
    CHECK(values_of(tn::parse_csv<house>("area;kind;price\n1,5;flat;-2,25e1\n3;house;4\n", german)) ==
          std::vector<std::vector<double>>{{1.5, 0, -22.5}, {3, 1, 4}});
    CHECK_THROWS_WITH(tn::parse_csv<house>("area;kind;price\n1.5;flat;1\n", german),
                      tenon_test::ContainsSubstring("expected a finite number, found '1.5'"));
    CHECK_THROWS_WITH(tn::parse_csv<house>("area,kind,price\n1,flat,1\n", {.decimal = ','}),
                      tenon_test::ContainsSubstring("decimal sign"));
}
