#include "support/catch.hpp"

#include <string>
#include <tenon/data/level_table.hpp>
#include <vector>

using tenon::level_table;

TEST_CASE("level_table knows the levels it is given and no others", "[level_table]") {
    level_table table({"flat", "house", "boat"});
    CHECK_FALSE(table.finds());
    CHECK(table.index("flat") == 0);
    CHECK(table.index("house") == 1);
    CHECK(table.index("boat") == 2);
    CHECK(table.index("Boat") == level_table::unknown);
    CHECK(table.index("") == level_table::unknown);
    CHECK(table.index("villa") == level_table::unknown);
    // A level given twice keeps its first place, and those behind keep theirs.
    level_table doubled({"a", "a", "b"});
    CHECK(doubled.index("a") == 0);
    CHECK(doubled.index("b") == 2);
}

TEST_CASE("level_table finds levels and sorts them", "[level_table]") {
    level_table table(std::vector<std::string>{});
    CHECK(table.finds());
    CHECK(table.index("m") == 0);
    CHECK(table.index("z") == 1);
    CHECK(table.index("a") == 2);
    CHECK(table.index("z") == 1);
    const auto found = table.sorted();
    CHECK(found.levels == std::vector<std::string>{"a", "m", "z"});
    CHECK(found.final_index == std::vector<std::uint32_t>{1, 2, 0});
    CHECK(level_table(std::vector<std::string>{}).sorted().levels.empty());
}

TEST_CASE("levels that are all numbers are sorted as numbers", "[level_table]") {
    const auto sorted = [](const std::vector<std::string>& words) {
        level_table table({});
        for (const std::string& word : words) table.index(word);
        return table.sorted().levels;
    };
    using words = std::vector<std::string>;
    CHECK(sorted({"10", "9", "-1", "1.5"}) == words{"-1", "1.5", "9", "10"});
    CHECK(sorted({"2", "1.0", "1"}) == words{"1", "1.0", "2"});
    CHECK(sorted({"10", "9", "x"}) == words{"10", "9", "x"});
}

TEST_CASE("many levels keep their indices", "[level_table]") {
    level_table table({});
    for (std::uint32_t i = 0; i < 5000; ++i) REQUIRE(table.index(std::to_string(i * 7919)) == i);
    for (std::uint32_t i = 0; i < 5000; ++i) REQUIRE(table.index(std::to_string(i * 7919)) == i);
    const auto found = table.sorted();
    for (std::uint32_t i = 0; i < 5000; ++i) REQUIRE(found.final_index[i] == i);
}
