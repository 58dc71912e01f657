#include "support/catch.hpp"

#include <array>
#include <tenon/core/matrix.hpp>
#include <utility>

namespace tn = tenon;

namespace {

/// 0 1 2 …
constexpr std::array<int, 12> counted{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

} // namespace

TEST_CASE("a vector_view steps over what lies between its values", "[matrix]") {
    const tn::vector_view<const int> all(counted), every_third(counted.data() + 1, 4, 3),
        backwards(counted.data() + 11, 3, -4);
    CHECK(all.size() == 12);
    CHECK(all[11] == 11);
    CHECK(every_third[0] == 1);
    CHECK(every_third[3] == 10);
    CHECK(backwards[0] == 11);
    CHECK(backwards[2] == 3);
    CHECK(tn::vector_view<const int>().size() == 0);
}

TEST_CASE("a matrix_view reads any layout that two strides can say", "[matrix]") {
    const tn::matrix_view<const int> rows(counted.data(), 3, 4), columns(counted.data(), 3, 4, 1, 3),
        parts(counted.data() + 1, 2, 2, 6, 2);
    CHECK(rows(1, 2) == 6);
    CHECK(columns(1, 2) == 7);
    CHECK(parts(0, 0) == 1);
    CHECK(parts(1, 1) == 9);
    CHECK(rows.column(3)[2] == 11);
    CHECK(columns.column(3)[2] == 11);
    CHECK(columns.column(1)[0] == 3);
    CHECK(rows.has_contiguous_rows());
    CHECK(!columns.has_contiguous_rows());
    CHECK(tn::matrix_view<const int>(counted.data(), 12, 1, 1, 99).has_contiguous_rows());
}

TEST_CASE("rows in the middle keep the layout", "[matrix]") {
    const tn::matrix_view<const int> columns(counted.data(), 3, 4, 1, 3);
    const auto middle = columns.middle_rows(1, 2);
    CHECK(middle.rows() == 2);
    CHECK(middle.columns() == 4);
    CHECK(middle(0, 3) == columns(1, 3));
    CHECK(middle(1, 0) == columns(2, 0));
    CHECK(columns.middle_rows(3, 0).rows() == 0);
}

TEST_CASE("writing through a view changes what it views", "[matrix]") {
    tn::matrix<int> m(2, 3);
    CHECK(m(1, 2) == 0);
    const tn::matrix_view<int> view = m;
    view(1, 2) = 5;
    m.row(0)[1] = 7;
    CHECK(m(1, 2) == 5);
    CHECK(view(0, 1) == 7);
    CHECK(m.data()[1] == 7);
    const tn::matrix_view<const int> reading = view;
    CHECK(reading.data() == m.data());
    const tn::vector_view<const int> column = view.column(1);
    CHECK(column[0] == 7);
}

TEST_CASE("a row lies where it is, or is gathered", "[matrix]") {
    const tn::matrix_view<const int> rows(counted.data(), 3, 4), columns(counted.data(), 3, 4, 1, 3);
    std::array<int, 4> room{};
    CHECK(tn::contiguous_row(rows, 1, std::span<int>(room)).data() == counted.data() + 4);
    const auto gathered = tn::contiguous_row(columns, 1, std::span<int>(room));
    CHECK(gathered.data() == room.data());
    CHECK(room == std::array<int, 4>{1, 4, 7, 10});
}

TEST_CASE("a matrix grows by rows that are zero, or that nobody has set", "[matrix]") {
    tn::matrix<double> m(1, 3);
    m(0, 2) = 5;
    m.resize_rows(400);
    CHECK(m(0, 2) == 5);
    bool zero = true;
    for (std::size_t r = 1; r < 400; ++r)
        for (const double value : m.row(r)) zero = zero && value == 0;
    CHECK(zero);
    m.resize_rows_unset(500'000); // memory in huge pages
    CHECK(m.rows() == 500'000);
    m(499'999, 2) = 7;
    CHECK(m(0, 2) == 5);
    m.resize_rows_unset(1);
    m.resize_rows(2); // what was there once is not there any more
    CHECK(m(1, 2) == 0);
}

TEST_CASE("a matrix is copied whole, and is empty when it has been moved from", "[matrix]") {
    tn::matrix<int> m(2, 2);
    m(1, 0) = 3;
    tn::matrix<int> copy = m;
    copy(1, 0) = 4;
    CHECK(m(1, 0) == 3);
    m = copy;
    CHECK(m(1, 0) == 4);
    tn::matrix<int> moved = std::move(copy);
    CHECK(moved(1, 0) == 4);
    CHECK(copy.rows() == 0); // NOLINT(bugprone-use-after-move): this state is promised
    CHECK(copy.columns() == 0);
    copy = std::move(moved);
    CHECK(copy(1, 0) == 4);
    const tn::matrix<int> empty;
    copy = empty;
    CHECK(copy.rows() == 0);
    CHECK(empty.data() == nullptr);
}
