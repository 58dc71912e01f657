#include "support/catch.hpp"

#include "unit/model/forty_rows.hpp"
#include <array>
#include <cstddef>
#include <tenon/core/random.hpp>
#include <tenon/loss/cross_entropy.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::column_major;
using tenon_test::forty_rows;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

using network = tn::dense_network<tn::tanh_activation, tn::classes<3>, double, double, 3, 6, 4>;

network made(std::uint64_t seed) {
    network m;
    tn::philox random(seed);
    for (double& p : m.parameters()) p = random.uniform(-1, 1);
    return m;
}

struct gradient_of {
    double value = 0;
    std::vector<double> g;
    gradient_of(const network& m, tn::matrix_view<const double> x, std::span<const tn::class_index> y,
                network::scratch& room)
        : g(m.parameters().size()) {
        value = m.gradient(tn::cross_entropy(), x, y, std::span(g), room);
    }
};

} // namespace

TEST_CASE("the gradient of one linear layer is that of the formula", "[model]") {
    // One row, z = w·x + b, loss (z - y)²: dw = 2(z - y)·x, db = 2(z - y).
    using line = tn::dense_network<tn::identity_activation, tn::real, double, double, 2>;
    line m;
    m.parameters()[0] = 3;
    m.parameters()[1] = -1;
    m.parameters()[2] = 0.5;
    const std::array<double, 4> x{1, 2, -1, 0};
    const std::array<double, 2> y{0.5, 1};
    std::array<double, 3> g{};
    line::scratch room;
    // Rows: z = 1.5 and -2.5, errors 1 and -3.5.
    const double value = m.gradient(tn::squared_error(), tn::matrix_view<const double>(x.data(), 2, 2),
                                    std::span<const double>(y), std::span<double>(g), room);
    CHECK_THAT(value, WithinRel((1 + 12.25) / 2, 1e-15));
    CHECK_THAT(g[0], WithinRel((2 * 1 + 2 * 3.5) / 2.0, 1e-15));
    CHECK_THAT(g[1], WithinRel(2 * 2 / 2.0, 1e-15));
    CHECK_THAT(g[2], WithinRel((2 - 7) / 2.0, 1e-15));
}

TEST_CASE("the loss sees the last layer and not the target's units", "[model]") {
    using line = tn::dense_network<tn::identity_activation, tn::real, double, double, 1>;
    line m;
    m.enter_target_units(1e6, 1e3, true);
    m.parameters()[0] = 2;
    const double x = 1, y = 0;
    line::scratch room;
    CHECK(m.gradient(tn::squared_error(), tn::matrix_view<const double>(&x, 1, 1),
                     std::span<const double>(&y, 1), std::span<double>(), room) == 4);
}

TEST_CASE("the loss and gradient of a batch are the means over its rows", "[model]") {
    const forty_rows data;
    const network m = made(2);
    network::scratch room;
    const gradient_of all(m, data.x, data.three, room);
    double value = 0;
    std::vector<double> g(all.g.size());
    for (std::size_t r = 0; r < 40; ++r) {
        const gradient_of one(m, data.x.view().middle_rows(r, 1), std::span(data.three).subspan(r, 1), room);
        value += one.value / 40;
        for (std::size_t i = 0; i < g.size(); ++i) g[i] += one.g[i] / 40;
    }
    CHECK_THAT(all.value, WithinRel(value, 1e-13));
    for (std::size_t i = 0; i < g.size(); ++i) CHECK_THAT(all.g[i], WithinAbs(g[i], 1e-14));
}

TEST_CASE("without room for a gradient the loss is the same", "[model]") {
    const forty_rows data;
    const network m = made(3);
    network::scratch room;
    const gradient_of full(m, data.x, data.three, room);
    CHECK(m.gradient(tn::cross_entropy(), data.x.view(), std::span<const tn::class_index>(data.three),
                     std::span<double>(), room) == full.value);
}

TEST_CASE("rows of any layout give the same gradient", "[model]") {
    const forty_rows data;
    const network m = made(4);
    network::scratch room;
    const gradient_of rows(m, data.x, data.three, room);
    std::vector<double> values;
    const gradient_of columns(m, column_major(data.x.view(), values), data.three, room);
    CHECK(rows.value == columns.value);
    CHECK(rows.g == columns.g);

    // Rows that are contiguous but lie apart, as in a wider matrix.
    tn::matrix<double> wide(40, 5);
    for (std::size_t r = 0; r < 40; ++r)
        for (std::size_t c = 0; c < 5; ++c) wide(r, c) = c < 3 ? data.x(r, c) : 1e9;
    const gradient_of apart(m, tn::matrix_view<const double>(wide.data(), 40, 3, 5, 1), data.three, room);
    CHECK(rows.g == apart.g);
}

TEST_CASE("work areas that served a larger batch change nothing", "[model]") {
    const forty_rows data;
    const network m = made(5);
    network::scratch used, fresh;
    const gradient_of large(m, data.x, data.three, used);
    const auto x = data.x.view().middle_rows(5, 7);
    const auto y = std::span(data.three).subspan(5, 7);
    const gradient_of a(m, x, y, used), b(m, x, y, fresh);
    CHECK(a.value == b.value);
    CHECK(a.g == b.g);
}
