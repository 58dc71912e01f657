#include "support/catch.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/text.hpp>

using tenon::detail::append;
using tenon::detail::concat;

TEST_CASE("text and numbers are put together as they stand", "[text]") {
    const std::string file = "a.csv";
    const std::string_view column = "age";
    CHECK(concat({file, ":", 12, ": column '", column, '\'', " is ", -3}) == "a.csv:12: column 'age' is -3");
    CHECK(concat({}).empty());
    CHECK(concat({std::string(3, 'x') + "y"}) == "xxxy");
}

TEST_CASE("integers of all widths keep every digit", "[text]") {
    CHECK(concat({std::numeric_limits<std::int64_t>::min()}) == "-9223372036854775808");
    CHECK(concat({std::numeric_limits<std::int64_t>::max()}) == "9223372036854775807");
    CHECK(concat({std::numeric_limits<std::uint64_t>::max()}) == "18446744073709551615");
    CHECK(concat({std::int8_t{-128}, " ", std::uint8_t{255}, " ", short{-1}, " ", 0U}) == "-128 255 -1 0");
    CHECK(concat({'a', true}) == "a1");
}

TEST_CASE("real numbers are short where they can be", "[text]") {
    CHECK(concat({0.1, " ", -2.0, " ", 1e300, " ", 1.5F}) == "0.1 -2 1e+300 1.5");
}

TEST_CASE("append goes on behind what is there", "[text]") {
    std::string text = "a";
    append(text, {"b", 3});
    append(text, {});
    CHECK(text == "ab3");
}
