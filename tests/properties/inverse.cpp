// The way back: inverse(transform(x)) is x, for every transform that has one and for pipelines of them.

#include "support/catch.hpp"
#include "support/errors.hpp"
#include "support/random_pipelines.hpp"

#include <cmath>
#include <tenon/features/polynomial.hpp>
#include <tenon/features/select.hpp>
#include <tenon/prepare.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house", "barge">,
                          tn::numeric<"age">, tn::categorical<"lift", "no", "yes">, tn::target<"price">> {};
struct frame : tn::schema<tn::numeric<"a", float>, tn::numeric<"b", float>, tn::target<"y">> {};

/// The largest |back - x|, relative to x where that is above 1.
template <class P, class D>
double round_trip_error(const P& fitted, const D& data) {
    using T = typename P::scalar;
    std::array<T, P::width_out> z{};
    std::array<T, P::width> back{};
    double error = 0;
    for (std::size_t r = 0; r < data.size(); ++r) {
        fitted.transform(data.row(r), z);
        fitted.inverse(z, back);
        for (std::size_t c = 0; c < P::width; ++c) {
            const double x = static_cast<double>(data.row(r)[c]), again = static_cast<double>(back[c]);
            error = worst({error, std::abs(again - x) / std::max(1.0, std::abs(x))});
        }
    }
    return error;
}

template <class P>
concept HasInverse = requires(const P p, std::array<double, P::width_out> z, std::array<double, P::width> x) {
    p.inverse(z, x);
};

} // namespace

TEST_CASE("standardize, one_hot and impute have a way back", "[inverse]") {
    const auto data = random_dataset<house>(100, 31, house::info());
    CHECK(round_trip_error(tn::impute(tn::median).fit(data), data) == 0);
    CHECK(round_trip_error(tn::one_hot().fit(data), data) == 0);
    CHECK(round_trip_error((tn::one_hot() | tn::standardize()).fit(data), data) <= 1e-12);
    const auto narrow = random_dataset<frame>(100, 32, frame::info());
    CHECK(round_trip_error(tn::standardize().fit(narrow), narrow) <= 1e-5);
}

TEST_CASE("a pipeline goes back stage by stage", "[inverse]") {
    const auto data = random_dataset<house>(100, 33, house::info());
    const auto fitted = (tn::impute(tn::mean) | tn::one_hot() | tn::standardize()).fit(data);
    CHECK(round_trip_error(fitted, data) <= 1e-12);

    // And forth: features that no row had.
    tn::philox random(34);
    const auto scaled =
        tn::standardize().fit(random_dataset<tn::columns<3>>(100, 36, tn::columns<3>::info()));
    for (int i = 0; i < 20; ++i) {
        const std::array<double, 3> z{random.normal(), random.normal(), random.normal()};
        std::array<double, 3> x{}, again{};
        scaled.inverse(z, x);
        scaled.transform(x, again);
        for (std::size_t c = 0; c < 3; ++c) CHECK_THAT(again[c], WithinAbs(z[c], 1e-12));
    }
}

TEST_CASE("what is missing is missing on the way back", "[inverse]") {
    auto data = random_dataset<house>(50, 35, house::info());
    const auto fitted = (tn::one_hot() | tn::standardize()).fit(data);
    for (std::size_t c = 0; c < 4; ++c) {
        std::array<double, 4> x{}, back{};
        std::copy_n(data.row(1).begin(), 4, x.begin());
        x[c] = std::numeric_limits<double>::quiet_NaN();
        std::array<double, 7> z{};
        fitted.transform(x, z);
        fitted.inverse(z, back);
        for (std::size_t i = 0; i < 4; ++i) CHECK(std::isnan(back[i]) == (i == c));
    }
}

TEST_CASE("only pipelines whose stages all go back have an inverse", "[inverse]") {
    using there_and_back = tn::fitted_t<decltype(tn::one_hot() | tn::standardize()), house>;
    using expanded = tn::fitted_t<decltype(tn::one_hot() | tn::polynomial<2>()), house>;
    using picked = tn::fitted_t<decltype(tn::select<"age">()), house>;
    STATIC_REQUIRE(HasInverse<there_and_back>);
    STATIC_REQUIRE(!HasInverse<expanded>);
    STATIC_REQUIRE(!HasInverse<picked>);
}
