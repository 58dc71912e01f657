#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <tenon/core/random.hpp>
#include <tenon/features/polynomial.hpp>
#include <vector>

namespace tn = tenon;

namespace {

template <int Degree, std::size_t W, class T = double>
auto fitted_to(std::size_t width) {
    using fitted = typename tn::polynomial_spec<Degree>::template fitted<tn::columns<W, tn::none, T>>;
    const tn::matrix<T> x(1, width);
    return tn::polynomial_spec<Degree>{}.fit(std::type_identity<fitted>{}, x.view(),
                                             tn::vector_view<const double>());
}

/// All products of exactly `degree` factors, factors in ascending order, in the order of itertools'
/// combinations_with_replacement: what scikit-learn makes its columns of.
void products(const std::vector<double>& x, const std::vector<std::string>& names, int degree,
              std::size_t first, std::vector<std::size_t>& factors, std::vector<double>& values,
              std::vector<std::string>& texts) {
    if (degree == 0) {
        double value = x[factors.back()];
        for (std::size_t i = factors.size() - 1; i-- > 0;) value = x[factors[i]] * value;
        std::string text;
        for (std::size_t i : factors) text += (text.empty() ? "" : "*") + names[i];
        values.push_back(value);
        texts.push_back(text);
        return;
    }
    for (std::size_t i = first; i < x.size(); ++i) {
        factors.push_back(i);
        products(x, names, degree - 1, i, factors, values, texts);
        factors.pop_back();
    }
}

} // namespace

TEST_CASE("polynomial knows its width at compile time", "[polynomial]") {
    STATIC_REQUIRE(tn::FeatureExpander<tn::polynomial_spec<2>>);
    STATIC_REQUIRE(tn::PreprocessorFor<tn::polynomial_spec<2>, tn::columns<3>>);
    STATIC_REQUIRE(tn::PreprocessorFor<tn::polynomial_spec<3>, tn::columns<tn::dynamic>>);
    STATIC_REQUIRE(tn::polynomial_spec<2>::out<tn::columns<2>>::width == 5);
    STATIC_REQUIRE(tn::polynomial_spec<1>::out<tn::columns<4>>::width == 4);
    STATIC_REQUIRE(tn::polynomial_spec<3>::out<tn::columns<2>>::width == 9);
    STATIC_REQUIRE(tn::polynomial_spec<2>::out<tn::columns<100>>::width == 5150);
    STATIC_REQUIRE(tn::polynomial_spec<4>::out<tn::columns<20>>::width == 10625);
    STATIC_REQUIRE(tn::polynomial_spec<2>::out<tn::columns<tn::dynamic>>::width == tn::dynamic);
    STATIC_REQUIRE(
        std::is_same_v<tn::polynomial_spec<2>::out<tn::columns<2, tn::none, float>>::scalar, float>);
    STATIC_REQUIRE(
        tn::no_objection<tn::polynomial_spec<2>::objection<tn::schema<tn::numeric<"a">, tn::numeric<"b">>>>);
    STATIC_REQUIRE_FALSE(
        tn::no_objection<tn::polynomial_spec<2>::objection<tn::schema<tn::categorical<"a", "x", "y">>>>);
}

TEST_CASE("polynomial<2> over two columns is x0, x1, x0x0, x0x1, x1x1", "[polynomial]") {
    const auto fitted = fitted_to<2, 2>(2);
    std::array<double, 5> z{};
    fitted(std::array<double, 2>{3, -5}, z);
    CHECK(z == std::array<double, 5>{3, -5, 9, -15, 25});
    const auto cubic = fitted_to<3, 2>(2);
    std::array<double, 9> w{};
    cubic(std::array<double, 2>{2, 3}, w);
    CHECK(w == std::array<double, 9>{2, 3, 4, 6, 9, 8, 12, 18, 27});
}

TEMPLATE_TEST_CASE_SIG("polynomial agrees with brute force in every degree and width, static and dynamic",
                       "[polynomial]", ((int Degree, std::size_t W), Degree, W), (1, 1), (1, 3), (2, 1),
                       (2, 2), (2, 7), (3, 1), (3, 2), (3, 5), (5, 3)) {
    tn::philox random(static_cast<std::uint64_t>(Degree) * 10 + W);
    std::vector<double> x(W);
    for (double& v : x) v = random.normal();
    const tn::schema_info info = tn::columns<W>::info();
    std::vector<std::string> names(W);
    for (std::size_t i = 0; i < W; ++i) names[i] = info.columns[i].name;

    std::vector<double> expected;
    std::vector<std::string> texts;
    std::vector<std::size_t> factors;
    for (int d = 1; d <= Degree; ++d) products(x, names, d, 0, factors, expected, texts);

    const auto fitted = fitted_to<Degree, W>(W);
    const auto dynamic = fitted_to<Degree, tn::dynamic>(W);
    constexpr std::size_t out = decltype(fitted)::out;
    REQUIRE(out == expected.size());
    CHECK(fitted.width_in() == W);
    CHECK(fitted.width_out() == out);
    CHECK(dynamic.width_in() == W);
    CHECK(dynamic.width_out() == out);
    std::vector<double> z(out), y(out);
    fitted(tn::row<W>(x.data(), W), tn::row_out<out>(z.data(), out));
    dynamic(x, y);
    CHECK(z == expected);
    CHECK(y == expected);

    const auto described = fitted.describe(info.columns);
    REQUIRE(described.size() == out);
    for (std::size_t i = 0; i < out; ++i) CHECK(described[i] == tn::column_info{texts[i], false, {}});
}

TEST_CASE("a missing value spoils the products it is in and no others", "[polynomial]") {
    const auto fitted = fitted_to<2, 2>(2);
    std::array<double, 5> z{};
    fitted(std::array<double, 2>{std::numeric_limits<double>::quiet_NaN(), 2}, z);
    CHECK(std::isnan(z[0]));
    CHECK(z[1] == 2);
    CHECK(std::isnan(z[2]));
    CHECK(std::isnan(z[3]));
    CHECK(z[4] == 4);
}

TEST_CASE("polynomial in float multiplies in float", "[polynomial]") {
    const auto fitted = fitted_to<2, 2, float>(2);
    std::array<float, 5> z{};
    fitted(std::array<float, 2>{0.1F, 3}, z);
    CHECK(z == std::array<float, 5>{0.1F, 3, 0.1F * 0.1F, 0.1F * 3, 9});
}
