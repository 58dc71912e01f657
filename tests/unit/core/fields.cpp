#include "support/catch.hpp"

#include <string_view>
#include <tenon/core/fields.hpp>

using namespace tenon::detail;

namespace {

template <std::size_t Width>
using names_of = std::array<std::string_view, Width>;

/// A text of three places between numbers, and two texts side by side.
struct letter {
    static constexpr std::size_t width = 8;
    static constexpr names_of<width> names{"age", "body", "body", "body", "stars", "title", "title", "end"};
};
struct ends_in_text {
    static constexpr std::size_t width = 5;
    static constexpr names_of<width> names{"from", "from", "to", "to", "to"};
};
struct numbers {
    static constexpr std::size_t width = 3;
    static constexpr names_of<width> names{"a", "b", "a"}; // a name again, but not beside itself
};
struct nameless {
    static constexpr std::size_t width = 3;
    static constexpr names_of<width> names{};
};
struct no_columns {
    static constexpr std::size_t width = 0;
    static constexpr names_of<width> names{};
};
struct without_names {
    static constexpr std::size_t width = 4;
};
struct of_unknown_width {
    static constexpr std::size_t width = tenon::dynamic;
};

/// Whether field i of S is the columns first … first + count - 1.
template <class S>
constexpr bool field_is(std::size_t i, std::size_t first, std::size_t count) {
    const field_places& field = schema_fields<S>[i];
    return field.first == first && field.count == count && field.is_text() == (count > 1);
}

} // namespace

TEST_CASE("columns of one name side by side are one field", "[fields]") {
    STATIC_REQUIRE(field_count<letter> == 5);
    STATIC_REQUIRE(has_texts<letter>);
    CHECK(field_is<letter>(0, 0, 1));
    CHECK(field_is<letter>(1, 1, 3));
    CHECK(field_is<letter>(2, 4, 1));
    CHECK(field_is<letter>(3, 5, 2));
    CHECK(field_is<letter>(4, 7, 1));
}

TEST_CASE("a schema may be texts alone", "[fields]") {
    STATIC_REQUIRE(field_count<ends_in_text> == 2);
    CHECK(field_is<ends_in_text>(0, 0, 2));
    CHECK(field_is<ends_in_text>(1, 2, 3));
}

TEST_CASE("each column knows how many places its text has", "[fields]") {
    constexpr std::array<std::size_t, 8> expected{1, 3, 3, 3, 1, 2, 2, 1};
    STATIC_REQUIRE(field_widths<letter> == expected);
    for (std::size_t i = 0; i < letter::width; ++i) CHECK(text_places<letter>(i) == expected[i]);
    CHECK(text_places<numbers>(2) == 1);
    CHECK(text_places<of_unknown_width>(17) == 1); // no text, however many there are
}

TEST_CASE("a column goes on with the text before it, or begins its own field", "[fields]") {
    CHECK(!continues_text<letter>(0));
    CHECK(!continues_text<letter>(1));
    CHECK(continues_text<letter>(2));
    CHECK(continues_text<letter>(3));
    CHECK(!continues_text<letter>(4));
    CHECK(!continues_text<numbers>(2));
}

TEST_CASE("columns without a text are fields of their own", "[fields]") {
    STATIC_REQUIRE(field_count<numbers> == 3);
    STATIC_REQUIRE(field_count<nameless> == 3); // they are all called "", and yet no text
    STATIC_REQUIRE(!has_texts<nameless>);
    STATIC_REQUIRE(field_count<without_names> == 4);
    STATIC_REQUIRE(field_count<of_unknown_width> == tenon::dynamic);
    STATIC_REQUIRE(!has_texts<of_unknown_width>);
    for (std::size_t i = 0; i < 3; ++i) CHECK(field_is<nameless>(i, i, 1));
}

TEST_CASE("a schema without columns has no fields", "[fields]") {
    STATIC_REQUIRE(field_count<no_columns> == 0);
    STATIC_REQUIRE(!has_texts<no_columns>);
    CHECK(schema_fields<no_columns>.empty());
}
