#include "support/catch.hpp"

#include <string>
#include <tenon/core/edit_distance.hpp>

namespace tn = tenon;

TEST_CASE("edit_distance counts insertions, deletions, replacements and swaps", "[edit_distance]") {
    STATIC_REQUIRE(tn::edit_distance("area", "area") == 0);
    STATIC_REQUIRE(tn::edit_distance("", "abc") == 3);
    STATIC_REQUIRE(tn::edit_distance("abc", "") == 3);
    STATIC_REQUIRE(tn::edit_distance("kitten", "sitting") == 3);
    STATIC_REQUIRE(tn::edit_distance("ab", "ba") == 1);
    STATIC_REQUIRE(tn::edit_distance("widht", "width") == 1);
    STATIC_REQUIRE(tn::edit_distance("ca", "abc") == 3); // a swapped pair is not edited again
    CHECK(tn::edit_distance("bill_lenght_mm", "bill_length_mm") == 1);
}

TEST_CASE("edit_distance is the same both ways and keeps the triangle inequality with one edit",
          "[edit_distance]") {
    const std::string names[] = {"area", "aera", "are", "areas", "kind", "price", "x", ""};
    for (const std::string& a : names)
        for (const std::string& b : names) {
            CHECK(tn::edit_distance(a, b) == tn::edit_distance(b, a));
            CHECK((tn::edit_distance(a, b) == 0) == (a == b));
            CHECK(tn::edit_distance(a, b) <= tn::edit_distance(a, b + "z") + 1);
        }
}

TEST_CASE("edit_distance looks at 64 characters of a name", "[edit_distance]") {
    const std::string shared(64, 'a');
    CHECK(tn::edit_distance(shared + "left", shared + "right") == 0);
    CHECK(tn::edit_distance(shared.substr(1) + "b", shared) == 1);
}
