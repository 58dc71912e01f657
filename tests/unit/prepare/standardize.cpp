#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <tenon/core/concepts.hpp>
#include <tenon/core/random.hpp>
#include <tenon/prepare/standardize.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

template <std::size_t W, class T>
auto fitted_to(tn::matrix_view<T> view) {
    using scalar = std::remove_const_t<T>;
    using fitted = tn::standardize_spec::fitted<tn::columns<W, tn::none, scalar>>;
    const tn::matrix_view<const scalar> x = view;
    return tn::standardize_spec{}.fit(std::type_identity<fitted>{}, x, tn::vector_view<const double>());
}

template <class T = double>
tn::matrix<T> random_rows(std::size_t n) {
    tn::philox random(21);
    tn::matrix<T> x(n, 3);
    for (std::size_t r = 0; r < n; ++r) {
        x(r, 0) = static_cast<T>(100 + 7 * random.normal());
        x(r, 1) = static_cast<T>(1e-3 * random.normal());
        x(r, 2) = static_cast<T>(-5 + random.uniform());
    }
    return x;
}

template <class F, class T = typename F::scalar>
std::vector<T> transformed(const F& fitted, std::span<const typename F::scalar> x) {
    std::vector<T> z(x.size());
    fitted(tn::row<F::in, T>(x.data(), x.size()), tn::row_out<F::out, T>(z.data(), z.size()));
    return z;
}

} // namespace

TEST_CASE("standardize gives every column mean 0 and deviation 1", "[standardize]") {
    STATIC_REQUIRE(tn::PreprocessorFor<tn::standardize_spec, tn::columns<3>>);
    STATIC_REQUIRE(tn::PreprocessorFor<tn::standardize_spec, tn::columns<tn::dynamic, tn::real, float>>);
    const tn::matrix<double> x = random_rows(500);
    const auto fitted = fitted_to<3>(x.view());
    CHECK(fitted.width_in() == 3);
    CHECK(fitted.width_out() == 3);
    double sum[3] = {}, squares[3] = {};
    for (std::size_t r = 0; r < 500; ++r) {
        const auto z = transformed(fitted, x.row(r));
        for (std::size_t c = 0; c < 3; ++c) {
            sum[c] += z[c];
            squares[c] += z[c] * z[c];
        }
    }
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK_THAT(sum[c] / 500, WithinAbs(0.0, 1e-12));
        CHECK_THAT(squares[c] / 500, WithinRel(1.0, 1e-12)); // divided by n
    }
}

TEST_CASE("standardize agrees with a column done by hand", "[standardize]") {
    tn::matrix<double> x(4, 1);
    for (std::size_t r = 0; r < 4; ++r) x(r, 0) = static_cast<double>(2 * r); // 0 2 4 6: mean 3, variance 5
    const auto fitted = fitted_to<1>(x.view());
    CHECK(fitted.mean[0] == 3);
    CHECK_THAT(fitted.inverse_scale[0], WithinRel(1 / std::sqrt(5.0), 1e-15));
    CHECK_THAT(transformed(fitted, x.row(3))[0], WithinRel(3 / std::sqrt(5.0), 1e-15));
}

TEST_CASE("standardize has an inverse", "[standardize]") {
    const tn::matrix<double> x = random_rows(50);
    const auto fitted = fitted_to<3>(x.view());
    for (std::size_t r = 0; r < 50; ++r) {
        const auto z = transformed(fitted, x.row(r));
        std::array<double, 3> back{};
        fitted.inverse(tn::row<3>(z.data(), 3), back);
        for (std::size_t c = 0; c < 3; ++c) CHECK_THAT(back[c], WithinRel(x(r, c), 1e-12));
    }
}

TEST_CASE("constant columns and columns without values are only centred", "[standardize]") {
    tn::matrix<double> x(10, 3);
    for (std::size_t r = 0; r < 10; ++r) {
        x(r, 0) = 0.1;
        x(r, 1) = gap;
        x(r, 2) = r == 3 ? gap : static_cast<double>(r % 2);
    }
    const auto fitted = fitted_to<3>(x.view());
    CHECK(fitted.inverse_scale[0] == 1);
    CHECK_THAT(fitted.mean[0], WithinRel(0.1, 1e-15));
    CHECK(fitted.mean[1] == 0);
    CHECK(fitted.inverse_scale[1] == 1);
    CHECK_THAT(fitted.mean[2], WithinRel(4.0 / 9, 1e-15)); // of the nine values that are there
    const auto z = transformed(fitted, x.row(3));
    CHECK_THAT(z[0], WithinAbs(0.0, 1e-16));
    CHECK(std::isnan(z[1]));
    CHECK(std::isnan(z[2]));

    const auto one = fitted_to<3>(x.view().middle_rows(0, 1));
    CHECK(one.mean[2] == 0);
    CHECK(one.inverse_scale[2] == 1);
}

TEST_CASE("widths and layouts change no bit of standardize", "[standardize]") {
    const std::size_t n = 700;
    const tn::matrix<double> x = random_rows(n);
    std::vector<double> by_column(3 * n);
    for (std::size_t r = 0; r < n; ++r)
        for (std::size_t c = 0; c < 3; ++c) by_column[c * n + r] = x(r, c);
    const tn::matrix_view<const double> columns(by_column.data(), n, 3, 1, static_cast<std::ptrdiff_t>(n));

    const auto fitted = fitted_to<3>(x.view());
    const auto dynamic = fitted_to<tn::dynamic>(x.view());
    const auto from_columns = fitted_to<3>(columns);
    CHECK(dynamic.width_out() == 3);
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(dynamic.mean[c] == fitted.mean[c]);
        CHECK(dynamic.inverse_scale[c] == fitted.inverse_scale[c]);
        CHECK(from_columns.mean[c] == fitted.mean[c]);
        CHECK(from_columns.inverse_scale[c] == fitted.inverse_scale[c]);
    }
    CHECK(transformed(dynamic, x.row(9)) == transformed(fitted, x.row(9)));
}

TEST_CASE("standardize is a mergeable fold", "[standardize]") {
    using spec = tn::standardize_spec;
    using fitted = spec::fitted<tn::columns<3>>;
    const tn::matrix<double> x = random_rows(900);
    spec::state first(3), second(3), third(3);
    spec::update(first, tn::matrix_view<const double>(x.view().middle_rows(0, 123)));
    spec::update(second, tn::matrix_view<const double>(x.view().middle_rows(123, 600)));
    spec::update(third, tn::matrix_view<const double>(x.view().middle_rows(723, 177)));
    spec::merge(third, first);
    spec::merge(third, second);
    const auto merged = spec::finish(std::type_identity<fitted>{}, third);
    const auto whole = fitted_to<3>(x.view());
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK_THAT(merged.mean[c], WithinRel(whole.mean[c], 1e-12));
        CHECK_THAT(merged.inverse_scale[c], WithinRel(whole.inverse_scale[c], 1e-12));
    }
}

TEST_CASE("standardize in float sums in double", "[standardize]") {
    const tn::matrix<float> narrow = random_rows<float>(5000);
    tn::matrix<double> wide(5000, 3);
    for (std::size_t r = 0; r < 5000; ++r)
        for (std::size_t c = 0; c < 3; ++c) wide(r, c) = static_cast<double>(narrow(r, c));
    const auto a = fitted_to<3>(narrow.view());
    const auto b = fitted_to<3>(wide.view());
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(a.mean[c] == static_cast<float>(b.mean[c]));
        CHECK(a.inverse_scale[c] == static_cast<float>(b.inverse_scale[c]));
    }
}
