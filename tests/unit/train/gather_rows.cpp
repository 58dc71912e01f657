#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <tenon/train/gather_rows.hpp>
#include <vector>

namespace tn = tenon;
using places = std::vector<std::uint32_t>;
using tn::detail::gather_rows;

namespace {

/// The rows at `from`, gathered into memory with two numbers more, which are to stay -1.
template <std::size_t Columns, class T>
std::vector<T> gathered(tn::matrix_view<const T> x, const places& from) {
    std::vector<T> to(from.size() * x.columns() + 2, T{-1});
    gather_rows<Columns>(x, from, to.data());
    return to;
}

/// 0 1 2 / 10 11 12 / 20 21 22 / 30 31 32 in any layout, within a table of 9s.
template <class T>
struct four_rows {
    std::vector<T> values = std::vector<T>(100, T{9});
    tn::matrix_view<const T> laid_out(std::size_t begin, std::ptrdiff_t row, std::ptrdiff_t column) {
        const tn::matrix_view<T> x(values.data() + begin, 4, 3, row, column);
        for (std::size_t r = 0; r < 4; ++r)
            for (std::size_t c = 0; c < 3; ++c) x(r, c) = static_cast<T>(10 * r + c);
        return x;
    }
};

} // namespace

TEMPLATE_TEST_CASE("rows are gathered in the order of their places, one behind the other", "[train]", float,
                   double) {
    const std::vector<TestType> expected{30, 31, 32, 0, 1, 2, 30, 31, 32, -1, -1};
    const struct {
        std::size_t begin;
        std::ptrdiff_t row, column;
    } layouts[] = {{0, 3, 1}, {0, 8, 1}, {0, 1, 4}, {1, 20, 6}, {90, -20, 1}, {99, -10, -4}};
    for (const auto& [begin, row, column] : layouts) {
        INFO("strides " << row << " and " << column);
        four_rows<TestType> data;
        const auto x = data.laid_out(begin, row, column);
        CHECK(gathered<3>(x, {3, 0, 3}) == expected);
        CHECK(gathered<tn::dynamic>(x, {3, 0, 3}) == expected);
    }
}

TEST_CASE("no places give no rows, and one place gives its row", "[train]") {
    four_rows<double> data;
    const auto x = data.laid_out(0, 3, 1);
    CHECK(gathered<3>(x, {}) == std::vector<double>{-1, -1});
    CHECK(gathered<tn::dynamic>(x, {2}) == std::vector<double>{20, 21, 22, -1, -1});
}

TEST_CASE("a single column is gathered whatever its stride is", "[train]") {
    four_rows<float> data;
    const auto x = data.laid_out(0, 3, 1);
    const tn::matrix_view<const float> column(x.data() + 2, 4, 1, 3, 1), strided(x.data() + 2, 4, 1, 3, 7);
    CHECK(gathered<1>(column, {1, 3}) == std::vector<float>{12, 32, -1, -1});
    CHECK(gathered<tn::dynamic>(strided, {1, 3}) == std::vector<float>{12, 32, -1, -1});
}
