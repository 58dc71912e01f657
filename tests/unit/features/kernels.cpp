// Stages that map columns to waves and kernels: fourier, random_fourier_features and nystroem.

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <tenon/core/random.hpp>
#include <tenon/features/fourier.hpp>
#include <tenon/features/nystroem.hpp>
#include <tenon/features/random_fourier_features.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::WithinAbs;

namespace {

using wide = tn::columns<tn::dynamic, tn::none>;
const double missing = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

/// The stage of a recipe fitted to these rows.
template <class Spec>
auto fitted(const tn::pipeline<Spec>& recipe, const tn::matrix<double>& x) {
    using type = std::type_identity<typename Spec::template fitted<wide>>;
    const auto columns = wide::info(x.columns()).columns;
    const Spec& spec = recipe.template stage<0>();
    const tn::vector_view<const double> y;
    if constexpr (requires { spec.fit(type{}, x.view(), y); })
        return spec.fit(type{}, x.view(), y);
    else
        return spec.fit(type{}, x.view(), y, std::span<const tn::column_info>(columns));
}

tn::matrix<double> random_rows(std::size_t rows, std::size_t columns, std::uint64_t seed) {
    tn::philox random(seed);
    tn::matrix<double> x(rows, columns);
    for (std::size_t r = 0; r < rows; ++r)
        for (double& v : x.row(r)) v = random.normal();
    return x;
}

template <class F>
std::vector<double> output(const F& stage, std::span<const double> x) {
    std::vector<double> z(stage.width_out());
    stage(tn::row<F::in>(x.data(), x.size()), tn::row_out<F::out>(z.data(), z.size()));
    return z;
}

double product(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

double kernel(std::span<const double> a, std::span<const double> b, double gamma) {
    double squares = 0;
    for (std::size_t i = 0; i < a.size(); ++i) squares += (a[i] - b[i]) * (a[i] - b[i]);
    return std::exp(-gamma * squares);
}

} // namespace

TEST_CASE("sines and cosines of turns are exact to the last bits, also of many turns", "[fourier]") {
    constexpr long double turn = 6.283185307179586476925286766559L;
    double worst = 0;
    for (double turns = -2; turns <= 2; turns += 0x1p-9 + 0x1p-20) {
        const auto [sine, cosine] = tn::detail::of_turns(turns);
        worst = std::max(worst, std::abs(static_cast<double>(sine - std::sin(turn * turns))));
        worst = std::max(worst, std::abs(static_cast<double>(cosine - std::cos(turn * turns))));
        const auto later = tn::detail::of_turns(turns + 1024);
        const auto same = tn::detail::of_turns(turns + 1024 - 1024);
        CHECK(later.sine == same.sine);
    }
    CHECK(worst <= 3e-16);
    for (const double whole : {1e300, -1e300, 0x1p52, 7.0, -0.0}) {
        CHECK(tn::detail::of_turns(whole).sine == 0);
        CHECK(tn::detail::of_turns(whole).cosine == 1);
    }
    CHECK(tn::detail::of_turns(0.25).cosine == 0);
    CHECK(tn::detail::of_turns(-0.5).cosine == -1);
    for (const double none : {missing, infinity, -infinity})
        CHECK((std::isnan(tn::detail::of_turns(none).sine) && std::isnan(tn::detail::of_turns(none).cosine)));
}

TEST_CASE("fourier makes the harmonics of each column", "[fourier]") {
    const tn::matrix<double> row(1, 2);
    const auto stage = fitted(tn::fourier<3>(24, 12), row);
    REQUIRE(stage.width_in() == 2);
    REQUIRE(stage.width_out() == 12);
    constexpr double turn = 6.283185307179586477;
    for (const double hour : {0.0, 5.5, 23.99, -100.0}) {
        const std::array x{hour, 3 - hour};
        const auto z = output(stage, x);
        for (std::size_t k = 1; k <= 3; ++k) {
            const double n = static_cast<double>(k);
            // The sine that this is held against has the roundings of up to 160 radians.
            CHECK_THAT(z[2 * k - 2], WithinAbs(std::sin(turn * n * x[0] / 24), 1e-13));
            CHECK_THAT(z[2 * k - 1], WithinAbs(std::cos(turn * n * x[0] / 24), 1e-13));
            CHECK_THAT(z[2 * k + 4], WithinAbs(std::sin(turn * n * x[1] / 12), 1e-13));
            CHECK_THAT(z[2 * k + 5], WithinAbs(std::cos(turn * n * x[1] / 12), 1e-13));
        }
    }
    CHECK(output(stage, std::array{6.0, 3.0}) == output(stage, std::array{30.0, -9.0}));
    const auto gaps = output(stage, std::array{missing, 0.0});
    for (std::size_t i = 0; i < 6; ++i) CHECK(std::isnan(gaps[i]));
    CHECK(gaps[6] == 0);
    for (const double v : output(stage, std::array{1e300, -1e300})) CHECK(std::abs(v) <= 1);

    const auto names =
        stage.describe(std::vector<tn::column_info>{{"hour", false, {}}, {"month", false, {}}});
    CHECK(names[0].name == "sin hour");
    CHECK(names[3].name == "cos 2*hour");
    CHECK(names[11].name == "cos 3*month");
}

TEST_CASE("fourier refuses periods that are none, and too many of them", "[fourier]") {
    const tn::matrix<double> row(1, 3);
    for (const double period : {0.0, -1.0, missing, infinity})
        CHECK_THROWS_WITH(fitted(tn::fourier<3>(period), row),
                          ContainsSubstring("a period is a positive number"));
    CHECK_THROWS_WITH(fitted(tn::fourier<3>(24, 12), row), ContainsSubstring("2 periods for 3 columns"));
    using two = tn::fourier_spec<3, 2>;
    STATIC_REQUIRE(std::is_same_v<two::objection<tn::columns<3>>,
                                  tn::because::fourier_takes_one_period_or_one_for_each_column<2, 3>>);
    STATIC_REQUIRE(tn::no_objection<two::objection<tn::columns<2>>>);
    STATIC_REQUIRE(two::fitted<tn::columns<2>>::out == 12);
}

TEST_CASE("random_fourier_features have the kernel as their inner products", "[random_fourier_features]") {
    constexpr std::size_t features = 512;
    constexpr double gamma = 0.2;
    const auto x = random_rows(12, 3, 1);
    tn::matrix<double> mean(12, 12);
    const int seeds = 40;
    for (int seed = 0; seed < seeds; ++seed) {
        const auto stage = fitted(
            tn::random_fourier_features<features>(gamma, tn::seed{static_cast<std::uint64_t>(seed)}), x);
        std::vector<std::vector<double>> z;
        for (std::size_t r = 0; r < 12; ++r) z.push_back(output(stage, x.row(r)));
        double worst = 0;
        for (std::size_t a = 0; a < 12; ++a)
            for (std::size_t b = 0; b < 12; ++b) {
                const double away = product(z[a], z[b]) - kernel(x.row(a), x.row(b), gamma);
                mean(a, b) += away / seeds;
                worst = std::max(worst, std::abs(away));
            }
        CHECK(worst <= 5 / std::sqrt(static_cast<double>(features))); // five standard errors
    }
    for (std::size_t a = 0; a < 12; ++a)
        for (std::size_t b = 0; b < 12; ++b)
            CHECK(std::abs(mean(a, b)) <= 5 / std::sqrt(static_cast<double>(features * seeds)));
}

TEST_CASE("random_fourier_features depend on the seed alone", "[random_fourier_features]") {
    const auto x = random_rows(3, 2, 1);
    const auto of = [&](std::uint64_t seed, double gamma) {
        return fitted(tn::random_fourier_features<512>(gamma, tn::seed{seed}), x);
    };
    CHECK(output(of(1, 0.5), x.row(0)) == output(of(1, 0.5), x.row(0)));
    CHECK(output(of(1, 0.5), x.row(0)) != output(of(2, 0.5), x.row(0)));
    for (const double v : output(of(1, 0.5), std::array{missing, 0.0})) CHECK(std::isnan(v));
    for (const double v : output(of(1, 0.5), std::array{1e300, 1.0})) CHECK(std::abs(v) <= 0.0626);
    for (const double gamma : {0.0, -1.0, missing, infinity})
        CHECK_THROWS_WITH(of(1, gamma), ContainsSubstring("gamma is a positive number"));
}

TEST_CASE("nystroem gives the kernel of its landmarks exactly and of rows between them nearly",
          "[nystroem]") {
    constexpr double gamma = 0.05;
    const auto landmarks = random_rows(20, 2, 1);
    const auto all = fitted(tn::nystroem<20>(2.0), landmarks); // every row is a landmark
    for (std::size_t a = 0; a < 20; ++a)
        for (std::size_t b = 0; b < 20; ++b)
            CHECK_THAT(product(output(all, landmarks.row(a)), output(all, landmarks.row(b))),
                       WithinAbs(kernel(landmarks.row(a), landmarks.row(b), 2.0), 1e-9));

    const auto x = random_rows(150, 2, 2);
    const auto some = fitted(tn::nystroem<20>(gamma, tn::seed{3}), x);
    std::set<double> different;
    for (std::size_t l = 0; l < 20; ++l) {
        bool is_row = false;
        for (std::size_t r = 0; r < x.rows(); ++r)
            is_row |= some.landmarks[2 * l] == x(r, 0) && some.landmarks[2 * l + 1] == x(r, 1);
        CHECK(is_row);
        different.insert(some.landmarks[2 * l]);
    }
    CHECK(different.size() == 20); // without replacement
    double worst = 0;
    for (std::size_t a = 0; a < x.rows(); a += 3)
        for (std::size_t b = 0; b < x.rows(); b += 7)
            worst = std::max(worst, std::abs(product(output(some, x.row(a)), output(some, x.row(b))) -
                                             kernel(x.row(a), x.row(b), gamma)));
    CHECK(worst <= 1e-3); // the eigenvalues of a smooth kernel fall fast
}

TEST_CASE("nystroem stands equal rows and far ones, and refuses what it cannot use", "[nystroem]") {
    tn::matrix<double> x(20, 2); // all the same: one direction, the other eigenvalues are 0
    for (const double v : output(fitted(tn::nystroem<20>(1.0), x), x.row(0))) CHECK(std::isfinite(v));
    x(3, 1) = 1e300;
    const auto stage = fitted(tn::nystroem<20>(1.0), x);
    for (std::size_t r = 0; r < 20; ++r)
        CHECK_THAT(product(output(stage, x.row(r)), output(stage, x.row(3))),
                   WithinAbs(r == 3 ? 1 : 0, 1e-9));
    for (const double v : output(stage, std::array{missing, 0.0})) CHECK(std::isnan(v));

    x(7, 0) = missing;
    CHECK_THROWS_WITH(fitted(tn::nystroem<20>(1.0), x),
                      ContainsSubstring("nystroem: column 'x0', row 8 is missing"));
    x(7, 0) = infinity;
    CHECK_THROWS_WITH(fitted(tn::nystroem<20>(1.0), x), ContainsSubstring("row 8 is infinite"));
    CHECK_THROWS_WITH(fitted(tn::nystroem<20>(1.0), random_rows(19, 2, 1)),
                      ContainsSubstring("asked for 20 landmarks, the data have 19 rows"));
    CHECK_THROWS_WITH(fitted(tn::nystroem<20>(0.0), random_rows(20, 2, 1)),
                      ContainsSubstring("gamma is a positive number"));
}
