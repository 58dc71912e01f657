// The words of JSON by themselves; what whole texts are refused for is in json.cpp.

#include "support/catch.hpp"

#include <limits>
#include <string>
#include <string_view>
#include <tenon/format/json_text.hpp>

using namespace std::string_view_literals;
using tenon::artifact_error;
using tenon::detail::json_number;
using tenon::detail::json_quoted;
using tenon::detail::json_scanner;
using tenon::detail::utf8_length;

TEST_CASE("the length of a UTF-8 sequence is that of its first character", "[json]") {
    STATIC_REQUIRE(utf8_length("") == 0);
    STATIC_REQUIRE(utf8_length("ab") == 1);
    CHECK(utf8_length("\0"sv) == 1);
    CHECK(utf8_length("éa") == 2);
    CHECK(utf8_length("€a") == 3);
    CHECK(utf8_length("😀a") == 4);
    for (const std::string_view whole : {"é"sv, "€"sv, "😀"sv})
        for (std::size_t size = 1; size < whole.size(); ++size) {
            CHECK(utf8_length(whole.substr(0, size)) == 0);
            CHECK(utf8_length(whole.substr(size)) == 0);
        }
}

TEST_CASE("text is quoted with no more escapes than JSON asks for", "[json]") {
    CHECK(json_quoted("") == "\"\"");
    CHECK(json_quoted("a/b'c\x7f é") == "\"a/b'c\x7f é\"");
    CHECK(json_quoted("\"\\\t\x1f\0"sv) == R"("\"\\\u0009\u001f\u0000")");
    CHECK_THROWS_AS(json_quoted("\xc3"), artifact_error);
    CHECK_THROWS_WITH(json_quoted("é\xc3"), "JSON: text to be written is not UTF-8 at byte 2");
}

TEST_CASE("whole numbers are written out as long as no two share a double", "[json]") {
    CHECK(json_number(0) == "0");
    CHECK(json_number(-0.0) == "-0");
    CHECK(json_number(2e15) == "2000000000000000");
    CHECK(json_number(-2e15) == "-2000000000000000");
    CHECK(json_number(9007199254740991) == "9007199254740991");
    CHECK(json_number(-9007199254740991) == "-9007199254740991");
    CHECK(json_number(1e300) == "1e+300");
    CHECK(json_number(1.5) == "1.5");
    CHECK_THROWS_WITH(json_number(std::numeric_limits<double>::infinity()),
                      "JSON: a number to be written is not finite: inf");
    CHECK_THROWS_AS(json_number(std::numeric_limits<double>::quiet_NaN()), artifact_error);
}

TEST_CASE("a scanner moves on behind what it has read, and no further", "[json]") {
    json_scanner text(" \t\r\n-1.5e+2,\"a\\n\\u00e9\"x", "a text");
    text.skip_blanks();
    CHECK(text.at() == 4);
    CHECK(text.here() == '-');
    CHECK(text.number() == -150);
    CHECK(text.at() == 11);
    CHECK_FALSE(text.skip(",,"));
    CHECK(text.skip(","));
    CHECK(text.string() == "a\né");
    CHECK_FALSE(text.at_end());
    CHECK(text.skip("x"));
    CHECK(text.at_end());
    CHECK(text.here() == '\0');
    CHECK_FALSE(text.skip("x"));
    CHECK(text.skip(""));
    text.skip_blanks();
    CHECK(text.at() == 24);
}

TEST_CASE("a number ends where another word begins", "[json]") {
    for (const std::string_view text : {"0123"sv, "0x1"sv, "0 1"sv, "0]"sv, "0-"sv}) {
        json_scanner scanner(text, "a text");
        CHECK(scanner.number() == 0);
        CHECK(scanner.at() == 1);
    }
    json_scanner tiny("1e-999", "a text"), large("10e308", "a text");
    CHECK(tiny.number() == 0);
    CHECK_THROWS_WITH(large.number(), "a text: number too large for a double at byte 0");
}

TEST_CASE("a scanner says what it wanted, what it found and where", "[json]") {
    const auto wanting = [](std::string_view text) { json_scanner(text, "t").expected("a comma"); };
    CHECK_THROWS_AS(wanting(""), artifact_error);
    CHECK_THROWS_WITH(wanting(""), "t: expected a comma at byte 0, found the end of the text");
    CHECK_THROWS_WITH(wanting("~"), "t: expected a comma at byte 0, found '~'");
    CHECK_THROWS_WITH(wanting(" "), "t: expected a comma at byte 0, found the byte 32");
    CHECK_THROWS_WITH(wanting("\x7f"), "t: expected a comma at byte 0, found the byte 127");
    CHECK_THROWS_WITH(wanting("é"), "t: expected a comma at byte 0, found the byte 195");
    CHECK_THROWS_WITH(json_scanner("", "t").fail({"no ", 7, " here"}, 5), "t: no 7 here at byte 5");
}
