#include "support/catch.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/random.hpp>
#include <tenon/format/given_twice.hpp>
#include <vector>

using names = std::vector<std::string_view>;
using tenon::detail::given_twice;

TEST_CASE("names that are all different are sorted, and none is given twice", "[given_twice]") {
    for (const names& given : {names{}, names{"a"}, names{"b", "a"}, names{"", "b", "ab", "a", "B"}}) {
        names sorted = given, expected = given;
        std::sort(expected.begin(), expected.end());
        CHECK(given_twice(sorted) == nullptr);
        CHECK(sorted == expected);
    }
}

TEST_CASE("a name given twice is found wherever it stands", "[given_twice]") {
    for (std::size_t i = 0; i < 7; ++i)
        for (std::size_t j = 0; j < i; ++j) {
            names given{"g", "a", "f", "b", "e", "c", "d"};
            given[j] = given[i];
            const std::string_view expected = given[i];
            const std::string_view* const twice = given_twice(given);
            REQUIRE(twice != nullptr);
            CHECK(*twice == expected);
        }
    names empty_ones{"", "a", ""}, thrice{"x", "x", "x"};
    REQUIRE(given_twice(empty_ones) != nullptr);
    CHECK(*given_twice(empty_ones) == "");
    REQUIRE(given_twice(thrice) != nullptr);
    CHECK(*given_twice(thrice) == "x");
}

TEST_CASE("the beginning of a name is another name, and so is the name behind a zero", "[given_twice]") {
    using namespace std::string_view_literals;
    names given{"column", "column 1", "column 10", "column\0"sv, "Column", "column "};
    CHECK(given_twice(given) == nullptr);
}

TEST_CASE("names in any order are sorted as std::sort has them", "[given_twice]") {
    tenon::philox random(3);
    for (const std::size_t count : {2U, 3U, 15U, 16U, 17U, 500U}) {
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < count; ++i) texts.push_back(std::to_string(random.below(1000)));
        names rising(texts.begin(), texts.end());
        std::sort(rising.begin(), rising.end());
        const names falling(rising.rbegin(), rising.rend());
        const bool expected = std::adjacent_find(rising.begin(), rising.end()) != rising.end();
        for (names given : {names(texts.begin(), texts.end()), rising, falling}) {
            CHECK((given_twice(given) != nullptr) == expected);
            CHECK(given == rising);
        }
    }
}
