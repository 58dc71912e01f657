#include "support/catch.hpp"

#include <string>
#include <string_view>
#include <tenon/data/csv_text.hpp>
#include <vector>

using tenon::csv_event;
using tenon::csv_text;

namespace {

using record = std::vector<std::string>;

struct reading {
    std::vector<record> records;
    std::vector<std::size_t> lines;
    csv_event last = csv_event::end;
    std::size_t line = 0; ///< where the last event was
};

reading read(std::string_view text, char delimiter = ',', char quote = '"') {
    csv_text csv(text, delimiter, quote);
    reading all;
    while ((all.last = csv.next()) == csv_event::record) {
        all.records.emplace_back(csv.fields().begin(), csv.fields().end());
        all.lines.push_back(csv.line());
    }
    all.line = csv.line();
    return all;
}

std::vector<record> records_of(std::string_view text, char delimiter = ',', char quote = '"') {
    const reading all = read(text, delimiter, quote);
    REQUIRE(all.last == csv_event::end);
    return all.records;
}

} // namespace

TEST_CASE("csv_text splits lines and fields whatever the line ends", "[csv]") {
    const std::vector<record> expected{{"a", "b", "c"}, {"1", "", "3"}};
    CHECK(records_of("a,b,c\n1,,3\n") == expected);
    CHECK(records_of("a,b,c\n1,,3") == expected);
    CHECK(records_of("a,b,c\r\n1,,3\r\n") == expected);
    CHECK(records_of("a,b,c\r1,,3\r") == expected);
    CHECK(records_of("a,b,c\r\n1,,3") == expected);
    CHECK(records_of("a;b;c\n1;;3\n", ';') == expected);
    CHECK(records_of("a\tb\tc\n1\t\t3\n", '\t') == expected);
    CHECK(records_of("\xEF\xBB\xBF"
                     "a,b,c\n1,,3\n") == expected);
}

TEST_CASE("csv_text keeps blanks, and empty fields at both ends", "[csv]") {
    CHECK(records_of(" a , b\n") == std::vector<record>{{" a ", " b"}});
    CHECK(records_of(",\n") == std::vector<record>{{"", ""}});
    CHECK(records_of(",") == std::vector<record>{{"", ""}});
    CHECK(records_of("a,") == std::vector<record>{{"a", ""}});
    CHECK(records_of(std::string_view("a\0b,c", 5)) == std::vector<record>{{std::string("a\0b", 3), "c"}});
}

TEST_CASE("csv_text passes over lines with nothing in them", "[csv]") {
    CHECK(records_of("").empty());
    CHECK(records_of("\n\r\n\r\n\n").empty());
    CHECK(records_of("\xEF\xBB\xBF").empty());
    CHECK(records_of("\n\na\n\nb\n\n") == std::vector<record>{{"a"}, {"b"}});
    CHECK(records_of("\"\"\n \n") == std::vector<record>{{""}, {" "}});
}

TEST_CASE("csv_text reads quoted fields", "[csv]") {
    CHECK(records_of("\"a\",\"\",\"b,c\"\n") == std::vector<record>{{"a", "", "b,c"}});
    CHECK(records_of("\"a\r\nb\nc\",d") == std::vector<record>{{"a\r\nb\nc", "d"}});
    CHECK(records_of("\"a \"\"b\"\" c\",\"\"\"\",d,\"\"\"e\"") ==
          std::vector<record>{{"a \"b\" c", "\"", "d", "\"e"}});
    CHECK(records_of("'it''s',x\n", ',', '\'') == std::vector<record>{{"it's", "x"}});
    CHECK(records_of("5\" pipe,\"x\n", ',', '\0') == std::vector<record>{{"5\" pipe", "\"x"}});
    // Many fields to unescape in one record, and again in the next one.
    std::string line;
    record expected;
    for (int i = 0; i < 100; ++i) {
        line += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\"\"" + std::string(40, 'x') + "\"";
        expected.push_back(std::to_string(i) + "\"" + std::string(40, 'x'));
    }
    CHECK(records_of(line + "\n" + line) == std::vector<record>{expected, expected});
}

TEST_CASE("csv_text counts the lines of the file", "[csv]") {
    CHECK(read("a\nb\n\n\nc").lines == std::vector<std::size_t>{1, 2, 5});
    CHECK(read("a\r\nb\r\rc").lines == std::vector<std::size_t>{1, 2, 4});
    CHECK(read("\"1\n2\r\n3\"\n\"4\r5\"\nb").lines == std::vector<std::size_t>{1, 4, 6});
}

TEST_CASE("csv_text says what is wrong with a quote, and where", "[csv]") {
    const reading open = read("a,b\nc,\"d\n\n\n");
    CHECK(open.records == std::vector<record>{{"a", "b"}});
    CHECK(open.last == csv_event::unclosed_quote);
    CHECK(open.line == 2);
    CHECK(read("\"").last == csv_event::unclosed_quote);
    CHECK(read("\"a\"\"").last == csv_event::unclosed_quote);
    CHECK(read("a\"").last == csv_event::misplaced_quote);
    CHECK(read("a\nb,c\"d\"").last == csv_event::misplaced_quote);
    CHECK(read("a\nb,c\"d\"").line == 2);
    CHECK(read("\"a\"b").last == csv_event::misplaced_quote);
    CHECK(read("\"a\" ,b").last == csv_event::misplaced_quote);

    csv_text broken("a,b\nc,d,\"e");
    CHECK(broken.next() == csv_event::record);
    CHECK(broken.next() == csv_event::unclosed_quote);
    CHECK(broken.fields().size() == 2);
}

TEST_CASE("csv_text lets a caller read plain records, and leaves others to next", "[csv]") {
    csv_text text("1,22\r\n\n3,\"4\"\n5\n6,7,8\n9,10");
    std::vector<std::string> seen;
    const auto plain = [&](std::size_t i, const char* at, const char*) {
        const char* const end = text.end_of_plain(at);
        if (end != nullptr) seen.push_back(std::to_string(i) + ":" + std::string(at, end));
        return end;
    };
    CHECK(text.next_by(2, plain));
    CHECK(seen == std::vector<std::string>{"0:1", "1:22"});
    CHECK(text.line() == 1);
    for (const char* record : {"3 4", "5", "6 7 8"}) { // a quote, a field too few, a field too many
        CHECK_FALSE(text.next_by(2, plain));
        REQUIRE(text.next() == csv_event::record);
        std::string fields;
        for (const std::string_view f : text.fields()) fields += (fields.empty() ? "" : " ") + std::string(f);
        CHECK(fields == record);
    }
    CHECK(text.next_by(2, plain));
    CHECK(text.line() == 6);
    CHECK_FALSE(text.next_by(2, plain));
    CHECK(text.next() == csv_event::end);
}
