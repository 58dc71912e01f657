#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <tenon/core/random.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/impute.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::WithinRel;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house", "boat">> {};

/// area 1 2 2 7 and a gap; kind flat, boat, boat and two gaps.
tn::matrix<double> houses() {
    tn::matrix<double> x(5, 2);
    const double areas[] = {1, gap, 2, 2, 7}, kinds[] = {0, 2, gap, gap, 2};
    for (std::size_t r = 0; r < 5; ++r) {
        x(r, 0) = areas[r];
        x(r, 1) = kinds[r];
    }
    return x;
}

template <class S = house, class Rule, class T>
auto fitted_to(tn::matrix_view<const T> x, Rule, const tn::schema_info& info = house::info()) {
    using spec = tn::impute_spec<Rule>;
    return spec{}.fit(std::type_identity<typename spec::template fitted<S>>{}, x,
                      tn::vector_view<const double>(), std::span<const tn::column_info>(info.columns));
}

template <class T>
tn::matrix_view<const T> view(const tn::matrix<T>& x) {
    return x.view();
}

} // namespace

TEST_CASE("impute fills with the rule's statistic, and categories with their most frequent level",
          "[impute]") {
    STATIC_REQUIRE(tn::PreprocessorFor<tn::impute_spec<tn::mean_rule>, house>);
    STATIC_REQUIRE(tn::PreprocessorFor<tn::impute_spec<tn::median_rule>, tn::columns<tn::dynamic>>);
    STATIC_REQUIRE(tn::ImputeRule<tn::most_frequent_rule>);
    STATIC_REQUIRE_FALSE(tn::ImputeRule<int>);
    const tn::matrix<double> x = houses();
    const auto mean = fitted_to(view(x), tn::mean);
    const auto median = fitted_to(view(x), tn::median);
    const auto most_frequent = fitted_to(view(x), tn::most_frequent);
    CHECK(mean.fill[0] == 3);
    CHECK(median.fill[0] == 2);
    CHECK(most_frequent.fill[0] == 2);
    CHECK(mean.fill[1] == 2);
    CHECK(median.fill[1] == 2);
    CHECK(most_frequent.fill[1] == 2);
    STATIC_REQUIRE(decltype(mean)::fills_missing);
}

TEST_CASE("impute replaces NaN and nothing else", "[impute]") {
    const auto fitted = fitted_to(view(houses()), tn::median);
    CHECK(fitted.width_in() == 2);
    CHECK(fitted.width_out() == 2);
    const std::array<double, 2> whole{-3, 1}, half{gap, 0}, none{gap, -gap};
    std::array<double, 2> z{}, back{};
    fitted(whole, z);
    CHECK(z == whole);
    fitted.inverse(z, back); // what was there comes back as it was
    CHECK(back == whole);
    fitted(half, z);
    CHECK(z == std::array<double, 2>{2, 0});
    fitted(none, z);
    CHECK(z == std::array<double, 2>{2, 2});
    const std::array<double, 2> infinite{std::numeric_limits<double>::infinity(), 0};
    fitted(infinite, z);
    CHECK(z == infinite);
}

TEST_CASE("impute on one row and on constant columns", "[impute]") {
    const tn::matrix<double> x = houses();
    const auto one = fitted_to(view(x).middle_rows(0, 1), tn::mean);
    CHECK(one.fill[0] == 1);
    CHECK(one.fill[1] == 0);
    tn::matrix<double> constant(9, 2);
    for (std::size_t r = 0; r < 9; ++r) constant(r, 0) = r % 2 == 0 ? gap : 0.1;
    CHECK_THAT(fitted_to(view(constant), tn::mean).fill[0], WithinRel(0.1, 1e-15));
    CHECK(fitted_to(view(constant), tn::median).fill[0] == 0.1);
}

TEST_CASE("a column without any value is an error that names it", "[impute]") {
    tn::matrix<double> x = houses();
    for (std::size_t r = 0; r < 5; ++r) x(r, 1) = gap;
    CHECK_THROWS_AS(fitted_to(view(x), tn::mean), tn::data_error);
    CHECK_THROWS_WITH(fitted_to(view(x), tn::median),
                      ContainsSubstring("impute: column 'kind' has no value to learn a fill from"));
    CHECK_THROWS_WITH(fitted_to(view(x).middle_rows(0, 0), tn::mean), ContainsSubstring("column 'area'"));
}

TEST_CASE("widths, layouts and scalars change no value of impute", "[impute]") {
    const tn::matrix<double> x = houses();
    std::vector<double> by_column(10);
    tn::matrix<float> narrow(5, 2);
    for (std::size_t r = 0; r < 5; ++r)
        for (std::size_t c = 0; c < 2; ++c) {
            by_column[c * 5 + r] = x(r, c);
            narrow(r, c) = static_cast<float>(x(r, c));
        }
    const auto expected = fitted_to(view(x), tn::mean);
    const auto dynamic = fitted_to<tn::columns<tn::dynamic>>(view(x), tn::mean);
    const auto columns = fitted_to(tn::matrix_view<const double>(by_column.data(), 5, 2, 1, 5), tn::mean);
    const auto floats = fitted_to<tn::columns<2, tn::real, float>>(view(narrow), tn::mean);
    CHECK(dynamic.width_out() == 2);
    for (std::size_t c = 0; c < 2; ++c) {
        CHECK(dynamic.fill[c] == expected.fill[c]);
        CHECK(columns.fill[c] == expected.fill[c]);
        CHECK(floats.fill[c] == static_cast<float>(expected.fill[c]));
    }
    const std::vector<double> row{gap, 1};
    std::vector<double> z(2);
    dynamic(row, z);
    CHECK(z == std::vector<double>{3, 1});
}

TEST_CASE("impute is a mergeable fold: levels to the last bit, means to rounding", "[impute]") {
    using spec = tn::impute_spec<tn::mean_rule>;
    using fitted = spec::fitted<house>;
    tn::philox random(31);
    tn::matrix<double> x(200, 2);
    for (std::size_t r = 0; r < 200; ++r) {
        x(r, 0) = random.uniform() < 0.2 ? gap : random.normal();
        x(r, 1) = random.uniform() < 0.2 ? gap : static_cast<double>(random.below(3));
    }
    const tn::schema_info info = house::info();
    const auto whole = fitted_to(view(x), tn::mean);
    for (int run = 0; run < 10; ++run) {
        const std::size_t a = random.below(200), b = a + random.below(200 - a);
        spec::state first(info.columns), second(info.columns), third(info.columns);
        spec::update(first, view(x).middle_rows(0, a));
        spec::update(second, view(x).middle_rows(a, b - a));
        spec::update(third, view(x).middle_rows(b, 200 - b));
        spec::merge(second, third);
        spec::merge(second, first);
        const auto merged = spec{}.finish(std::type_identity<fitted>{}, second,
                                          std::span<const tn::column_info>(info.columns));
        CHECK_THAT(merged.fill[0], tenon_test::WithinAbs(whole.fill[0], 1e-15)); // values of size 1
        CHECK(merged.fill[1] == whole.fill[1]);
    }
}

TEST_CASE("means of large values do not overflow, and -0 is 0", "[impute]") {
    tn::column_mean large, opposite;
    const double huge[] = {1.7e308, 1.7e308, gap, 1.6e308}, low[] = {-1.7e308, -1.7e308, -1.6e308};
    large.update(tn::vector_view<const double>(std::span(huge)));
    CHECK(large.count() == 3);
    CHECK_THAT(large.mean(), WithinRel(5.0 / 3 * 1e308, 1e-15));
    opposite.update(tn::vector_view<const double>(std::span(low)));
    large.merge(opposite);
    CHECK_THAT(large.mean(), tenon_test::WithinAbs(0, 1e293));
    tn::column_mean zero;
    const double zeros[] = {-0.0, -0.0};
    zero.update(tn::vector_view<const double>(std::span(zeros)));
    CHECK(std::signbit(zero.mean()) == false);
}

TEST_CASE("a given number fills what is folded", "[impute]") {
    const auto recipe = tn::impute(tn::constant(-1.5));
    const auto& spec = recipe.stage<0>();
    using fitted = tn::impute_spec<tn::constant_rule>::fitted<house>;
    const tn::schema_info info = house::info();
    tn::impute_spec<tn::constant_rule>::state s(info.columns);
    spec.update(s, view(houses()));
    const auto f = spec.finish(std::type_identity<fitted>{}, s, info.columns);
    CHECK(f.fill[0] == -1.5);
    CHECK(f.fill[1] == 2);
}
