#include "support/catch.hpp"

#include <tenon/core/fixed_string.hpp>
#include <type_traits>

namespace tn = tenon;

namespace {

template <tn::fixed_string Name>
struct named {
    static constexpr std::string_view name = Name.view();
};

} // namespace

TEST_CASE("a literal is a template argument", "[fixed_string]") {
    CHECK(named<"area">::name == "area");
    CHECK(named<"area">::name.size() == 4);
    CHECK(named<"">::name.empty());
    CHECK(named<"größe, µm">::name == "größe, µm");
}

TEST_CASE("equal literals are equal types, others are not", "[fixed_string]") {
    STATIC_REQUIRE(std::is_same_v<named<"area">, named<"area">>);
    STATIC_REQUIRE(!std::is_same_v<named<"area">, named<"aera">>);
    STATIC_REQUIRE(!std::is_same_v<named<"area">, named<"area ">>);
}

TEST_CASE("a fixed_string begins empty and takes characters", "[fixed_string]") {
    tn::fixed_string<3> text;
    CHECK(text.view() == std::string_view("\0\0", 2));
    text.text[0] = 'h';
    text.text[1] = 'i';
    CHECK(text.view() == "hi");
}
