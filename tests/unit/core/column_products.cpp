#include "support/any_values.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <tenon/core/column_products.hpp>
#include <vector>

using namespace tenon::detail;
using tenon_test::any_values;

namespace {

/// The largest error of the upper triangle of so many columns, whose sums begin with other numbers than zero.
template <class T>
double triangle_error(std::size_t rows, std::size_t columns, bytes_ahead next = {}) {
    const std::size_t pitch = columns + 64 / sizeof(T), deep = (columns + 3) / 4 * 4;
    std::vector<T> panel(rows * pitch);
    const std::vector<T> values = any_values<T>(rows * columns, columns),
                         before = any_values<T>(deep * pitch, 1);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c) panel[r * pitch + c] = values[r * columns + c];
    std::vector<T> sums = before;
    add_column_products(panel.data(), rows, pitch, columns, sums.data(), next);
    double error = 0;
    for (std::size_t i = 0; i < columns; ++i)
        for (std::size_t j = i; j < columns; ++j) {
            double exact = static_cast<double>(before[i * pitch + j]);
            for (std::size_t r = 0; r < rows; ++r)
                exact +=
                    static_cast<double>(panel[r * pitch + i]) * static_cast<double>(panel[r * pitch + j]);
            const double off = std::abs(static_cast<double>(sums[i * pitch + j]) - exact);
            error = off <= error ? error : off; // NaN is kept
        }
    return error / static_cast<double>(rows + 1);
}

} // namespace

TEMPLATE_TEST_CASE("products of all pairs of columns are added to their sums", "[core]", float, double) {
    constexpr double rounding = sizeof(TestType) == 4 ? 1e-7 : 4e-16;
    for (std::size_t columns = 1; columns < 75; ++columns) {
        INFO(columns << " columns");
        CHECK(triangle_error<TestType>(7, columns) <= rounding);
    }
    CHECK(triangle_error<TestType>(1, 9) <= rounding);
    CHECK(triangle_error<TestType>(40, 33) <= rounding);
}

TEST_CASE("what is fetched ahead may be less than there is time for, or more", "[core]") {
    const std::vector<char> bytes(10000);
    for (const std::size_t count : {1U, 64U, 10000U})
        CHECK(triangle_error<double>(3, 20, {bytes.data(), count}) <= 4e-16);
    bytes_ahead next{bytes.data(), 100};
    next.fetch(64);
    CHECK(next.from == bytes.data() + 64);
    CHECK(next.count == 36);
    next.fetch(64);
    CHECK(next.count == 0);
}

TEST_CASE("tiles are as wide as registers allow, and none is narrow without need", "[core]") {
    STATIC_REQUIRE(tile_vectors<64>(9) == 4);
    STATIC_REQUIRE(tile_vectors<64>(5) == 3); // and 2
    STATIC_REQUIRE(tile_vectors<64>(4) == 4);
    STATIC_REQUIRE(tile_vectors<64>(1) == 1);
    STATIC_REQUIRE(tile_vectors<32>(3) == 2);
    STATIC_REQUIRE(tile_vectors<32>(2) == 2);
}
