#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <tenon/tenon.hpp>

namespace tn = tenon;

namespace {

struct flat : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::numeric<"age">,
                         tn::categorical<"heating", "gas", "heat pump", "oil">, tn::target<"price">> {};

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Row 3 lacks its age, and its heating too unless that is given.
tn::dataset<flat> flats(double heating = nan) {
    const double rows[6][4] = {{50, 0, 10, 0},  {120, 1, 30, 1}, {80, 0, nan, heating},
                               {100, 1, 20, 2}, {60, 0, 5, 0},   {90, 1, 40, 1}};
    tn::matrix<double> x(6, 4);
    for (std::size_t r = 0; r < 6; ++r)
        for (std::size_t c = 0; c < 4; ++c) x(r, c) = rows[r][c];
    return {std::move(x), {1, 3, 2, 2.5, 1.2, 2}};
}

std::vector<std::string> names_of(const std::vector<tn::column_info>& columns) {
    std::vector<std::string> names;
    names.reserve(columns.size());
    for (const tn::column_info& c : columns) names.push_back(c.name);
    return names;
}

template <class Recipe>
using columns_behind = tn::fitted_t<Recipe, flat>;

auto in_place() {
    return tn::on<"age", "area">(tn::impute(tn::median) | tn::standardize());
}
auto encoded() {
    return tn::on<"heating", "kind">(tn::impute(tn::most_frequent) | tn::one_hot());
}

} // namespace

TEST_CASE("on changes the named columns in place and passes the others", "[on]") {
    const auto data = flats(1);
    const auto fitted = in_place().fit(data);
    STATIC_REQUIRE(decltype(fitted)::width_out == 4);
    const auto plain = (tn::select<"area", "age">() | tn::impute(tn::median) | tn::standardize()).fit(data);
    for (std::size_t r = 0; r < data.size(); ++r) {
        std::array<double, 4> z;
        std::array<double, 2> expected;
        fitted.transform(data.row(r), z);
        plain.transform(data.row(r), expected);
        CHECK(z[0] == expected[0]);
        CHECK(z[1] == data.row(r)[1]);
        CHECK(z[2] == expected[1]);
        CHECK(z[3] == data.row(r)[3]);
    }
    CHECK(names_of(fitted.features()) == std::vector<std::string>{"area", "kind", "age", "heating"});
    std::array<double, 4> z, back;
    fitted.transform(data.row(0), z);
    fitted.inverse(z, back);
    CHECK_THAT(back[0], tenon_test::WithinRel(50.0, 1e-12));
    CHECK(back[3] == 0);
}

TEST_CASE("what on makes stands behind what passes, under names that a later on finds", "[on]") {
    const auto data = flats();
    const auto fitted = (encoded() | tn::on<"age">(tn::impute(tn::mean))).fit(data);
    STATIC_REQUIRE(decltype(fitted)::width_out == 7);
    CHECK(names_of(fitted.features()) == std::vector<std::string>{"area", "age", "heating=gas",
                                                                  "heating=heat pump", "heating=oil",
                                                                  "kind=flat", "kind=house"});
    std::array<double, 7> z;
    fitted.transform(data.row(3), z);
    CHECK(z == std::array<double, 7>{100, 20, 0, 0, 1, 0, 1});
    fitted.transform(data.row(2), z);
    CHECK(z == std::array<double, 7>{80, 21, 1, 0, 0, 1, 0}); // gas and heat pump are equally frequent
}

TEST_CASE("a row may lack what a stage fills, and nothing else", "[on]") {
    using model = columns_behind<decltype(encoded() | tn::on<"age">(tn::impute(tn::mean)))>;
    STATIC_REQUIRE_FALSE(model::may_lack(0));
    STATIC_REQUIRE(model::may_lack(1));
    STATIC_REQUIRE(model::may_lack(2));
    STATIC_REQUIRE(model::may_lack(3));
    STATIC_REQUIRE_FALSE(columns_behind<decltype(tn::on<"age">(tn::standardize()))>::may_lack(2));
    STATIC_REQUIRE(
        columns_behind<decltype(tn::on<"age">(tn::standardize()) | tn::impute(tn::mean))>::may_lack(2));
    STATIC_REQUIRE(columns_behind<decltype(tn::select<"area">())>::may_lack(1)); // it is not looked at

    const auto fitted = (tn::on<"area">(tn::impute(tn::mean)) | tn::select<"area", "kind">() | tn::one_hot() |
                         tn::linear_regression())
                            .fit(flats());
    CHECK_NOTHROW(fitted.parse("NA", "flat", "NA", "oil"));
    CHECK_THROWS_WITH(fitted.parse(10, "NA", 10, "oil"), tenon_test::ContainsSubstring("'kind' is missing"));
    CHECK_THROWS_WITH(
        (tn::on<"area">(tn::impute(tn::mean)) | encoded() | tn::linear_regression()).fit(flats()),
        tenon_test::ContainsSubstring("column 'age', row 3 is missing"));
}

TEST_CASE("a recipe with on is saved, loaded and written as a header", "[on]") {
    const auto data = flats();
    const auto model = (in_place() | encoded() | tn::polynomial<2>() | tn::ridge(0.1)).fit(data);
    const auto bytes = tn::save_bytes(model);
    const auto again = tn::load_bytes<std::remove_const_t<decltype(model)>>(bytes, "memory");
    for (std::size_t r = 0; r < data.size(); ++r) CHECK(again(data.row(r)) == model(data.row(r)));
    CHECK(tn::save_bytes(again) == bytes);

    using other = tn::fitted_t<decltype(tn::on<"area", "age">(tn::impute(tn::median) | tn::standardize()) |
                                        encoded() | tn::polynomial<2>() | tn::ridge(0.1)),
                               flat>;
    CHECK_THROWS_WITH(
        tn::load_bytes<other>(bytes, "memory"),
        tenon_test::ContainsSubstring("on 0 2: impute, standardize in this program, on 2 0: impute"));

    const std::string text = tn::header_text(model, "flats");
    for (const char* part : {"struct stage_0_on", "struct part_1", "part_1::apply(part_out_0, part_out_1)",
                             "static constexpr double fill[2]"})
        CHECK_THAT(text, tenon_test::ContainsSubstring(part));
}
