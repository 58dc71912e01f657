#include "support/catch.hpp"

#include <array>
#include <numeric>
#include <span>
#include <stdexcept>
#include <tenon/core/row_blocks.hpp>
#include <vector>

namespace tn = tenon;
using blocks_of_numbers = tn::detail::row_blocks<double, float>;

namespace {

constexpr std::size_t columns = 3;
/// Row r is 10 r, 10 r + 1, 10 r + 2; its target is -r and its weight r + 0.5.
struct table {
    explicit table(std::size_t rows) : x(rows, columns), y(rows), weights(rows) {
        for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t c = 0; c < columns; ++c) x(r, c) = static_cast<double>(10 * r + c);
            y[r] = -static_cast<float>(r);
            weights[r] = static_cast<double>(r) + 0.5;
        }
    }
    tn::vector_view<const float> targets() const { return std::span(y); }
    tn::matrix<double> x;
    std::vector<float> y;
    std::vector<double> weights;
};

/// What comes out of blocks, and how long each was.
struct collector {
    void operator()(tn::matrix_view<const double> x, tn::vector_view<const float> y,
                    tn::vector_view<const double> w) {
        lengths.push_back(x.rows());
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < x.columns(); ++c) values.push_back(x(r, c));
        for (std::size_t r = 0; r < y.size(); ++r) targets.push_back(y[r]);
        for (std::size_t r = 0; r < w.size(); ++r) weights.push_back(w[r]);
    }
    std::vector<std::size_t> lengths;
    std::vector<double> values, weights;
    std::vector<float> targets;
};
/// The rows of a table in pieces of these sizes, through blocks of `size` rows.
collector collect(const table& all, std::size_t size, const std::vector<std::size_t>& pieces) {
    const tn::vector_view<const double> weights{std::span(all.weights)};
    blocks_of_numbers blocks(size);
    collector out;
    std::size_t at = 0;
    for (const std::size_t rows : pieces) {
        blocks.add(all.x.view().middle_rows(at, rows), all.targets().middle(at, rows),
                   weights.middle(at, rows), out);
        at += rows;
        CHECK(blocks.held() == at % size);
    }
    blocks.flush(out);
    return out;
}

} // namespace

TEST_CASE("blocks are the same whatever the pieces were", "[row_blocks]") {
    const table all(11);
    const std::vector<double> values(all.x.data(), all.x.data() + 11 * columns);
    for (const std::vector<std::size_t>& pieces : std::vector<std::vector<std::size_t>>{
             {11}, {0, 11, 0}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {3, 8}, {4, 4, 3}, {5, 6}, {2, 9}}) {
        const collector out = collect(all, 4, pieces);
        CHECK(out.lengths == std::vector<std::size_t>{4, 4, 3});
        CHECK(out.values == values);
        CHECK((out.targets == all.y && out.weights == all.weights));
    }
    CHECK(collect(all, 1, {5, 6}).values == values);
    CHECK(collect(all, 100, {5, 6}).lengths == std::vector<std::size_t>{11});
    CHECK(collect(table(8), 4, {3, 5}).lengths == std::vector<std::size_t>{4, 4}); // nothing is left over
}

TEST_CASE("a block lies where it came from if one piece holds all of it", "[row_blocks]") {
    const table all(9);
    blocks_of_numbers blocks(4);
    std::vector<const double*> places;
    const auto note = [&](auto x, auto, auto) { places.push_back(x.data()); };
    blocks.add(all.x.view().middle_rows(0, 1), all.targets().middle(0, 1), {}, note);
    blocks.add(all.x.view().middle_rows(1, 8), all.targets().middle(1, 8), {}, note);
    REQUIRE(places.size() == 2);
    CHECK(places[0] != all.x.data()); // put together from two pieces
    CHECK(places[1] == all.x.row(4).data());
}

TEST_CASE("targets and weights may be missing, and rows lie in any layout", "[row_blocks]") {
    std::array<double, 10> counted{};
    std::iota(counted.begin(), counted.end(), 0.0);
    const tn::matrix_view<const double> by_column(counted.data(), 5, 2, 1, 5);
    blocks_of_numbers blocks(2);
    collector out;
    blocks.add(by_column, {}, {}, out);
    blocks.flush(out);
    CHECK(out.lengths == std::vector<std::size_t>{2, 2, 1});
    CHECK(out.values == std::vector<double>{0, 5, 1, 6, 2, 7, 3, 8, 4, 9});
    CHECK(out.targets.size() + out.weights.size() == 0);
}

TEST_CASE("blocks of no rows are blocks of one, and no rows are no block", "[row_blocks]") {
    blocks_of_numbers blocks(0);
    collector out;
    blocks.add(tn::matrix_view<const double>(nullptr, 0, columns), {}, {}, out);
    blocks.flush(out);
    CHECK(out.lengths.empty());
    blocks.add(table(2).x.view(), {}, {}, out);
    CHECK(out.lengths == std::vector<std::size_t>{1, 1});
}

TEST_CASE("a block that could not be taken leaves nothing for the next", "[row_blocks]") {
    blocks_of_numbers blocks(3);
    const auto all = table(4);
    blocks.add(all.x.view().middle_rows(0, 2), all.targets().middle(0, 2), {}, collector());
    CHECK_THROWS_AS(blocks.flush([](auto, auto, auto) { throw std::runtime_error("full"); }),
                    std::runtime_error);
    collector out;
    blocks.add(all.x.view().middle_rows(3, 1), all.targets().middle(3, 1), {}, out);
    blocks.flush(out);
    CHECK(out.lengths == std::vector<std::size_t>{1});
    CHECK(out.targets == std::vector<float>{all.targets()[3]});
}
