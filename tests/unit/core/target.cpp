#include "support/catch.hpp"

#include <tenon/core/target.hpp>
#include <type_traits>

namespace tn = tenon;

TEST_CASE("a kind of target says what one is and how many scores a sample has", "[target]") {
    STATIC_REQUIRE(std::is_same_v<tn::target_value<tn::real>, double>);
    STATIC_REQUIRE(std::is_same_v<tn::target_value<tn::classes<3>>, tn::class_index>);
    STATIC_REQUIRE(tn::outputs_of<tn::real> == 1);
    STATIC_REQUIRE(tn::outputs_of<tn::classes<3>> == 3);
    STATIC_REQUIRE(tn::outputs_of<tn::classes<tn::dynamic>> == tn::dynamic);
    STATIC_REQUIRE(tn::is_classification<tn::classes<tn::dynamic>>);
    STATIC_REQUIRE(!tn::is_classification<tn::real>);
    STATIC_REQUIRE(!tn::is_classification<tn::none>);
}

TEST_CASE("no_class is the index of no class", "[target]") {
    CHECK(tn::no_class == static_cast<tn::class_index>(-1));
}
