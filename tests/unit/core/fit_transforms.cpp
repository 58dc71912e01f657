#include "support/catch.hpp"

#include <array>
#include <tenon/core/fit_transforms.hpp>

namespace tn = tenon;
using namespace tn::detail;

namespace {

/// (x0 - x1) · factor: which column is which, and what was learned, both show.
struct fitted_gap {
    [[maybe_unused]] static constexpr std::string_view name = "gap";
    static constexpr std::size_t in = 2, out = 1;
    using scalar = double;
    double factor = 1;
    void operator()(tn::row<in> x, tn::row_out<out> z) const noexcept { z[0] = (x[0] - x[1]) * factor; }
    static std::size_t width_in() { return in; }
    static std::size_t width_out() { return out; }
    static std::vector<tn::column_info> describe(std::span<const tn::column_info> columns) {
        return {{columns[0].name + "-" + columns[1].name, false, {}}};
    }
};
using type = std::type_identity<fitted_gap>;
using view = tn::matrix_view<const double>;
using vector = tn::vector_view<const double>;
using names = std::span<const tn::column_info>;

/// Learns how many rows there are, and the sum of their targets.
struct from_rows : tn::stage<tn::role::expander> {
    static fitted_gap fit(type, view x, vector y) {
        double sum = static_cast<double>(x.rows());
        for (std::size_t r = 0; r < y.size(); ++r) sum += y[r];
        return {sum};
    }
};
/// Learns how long the first column's name is.
struct from_columns : tn::stage<tn::role::expander> {
    static fitted_gap fit(type, view, vector, names columns) {
        return {static_cast<double>(columns[0].name.size())};
    }
};
/// Makes the rows that it is fitted on itself: their targets.
struct makes_rows : from_columns {
    std::pair<fitted_gap, tn::matrix<double>> fit_transform(type, view x, vector y, names columns) const {
        tn::matrix<double> made(x.rows(), 1);
        for (std::size_t r = 0; r < x.rows(); ++r) made(r, 0) = y[r];
        return {fit({}, x, y, columns), std::move(made)};
    }
};

constexpr std::array<double, 6> values{9, 1, 8, 3, 7, 5};
const view by_row(values.data(), 3, 2);
const view by_column(values.data(), 3, 2, 1, 3);
constexpr std::array<double, 3> targets{0.5, 1, 1.5};
const vector y{std::span<const double>(targets)};
const std::vector<tn::column_info> named{{"height", false, {}}, {"x", false, {}}};

std::vector<double> first_column(view x) {
    std::vector<double> all;
    for (std::size_t r = 0; r < x.rows(); ++r) all.push_back(x(r, 0));
    return all;
}

} // namespace

TEST_CASE("rows are borrowed at first, and owned behind a stage", "[fit_transforms]") {
    travelling_rows<double> rows(by_row), strided(by_column);
    CHECK(rows.view().data() == values.data());
    rows.pass(fitted_gap{});
    strided.pass(fitted_gap{.factor = 2});
    CHECK(first_column(rows.view()) == std::vector<double>{8, 5, 2});
    CHECK(first_column(strided.view()) == std::vector<double>{12, -12, 6}); // 9 - 3, 1 - 7, 8 - 5
    CHECK(values[0] == 9);
    rows.pass_as(tn::matrix<double>(1, 4));
    CHECK(first_column(rows.view()) == std::vector<double>{0});
    travelling_rows<double> none(by_row.middle_rows(0, 0));
    none.pass(fitted_gap{});
    CHECK((none.view().rows() == 0 && none.view().columns() == 1));
}

TEST_CASE("a stage learns from rows and targets, or from the columns as well", "[fit_transforms]") {
    CHECK(fit_stage<fitted_gap>(from_rows{}, by_row, y, std::span(named)).factor == 6);
    CHECK(fit_stage<fitted_gap>(from_columns{}, by_row, y, std::span(named)).factor == 6);
    const std::vector<tn::column_info> other{{"h", false, {}}, {"x", false, {}}};
    CHECK(fit_stage<fitted_gap>(from_rows{}, by_row.middle_rows(0, 1), y.middle(0, 1), other).factor == 1.5);
    CHECK(fit_stage<fitted_gap>(from_columns{}, by_row, y, std::span(other)).factor == 1);
    STATIC_REQUIRE(!FitsAndTransforms<from_columns, fitted_gap, double, double>);
    STATIC_REQUIRE(FitsAndTransforms<makes_rows, fitted_gap, double, double>);
}

TEST_CASE("rows held out go through what was fitted to the others", "[fit_transforms]") {
    travelling_rows<double> rows(by_row.middle_rows(0, 2)), held_out(by_row.middle_rows(2, 1));
    std::vector<tn::column_info> columns = named;
    const auto fitted = fit_and_pass<fitted_gap>(from_rows{}, rows, held_out, y.middle(0, 2), columns);
    CHECK(fitted.factor == 3.5);
    CHECK(first_column(rows.view()) == std::vector<double>{28, 17.5});
    CHECK(first_column(held_out.view()) == std::vector<double>{7});
    CHECK(columns == std::vector<tn::column_info>{{"height-x", false, {}}});
}

TEST_CASE("no row goes through a last stage", "[fit_transforms]") {
    travelling_rows<double> rows(by_row), held_out(by_row.middle_rows(2, 1));
    std::vector<tn::column_info> columns = named;
    const auto fitted = fit_and_pass<fitted_gap>(from_columns{}, rows, held_out, y, columns, false);
    CHECK(fitted.factor == 6); // letters of "height"
    CHECK(rows.view().data() == by_row.data());
    CHECK(held_out.view().data() == by_row.row(2).data());
    CHECK(columns == named);
}

TEST_CASE("a stage that makes its rows itself does so for those it is fitted on only", "[fit_transforms]") {
    travelling_rows<double> rows(by_row), held_out(by_column);
    std::vector<tn::column_info> columns = named;
    const auto fitted = fit_and_pass<fitted_gap>(makes_rows{}, rows, held_out, y, columns);
    CHECK(fitted.factor == 6);
    CHECK(first_column(rows.view()) == std::vector<double>{0.5, 1, 1.5});
    CHECK(first_column(held_out.view()) == std::vector<double>{36, -36, 18});
}
