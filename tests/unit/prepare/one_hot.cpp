#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <tenon/prepare/one_hot.hpp>
#include <vector>

namespace tn = tenon;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

struct house : tn::schema<tn::categorical<"kind", "flat", "house", "boat">, tn::numeric<"area">,
                          tn::categorical<"heating", "gas">, tn::target<"price">> {};
struct open : tn::schema<tn::categorical<"kind">, tn::numeric<"area">> {};
struct numbers : tn::schema<tn::numeric<"a", float>, tn::numeric<"b", float>> {};

template <class S, class T = typename S::scalar>
auto fitted_to(const tn::schema_info& info) {
    using fitted = tn::one_hot_spec::fitted<S>;
    const tn::matrix<T> x(1, info.columns.size());
    return tn::one_hot_spec{}.fit(std::type_identity<fitted>{}, x.view(), tn::vector_view<const double>(),
                                  std::span<const tn::column_info>(info.columns));
}

} // namespace

TEST_CASE("one_hot knows its width at compile time where the schema has the levels", "[one_hot]") {
    STATIC_REQUIRE(tn::PreprocessorFor<tn::one_hot_spec, house>);
    STATIC_REQUIRE(tn::PreprocessorFor<tn::one_hot_spec, open>);
    STATIC_REQUIRE(tn::one_hot_spec::out<house>::width == 5);
    STATIC_REQUIRE(tn::one_hot_spec::out<open>::width == tn::dynamic);
    STATIC_REQUIRE(tn::one_hot_spec::out<numbers>::width == 2);
    STATIC_REQUIRE(tn::one_hot_spec::out<tn::columns<7>>::width == 7);
    STATIC_REQUIRE(std::is_same_v<tn::one_hot_spec::out<numbers>::scalar, float>);
    STATIC_REQUIRE(std::is_same_v<tn::one_hot_spec::out<house>::kind, tn::real>);
    STATIC_REQUIRE(std::is_same_v<tn::needs_numbers<tn::one_hot_spec::out<house>>, tn::because::nothing>);
}

TEST_CASE("one_hot makes a column of every level and passes numbers", "[one_hot]") {
    const auto fitted = fitted_to<house>(house::info());
    CHECK(fitted.width_in() == 3);
    CHECK(fitted.width_out() == 5);
    std::array<double, 5> z{};
    fitted(std::array<double, 3>{1, 42.5, 0}, z);
    CHECK(z == std::array<double, 5>{0, 1, 0, 42.5, 1});
    fitted(std::array<double, 3>{2, -1, 0}, z);
    CHECK(z == std::array<double, 5>{0, 0, 1, -1, 1});

    const auto names = fitted.describe(house::info().columns);
    REQUIRE(names.size() == 5);
    CHECK(names[0] == tn::column_info{"kind=flat", false, {}});
    CHECK(names[2] == tn::column_info{"kind=boat", false, {}});
    CHECK(names[3] == tn::column_info{"area", false, {}});
    CHECK(names[4] == tn::column_info{"heating=gas", false, {}});
}

TEST_CASE("what is the index of no level cannot pass for one", "[one_hot]") {
    const auto fitted = fitted_to<house>(house::info());
    for (const double wrong : {gap, -1.0, 3.0, 0.5, std::numeric_limits<double>::infinity()}) {
        std::array<double, 5> z{};
        fitted(std::array<double, 3>{wrong, 42.5, 0}, z);
        CHECK((std::isnan(z[0]) && std::isnan(z[1]) && std::isnan(z[2])));
        CHECK(z[3] == 42.5);
        CHECK(z[4] == 1);
    }
    std::array<double, 5> z{};
    fitted(std::array<double, 3>{0, gap, 0}, z);
    CHECK(std::isnan(z[3]));
}

TEST_CASE("one_hot has an inverse", "[one_hot]") {
    const auto fitted = fitted_to<house>(house::info());
    std::array<double, 5> z{};
    std::array<double, 3> back{};
    for (const double kind : {0.0, 1.0, 2.0}) {
        const std::array<double, 3> x{kind, 7.25, 0};
        fitted(x, z);
        fitted.inverse(z, back);
        CHECK(back == x);
    }
    fitted(std::array<double, 3>{gap, 7.25, 0}, z);
    fitted.inverse(z, back);
    CHECK(std::isnan(back[0]));
    CHECK(back[1] == 7.25);
    fitted.inverse(std::array<double, 5>{0, 0, 0, 1, 1}, back);
    CHECK(std::isnan(back[0]));
}

TEST_CASE("levels found in the data give the same values as levels in the schema", "[one_hot]") {
    tn::schema_info info = open::info();
    info.columns[0].levels = {"flat", "house", "boat"};
    const auto fitted = fitted_to<open>(info);
    CHECK(fitted.width_out() == 4);
    std::vector<double> z(4);
    const std::array<double, 2> x{2, 42.5};
    fitted(x, z);
    CHECK(z == std::vector<double>{0, 0, 1, 42.5});
    std::array<double, 2> back{};
    fitted.inverse(z, back);
    CHECK(back == x);
    CHECK(fitted.describe(info.columns)[1].name == "kind=house");
}

TEST_CASE("one_hot leaves numbers alone", "[one_hot]") {
    const auto fitted = fitted_to<numbers>(numbers::info());
    std::array<float, 2> z{};
    fitted(std::array<float, 2>{0.5F, -2}, z);
    CHECK(z == std::array<float, 2>{0.5F, -2});
    const auto dynamic = fitted_to<tn::columns<tn::dynamic>>(tn::columns<tn::dynamic>::info(3));
    CHECK(dynamic.width_in() == 3);
    CHECK(dynamic.width_out() == 3);
    std::vector<double> y(3);
    dynamic(std::vector<double>{1, gap, 3}, y);
    CHECK(y[2] == 3);
    CHECK(std::isnan(y[1]));
}
