#include "support/catch.hpp"
#include "support/random_pipelines.hpp"

#include <tenon/features/select.hpp>
#include <tenon/prepare.hpp>
#include <tenon/train/fit.hpp>

namespace tn = tenon;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house", "barge">,
                          tn::numeric<"age">, tn::categorical<"lift", "no", "yes">, tn::target<"price">> {};

template <class Recipe>
using objection = typename Recipe::template objection<house>;

} // namespace

TEST_CASE("select keeps the named columns in the order named", "[select]") {
    const auto data = tenon_test::random_dataset<house>(50, 3, house::info());
    const auto fitted = tn::select<"lift", "area">().fit(data);
    STATIC_REQUIRE(decltype(fitted)::width_out == 2);
    std::array<double, 2> z{};
    for (std::size_t r = 0; r < data.size(); ++r) {
        fitted.transform(data.row(r), z);
        CHECK(z[0] == data.row(r)[3]);
        CHECK(z[1] == data.row(r)[0]);
    }
    const auto columns = fitted.features();
    REQUIRE(columns.size() == 2);
    CHECK(columns[0].name == "lift");
    CHECK(columns[0].levels == std::vector<std::string>{"no", "yes"});
    CHECK(columns[1].name == "area");
}

TEST_CASE("what is behind select sees the selected columns as a schema", "[select]") {
    const auto data = tenon_test::random_dataset<house>(50, 3, house::info());
    const auto fitted = (tn::select<"age", "kind">() | tn::one_hot() | tn::standardize()).fit(data);
    STATIC_REQUIRE(decltype(fitted)::width_out == 4);
    CHECK(fitted.features().at(3).name == "kind=barge");
    CHECK(fitted.stage<1>().levels[1] == 3);

    const auto again = (tn::select<"age", "kind", "area">() | tn::select<"area">()).fit(data);
    std::array<double, 1> z{};
    again.transform(data.row(7), z);
    CHECK(z[0] == data.row(7)[0]);
}

TEST_CASE("a column may be selected twice", "[select]") {
    using twice = tn::select_spec<"age", "age">::fitted<house>;
    std::array<double, 2> z{};
    twice()(std::array<double, 4>{1, 2, 3, 4}, z);
    CHECK(z == std::array<double, 2>{3, 3});
    CHECK(twice::signature() == "2 2");
    CHECK(twice::source() == "z[0] = x[2];\nz[1] = x[2];\n");
}

TEST_CASE("a misspelt column is an objection that names the nearest one", "[select]") {
    namespace because = tn::because;
    STATIC_REQUIRE(tn::no_objection<objection<decltype(tn::select<"age", "area">())>>);
    STATIC_REQUIRE(std::is_same_v<objection<decltype(tn::select<"age", "aera">())>,
                                  because::the_schema_has_no_column<"aera", because::did_you_mean<"area">>>);
    STATIC_REQUIRE(std::is_same_v<objection<decltype(tn::select<"kin">())>,
                                  because::the_schema_has_no_column<"kin", because::did_you_mean<"kind">>>);
    // The target is no feature.
    STATIC_REQUIRE(!tn::no_objection<objection<decltype(tn::select<"price">())>>);
    // One that an earlier select has dropped is gone.
    STATIC_REQUIRE(!tn::no_objection<objection<decltype(tn::select<"age">() | tn::select<"area">())>>);
    CHECK(tn::select_spec<"age">::part == tn::role::preprocessor);
}

TEST_CASE("columns without names cannot be selected by name", "[select]") {
    using because_unnamed = tn::because::these_columns_have_no_names__put_select_first;
    STATIC_REQUIRE(std::is_same_v<objection<decltype(tn::one_hot() | tn::select<"age">())>, because_unnamed>);
    CHECK(std::is_same_v<decltype(tn::select<"age">())::objection<tn::columns<3>>, because_unnamed>);
}
