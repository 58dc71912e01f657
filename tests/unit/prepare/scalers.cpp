// min_max, max_abs, robust, normalize, clip_…, log1p, yeo_johnson and quantile_transform.

#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <tenon/core/random.hpp>
#include <tenon/prepare.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

struct plot : tn::schema<tn::numeric<"area">, tn::numeric<"price">> {};
struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "boat">> {};
using plot_floats = tn::columns<2, tn::none, float>;

/// Columns of these values.
template <class T = double>
tn::matrix<T> table(const std::vector<double>& areas, const std::vector<double>& prices) {
    tn::matrix<T> x(areas.size(), 2);
    for (std::size_t r = 0; r < areas.size(); ++r) {
        x(r, 0) = static_cast<T>(areas[r]);
        x(r, 1) = static_cast<T>(prices[r]);
    }
    return x;
}
template <class T = double>
tn::matrix<T> twice(const std::vector<double>& values) {
    return table<T>(values, values);
}

/// What the only stage of a recipe fits to.
template <class S = plot, class Spec, class T>
auto fitted_to(const tn::pipeline<Spec>& recipe, const tn::matrix<T>& x) {
    using fitted = typename Spec::template fitted<S>;
    STATIC_REQUIRE(tn::PreprocessorFor<Spec, S>);
    const tn::schema_info info = plot::info();
    const Spec& spec = recipe.template stage<0>();
    const tn::vector_view<const double> none;
    if constexpr (requires { spec.fit(std::type_identity<fitted>{}, x.view(), none); })
        return spec.fit(std::type_identity<fitted>{}, x.view(), none);
    else
        return spec.fit(std::type_identity<fitted>{}, x.view(), none,
                        std::span<const tn::column_info>(info.columns));
}

template <class F>
std::array<double, 2> through(const F& fitted, double area, double price) {
    using T = typename F::scalar;
    const std::array<T, 2> x{static_cast<T>(area), static_cast<T>(price)};
    std::array<T, 2> z{};
    fitted(x, z);
    return {static_cast<double>(z[0]), static_cast<double>(z[1])};
}
template <class F>
double of_first(const F& fitted, double x) {
    return through(fitted, x, 1)[0];
}

/// The largest difference, over the column's largest value, between the rows and what comes back from them.
template <class F>
double lost(const F& fitted, const tn::matrix<double>& x) {
    double worst = 0;
    for (std::size_t r = 0; r < x.rows(); ++r) {
        std::array<double, 2> z{}, back{};
        fitted(tn::row<2>(x.row(r)), z);
        fitted.inverse(z, back);
        for (std::size_t c = 0; c < 2; ++c)
            worst = std::max(worst, std::abs(back[c] - x(r, c)) / std::max(1.0, std::abs(x(r, c))));
    }
    return worst;
}

/// Skewed values of both signs, and amounts over six orders of magnitude.
tn::matrix<double> random_plots(std::size_t n) {
    tn::philox random(5);
    tn::matrix<double> x(n, 2);
    for (std::size_t r = 0; r < n; ++r) {
        x(r, 0) = std::exp(random.normal()) - 1;
        x(r, 1) = std::exp(7 + 2 * random.normal());
    }
    return x;
}

} // namespace

TEST_CASE("scalers take numbers only", "[scalers]") {
    const auto refuses = []<class Spec>(const tn::pipeline<Spec>&) {
        return !tn::no_objection<typename Spec::template objection<house>> &&
               tn::no_objection<typename Spec::template objection<plot>>;
    };
    CHECK(refuses(tn::min_max()));
    CHECK(refuses(tn::max_abs()));
    CHECK(refuses(tn::robust()));
    CHECK(refuses(tn::normalize()));
    CHECK(refuses(tn::clip_z()));
    CHECK(refuses(tn::log1p()));
    CHECK(refuses(tn::yeo_johnson()));
    CHECK(refuses(tn::quantile_transform()));
}

TEST_CASE("min_max maps the training values to its range", "[min_max]") {
    const auto x = table({2, gap, 6, 4}, {-1e6, 1e6, 0, gap});
    const auto unit = fitted_to(tn::min_max(), x);
    CHECK(through(unit, 2, -1e6) == std::array{0.0, 0.0});
    CHECK(through(unit, 6, 1e6) == std::array{1.0, 1.0});
    CHECK(through(unit, 8, 0) == std::array{1.5, 0.5}); // beyond the training values
    CHECK(std::isnan(of_first(unit, gap)));
    const auto wide = fitted_to(tn::min_max({.low = -1, .high = 3}), x);
    CHECK(through(wide, 2, 0) == std::array{-1.0, 1.0});
    CHECK(through(wide, 6, 1e6) == std::array{3.0, 3.0});
    CHECK(lost(wide, random_plots(50)) <= 1e-9); // 1e6 away from a range of 2e6
    CHECK_THROWS_AS(fitted_to(tn::min_max({.low = 1, .high = 1}), x), tn::fit_error);
    CHECK_THROWS_WITH(fitted_to(tn::min_max({.low = gap}), x), ContainsSubstring("low must be below high"));
}

TEST_CASE("max_abs divides by the largest size", "[max_abs]") {
    const auto fitted = fitted_to(tn::max_abs(), table({-8, 2, gap}, {0, 0, 0}));
    CHECK(through(fitted, -8, 0) == std::array{-1.0, 0.0});
    CHECK(through(fitted, 4, 7) == std::array{0.5, 7.0}); // a column of zeros stays as it is
    CHECK(lost(fitted, random_plots(50)) <= 1e-15);
}

TEST_CASE("robust is not moved by outliers", "[robust]") {
    const auto fitted = fitted_to(tn::robust(), table({1, 2, 3, 4, 1e9}, {5, 5, 5, 5, 9}));
    CHECK(fitted.shift[0] == 3);
    CHECK(fitted.scale[0] == 0.5);                        // the quartiles are 2 and 4
    CHECK(through(fitted, 5, 9) == std::array{1.0, 4.0}); // equal quantiles: only centred
    const auto wider =
        fitted_to(tn::robust({.low = 0, .high = 0.75}), table({1, 2, gap, 3, 4}, {0, 1, 2, 3, 4}));
    CHECK_THAT(wider.scale[0], WithinRel(1 / 2.25, 1e-15)); // numpy: the quantile 0.75 of 1 2 3 4 is 3.25
    CHECK(lost(wider, random_plots(50)) <= 1e-12);
    CHECK_THROWS_WITH(fitted_to(tn::robust({.low = 0.75, .high = 0.25}), random_plots(4)),
                      ContainsSubstring("robust: quantiles lie between 0 and 1, low below high"));
}

TEST_CASE("constant columns are shifted and not stretched", "[min_max][robust][max_abs]") {
    const auto x = table({0.1, 0.1, 0.1}, {-7, -7, -7}), one_row = table({0.1}, {-7});
    for (const auto& data : {x, one_row}) {
        CHECK(through(fitted_to(tn::min_max(), data), 0.1, -6) == std::array{0.0, 1.0});
        CHECK(through(fitted_to(tn::min_max({.low = 2, .high = 3}), data), 0.1, -7)[1] == 2);
        CHECK(through(fitted_to(tn::robust(), data), 0.1, -6) == std::array{0.0, 1.0});
        CHECK(through(fitted_to(tn::max_abs(), data), 0.1, -7) == std::array{1.0, -1.0});
    }
    // As in scikit-learn, what spans less than 2.2e-15 is constant.
    CHECK(through(fitted_to(tn::min_max(), table({1, 1 + 1e-15}, {0, 5e-324})), 1, 5e-324)[1] == 5e-324);
}

TEST_CASE("columns without values and values too far apart are errors that name the column", "[scalers]") {
    const auto missing = table({1, 2, 3}, {gap, gap, gap});
    const auto says = ContainsSubstring("column 'price' has no value to learn from");
    CHECK_THROWS_WITH(fitted_to(tn::min_max(), missing), says && ContainsSubstring("min_max: "));
    CHECK_THROWS_WITH(fitted_to(tn::max_abs(), missing), says);
    CHECK_THROWS_WITH(fitted_to(tn::robust(), missing), says);
    CHECK_THROWS_WITH(fitted_to(tn::clip_quantiles(), missing), says);
    CHECK_THROWS_WITH(fitted_to(tn::clip_iqr(), missing), says);
    CHECK_THROWS_WITH(fitted_to(tn::clip_z(), missing), says && ContainsSubstring("clip_z: "));
    CHECK_THROWS_WITH(fitted_to(tn::yeo_johnson(), missing), says);
    CHECK_THROWS_WITH(fitted_to(tn::quantile_transform(), missing), says);
    CHECK_THROWS_AS(fitted_to(tn::min_max(), table({}, {})), tn::data_error);

    const auto far = table({1, 2}, {-1.5e308, 1.5e308});
    CHECK_THROWS_WITH(fitted_to(tn::min_max(), far), ContainsSubstring("'price' reach from -1.5e+308 to"));
    CHECK_THROWS_AS(fitted_to<plot_floats>(tn::min_max(), twice<float>({-3e38, 3e38})), tn::data_error);
    CHECK_THAT(through(fitted_to(tn::min_max(), twice({-8e307, 8e307})), 0, 8e307)[1], WithinRel(1.0, 1e-14));
    CHECK_THAT(of_first(fitted_to(tn::robust(), twice({-1e300, 0, 1e300})), 1e300), WithinRel(1.0, 1e-15));
}

TEST_CASE("widths and scalars change no value", "[scalers]") {
    const auto x = random_plots(40);
    tn::matrix<float> narrow(40, 2);
    tn::matrix<double> wide(40, 2);
    for (std::size_t r = 0; r < 40; ++r)
        for (std::size_t c = 0; c < 2; ++c) wide(r, c) = narrow(r, c) = static_cast<float>(x(r, c));
    const auto floats = fitted_to<plot_floats>(tn::robust(), narrow);
    const auto doubles = fitted_to(tn::robust(), wide);
    const auto dynamic = fitted_to<tn::columns<tn::dynamic>>(tn::robust(), wide);
    CHECK(dynamic.width_out() == 2);
    for (std::size_t c = 0; c < 2; ++c) {
        CHECK(floats.scale[c] == static_cast<float>(doubles.scale[c]));
        CHECK(dynamic.shift[c] == doubles.shift[c]);
    }
    CHECK(doubles.is_consistent());
    auto broken = dynamic;
    broken.scale.resize(1);
    CHECK_FALSE(broken.is_consistent());
}

TEST_CASE("normalize gives every row norm 1", "[normalize]") {
    const auto x = table({3, 0}, {-4, 0});
    const auto l1 = fitted_to(tn::normalize(tn::row_norm::l1), x);
    const auto l2 = fitted_to(tn::normalize(), x);
    const auto max = fitted_to(tn::normalize(tn::row_norm::max), x);
    CHECK(l2.signature() == "l2");
    CHECK_THAT(through(l1, 3, -4)[0], WithinRel(3.0 / 7, 1e-15));
    CHECK_THAT(through(l2, 3, -4)[1], WithinRel(-0.8, 1e-15));
    CHECK(through(max, 3, -4) == std::array{0.75, -1.0});
    for (const double size : {1e300, 1e-300, 1e-15, 5e-324}) {
        INFO(size);
        const auto z = through(l2, size, -size);
        CHECK_THAT(z[0], WithinRel(std::sqrt(0.5), 1e-15));
        CHECK(z[1] == -z[0]);
        CHECK(through(l1, size, size) == std::array{0.5, 0.5});
    }
    CHECK(through(l2, 0, 0) == std::array{0.0, 0.0});
    CHECK(through(l2, gap, -5)[1] == -1); // what is missing is absent
    CHECK(std::isnan(through(l2, gap, -5)[0]));
    CHECK(std::isnan(through(l1, gap, gap)[1]));
    CHECK(std::isnan(through(max, infinity, 1)[0]));
    CHECK(through(fitted_to<plot_floats>(tn::normalize(), twice<float>({1})), 3e38, 0)[0] == 1);
}

TEST_CASE("clip brings values back to the fences of their column", "[clip]") {
    const auto x = table({0, 1, 2, 3, 4, gap}, {1, 1, 1, 1, 1, 50});
    const auto quantiles = fitted_to(tn::clip_quantiles({.low = 0.125, .high = 0.75}), x);
    CHECK(through(quantiles, -9, 1) == std::array{0.5, 1.0});
    CHECK(of_first(quantiles, 2.5) == 2.5);
    CHECK(of_first(quantiles, infinity) == 3);
    CHECK(std::isnan(of_first(quantiles, gap)));

    const auto iqr = fitted_to(tn::clip_iqr(), x);         // quartiles 1 and 3: fences -2 and 6
    CHECK(through(iqr, -9, 50) == std::array{-2.0, 50.0}); // equal quartiles: no fences
    CHECK(of_first(iqr, 7) == 6);
    CHECK(of_first(fitted_to(tn::clip_iqr(0.5), x), 7) == 4);

    const auto z = fitted_to(tn::clip_z(1), table({0, 2, 0, 2}, {5, 5, 5, 5})); // mean 1, deviation 1
    CHECK(through(z, 9, 9) == std::array{2.0, 9.0});
    CHECK(of_first(z, -9) == 0);
    CHECK(of_first(fitted_to(tn::clip_z(), table({7}, {7})), 1e9) == 1e9); // one row has no deviation

    CHECK(quantiles.is_consistent());
    auto crossed = quantiles;
    crossed.lower[1] = 2;
    CHECK_FALSE(crossed.is_consistent());
    CHECK_THROWS_AS(fitted_to(tn::clip_quantiles({.high = 1.5}), x), tn::fit_error);
    CHECK_THROWS_WITH(fitted_to(tn::clip_iqr(-1), x), ContainsSubstring("clip_iqr: give 0 or more, not -1"));
    CHECK_THROWS_AS(fitted_to(tn::clip_z(gap), x), tn::fit_error);
}

TEST_CASE("fences of huge values are infinite or an error", "[clip]") {
    const auto huge = twice({-1e308, -1e308, 1e308, 1e308});
    CHECK(fitted_to(tn::clip_iqr(), huge).upper[0] == infinity);
    CHECK(fitted_to(tn::clip_quantiles(), huge).upper[0] == 1e308);
    CHECK_THROWS_WITH(fitted_to(tn::clip_z(), huge), ContainsSubstring("column 'area' are too large"));
    const auto floats = fitted_to<plot_floats>(tn::clip_iqr(1e3), twice<float>({0, 1e37, 2e37, 3e37}));
    CHECK(floats.lower[0] == -std::numeric_limits<float>::infinity());
}

TEST_CASE("log1p and its way back", "[log1p]") {
    const auto fitted = fitted_to(tn::log1p(), table({0, 1e-20, gap}, {-0.5, 1e300, 5e-324}));
    CHECK(through(fitted, 0, 5e-324) == std::array{0.0, 5e-324});
    CHECK(of_first(fitted, 1e-20) == 1e-20);
    CHECK_THAT(of_first(fitted, std::exp(1.0) - 1), WithinRel(1.0, 1e-15));
    CHECK(std::isnan(of_first(fitted, -1)));
    CHECK(std::isnan(of_first(fitted, -2)));
    CHECK(std::isnan(of_first(fitted, gap)));
    CHECK(lost(fitted, random_plots(50)) <= 1e-13);
    CHECK_THROWS_WITH(fitted_to(tn::log1p(), table({1, 2}, {3, -1})),
                      ContainsSubstring("log1p: column 'price', row 2 is -1, expected more than -1"));
}

TEST_CASE("yeo_johnson takes the skew out of columns", "[yeo_johnson]") {
    const auto x = random_plots(2000);
    const auto fitted = fitted_to(tn::yeo_johnson(), x);
    // exp(n) - 1 for a normal n is a logarithm away from it: the exponents are near 0, for negative x near 2 - 0.
    CHECK_THAT(fitted.lambda[1], WithinAbs(0.0, 0.05));
    double sum[2] = {}, squares[2] = {}, cubes[2] = {};
    for (std::size_t r = 0; r < x.rows(); ++r) {
        const auto z = through(fitted, x(r, 0), x(r, 1));
        for (std::size_t c = 0; c < 2; ++c) {
            sum[c] += z[c] / 2000;
            squares[c] += z[c] * z[c] / 2000;
            cubes[c] += z[c] * z[c] * z[c] / 2000;
        }
    }
    for (std::size_t c = 0; c < 2; ++c) {
        CHECK_THAT(sum[c], WithinAbs(0.0, 1e-12));
        CHECK_THAT(squares[c], WithinRel(1.0, 1e-12));
        CHECK_THAT(cubes[c], WithinAbs(0.0, 0.3)); // the skew was 5 and more
    }
    CHECK(lost(fitted, x) <= 1e-11);
    const auto raw = fitted_to(tn::yeo_johnson({.standardize = false}), x);
    CHECK(raw.lambda[0] == fitted.lambda[0]);
    CHECK(of_first(raw, 0) == 0);
    CHECK(std::isnan(of_first(raw, gap)));
}

TEST_CASE("the exponent of yeo_johnson where there is little to learn", "[yeo_johnson]") {
    for (const auto& x : {table({4, 4, 4}, {0, 0, 0}), table({4}, {0}), table({4, gap}, {1e-200, 5e-324})}) {
        const auto fitted = fitted_to(tn::yeo_johnson(), x);
        CHECK(fitted.lambda[0] == 1);
        CHECK(fitted.lambda[1] == 1);
        CHECK_THAT(of_first(fitted, 5), WithinRel(1.0, 1e-14)); // only centred
    }
    // A column and the same with other signs: 2 - lambda.
    const auto mirrored = fitted_to(tn::yeo_johnson(), table({1, 2, 3, 9}, {-1, -2, -3, -9}));
    CHECK_THAT(mirrored.lambda[1], WithinRel(2 - mirrored.lambda[0], 1e-9));
}

TEST_CASE("yeo_johnson and huge or crowded values", "[yeo_johnson]") {
    const auto x = table({1e300, 1e290, 1e280, 3}, {1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 9});
    const auto fitted = fitted_to(tn::yeo_johnson(), x);
    for (std::size_t r = 0; r < 4; ++r) {
        const auto z = through(fitted, x(r, 0), x(r, 1));
        CHECK(std::abs(z[0]) <= 2); // four values of mean 0 and deviation 1 reach 1.74 at most
        CHECK(std::abs(z[1]) <= 2);
    }
    CHECK(std::isfinite(of_first(fitted, 2e301)));
    const auto crowded =
        fitted_to(tn::yeo_johnson(), twice({1e300, 1.0000000000001e300, 1.0000000000003e300}));
    CHECK(of_first(crowded, 1.0000000000003e300) > of_first(crowded, 1e300) + 1.5);
    CHECK(through(fitted, 3, 1e9 + 9)[1] > through(fitted, 3, 1e9 + 3)[1] + 0.5); // still told apart
    CHECK_THROWS_WITH(fitted_to(tn::yeo_johnson(), table({1, 2}, {-1e200, 1e200})),
                      ContainsSubstring("column 'price' reaches from -1e+200 to 1e+200"));
    const auto floats = fitted_to<plot_floats>(tn::yeo_johnson(), twice<float>({1e30, 1e29, 5, 7}));
    CHECK(std::isfinite(of_first(floats, 1.5e31)));
    CHECK_THROWS_AS(fitted_to<plot_floats>(tn::yeo_johnson(), twice<float>({-1e30, 1e30})), tn::data_error);
}

TEST_CASE("what the exponent of yeo_johnson bounds has no way back beyond it", "[yeo_johnson]") {
    auto fitted = fitted_to(tn::yeo_johnson({.standardize = false}), random_plots(20));
    fitted.lambda[0] = -2; // y is below 1/2
    fitted.lambda[1] = 2;
    const std::array<double, 2> z{0.6, 4};
    std::array<double, 2> x{};
    fitted.inverse(z, x);
    CHECK(std::isnan(x[0]));
    CHECK_THAT(x[1], WithinRel(2.0, 1e-14)); // ((1 + 2)^2 - 1) / 2 = 4
}

TEST_CASE("quantile_transform gives the share of values below", "[quantile_transform]") {
    const auto x = table({10, 20, 30, 40, 50}, {1, 2, 2, 2, 3});
    const auto uniform = fitted_to(tn::quantile_transform(), x);
    CHECK(uniform.quantiles.size() == 10);                  // no more than there are rows
    CHECK(through(uniform, 10, 2) == std::array{0.0, 0.5}); // the middle of equal quantiles
    CHECK_THAT(of_first(uniform, 25), WithinRel(0.375, 1e-15));
    CHECK(of_first(uniform, -infinity) == 0);
    CHECK(of_first(uniform, 1e9) == 1);
    CHECK(std::isnan(of_first(uniform, gap)));

    const auto normal = fitted_to(tn::quantile_transform({.output = tn::quantile_output::normal}), x);
    CHECK(of_first(normal, 30) == 0);
    CHECK_THAT(of_first(normal, 40), WithinRel(0.6744897501960817, 1e-14)); // the normal quantile 0.75
    CHECK_THAT(of_first(normal, 10), WithinRel(-5.199337582605575, 1e-15));
    CHECK(of_first(normal, 60) == -of_first(normal, -60));

    const auto few =
        fitted_to(tn::quantile_transform({.quantiles = 3}), table({1, gap, 2, 3, 4}, {0, 0, 0, 0, 9}));
    CHECK(few.quantiles[1] == 2.5);
    CHECK(few.is_consistent());
    auto falling = few;
    falling.quantiles[1] = 5;
    CHECK_FALSE(falling.is_consistent());
    CHECK_THROWS_AS(fitted_to(tn::quantile_transform({.quantiles = 0}), x), tn::fit_error);
}

TEST_CASE("quantile_transform goes back to the training values", "[quantile_transform]") {
    const auto x = random_plots(300);
    for (const auto output : {tn::quantile_output::uniform, tn::quantile_output::normal}) {
        const auto fitted = fitted_to(tn::quantile_transform({.output = output}), x);
        CHECK(lost(fitted, x) <= 1e-9);
        const std::array<double, 2> beyond{-9, 9};
        std::array<double, 2> back{};
        fitted.inverse(beyond, back);
        CHECK(back == std::array{fitted.quantiles[0], fitted.quantiles[599]});
    }
    const auto dynamic = fitted_to<tn::columns<tn::dynamic>>(tn::quantile_transform(), x);
    CHECK(dynamic.width_in() == 2);
    CHECK(dynamic.is_consistent());
}

TEST_CASE("quantile_transform of constant, huge and tiny columns", "[quantile_transform]") {
    const auto constant = fitted_to(tn::quantile_transform(), table({4, 4, 4}, {-1e308, 0, 1e308}));
    CHECK(through(constant, 4, 5e307) == std::array{0.0, 0.75});
    CHECK(through(constant, 3, -1.7e308) == std::array{0.0, 0.0});
    CHECK(through(constant, 5, -5e307) == std::array{1.0, 0.25});
    CHECK(of_first(fitted_to(tn::quantile_transform(), table({4}, {4})), 4) == 0);
    const auto tiny = fitted_to(tn::quantile_transform({.output = tn::quantile_output::normal}),
                                table({1e-12, 2e-12, 3e-12}, {1, 2, 3}));
    CHECK(through(tiny, 2e-12, 2) == std::array{0.0, 0.0}); // scikit-learn: at an end, 5.2 away
    CHECK_THAT(of_first(tiny, 2.5e-12), WithinRel(through(tiny, 0, 2.5)[1], 1e-12));
}
