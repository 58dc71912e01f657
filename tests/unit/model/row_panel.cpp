#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <tenon/model/row_panel.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::WithinAbs;
using tn::detail::panel_pitch;
using numbers = tn::matrix_view<const double>;

namespace {

/// A panel, and what it has seen.
struct seen_rows : tn::detail::row_panel<double> {
    double count = 0;
    std::vector<double> mean;
    seen_rows(std::size_t columns, std::size_t most) : row_panel(columns, most), mean(pitch()) {}
    template <class X>
    void take(tn::matrix_view<const X> x, numbers y, tn::vector_view<const double> weights = {}) {
        row_panel::take(x, y, count, mean.data(), weights);
    }
    std::vector<double> values(std::size_t r, std::size_t columns) { return {row(r), row(r) + columns}; }
};

} // namespace

TEST_CASE("behind every row there is room for a register, and the pitch is odd in lines", "[model]") {
    CHECK(panel_pitch<double>(1) == 8);
    CHECK(panel_pitch<double>(2) == 24);
    CHECK(panel_pitch<float>(1) == 16);
    int bad = 0;
    for (std::size_t columns = 1; columns < 300; ++columns) {
        const std::size_t pitch = panel_pitch<double>(columns);
        bad += pitch % 16 == 8 && pitch >= columns + 7 && pitch < columns + 24 ? 0 : 1;
    }
    CHECK(bad == 0);
    CHECK(seen_rows(3, 10).capacity() == 10);
    CHECK(seen_rows(3, 10000).capacity() == 128); // 24 KiB of 24 numbers
    CHECK(seen_rows(2000, 10000).capacity() == 32);
}

TEST_CASE("rows are centred, and the row behind them tells how far they are from those before", "[model]") {
    const double x[] = {1, 3, 8}, y[] = {10, 30, 60};
    seen_rows panel(2, 2);
    panel.take(numbers(x, 2, 1), numbers(y, 2, 1));
    CHECK(panel.count == 2);
    CHECK((panel.mean[0] == 2 && panel.mean[1] == 20));
    CHECK(panel.values(0, 3) == std::vector<double>{-1, -10, 0});
    CHECK(panel.values(1, 3) == std::vector<double>{1, 10, 0});
    CHECK(panel.values(2, 3) == std::vector<double>{0, 0, 0});
    // One row more, 6 and 40 away: it counts 2 · 1 / (2 + 1) times.
    panel.take(numbers(x + 2, 1, 1), numbers(y + 2, 1, 1));
    CHECK(panel.count == 3);
    CHECK_THAT(panel.mean[1], WithinAbs(100.0 / 3, 1e-13));
    CHECK(panel.values(0, 2) == std::vector<double>{0, 0});
    CHECK_THAT(panel.row(1)[0], WithinAbs(6 * std::sqrt(2.0 / 3), 1e-14));
    CHECK_THAT(panel.row(1)[1], WithinAbs(40 * std::sqrt(2.0 / 3), 1e-13));
}

TEST_CASE("a row of weight 3 adds to all products what three such rows do", "[model]") {
    for (const std::size_t width : {1U, 3U, 8U, 17U}) {
        std::vector<double> x, thrice;
        const double y[] = {5, -1, 2}, y_thrice[] = {5, -1, -1, -1, 2}, weights[] = {1, 3, 1};
        for (std::size_t i = 0; i < 3 * width; ++i) x.push_back(std::sin(static_cast<double>(i * i + 1)));
        for (const std::size_t r : {0U, 1U, 1U, 1U, 2U})
            for (std::size_t c = 0; c < width; ++c) thrice.push_back(x[r * width + c]);
        seen_rows weighted(width + 1, 3), plain(width + 1, 5);
        for (int i = 0; i < 2; ++i) { // the second time after others
            weighted.take(numbers(x.data(), 3, width), numbers(y, 3, 1), {weights, 3});
            plain.take(numbers(thrice.data(), 5, width), numbers(y_thrice, 5, 1));
        }
        CHECK(weighted.count == plain.count);
        const std::size_t pitch = plain.pitch();
        bool are_same = true;
        for (std::size_t i = 0; i < pitch * pitch; ++i) {
            double sum = 0;
            for (std::size_t r = 0; r < 4; ++r)
                sum += weighted.row(r)[i / pitch] * weighted.row(r)[i % pitch];
            for (std::size_t r = 0; r < 6; ++r) sum -= plain.row(r)[i / pitch] * plain.row(r)[i % pitch];
            are_same = are_same && std::abs(sum) < 1e-13;
        }
        CHECK(are_same);
    }
}

TEST_CASE("rows of another type or layout are the same rows, of one target or several", "[model]") {
    const std::vector<std::array<double, 2>> y{{1, 5}, {2, 0}, {4, 4}};
    const numbers targets = tn::detail::target_matrix(tn::vector_view<const std::array<double, 2>>(y));
    CHECK((targets.rows() == 3 && targets.columns() == 2 && targets(1, 0) == 2));
    CHECK(tn::detail::target_matrix(tn::vector_view<const double>(y[0].data(), 3, 2))(2, 0) == 4);
    double by_rows[33], by_columns[33];
    float narrow[33];
    for (std::size_t i = 0; i < 33; ++i) // 3 × 11
        by_rows[i] = by_columns[i % 11 * 3 + i / 11] = narrow[i] = static_cast<float>(i * i % 7);
    seen_rows first(13, 3), second(13, 3), third(13, 3);
    first.take(numbers(by_rows, 3, 11), targets);
    second.take(numbers(by_columns, 3, 11, 1, 3), targets);
    third.take(tn::matrix_view<const float>(narrow, 3, 11), targets);
    CHECK((first.row(0)[12] == 2 && first.row(1)[12] == -3 && first.row(2)[12] == 1));
    CHECK((first.row(0)[1] == -2 && first.row(1)[1] == 1 && first.row(2)[1] == 1)); // of 1, 4, 4
    for (std::size_t r = 0; r < 4; ++r) {
        CHECK(second.values(r, 13) == first.values(r, 13));
        CHECK(third.values(r, 13) == first.values(r, 13));
    }
}

TEST_CASE("equal values have no spread, rows of no weight do nothing, NaN stays in its column", "[model]") {
    const double missing = std::numeric_limits<double>::quiet_NaN();
    const double x[] = {0.1, 1, 0.1, missing, 0.1, 2}, y[] = {1e300, 1e300, 1e300}, nothing[] = {0, 0, 0};
    seen_rows panel(3, 3), equal(2, 3);
    panel.take(numbers(x, 3, 2), numbers(y, 3, 1));
    CHECK((panel.mean[0] == 0.1 && panel.mean[2] == 1e300));
    for (std::size_t r = 0; r < 4; ++r)
        CHECK((panel.row(r)[0] == 0 && std::isnan(panel.row(r)[1]) && panel.row(r)[2] == 0));
    equal.take(numbers(y, 3, 1), numbers(y, 3, 1));
    equal.take(numbers(x, 3, 1), numbers(x, 3, 1), {nothing, 3});
    CHECK((equal.count == 3 && equal.mean[0] == 1e300));
    for (std::size_t r = 0; r < 4; ++r) CHECK(equal.values(r, 2) == std::vector<double>{0, 0});
}
