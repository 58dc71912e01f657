// What turns categories into numbers, and gaps into columns: constant fills, missing_indicators, ordinal,
// one_hot_drop_first, one_hot with unknown levels, group_rare, hashing.

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/prepare/group_rare.hpp>
#include <tenon/prepare/hashing.hpp>
#include <tenon/prepare/impute.hpp>
#include <tenon/prepare/missing_indicators.hpp>
#include <tenon/prepare/on.hpp>
#include <tenon/prepare/one_hot.hpp>
#include <tenon/prepare/one_hot_drop_first.hpp>
#include <tenon/prepare/ordinal.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double no_levels[] = {gap, -1, 3, 0.5, 1e300, -infinite, infinite};

struct house : tn::schema<tn::categorical<"kind", "flat", "house", "boat">, tn::numeric<"area">,
                          tn::categorical<"heating", "gas">, tn::target<"price">> {};
struct open : tn::schema<tn::categorical<"kind">, tn::numeric<"area">> {};
struct numbers : tn::schema<tn::numeric<"a", float>, tn::numeric<"b", float>> {};

using columns = std::vector<tn::column_info>;

/// The columns of open, with the levels that some data had.
columns opened(std::vector<std::string> levels) {
    columns all = open::info().columns;
    all[0].levels = std::move(levels);
    return all;
}

template <class S, class Spec, class T = typename S::scalar>
auto fitted_to(const tn::pipeline<Spec>& recipe, const columns& info, const tn::matrix<T>& x) {
    using fitted = typename Spec::template fitted<S>;
    STATIC_REQUIRE(tn::PreprocessorFor<Spec, S>);
    return tn::detail::fit_stage<fitted>(recipe.template stage<0>(), tn::matrix_view<const T>(x.view()),
                                         tn::vector_view<const double>(),
                                         std::span<const tn::column_info>(info));
}
template <class S, class Spec>
auto fitted_to(const tn::pipeline<Spec>& recipe, const columns& info = S::info().columns) {
    return fitted_to<S>(recipe, info, tn::matrix<typename S::scalar>(1, info.size()));
}

template <class F>
std::vector<typename F::scalar> made(const F& fitted, std::vector<typename F::scalar> x) {
    using T = typename F::scalar;
    std::vector<T> z(fitted.width_out(), T{77});
    fitted(tn::row<F::in, T>(x.data(), x.size()), tn::row_out<F::out, T>(z.data(), z.size()));
    return z;
}
template <class F>
std::vector<typename F::scalar> back(const F& fitted, std::vector<typename F::scalar> z) {
    using T = typename F::scalar;
    std::vector<T> x(fitted.width_in(), T{77});
    fitted.inverse(tn::row<F::out, T>(z.data(), z.size()), tn::row_out<F::in, T>(x.data(), x.size()));
    return x;
}

std::vector<std::string> names_of(const columns& all) {
    std::vector<std::string> names;
    for (const tn::column_info& c : all) names.push_back(c.name);
    return names;
}

using row = std::vector<double>;
using words = std::vector<std::string>;

/// kind in so many rows each: flat 6, house 3, boat 1, and two gaps.
tn::matrix<double> kinds() {
    tn::matrix<double> x(12, 2);
    for (std::size_t r = 0; r < 12; ++r) x(r, 0) = r < 6 ? 0 : r < 9 ? 1 : r < 10 ? 2 : gap;
    return x;
}

} // namespace

TEST_CASE("impute with a constant fills numbers with it, categories with their most frequent level",
          "[impute]") {
    tn::matrix<double> x = kinds();
    for (std::size_t r = 0; r < 12; ++r) x(r, 1) = gap; // learns nothing from them, so none are needed
    const columns info = opened({"flat", "house", "boat"});
    const auto fitted = fitted_to<open>(tn::impute(tn::constant(-1.5)), info, x);
    CHECK(fitted.fill[0] == 0);
    CHECK(fitted.fill[1] == -1.5);
    CHECK(made(fitted, {gap, gap}) == row{0, -1.5});
    CHECK(made(fitted, {2, 7}) == row{2, 7});

    CHECK_THROWS_AS(fitted_to<open>(tn::impute(tn::constant(gap)), info, x), tn::fit_error);
    CHECK_THROWS_WITH(fitted_to<open>(tn::impute(tn::constant(infinite)), info, x),
                      ContainsSubstring("column 'area' cannot be filled with inf"));
    CHECK_THROWS_WITH(fitted_to<numbers>(tn::impute(tn::constant(1e300))), ContainsSubstring("column 'a'"));
    for (std::size_t r = 0; r < 12; ++r) x(r, 0) = gap;
    CHECK_THROWS_WITH(fitted_to<open>(tn::impute(tn::constant(0)), info, x),
                      ContainsSubstring("column 'kind' has no value"));
}

TEST_CASE("missing_indicators says what was missing and leaves the gap", "[missing_indicators]") {
    using out = tn::missing_indicators_spec::out<house>;
    STATIC_REQUIRE(tn::FeatureExpander<tn::missing_indicators_spec>);
    STATIC_REQUIRE(out::width == 6);
    STATIC_REQUIRE(out::names[1] == "area");
    STATIC_REQUIRE(out::names[4] == "area is missing");
    STATIC_REQUIRE(out::categories(0) == 3);
    STATIC_REQUIRE(out::categories(3) == 0);
    STATIC_REQUIRE(tn::missing_indicators_spec::out<tn::columns<5>>::width == 10);
    STATIC_REQUIRE(tn::missing_indicators_spec::out<tn::columns<tn::dynamic>>::width == tn::dynamic);

    const auto fitted = fitted_to<house>(tn::missing_indicators());
    const row whole{2, -3.5, 0};
    CHECK(made(fitted, whole) == row{2, -3.5, 0, 0, 0, 0});
    const row z = made(fitted, {gap, infinite, gap});
    CHECK((std::isnan(z[0]) && std::isnan(z[2])));
    CHECK(row(z.begin() + 3, z.end()) == row{1, 0, 1});
    CHECK(names_of(fitted.describe(house::info().columns)) ==
          words{"kind", "area", "heating", "kind is missing", "area is missing", "heating is missing"});
    // What an impute has filled in is taken out again.
    CHECK(back(fitted, made(fitted, whole)) == whole);
    CHECK(std::isnan(back(fitted, {1, 4, 0, 0, 1, 0})[1]));

    const columns three(3);
    const auto open_width = fitted_to<tn::columns<tn::dynamic>>(tn::missing_indicators(), three);
    CHECK(open_width.width_out() == 6);
    CHECK(open_width.is_consistent(three));
    CHECK_FALSE(open_width.is_consistent(columns(2)));
    const auto floats = fitted_to<numbers>(tn::missing_indicators());
    CHECK(made(floats, {1, std::numeric_limits<float>::quiet_NaN()})[3] == 1);
}

TEST_CASE("a row may lack what an impute behind missing_indicators fills", "[missing_indicators]") {
    const auto indicated = tn::missing_indicators() | tn::impute(tn::median);
    using all = tn::fitted_t<decltype(indicated | tn::one_hot()), house>;
    STATIC_REQUIRE((all::may_lack(0) && all::may_lack(1) && all::may_lack(2)));
    STATIC_REQUIRE(all::width_out == 8);
    using alone = tn::fitted_t<decltype(tn::missing_indicators()), house>;
    STATIC_REQUIRE_FALSE((alone::may_lack(0) || alone::may_lack(1)));
    using one =
        tn::fitted_t<decltype(tn::on<"area">(indicated) | tn::on<"area is missing">(tn::ordinal())), house>;
    STATIC_REQUIRE((!one::may_lack(0) && one::may_lack(1)));
    STATIC_REQUIRE(one::width_out == 4);
    using behind_ordinal = tn::fitted_t<decltype(tn::ordinal() | tn::impute(tn::mean)), house>;
    STATIC_REQUIRE(behind_ordinal::may_lack(0));
    using behind_groups = tn::fitted_t<decltype(tn::group_rare({.least = 2}) | tn::impute(tn::mean)), house>;
    STATIC_REQUIRE(behind_groups::may_lack(2));
}

TEST_CASE("ordinal makes numbers of level indices", "[ordinal]") {
    using out = tn::ordinal_spec::out<house>;
    STATIC_REQUIRE(out::names[2] == "heating");
    STATIC_REQUIRE(std::is_same_v<tn::needs_numbers<out>, tn::because::nothing>);
    const auto fitted = fitted_to<house>(tn::ordinal());
    for (const row& x : {row{0, 42.5, 0}, row{1, -1, 0}, row{2, infinite, 0}}) {
        CHECK(made(fitted, x) == x);
        CHECK(back(fitted, x) == x);
    }
    for (const double wrong : no_levels) {
        const row z = made(fitted, {wrong, wrong, 0});
        CHECK(std::isnan(z[0]));
        CHECK((std::isnan(wrong) ? std::isnan(z[1]) : z[1] == wrong));
    }
    const columns described = fitted.describe(house::info().columns);
    CHECK(described[0] == tn::column_info{"kind", false, {}});
    CHECK(fitted.is_consistent(house::info().columns));
    CHECK_FALSE(fitted.is_consistent(described));
    CHECK(made(fitted_to<open>(tn::ordinal(), opened({"b", "c", "a", "d"})), {3, 1}) == row{3, 1});
    CHECK_THROWS_WITH(fitted_to<open>(tn::ordinal()),
                      ContainsSubstring("ordinal: column 'kind' has no level"));
}

TEST_CASE("one_hot_drop_first has no column for the first level", "[one_hot]") {
    STATIC_REQUIRE(tn::one_hot_drop_first_spec::out<house>::width == 3);
    STATIC_REQUIRE(tn::one_hot_drop_first_spec::out<open>::width == tn::dynamic);
    STATIC_REQUIRE(tn::one_hot_drop_first_spec::out<tn::columns<7>>::width == 7);
    const auto fitted = fitted_to<house>(tn::one_hot_drop_first());
    CHECK(made(fitted, {0, 42.5, 0}) == row{0, 0, 42.5}); // a category of one level has no column
    CHECK(made(fitted, {1, 42.5, 0}) == row{1, 0, 42.5});
    CHECK(made(fitted, {2, gap, 0})[1] == 1);
    CHECK(names_of(fitted.describe(house::info().columns)) == words{"kind=house", "kind=boat", "area"});
    for (const double wrong : no_levels) {
        const row z = made(fitted, {wrong, 42.5, gap});
        CHECK((std::isnan(z[0]) && std::isnan(z[1]) && z[2] == 42.5));
        CHECK(std::isnan(back(fitted, z)[0]));
    }
    for (const row& x : {row{0, 1, 0}, row{1, 2, 0}, row{2, 3, 0}}) CHECK(back(fitted, made(fitted, x)) == x);

    const columns info = opened({"flat", "house", "boat"});
    auto found = fitted_to<open>(tn::one_hot_drop_first(), info);
    CHECK(found.width_out() == 3);
    CHECK(made(found, {2, 5}) == row{0, 1, 5});
    CHECK(found.is_consistent(info));
    CHECK_FALSE(found.is_consistent(opened({"flat", "house"})));
    found.width.value = 4;
    CHECK_FALSE(found.is_consistent(info));
    CHECK_THROWS_AS(fitted_to<open>(tn::one_hot_drop_first()), tn::data_error);
    using heating = tn::detail::selection<house, 2>;
    CHECK_THROWS_WITH(fitted_to<heating>(tn::one_hot_drop_first()), ContainsSubstring("leaves no column"));
}

TEST_CASE("one_hot ignores unknown levels where it is told to", "[one_hot]") {
    auto fitted = fitted_to<house>(tn::one_hot({.unknown = tn::unknown_level::ignored}));
    CHECK(made(fitted, {1, 42.5, 0}) == row{0, 1, 0, 42.5, 1});
    for (const double wrong : no_levels) {
        CHECK(made(fitted, {wrong, 42.5, 0}) == row{0, 0, 0, 42.5, 1});
        CHECK(std::isnan(made(fitted_to<house>(tn::one_hot()), {wrong, 42.5, 0})[0]));
    }
    CHECK(std::isnan(made(fitted, {1, gap, 0})[3])); // a number that is missing stays missing
    CHECK(fitted.is_consistent(house::info().columns));
    fitted.ignores_unknown = 2;
    CHECK_FALSE(fitted.is_consistent(house::info().columns));
}

TEST_CASE("group_rare makes one level of those that few rows have", "[group_rare]") {
    STATIC_REQUIRE(tn::group_rare_spec::out<house>::width == 3);
    STATIC_REQUIRE(tn::group_rare_spec::out<house>::categories(0) == tn::dynamic);
    STATIC_REQUIRE(tn::group_rare_spec::out<house>::categories(1) == 0);
    STATIC_REQUIRE(tn::fitted_t<decltype(tn::group_rare({.least = 2}) | tn::one_hot()), house>::width_out ==
                   tn::dynamic);
    const columns info = opened({"flat", "house", "boat"});
    const auto levels_behind = [&](tn::rare_options options, const columns& in) {
        return fitted_to<open>(tn::group_rare(options), in, kinds()).describe(in)[0].levels;
    };
    const auto fitted = fitted_to<open>(tn::group_rare({.least = 4}), info, kinds());
    CHECK(fitted.describe(info)[0] == tn::column_info{"kind", true, {"flat", "other"}});
    CHECK(fitted.describe(info)[1] == info[1]);
    CHECK(made(fitted, {0, 5}) == row{0, 5});
    CHECK(made(fitted, {1, 5}) == row{1, 5});
    CHECK(made(fitted, {2, gap})[0] == 1);
    for (const double wrong : no_levels) CHECK(std::isnan(made(fitted, {wrong, 5})[0]));

    CHECK(levels_behind({.least = 1}, info) == words{"flat", "house", "boat"});
    CHECK(levels_behind({.least = 3}, info) == words{"flat", "house", "other"});
    CHECK(levels_behind({.least = 7}, info) == words{"other"});
    CHECK(levels_behind({.share = 0.25}, info) == words{"flat", "house", "other"}); // 3 of 12 rows
    CHECK(levels_behind({.share = 0.26}, info) == words{"flat", "other"});
    CHECK(levels_behind({.least = 2, .share = 0.26}, info) == words{"flat", "other"});
    // A level that no row has is rare, and "other" is where it would be looked for, rare itself or not.
    CHECK(levels_behind({.least = 1}, opened({"flat", "house", "boat", "tent"})) ==
          words{"flat", "house", "boat", "other"});
    CHECK(levels_behind({.least = 2}, opened({"other", "house", "tent"})) == words{"house", "other"});
    CHECK(levels_behind({.least = 2}, opened({"flat", "house", "other"})) == words{"flat", "house", "other"});

    for (const tn::rare_options wrong : {tn::rare_options{}, {.share = -0.1}, {.share = 1.5}, {.share = gap}})
        CHECK_THROWS_AS(levels_behind(wrong, info), tn::fit_error);
    CHECK_THROWS_WITH(levels_behind({.least = 2}, open::info().columns),
                      ContainsSubstring("group_rare: column 'kind' has no level"));
}

TEST_CASE("group_rare is a mergeable fold, and its fields are checked", "[group_rare]") {
    using spec = tn::group_rare_spec;
    const columns info = opened({"flat", "house", "boat"});
    const tn::matrix<double> x = kinds();
    const tn::matrix_view<const double> rows = x.view();
    const spec recipe{{}, {.least = 2, .share = 0.26}};
    const auto whole = fitted_to<open>(tn::pipeline{recipe}, info, x);
    for (std::size_t cut = 0; cut <= 12; ++cut) {
        spec::state first(info), second(info);
        spec::update(first, rows.middle_rows(0, cut));
        spec::update(second, rows.middle_rows(cut, 12 - cut));
        spec::merge(second, first);
        const auto merged = recipe.finish(std::type_identity<spec::fitted<open>>{}, second, info);
        CHECK(std::equal(merged.left.begin(), merged.left.end(), whole.left.begin(), whole.left.end()));
        CHECK(merged.other[0] == whole.other[0]);
    }
    CHECK(whole.is_consistent(info));
    const auto changed = [&](auto&& change) {
        auto copy = whole;
        change(copy);
        return copy.is_consistent(info);
    };
    CHECK_FALSE(whole.is_consistent(opened({"flat", "house"})));
    CHECK_FALSE(changed([](auto& f) { f.left[1] = 3; }));
    CHECK_FALSE(changed([](auto& f) { f.left[1] = 0; }));
    CHECK_FALSE(changed([](auto& f) { f.left[0] = f.left[1] = f.left[2] = 2; }));
    CHECK_FALSE(changed([](auto& f) { f.other[0] = 3; }));
    CHECK_FALSE(changed([](auto& f) { f.left.resize(2); }));
    CHECK_FALSE(changed([](auto& f) { f.left.resize(4); }));
}

TEST_CASE("murmur3 gives the reference's hashes", "[hashing]") {
    STATIC_REQUIRE(tn::detail::murmur3("") == 0);
    STATIC_REQUIRE(tn::detail::murmur3("", 1) == 0x514e28b7u);
    STATIC_REQUIRE(tn::detail::murmur3("abc") == 0xb3dd93fau);
    STATIC_REQUIRE(tn::detail::murmur3("island=Biscoe") == 2115832752u);
    STATIC_REQUIRE(tn::detail::murmur3("Hello, world!", 0x9747b28cu) == 0x24884cbau);
    STATIC_REQUIRE(tn::detail::murmur3("\xff\xff\xff\xff") == 0x76293b50u);
}

TEST_CASE("hashing adds signs that depend on the words alone", "[hashing]") {
    STATIC_REQUIRE(tn::hashing_spec<4>::out<house>::width == 5);
    STATIC_REQUIRE(tn::hashing_spec<4>::out<open>::width == 5);
    STATIC_REQUIRE(tn::hashing_spec<4>::out<tn::columns<tn::dynamic>>::width == tn::dynamic);
    const auto fitted = fitted_to<house>(tn::hashing<4>());
    for (const double kind : {0.0, 1.0, 2.0}) {
        const row z = made(fitted, {kind, 42.5, 0});
        CHECK(z[0] == 42.5);
        row expected(5);
        expected[0] = 42.5;
        for (const std::size_t k : {static_cast<std::size_t>(kind), std::size_t{3}})
            expected[1 + fitted.place[k]] += fitted.addition[k];
        CHECK(z == expected);
    }
    CHECK(names_of(fitted.describe(house::info().columns)) ==
          words{"area", "hash 0", "hash 1", "hash 2", "hash 3"});
    for (const double wrong : no_levels) {
        const row z = made(fitted, {wrong, 42.5, 0});
        CHECK(z[0] == 42.5);
        for (std::size_t k = 1; k < 5; ++k) CHECK(std::isnan(z[k]));
    }

    // Whatever the order in which the data name the levels.
    const auto one = fitted_to<open>(tn::hashing<16>(), opened({"flat", "house", "boat"}));
    const auto another = fitted_to<open>(tn::hashing<16>(), opened({"boat", "flat", "tent", "house"}));
    CHECK(made(one, {0, 5}) == made(another, {1, 5}));
    CHECK(made(one, {1, 5}) == made(another, {3, 5}));
    CHECK(made(one, {2, 5}) == made(another, {0, 5}));
    CHECK(made(one, {0, 5}) != made(one, {1, 5}));
    CHECK_THROWS_AS(fitted_to<open>(tn::hashing<4>()), tn::data_error);

    const columns info = house::info().columns;
    CHECK(fitted.is_consistent(info));
    const auto changed = [&](auto&& change) {
        auto copy = fitted;
        change(copy);
        return copy.is_consistent(info);
    };
    CHECK_FALSE(fitted.is_consistent(opened({"flat", "house"})));
    CHECK_FALSE(changed([](auto& f) { f.place[0] = 4; }));
    CHECK_FALSE(changed([](auto& f) { f.addition[0] = 0; }));
    CHECK_FALSE(changed([](auto& f) { f.place.resize(2); }));
}
