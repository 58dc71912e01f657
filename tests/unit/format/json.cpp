#include "support/catch.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/format/json.hpp>

using tenon::json_array;
using tenon::json_object;
using tenon::json_value;

namespace {

/// What the artifact_error says that f throws; empty where it throws none.
template <class F>
std::string refusal(F f) {
    try {
        f();
    } catch (const tenon::artifact_error& e) {
        return e.what();
    }
    return {};
}

std::string refusal_of(std::string_view text) {
    return refusal([&] { json_value::parse(text); });
}

std::string again(std::string_view text) {
    return json_value::parse(text).dump();
}

std::string nested(int depth, const std::string& open, const std::string& inner, const std::string& close) {
    std::string text = inner;
    for (int i = 0; i < depth; ++i) text = open + text + close;
    return text;
}

} // namespace

TEST_CASE("json reads every kind of value", "[json]") {
    CHECK(json_value::parse("null").is_null());
    CHECK(json_value::parse("true").as_bool());
    CHECK_FALSE(json_value::parse("false").as_bool());
    CHECK(json_value::parse("-12.5e-1").as_number() == -1.25);
    CHECK(json_value::parse("\"text\"").as_string() == "text");
    CHECK(json_value::parse("[]").as_array().empty());
    CHECK(json_value::parse("{}").as_object().empty());

    const json_value v =
        json_value::parse(" \t\r\n{ \"b\" : [ 1 , [ ] , { \"c\" : null } ] , \"a\" : \"x\" } \n");
    CHECK(v["b"].as_array().size() == 3);
    CHECK(v["b"].as_array()[0].as_number() == 1);
    CHECK(v["b"].as_array()[2]["c"].is_null());
    CHECK(v.at("a").as_string() == "x");
    CHECK(v.as_object().front().first == "b");
    CHECK(v.dump() == R"({"b":[1,[],{"c":null}],"a":"x"})");
}

TEST_CASE("json finds members and names the key that is not there", "[json]") {
    const json_value v = json_value::parse(R"({"a":1,"":2})");
    REQUIRE(v.find("a") != nullptr);
    CHECK(v.find("a")->as_number() == 1);
    CHECK(v[""].as_number() == 2);
    CHECK(v.find("b") == nullptr);
    CHECK(json_value(1).find("a") == nullptr);
    CHECK(refusal([&] { v.at("rows"); }) == "JSON: no key \"rows\" in the object");
    CHECK(refusal([&] { v["rows"]; }) == "JSON: no key \"rows\" in the object");
    CHECK(refusal([&] { json_value(1).at("rows"); }) ==
          "a JSON value with the key \"rows\" must be an object, found a number");
}

TEST_CASE("json says which kind it expected and which it found", "[json]") {
    CHECK(refusal([] { json_value("x").as_number(); }) == "a JSON value must be a number, found a string");
    CHECK(refusal([] { json_value(1).as_string({"the name"}); }) ==
          "the name must be a string, found a number");
    CHECK(refusal([] { json_value(1).as_bool(); }) == "a JSON value must be true or false, found a number");
    CHECK(refusal([] { json_value().as_array(); }) == "a JSON value must be an array, found null");
    CHECK(refusal([] { json_value(true).as_object(); }) ==
          "a JSON value must be an object, found true or false");
    CHECK(refusal([] { json_value(json_array{}).as_object(); }) ==
          "a JSON value must be an object, found an array");
    CHECK(refusal([] { json_value(json_object{}).as_array(); }) ==
          "a JSON value must be an array, found an object");
}

TEST_CASE("json counts are whole, not negative and exact", "[json]") {
    CHECK(json_value(0).as_count() == 0);
    CHECK(json_value::parse("9007199254740991").as_count() == 9007199254740991U);
    for (const std::string_view text : {"-1", "0.5", "9007199254740992", "1e300"}) {
        INFO(text);
        CHECK(refusal([&] {
                  json_value::parse(text).as_count({"rows"});
              }).starts_with("rows must be a whole number from 0 to 2^53 - 1, found "));
    }
    CHECK(refusal([] { json_value("1").as_count({"rows"}); }) == "rows must be a number, found a string");
}

TEST_CASE("json takes escapes and UTF-8", "[json]") {
    CHECK(json_value::parse(R"("\"\\\/\b\f\n\r\t")").as_string() == "\"\\/\b\f\n\r\t");
    CHECK(json_value::parse(R"("\u0041\u00e9\u20AC\ud83d\ude00")").as_string() == "Aé€😀");
    CHECK(json_value::parse("\"Aé€😀\x7f\"").as_string() == "Aé€😀\x7f");
    CHECK(json_value::parse(R"("\u0000")").as_string() == std::string(1, '\0'));
    // The ends of each length and of the surrogates' gap.
    CHECK(json_value::parse(R"("\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff")")
              .as_string() == "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90"
                              "\x80\x80\xf4\x8f\xbf\xbf");
    for (const std::string_view text : {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                        "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        CHECK(json_value::parse("\"" + std::string(text) + "\"").as_string() == text);
}

TEST_CASE("json refuses bytes that are not UTF-8", "[json]") {
    for (const std::string_view text :
         {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2 ", "\xe0\x80\x80", "\xe0\x9f\xbf",
          "\xed\xa0\x80", "\xed\xbf\xbf", "\xe2\x82", "\xe2\x82 ", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
          "\xf0\x9f\x98", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff"}) {
        const std::string quoted = "\"a" + std::string(text) + "\"";
        INFO(quoted);
        CHECK(refusal_of(quoted).starts_with("JSON: expected UTF-8 at byte 2, found the byte "));
        CHECK(refusal([&] { json_value(text).dump(); }) == "JSON: text to be written is not UTF-8 at byte 0");
    }
}

TEST_CASE("json refuses what the grammar does not know, with the place", "[json]") {
    const struct {
        std::string_view text;
        const char* message;
    } bad[] = {
        {"", "expected a value at byte 0, found the end of the text"},
        {"  ", "expected a value at byte 2, found the end of the text"},
        {"nul", "expected a value at byte 0, found 'n'"},
        {"True", "expected a value at byte 0, found 'T'"},
        {"NaN", "expected a value at byte 0, found 'N'"},
        {"Infinity", "expected a value at byte 0, found 'I'"},
        {"-Infinity", "expected a digit at byte 1, found 'I'"},
        {"'a'", "expected a value at byte 0, found '''"},
        {"// a\n1", "expected a value at byte 0, found '/'"},
        {"\xEF\xBB\xBF"
         "1",
         "expected a value at byte 0, found the byte 239"},
        {"\f1", "expected a value at byte 0, found the byte 12"},
        {"1 2", "expected the end of the text at byte 2, found '2'"},
        {"truex", "expected the end of the text at byte 4, found 'x'"},
        {"{}}", "expected the end of the text at byte 2, found '}'"},
        {"[1", "expected ',' or ']' at byte 2, found the end of the text"},
        {"[1 2]", "expected ',' or ']' at byte 3, found '2'"},
        {"[1}", "expected ',' or ']' at byte 2, found '}'"},
        {"[", "expected a value at byte 1, found the end of the text"},
        {"[,1]", "expected a value at byte 1, found ','"},
        {"[1,]", "expected a value at byte 3, found ']'"},
        {"{", "expected a key in quotes at byte 1, found the end of the text"},
        {"{a:1}", "expected a key in quotes at byte 1, found 'a'"},
        {"{\"a\"}", "expected ':' at byte 4, found '}'"},
        {"{\"a\" 1}", "expected ':' at byte 5, found '1'"},
        {"{\"a\":}", "expected a value at byte 5, found '}'"},
        {"{\"a\":1", "expected ',' or '}' at byte 6, found the end of the text"},
        {"{\"a\":1,}", "expected a key in quotes at byte 7, found '}'"},
        {"{\"a\":1]", "expected ',' or '}' at byte 6, found ']'"},
        {"-", "expected a digit at byte 1, found the end of the text"},
        {"+1", "expected a value at byte 0, found '+'"},
        {".5", "expected a value at byte 0, found '.'"},
        {"1.", "expected a digit at byte 2, found the end of the text"},
        {"1.e5", "expected a digit at byte 2, found 'e'"},
        {"1e", "expected a digit at byte 2, found the end of the text"},
        {"1e+", "expected a digit at byte 3, found the end of the text"},
        {"1e+-5", "expected a digit at byte 3, found '-'"},
        {"01", "expected the end of the text at byte 1, found '1'"},
        {"-01", "expected the end of the text at byte 2, found '1'"},
        {"0x1", "expected the end of the text at byte 1, found 'x'"},
        {"[1e400]", "number too large for a double at byte 1"},
        {"\"", "expected '\"' at byte 1, found the end of the text"},
        {"\"a", "expected '\"' at byte 2, found the end of the text"},
        {"\"a\nb\"", "expected an escape for a control character at byte 2, found the byte 10"},
        {"\"\\", "expected one of \"\\/bfnrtu after a backslash at byte 2, found the end of the text"},
        {"\"\\x\"", "expected one of \"\\/bfnrtu after a backslash at byte 2, found 'x'"},
        {"\"\\u12", "expected a hexadecimal digit at byte 5, found the end of the text"},
        {"\"\\u12g4\"", "expected a hexadecimal digit at byte 5, found 'g'"},
        {"\"\\ud800\"", "half of a surrogate pair at byte 1"},
        {"\"\\udc00\"", "half of a surrogate pair at byte 1"},
        {"\"\\ud800\\n\"", "half of a surrogate pair at byte 1"},
        {"\"\\ud800\\u0041\"", "half of a surrogate pair at byte 1"},
        {"\"\\ud800\\ud800\"", "half of a surrogate pair at byte 1"},
        {"\"\\ud800\\ue000\"", "half of a surrogate pair at byte 1"},
        {"[{\"a\":1,\"b\":2,\"\\u0061\":3}]", "the key \"a\" stands twice in the object at byte 1"},
    };
    for (const auto& [text, message] : bad) {
        INFO(text);
        CHECK(refusal_of(text) == std::string("JSON: ") + message);
    }
    CHECK(refusal_of(std::string_view("\0", 1)) == "JSON: expected a value at byte 0, found the byte 0");
    CHECK(refusal_of(std::string_view("1\0", 2)) ==
          "JSON: expected the end of the text at byte 1, found the byte 0");
    CHECK(refusal_of(std::string_view("\"\\\0\"", 4)) ==
          "JSON: expected one of \"\\/bfnrtu after a backslash at byte 2, found the byte 0");
}

TEST_CASE("json refuses every beginning of a text that is whole", "[json]") {
    const std::string text = R"({"a":[1,-2.5e+3,true,null,"\u00e9\ud83d\ude00é"],"b":{"c":false}})";
    REQUIRE(refusal_of(text).empty());
    for (std::size_t n = 0; n < text.size(); ++n) {
        INFO(text.substr(0, n));
        CHECK_FALSE(refusal_of(text.substr(0, n)).empty());
    }
}

TEST_CASE("json begins its messages with what is read", "[json]") {
    CHECK(refusal([] { json_value::parse("[", "houses.tenon: the header"); }) ==
          "houses.tenon: the header: expected a value at byte 1, found the end of the text");
}

TEST_CASE("json nests 64 deep and no deeper", "[json]") {
    CHECK(again(nested(64, "[", "", "]")) == nested(64, "[", "", "]"));
    CHECK(again(nested(63, "{\"a\":", "{}", "}")) == nested(63, "{\"a\":", "{}", "}"));
    CHECK(refusal_of(nested(65, "[", "", "]")) == "JSON: nested deeper than 64 at byte 64");
    CHECK(refusal_of(nested(64, "{\"a\":", "[]", "}")) == "JSON: nested deeper than 64 at byte 320");
    CHECK(refusal_of(std::string(1'000'000, '[')) == "JSON: nested deeper than 64 at byte 64");
    CHECK(json_value::parse("[[],[],{}]").as_array().size() == 3);

    json_value deep = json_array{};
    for (int i = 0; i < 64; ++i) deep = json_array{deep};
    CHECK(refusal([&] { deep.dump(); }) == "JSON: a value to be written is nested deeper than 64");
}

TEST_CASE("json reads no more than 2^20 values", "[json]") {
    std::string text = "[0";
    for (int i = 2; i < 1 << 20; ++i) text += ",0";
    CHECK(json_value::parse(text + "]").as_array().size() == (1U << 20) - 1);
    CHECK(refusal_of(text + ",0]") == "JSON: more than 1048576 values at byte 2097151");
}

TEST_CASE("json writes numbers that read back to the same bits, whole ones without an exponent", "[json]") {
    CHECK(json_value(100000).dump() == "100000");
    CHECK(json_value(-3).dump() == "-3");
    CHECK(json_value(0).dump() == "0");
    CHECK(json_value(-0.0).dump() == "-0");
    CHECK(std::signbit(json_value::parse("-0").as_number()));
    CHECK(json_value(0.1).dump() == "0.1");
    CHECK(json_value(9007199254740991).dump() == "9007199254740991");
    CHECK(json_value(1e22).dump() == "1e+22");
    for (const double x :
         {1.0 / 3, 1e-300, -2.5, 5e-324, 1.7976931348623157e308, 9007199254740993.0, 123456.789}) {
        INFO(x);
        CHECK(json_value::parse(json_value(x).dump()).as_number() == x);
    }
    for (const double x : {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN()})
        CHECK(refusal([&] {
                  json_value(json_array{x}).dump();
              }).starts_with("JSON: a number to be written is not finite: "));
}

TEST_CASE("json takes no integer that a double would round", "[json]") {
    CHECK(json_value((std::int64_t{1} << 53) - 1).as_number() == 9007199254740991.0);
    CHECK(refusal([] { json_value(std::int64_t{1} << 53); }) ==
          "JSON: the integer 9007199254740992 is too large to be a number: write it as a string");
    CHECK(refusal([] {
              json_value(-(std::int64_t{1} << 60));
          }).starts_with("JSON: the integer -1152921504606846976 "));
    CHECK(refusal([] {
              json_value(~std::uint64_t{0});
          }).starts_with("JSON: the integer 18446744073709551615 "));
}

TEST_CASE("json writes strings so that they read back", "[json]") {
    std::string all;
    for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
    all += "é€😀";
    const std::string text = json_value(all).dump();
    CHECK(json_value::parse(text).as_string() == all);
    CHECK(json_value("a\"b\\c\n\x01é").dump() == "\"a\\\"b\\\\c\\u000a\\u0001é\"");
}

TEST_CASE("json writes what it was given, in that order, or refuses", "[json]") {
    const json_value v = json_object{{"z", 1},
                                     {"a", json_array{true, nullptr, "x", std::string("y")}},
                                     {"m", json_object{}},
                                     {"n", json_array{}},
                                     {"f", 0.5F}};
    CHECK(v.dump() == R"({"z":1,"a":[true,null,"x","y"],"m":{},"n":[],"f":0.5})");
    CHECK(json_value::parse(v.dump()) == v);
    CHECK(refusal([] {
              json_value(json_object{{"a", 1}, {"b", 2}, {"a", 3}}).dump();
          }) == "JSON: an object to be written has the key \"a\" twice");
    CHECK(refusal([] {
              json_value(json_object{{"\xff", 1}}).dump();
          }) == "JSON: text to be written is not UTF-8 at byte 0");
}

TEST_CASE("json values compare by kind and content", "[json]") {
    CHECK(json_value::parse("[1,{\"a\":\"b\"}]") == json_value::parse(" [ 1.0 , {\"a\":\"\\u0062\"} ] "));
    CHECK_FALSE(json_value(1) == json_value(true));
    CHECK_FALSE(json_value(json_array{}) == json_value(json_object{}));
    CHECK_FALSE(json_value::parse("{\"a\":1,\"b\":2}") == json_value::parse("{\"b\":2,\"a\":1}"));
    CHECK_FALSE(json_value("1") == json_value(1));
}

TEST_CASE("json finds a key given twice among very many", "[json]") {
    std::string text = "{";
    for (int i = 0; i < 20'000; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    CHECK(json_value::parse(text + "}").as_object().size() == 20'000);
    CHECK(refusal_of(text + ",\"77\":0}") == "JSON: the key \"77\" stands twice in the object at byte 0");
}
