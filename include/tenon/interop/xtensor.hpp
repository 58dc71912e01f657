#pragma once

// xtensor's arrays in and out, seen where they lie: xt::xarray, xt::xtensor, adaptors, and slices of them, in any layout. For
// xtensor 0.24 and newer, whose headers moved in 0.26; link tenon::xtensor (find_package(tenon COMPONENTS xtensor)).
//
//     xt::xtensor<double, 2> x; xt::xtensor<double, 1> y;
//     auto model = recipe.fit(tenon::view_as<tenon::columns<3>>(x, y));
//     auto z = tenon::as_xtensor(data.x());

#include <array>
#include <cstddef>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/data/dataset.hpp>
#include <type_traits>
#if __has_include(<xtensor/containers/xadapt.hpp>)
#include <xtensor/containers/xadapt.hpp>
#else
#include <xtensor/xadapt.hpp>
#endif

namespace tenon::inline v0 {

namespace detail {

/// An array of xtensor that lies in memory with strides; no expression, no function, no broadcast of one.
template <class A>
concept XtensorInMemory = requires(A& array) {
    typename A::expression_tag;
    array.data() + array.data_offset();
    array.strides()[0];
    array.shape()[0];
};

template <class A>
void check_dimensions(const A& array, std::size_t expected) {
    if (array.dimension() != expected)
        fail<data_error>({"an xtensor array of ", array.dimension(), " dimensions cannot be seen as a ",
                          (expected == 1 ? "vector" : "matrix"), ", which has ", expected});
}

} // namespace detail

/// xtensor's arrays for view_of and view_as. A row is the first index; a stride of 0 (a broadcast that is adapted, or an
/// extent of 1) is one. Throws data_error for another number of dimensions.
template <class A>
    requires detail::XtensorInMemory<A>
struct array_access<A> {
    static auto matrix(A& array) {
        detail::check_dimensions(array, 2);
        return matrix_view(array.data() + array.data_offset(), static_cast<std::size_t>(array.shape()[0]),
                           static_cast<std::size_t>(array.shape()[1]),
                           static_cast<std::ptrdiff_t>(array.strides()[0]),
                           static_cast<std::ptrdiff_t>(array.strides()[1]));
    }
    static auto vector(A& array) {
        detail::check_dimensions(array, 1);
        return vector_view(array.data() + array.data_offset(), static_cast<std::size_t>(array.shape()[0]),
                           static_cast<std::ptrdiff_t>(array.strides()[0]));
    }
};

/// A matrix as an array of xtensor that owns nothing, with the strides that it has; a view of constant values is one of
/// constant values. Throws data_error where a stride is negative, which adaptors of xtensor cannot have.
template <class T>
auto as_xtensor(matrix_view<T> x) {
    if (x.row_stride() < 0 || x.column_stride() < 0)
        detail::fail<data_error>({"a matrix with the strides ", x.row_stride(), " and ", x.column_stride(),
                                  " cannot be an xtensor array, whose strides are not negative"});
    const std::array<std::size_t, 2> shape{x.rows(), x.columns()};
    const std::array<std::ptrdiff_t, 2> strides{x.row_stride(), x.column_stride()};
    // The number of values, not how far they reach, is the size that xtensor wants.
    return xt::adapt(x.data(), x.rows() * x.columns(), xt::no_ownership(), shape, strides);
}
template <class T>
auto as_xtensor(const matrix<T>& x) {
    return as_xtensor(x.view());
}
template <class T>
auto as_xtensor(matrix<T>& x) {
    return as_xtensor(x.view());
}

template <class T>
void as_xtensor(const matrix<T>&&) = delete; // it would end before the array does

/// The same of a vector, as targets are.
template <class T>
auto as_xtensor(vector_view<T> y) {
    if (y.stride() < 0)
        detail::fail<data_error>({"a vector with the stride ", y.stride(),
                                  " cannot be an xtensor array, whose strides are not negative"});
    const std::array<std::size_t, 1> shape{y.size()};
    const std::array<std::ptrdiff_t, 1> strides{y.stride()};
    return xt::adapt(y.data(), y.size(), xt::no_ownership(), shape, strides);
}

} // namespace tenon
