#include "support/catch.hpp"

#include <string>
#include <tenon/data/name_hint.hpp>
#include <vector>

TEST_CASE("nearest_name finds what was meant, and nothing where nothing is near", "[name_hint]") {
    const std::vector<std::string> names{"area", "kind", "price", "bill_length_mm"};
    const auto nearest = [&](std::string_view word) {
        const std::string* const found = tenon::nearest_name(word, names);
        return found == nullptr ? std::string() : *found;
    };
    CHECK(nearest("aera") == "area");
    CHECK(nearest("PRICE") == "price");
    CHECK(nearest("prize") == "price");
    CHECK(nearest("bill length mm") == "bill_length_mm");
    CHECK(nearest("kind") == "kind");
    CHECK(nearest("garden").empty());
    CHECK(nearest("").empty());
    CHECK(nearest(std::string(100, 'a')).empty());
    CHECK(tenon::nearest_name("a", {}) == nullptr);
}

TEST_CASE("name_hint suggests a name or lists the first ones", "[name_hint]") {
    const std::vector<std::string> two{"flat", "house"}, one{"flat"};
    CHECK(tenon::name_hint("hose", two) == "did you mean 'house'?");
    CHECK(tenon::name_hint("villa", two) == "there are 'flat', 'house'");
    CHECK(tenon::name_hint("villa", one) == "there is only 'flat'");
    CHECK(tenon::name_hint("villa", {}) == "there is none");
    std::vector<std::string> many;
    for (int i = 0; i < 11; ++i) many.push_back("level" + std::to_string(100 + i));
    CHECK(tenon::name_hint("villa", many) ==
          "there are 'level100', 'level101', 'level102', 'level103', 'level104', 'level105', 'level106', "
          "'level107' and 3 more");
}

TEST_CASE("in_quotes shows text of a file on one short line", "[name_hint]") {
    CHECK(tenon::in_quotes("") == "''");
    CHECK(tenon::in_quotes("a\tb\r\nc") == "'a b  c'");
    CHECK(tenon::in_quotes(std::string(40, 'x')) == "'" + std::string(40, 'x') + "'");
    CHECK(tenon::in_quotes(std::string(41, 'x')) == "'" + std::string(40, 'x') + "...'");
    // 39 bytes and a character of two: it is left out whole.
    CHECK(tenon::in_quotes(std::string(39, 'x') + "\xC3\xA9y") == "'" + std::string(39, 'x') + "...'");
    CHECK(tenon::in_quotes("\xC3\xA9") == "'\xC3\xA9'");
}
