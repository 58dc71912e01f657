#include "support/catch.hpp"

#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/data/schema.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
namespace because = tenon::because;

namespace {

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};
struct visitor
    : tn::schema<tn::label<"buys", "no", "yes">, tn::categorical<"town">, tn::numeric<"age", float>> {};
struct image : tn::schema<tn::numeric<"a", float>, tn::numeric<"b", float>, tn::label<"digit">> {};
struct mixed : tn::schema<tn::numeric<"a", float>, tn::numeric<"b">> {};
struct empty : tn::schema<> {};

template <class A, class B>
inline constexpr bool same = std::is_same_v<A, B>;

} // namespace

TEST_CASE("a schema knows its features at compile time", "[schema]") {
    STATIC_REQUIRE(tn::Schema<house>);
    STATIC_REQUIRE(house::width == 2);
    STATIC_REQUIRE(house::names[0] == "area");
    STATIC_REQUIRE(house::names[1] == "kind");
    STATIC_REQUIRE(house::categories(0) == 0);
    STATIC_REQUIRE(house::categories(1) == 2);
    STATIC_REQUIRE(same<house::kind, tn::real>);
    STATIC_REQUIRE(same<house::scalar, double>);

    // The target may stand anywhere; features keep their order.
    STATIC_REQUIRE(visitor::width == 2);
    STATIC_REQUIRE(visitor::names[0] == "town");
    STATIC_REQUIRE(visitor::categories(0) == tn::dynamic);
    STATIC_REQUIRE(visitor::categories(1) == 0);
    STATIC_REQUIRE(same<visitor::kind, tn::classes<2>>);

    STATIC_REQUIRE(same<image::kind, tn::classes<tn::dynamic>>);
    STATIC_REQUIRE(same<mixed::kind, tn::none>);
    STATIC_REQUIRE(empty::width == 0);
}

TEST_CASE("a schema computes in float where every number is a float", "[schema]") {
    STATIC_REQUIRE(same<image::scalar, float>);
    STATIC_REQUIRE(same<visitor::scalar, float>);
    STATIC_REQUIRE(same<mixed::scalar, double>);
    STATIC_REQUIRE(same<tn::schema<tn::categorical<"a", "x", "y">>::scalar, double>);
    STATIC_REQUIRE(same<empty::scalar, double>);
}

TEST_CASE("the run-time face of a schema has names and levels", "[schema]") {
    const tn::schema_info info = house::info();
    REQUIRE(info.columns.size() == 2);
    CHECK(info.columns[0] == tn::column_info{"area", false, {}});
    CHECK(info.columns[1] == tn::column_info{"kind", true, {"flat", "house"}});
    CHECK(info.target == tn::column_info{"price", false, {}});
    CHECK(visitor::info().target == tn::column_info{"buys", true, {"no", "yes"}});
    CHECK(visitor::info().columns[0] == tn::column_info{"town", true, {}});
    CHECK(mixed::info().target.name.empty());
}

TEST_CASE("columns have numbers for names", "[schema]") {
    using three = tn::columns<3>;
    STATIC_REQUIRE(tn::Schema<three>);
    STATIC_REQUIRE(three::width == 3);
    STATIC_REQUIRE(three::categories(1) == 0);
    STATIC_REQUIRE(same<three::kind, tn::real>);
    STATIC_REQUIRE(same<tn::columns<3, tn::none, float>::scalar, float>);
    CHECK(three::info().columns[2] == tn::column_info{"x2", false, {}});
    CHECK(three::info().target == tn::column_info{"y", false, {}});
    CHECK(tn::columns<3, tn::none>::info().target.name.empty());
    CHECK(tn::columns<1, tn::classes<2>>::info().target == tn::column_info{"y", true, {"0", "1"}});

    using any = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;
    STATIC_REQUIRE(tn::Schema<any>);
    CHECK(any::info().columns.empty());
    CHECK(any::info(2, 3).columns.size() == 2);
    CHECK(any::info(2, 3).target.levels == std::vector<std::string>{"0", "1", "2"});
}

TEST_CASE("needs_numbers names the first categorical column", "[schema]") {
    using because::a_categorical_column_must_be_encoded_first__put_one_hot_before_this;
    STATIC_REQUIRE(same<tn::needs_numbers<house>,
                        a_categorical_column_must_be_encoded_first__put_one_hot_before_this<"kind">>);
    STATIC_REQUIRE(same<tn::needs_numbers<visitor>,
                        a_categorical_column_must_be_encoded_first__put_one_hot_before_this<"town">>);
    STATIC_REQUIRE(same<tn::needs_numbers<image>, because::nothing>);
    STATIC_REQUIRE(same<tn::needs_numbers<tn::columns<3>>, because::nothing>);
    STATIC_REQUIRE(same<tn::needs_numbers<tn::columns<tn::dynamic>>, because::nothing>);
    STATIC_REQUIRE_FALSE(tn::Schema<int>);
    STATIC_REQUIRE_FALSE(tn::Schema<tn::numeric<"a">>);
}
