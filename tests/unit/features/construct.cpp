// Stages that make new numbers of each column or of several: bins, splines and interactions.

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <tenon/features/bins.hpp>
#include <tenon/features/interactions.hpp>
#include <tenon/features/spline.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

using wide = tn::columns<tn::dynamic, tn::none>;
const double missing = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

/// The stage fitted to a single column.
template <class Spec>
auto fitted_column(const std::vector<double>& column) {
    const tn::matrix_view<const double> x(column.data(), column.size(), 1);
    const auto columns = wide::info(1).columns;
    return Spec{}.fit(std::type_identity<typename Spec::template fitted<tn::columns<1, tn::none>>>{}, x,
                      tn::vector_view<const double>(), std::span<const tn::column_info>(columns));
}

template <std::size_t N, class Rule>
auto fitted_bins(Rule, const std::vector<double>& column) {
    return fitted_column<tn::bins_spec<N, Rule>>(column);
}

template <class F>
std::vector<double> bins_of(const F& fitted, const std::vector<double>& values) {
    std::vector<double> bins;
    for (const double v : values) {
        std::array<double, 1> z{};
        fitted(std::array<double, 1>{v}, z);
        bins.push_back(z[0]);
    }
    return bins;
}

template <int Degree, std::size_t W>
void check_interactions() {
    using spec = tn::interactions_spec<Degree>;
    std::array<double, W> x{};
    for (std::size_t i = 0; i < W; ++i) x[i] = 1.25 + static_cast<double>(i);
    const tn::matrix<double> row(1, W);
    const auto fixed = spec{}.fit(std::type_identity<typename spec::template fitted<tn::columns<W>>>{},
                                  row.view(), tn::vector_view<const double>());
    const auto open = spec{}.fit(std::type_identity<typename spec::template fitted<wide>>{}, row.view(),
                                 tn::vector_view<const double>());
    // Subsets as bits; in order: few members first, then by the first member that differs.
    std::vector<std::vector<std::size_t>> subsets;
    for (unsigned bits = 1; bits < (1U << W); ++bits) {
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < W; ++i)
            if (bits >> i & 1U) members.push_back(i);
        if (members.size() <= static_cast<std::size_t>(Degree)) subsets.push_back(members);
    }
    std::sort(subsets.begin(), subsets.end(), [](const auto& a, const auto& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });

    constexpr std::size_t out = decltype(fixed)::out;
    REQUIRE(out == subsets.size());
    CHECK(fixed.width_out() == out);
    CHECK(open.width_out() == out);
    CHECK(open.width_in() == W);
    std::array<double, out> z{};
    std::vector<double> y(out);
    fixed(x, z);
    open(x, y);
    const auto named = fixed.describe(wide::info(W).columns);
    REQUIRE(named.size() == out);
    for (std::size_t s = 0; s < out; ++s) {
        double product = 1;
        std::string name;
        for (const std::size_t i : subsets[s]) {
            product *= x[i];
            name += (name.empty() ? "x" : "*x") + std::to_string(i);
        }
        CHECK_THAT(z[s], tenon_test::WithinRel(product, 1e-15));
        CHECK(y[s] == z[s]);
        CHECK(named[s] == tn::column_info{name, false, {}});
    }
}

} // namespace

TEST_CASE("bins of equal width begin with their lower edge, the outer ones are open", "[bins]") {
    const auto fitted = fitted_bins<4>(tn::by_width, {0, 8, 3});
    CHECK(std::vector(fitted.edges.begin(), fitted.edges.end()) == std::vector<double>{2, 4, 6});
    CHECK(bins_of(fitted, {-5, 0, 1.9, 2, 5.9, 6, 8, 99}) == std::vector<double>{0, 0, 0, 1, 2, 3, 3, 3});
    CHECK(bins_of(fitted, {infinity, -infinity}) == std::vector<double>{3, 0});
    CHECK(std::isnan(bins_of(fitted, {missing})[0]));
}

TEST_CASE("bins by quantile hold equally many values", "[bins]") {
    std::vector<double> values(60);
    for (std::size_t i = 0; i < 60; ++i) values[i] = std::exp(0.2 * static_cast<double>(i * 7 % 60));
    std::array<int, 6> counts{};
    for (const double bin : bins_of(fitted_bins<6>(tn::by_quantile, values), values))
        ++counts[static_cast<std::size_t>(bin)];
    CHECK(counts == std::array<int, 6>{10, 10, 10, 10, 10, 10});
    // Half-way between neighbours where the share is exact, else the value itself.
    const auto halves = fitted_bins<2>(tn::by_quantile, {1, 2, 10, 20});
    CHECK(halves.edges[0] == 6);
    const auto odd = fitted_bins<2>(tn::by_quantile, {1, 2, 10});
    CHECK(odd.edges[0] == 2);
}

TEST_CASE("equal edges merge, so a column of few values has few bins", "[bins]") {
    const auto fitted = fitted_bins<4>(tn::by_quantile, {0, 0, 0, 0, 0, 1, 1, 5});
    CHECK(std::vector(fitted.edges.begin(), fitted.edges.end()) ==
          std::vector<double>{1, infinity, infinity});
    CHECK(bins_of(fitted, {0, 1, 5, infinity}) == std::vector<double>{0, 1, 1, 1});
    const auto constant = fitted_bins<3>(tn::by_width, {0.1, 0.1});
    CHECK(bins_of(constant, {0.1, 7, -7, infinity}) == std::vector<double>(4));
    CHECK(bins_of(fitted_bins<3>(tn::by_quantile, {4}), {3, 4, 5}) == std::vector<double>(3)); // one row
}

TEST_CASE("missing values leave the edges of bins alone", "[bins]") {
    const auto fitted = fitted_bins<2>(tn::by_width, {missing, 0, missing, 4});
    CHECK(fitted.edges[0] == 2);
    CHECK_THROWS_WITH(fitted_bins<2>(tn::by_width, {missing, missing}),
                      ContainsSubstring("bins: column 'x0' has no value to learn from"));
}

TEST_CASE("bins keep the columns as they are named", "[bins]") {
    using spec = tn::bins_spec<3, tn::by_width_rule>;
    using named = tn::schema<tn::numeric<"a">, tn::numeric<"b">>;
    STATIC_REQUIRE(std::is_same_v<spec::out<named>, named>);
    STATIC_REQUIRE(!tn::no_objection<spec::objection<tn::schema<tn::categorical<"a", "x", "y">>>>);
    CHECK(spec::fitted<named>::signature() == "3");
}

TEST_CASE("splines add up to 1, are local and smooth, and stay beyond their knots", "[spline]") {
    const auto fitted =
        fitted_column<tn::spline_spec<5, 3, tn::by_quantile_rule>>({0, 1, 2, 3, 10, 50, 80, 81, 100});
    STATIC_REQUIRE(decltype(fitted)::out == 7);
    std::array<double, 7> z{}, before{}, beyond{};
    fitted(std::array<double, 1>{-1e-3}, before);
    for (double x = 0; x <= 100; x += 0.125) {
        fitted(std::array<double, 1>{x}, z);
        double sum = 0;
        int above_zero = 0;
        for (std::size_t k = 0; k < 7; ++k) {
            sum += z[k];
            above_zero += z[k] > 0 ? 1 : 0;
            CHECK(z[k] >= 0);
            CHECK_THAT(z[k], tenon_test::WithinAbs(before[k], 0.125)); // the steepest has slope 1 near x = 1
        }
        CHECK_THAT(sum, tenon_test::WithinRel(1.0, 1e-14));
        CHECK(above_zero <= 4);
        before = z;
    }
    fitted(std::array<double, 1>{infinity}, beyond);
    CHECK(beyond == z);
    fitted(std::array<double, 1>{missing}, z);
    for (const double v : z) CHECK(std::isnan(v));
}

TEST_CASE("splines of degree 1 are the two shares between neighbouring knots", "[spline]") {
    const auto fitted = fitted_column<tn::spline_spec<3, 1, tn::by_width_rule>>({0, 4, missing, 2});
    const auto at = [&](double x) {
        std::array<double, 3> z{};
        fitted(std::array<double, 1>{x}, z);
        return z;
    };
    CHECK(at(0) == std::array<double, 3>{1, 0, 0});
    CHECK(at(0.5) == std::array<double, 3>{0.75, 0.25, 0});
    CHECK(at(2) == std::array<double, 3>{0, 1, 0});
    CHECK(at(3) == std::array<double, 3>{0, 0.5, 0.5});
    CHECK(at(9) == std::array<double, 3>{0, 0, 1});
    // Two knots at the upper end: they add up to 1 there as well.
    std::array<double, 4> end{};
    fitted_column<tn::spline_spec<3, 2, tn::by_quantile_rule>>({1, 2, 2})(std::array<double, 1>{2}, end);
    CHECK(end[0] + end[1] + end[2] + end[3] == 1);
    const auto named = fitted.describe(wide::info(1).columns);
    REQUIRE(named.size() == 3);
    CHECK(named[2].name == "x0_spline2");

    const auto constant = fitted_column<tn::spline_spec<3, 1, tn::by_width_rule>>({5, 5});
    std::array<double, 3> z{1, 1, 1};
    constant(std::array<double, 1>{5}, z);
    CHECK(z == std::array<double, 3>{});
    CHECK(constant.is_consistent());
    using spec = tn::spline_spec<3, 1, tn::by_width_rule>;
    CHECK_THROWS_AS(fitted_column<spec>({missing}), tn::data_error);
    STATIC_REQUIRE(spec::out<tn::columns<4>>::width == 12);
    STATIC_REQUIRE(spec::out<tn::columns<tn::dynamic>>::width == tn::dynamic);
}

TEST_CASE("interactions are the products of different columns, in order", "[interactions]") {
    check_interactions<1, 3>();
    check_interactions<2, 1>();
    check_interactions<2, 4>();
    check_interactions<3, 5>();
    check_interactions<5, 3>(); // no product of five among three
    STATIC_REQUIRE(tn::interactions_spec<2>::out<tn::columns<3>>::width == 6);
    STATIC_REQUIRE(tn::interactions_spec<3>::out<tn::columns<20>>::width == 1350);
    STATIC_REQUIRE(tn::interactions_spec<2>::out<tn::columns<tn::dynamic>>::width == tn::dynamic);
}

TEST_CASE("a missing value spoils its own products only", "[interactions]") {
    using spec = tn::interactions_spec<2>;
    const auto fitted =
        spec{}.fit(std::type_identity<spec::fitted<tn::columns<3>>>{},
                   tn::matrix_view<const double>(tn::matrix<double>(1, 3)), tn::vector_view<const double>());
    std::array<double, 6> z{};
    fitted(std::array<double, 3>{2, missing, 5}, z);
    CHECK(z[4] == 10);
    CHECK(std::isnan(z[3]));
    CHECK(std::isnan(z[5]));
}
