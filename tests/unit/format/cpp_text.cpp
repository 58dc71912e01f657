#include "support/catch.hpp"

#include <limits>
#include <tenon/format/cpp_text.hpp>
#include <vector>

namespace tn = tenon;

TEST_CASE("numbers are constants of their type") {
    CHECK(tn::cpp_number(0.1f) == "0.1f");
    CHECK(tn::cpp_number(0.1) == "0.1");
    CHECK(tn::cpp_number(3.0) == "3.0");
    CHECK(tn::cpp_number(-0.0) == "-0.0");
    CHECK(tn::cpp_number(1e300) == "1e+300");
    CHECK(tn::cpp_number(5e-324) == "5e-324");
    CHECK(tn::cpp_number(std::numeric_limits<float>::max()) == "3.4028235e+38f");
    CHECK(tn::cpp_number(-std::numeric_limits<double>::infinity()) == "-__builtin_huge_val()");
    CHECK(tn::cpp_number(std::numeric_limits<float>::infinity()) == "__builtin_huge_valf()");
    CHECK(tn::cpp_number(std::int8_t{-128}) == "-128");
    CHECK(tn::cpp_number(std::numeric_limits<std::int32_t>::min()) == "-2147483648");
    CHECK(tn::cpp_number(std::numeric_limits<std::int64_t>::min()) == "(-9223372036854775807 - 1)");
    CHECK(tn::cpp_number(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615u");
    CHECK(tn::cpp_number(std::uint64_t{0}) == "0u");
}

TEST_CASE("types have the names of cstdint") {
    CHECK(tn::cpp_type<double>() == "double");
    CHECK(tn::cpp_type<float>() == "float");
    CHECK(tn::cpp_type<std::uint8_t>() == "std::uint8_t");
    CHECK(tn::cpp_type<std::int32_t>() == "std::int32_t");
    CHECK(tn::cpp_type<std::size_t>() == "std::uint64_t");
}

TEST_CASE("strings are constants whatever they hold") {
    CHECK(tn::cpp_quoted("a\"b\\c") == R"("a\"b\\c")");
    CHECK(tn::cpp_quoted("1\n2") == R"("1\0122")");
    CHECK(tn::cpp_quoted("\xC3\xA9") == "\"\xC3\xA9\"");
    CHECK(tn::cpp_quoted("") == "\"\"");
}

TEST_CASE("lists are broken into lines") {
    const std::vector<std::int8_t> few{1, -2, 3};
    CHECK(tn::cpp_list(std::span(few), "  ") == "{1, -2, 3}");
    const std::vector<std::int32_t> many(100, 1000000);
    const std::string text = tn::cpp_list(std::span(many), "  ");
    CHECK(text.starts_with("{\n  1000000, "));
    CHECK(text.ends_with("1000000}"));
    CHECK(text.find(" \n") == text.npos);
    std::size_t line = 0, longest = 0;
    for (const char c : text) longest = std::max(longest, line = c == '\n' ? 0 : line + 1);
    CHECK(longest < 110);
    const std::vector<std::string> words{"a", "b\""};
    CHECK(tn::cpp_names(words, "") == R"({"a", "b\""})");
    CHECK(tn::cpp_list(std::span<const double>(), "") == "{}");
}

TEST_CASE("names are told from what is none") {
    for (const char* name : {"a", "_x9", "houses", "shop::models", "a::b::c"}) CHECK(tn::is_cpp_name(name));
    for (const char* text : {"", "9a", "a b", "a:b", "a::", "::a", "a::9", "a-b", "a.b", "\xC3\xA9"})
        CHECK_FALSE(tn::is_cpp_name(text));
}

TEST_CASE("a name stands in a text as a word only") {
    CHECK(tn::mentions("z = mean[i];", "mean"));
    CHECK(tn::mentions("mean", "mean"));
    CHECK_FALSE(tn::mentions("means + a_mean + mean2", "mean"));
    CHECK(tn::mentions("means + mean", "mean"));
    CHECK_FALSE(tn::mentions("", "mean"));
}

TEST_CASE("patterns are filled") {
    CHECK(tn::cpp_filled("$a + $ab$a;", {{"a", "1"}, {"ab", "$a"}}) == "1 + $a1;");
    CHECK(tn::cpp_filled("none", {}) == "none");
    CHECK(tn::cpp_indented("a\n\nb", "  ") == "  a\n\n  b\n");
}
