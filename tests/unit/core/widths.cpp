#include "support/catch.hpp"

#include <array>
#include <tenon/core/widths.hpp>

namespace tn = tenon;

TEST_CASE("widths add and multiply, and are dynamic where one is", "[widths]") {
    STATIC_REQUIRE(tn::add_widths(2, 3) == 5);
    STATIC_REQUIRE(tn::add_widths(2, tn::dynamic) == tn::dynamic);
    STATIC_REQUIRE(tn::add_widths(tn::dynamic, tn::dynamic) == tn::dynamic);
    STATIC_REQUIRE(tn::multiply_widths(2, 3) == 6);
    STATIC_REQUIRE(tn::multiply_widths(tn::dynamic, 3) == tn::dynamic);
    STATIC_REQUIRE(tn::multiply_widths(3, tn::dynamic) == tn::dynamic);
}

TEST_CASE("a width is held only where the compiler does not know it", "[widths]") {
    STATIC_REQUIRE(std::is_empty_v<tn::held_width<7>>);
    STATIC_REQUIRE(tn::held_width<7>()() == 7);
    CHECK(tn::held_width<7>(3)() == 7);
    CHECK(tn::held_width<tn::dynamic>(3)() == 3);
    CHECK(tn::held_width<tn::dynamic>()() == 0);
}

TEST_CASE("rows are spans of the width and scalar", "[widths]") {
    const std::array<float, 3> values{1, 2, 3};
    const tn::row<3, float> x(values);
    CHECK(x[2] == 3);
    STATIC_REQUIRE(std::is_same_v<tn::row<3>, std::span<const double, 3>>);
    STATIC_REQUIRE(std::is_same_v<tn::row_out<tn::dynamic, float>, std::span<float>>);
    STATIC_REQUIRE(!std::is_constructible_v<tn::row<3>, const std::array<double, 4>&>);
}
