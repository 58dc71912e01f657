#include "support/catch.hpp"

#include <array>
#include <tenon/core/matrix.hpp>

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
