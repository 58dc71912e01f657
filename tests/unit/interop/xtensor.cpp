#include "support/catch.hpp"

#include <array>
#include <tenon/interop/xtensor.hpp>
#include <vector>
#if __has_include(<xtensor/containers/xarray.hpp>)
#include <xtensor/containers/xarray.hpp>
#include <xtensor/containers/xtensor.hpp>
#include <xtensor/generators/xbuilder.hpp>
#include <xtensor/views/xstrided_view.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xarray.hpp>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xstrided_view.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>
#endif

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

template <class A>
concept HasView = requires(A& array) { tn::view_of(array); };

/// Whether the view has the array's elements, the same ones in memory.
template <class A, class T>
bool is_seen(A& array, tn::matrix_view<T> view) {
    bool same = view.rows() == array.shape()[0] && view.columns() == array.shape()[1];
    for (std::size_t r = 0; same && r < view.rows(); ++r)
        for (std::size_t c = 0; same && c < view.columns(); ++c) same = &view(r, c) == &array(r, c);
    return same;
}

template <class A>
A counting(std::size_t rows, std::size_t columns) {
    A x = A::from_shape({rows, columns});
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c) x(r, c) = static_cast<typename A::value_type>(10 * r + c);
    return x;
}

} // namespace

TEST_CASE("arrays of xtensor are seen where they lie", "[xtensor]") {
    auto by_row = counting<xt::xtensor<double, 2>>(4, 3);
    auto by_column = counting<xt::xtensor<double, 2, xt::layout_type::column_major>>(4, 3);
    auto dynamic = counting<xt::xarray<float>>(4, 3);
    auto one_column = counting<xt::xarray<double>>(4, 1), one_row = counting<xt::xarray<double>>(1, 3);
    CHECK(is_seen(by_row, tn::view_of(by_row)));
    CHECK(tn::view_of(by_row).data() == by_row.data());
    CHECK(tn::view_of(by_row).has_contiguous_rows());
    CHECK(is_seen(by_column, tn::view_of(by_column)));
    CHECK(tn::view_of(by_column).row_stride() == 1);
    CHECK(is_seen(dynamic, tn::view_of(dynamic)));
    CHECK(is_seen(one_column, tn::view_of(one_column)));
    CHECK(is_seen(one_row, tn::view_of(one_row)));
    const auto& constant = by_row;
    STATIC_REQUIRE(std::is_same_v<decltype(tn::view_of(constant)), tn::matrix_view<const double>>);
    tn::view_of(by_row)(2, 1) = -1; // and written to
    CHECK(by_row(2, 1) == -1);
}

TEST_CASE("slices of arrays have their own strides", "[xtensor]") {
    auto x = counting<xt::xtensor<double, 2>>(8, 6);
    auto block = xt::view(x, xt::range(1, 7, 2), xt::range(2, 5));
    CHECK(is_seen(block, tn::view_of(block)));
    CHECK(tn::view_of(block).row_stride() == 12);
    auto backwards = xt::view(x, xt::range(xt::placeholders::_, xt::placeholders::_, -1), xt::all());
    CHECK(is_seen(backwards, tn::view_of(backwards)));
    CHECK(tn::view_of(backwards).row_stride() == -6);
    auto strided = xt::strided_view(x, {xt::range(0, 8, 3), xt::range(1, 6, 2)});
    CHECK(is_seen(strided, tn::view_of(strided)));
    auto image = xt::xarray<double>::from_shape({2, 3, 4});
    auto channel = xt::view(image, xt::all(), 1, xt::all());
    CHECK(is_seen(channel, tn::view_of(channel)));
    // One row, adapted to be there five times.
    const std::array<std::size_t, 2> shape{5, 3};
    const std::array<std::ptrdiff_t, 2> strides{0, 1};
    auto repeated = xt::adapt(x.data(), 15, xt::no_ownership(), shape, strides);
    CHECK(is_seen(repeated, tn::view_of(repeated)));
    CHECK(tn::view_of(repeated)(4, 2) == x(0, 2));

    auto vector = xt::xtensor<double, 1>::from_shape({4});
    CHECK_THROWS_WITH(tn::view_of(vector),
                      ContainsSubstring("an xtensor array of 1 dimensions cannot be seen"));
    CHECK_THROWS_AS(tn::view_of(image), tn::data_error);
    // An expression lies nowhere.
    auto sum = x + x;
    STATIC_REQUIRE_FALSE(HasView<decltype(sum)>);
    STATIC_REQUIRE(HasView<decltype(image)>);
}

TEST_CASE("arrays are features and targets", "[xtensor]") {
    using three = tn::columns<3>;
    const auto x = counting<xt::xtensor<double, 2, xt::layout_type::column_major>>(4, 3);
    const xt::xarray<double> y{1, 2, 3, 4};
    const tn::dataset_view<three> data = tn::view_as<three>(x, y);
    CHECK(data.x().data() == x.data());
    CHECK(data.y().data() == y.data());
    CHECK(data.y()[3] == 4);
    const auto table = counting<xt::xtensor<double, 2>>(4, 4);
    const auto features = xt::view(table, xt::all(), xt::range(0, 3));
    const auto target = xt::view(table, xt::all(), 3);
    const tn::dataset_view<three> sliced = tn::view_as<three>(features, target);
    CHECK(sliced.x().row_stride() == 4);
    CHECK(&sliced.y()[2] == &table(2, 3));
    const xt::xtensor<tn::class_index, 1> classes{0, 1, 1, 0};
    CHECK(tn::view_as<tn::columns<3, tn::classes<2>>>(x, classes).y().data() == classes.data());
}

TEST_CASE("matrices go out as arrays that own nothing", "[xtensor]") {
    tn::matrix<double> x(3, 2);
    x(2, 1) = 7;
    auto array = tn::as_xtensor(x);
    CHECK(array.dimension() == 2);
    CHECK(is_seen(array, x.view()));
    array(1, 0) = 5;
    CHECK(x(1, 0) == 5);
    const tn::matrix<double>& constant = x;
    STATIC_REQUIRE(std::is_same_v<decltype(tn::as_xtensor(constant)(0, 0)), const double&>);
    CHECK(xt::xtensor<double, 2>(2 * tn::as_xtensor(constant))(2, 1) == 14);

    std::vector<float> values(24);
    for (std::size_t i = 0; i < 24; ++i) values[i] = static_cast<float>(i);
    const tn::matrix_view<const float> strided(values.data() + 1, 3, 2, 2, 9);
    auto seen = tn::as_xtensor(strided);
    CHECK(is_seen(seen, strided));
    CHECK(seen.strides()[1] == 9);
    const xt::xtensor<float, 2> doubled = 2 * seen;
    CHECK(doubled(2, 1) == 2 * strided(2, 1));
    CHECK(xt::xtensor<float, 2>(seen)(1, 1) == strided(1, 1));
    auto again = tn::view_of(seen);
    CHECK(again.data() == strided.data());
    CHECK(again.column_stride() == 9);
    const tn::vector_view<const float> column = strided.column(1);
    auto vector = tn::as_xtensor(column);
    CHECK(&vector(2) == &column[2]);
    CHECK(tn::as_xtensor(tn::matrix_view<const float>(values.data(), 0, 4)).size() == 0);
    CHECK_THROWS_WITH(tn::as_xtensor(tn::matrix_view<const float>(values.data() + 20, 3, 2, -2, 1)),
                      ContainsSubstring("with the strides -2 and 1 cannot be an xtensor array"));
}
