#pragma once

// Samples of one schema: a dataset owns them, a dataset_view borrows them from wherever the user keeps them.

#include <span>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/record.hpp>
#include <tenon/data/schema.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// The run-time face of S for n columns and, where the type does not say, as many classes as the targets need.
template <Schema S>
schema_info default_info(std::size_t n, vector_view<const target_value<typename S::kind>> y) {
    if constexpr (requires { S::names; })
        return S::info();
    else {
        std::size_t class_count = 0;
        if constexpr (is_classification<typename S::kind>)
            for (std::size_t i = 0; i < y.size(); ++i)
                class_count = y[i] + 1 > class_count ? y[i] + 1 : class_count;
        return S::info(n, class_count);
    }
}

template <Schema S>
void check_shapes(std::size_t rows, std::size_t columns, std::size_t targets, const schema_info& info) {
    if (columns != info.columns.size() || (S::width != dynamic && columns != S::width))
        fail<data_error>(
            {"the data have ", columns, " feature columns, the schema has ", info.columns.size()});
    if (!std::is_same_v<typename S::kind, none> && rows != targets)
        fail<data_error>({"the data have ", rows, " rows but ", targets, " targets"});
}

} // namespace detail

/// Borrowed samples: nothing is copied, and the memory must outlive the view. Features in any layout.
template <Schema S>
class dataset_view {
public:
    using schema_type = S;
    using scalar = typename S::scalar;
    using target_type = target_value<typename S::kind>;

    dataset_view(matrix_view<const scalar> x, vector_view<const target_type> y)
        : dataset_view(x, y, detail::default_info<S>(x.columns(), y)) {}
    explicit dataset_view(matrix_view<const scalar> x)
        requires(std::is_same_v<typename S::kind, none>)
        : dataset_view(x, {}) {}
    dataset_view(matrix_view<const scalar> x, vector_view<const target_type> y, schema_info info)
        : x_(x), y_(y), info_(std::move(info)) {
        detail::check_shapes<S>(x.rows(), x.columns(), y.size(), info_);
    }

    matrix_view<const scalar> x() const noexcept { return x_; }
    vector_view<const target_type> y() const noexcept { return y_; }
    std::size_t size() const noexcept { return x_.rows(); }
    const schema_info& info() const noexcept { return info_; }

private:
    matrix_view<const scalar> x_;
    vector_view<const target_type> y_;
    schema_info info_;
};

/// Samples that are owned, row by row. A category is the index of its level, a missing value NaN.
template <Schema S>
class dataset {
public:
    using schema_type = S;
    using scalar = typename S::scalar;
    using target_type = target_value<typename S::kind>;

    dataset(matrix<scalar> x, std::vector<target_type> y)
        : dataset(std::move(x), y, detail::default_info<S>(x.columns(), std::span<const target_type>(y))) {}
    dataset(matrix<scalar> x, std::vector<target_type> y, schema_info info)
        : x_(std::move(x)), y_(std::move(y)), info_(std::move(info)) {
        detail::check_shapes<S>(x_.rows(), x_.columns(), y_.size(), info_);
    }

    matrix_view<const scalar> x() const noexcept { return x_; }
    vector_view<const target_type> y() const noexcept { return std::span<const target_type>(y_); }
    std::size_t size() const noexcept { return x_.rows(); }
    const schema_info& info() const noexcept { return info_; }

    /// One sample, as predictors take it.
    tenon::row<S::width, scalar> row(std::size_t r) const noexcept {
        return tenon::row<S::width, scalar>(x_.data() + r * x_.columns(), x_.columns());
    }
    target_type target(std::size_t r) const noexcept { return y_[r]; }

    /// The values, to change in place.
    matrix<scalar>& values() noexcept { return x_; }
    std::vector<target_type>& targets() noexcept { return y_; }

private:
    matrix<scalar> x_;
    std::vector<target_type> y_;
    schema_info info_;
};

/// A copy of the rows of any dataset at `rows`, in that order.
template <Dataset D>
dataset<typename D::schema_type> select_rows(const D& data, std::span<const std::size_t> rows) {
    using S = typename D::schema_type;
    const matrix_view<const typename S::scalar> from = data.x();
    matrix<typename S::scalar> x(rows.size(), from.columns());
    std::vector<target_value<typename S::kind>> y;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        for (std::size_t c = 0; c < from.columns(); ++c) x(r, c) = from(rows[r], c);
        if constexpr (!std::is_same_v<typename S::kind, none>) y.push_back(data.y()[rows[r]]);
    }
    return dataset<S>(std::move(x), std::move(y), data.info());
}

/// A view of any matrix-like object that tells data(), rows(), cols(), rowStride() and colStride(), as Eigen's
/// matrices and maps do. Nothing is copied.
template <class M>
    requires requires(M& m) {
        m.data();
        m.rowStride();
        m.colStride();
    }
auto view_of(M& m) {
    return matrix_view(m.data(), static_cast<std::size_t>(m.rows()), static_cast<std::size_t>(m.cols()),
                       static_cast<std::ptrdiff_t>(m.rowStride()),
                       static_cast<std::ptrdiff_t>(m.colStride()));
}

/// Borrows features and targets as a dataset of S: matrices that view_of takes, or views; targets as anything a
/// std::span takes, or an Eigen vector.
///
///     Eigen::MatrixXd x; Eigen::VectorXd y;
///     auto model = recipe.fit(tenon::view_as<tenon::columns<3>>(x, y));
template <Schema S, class X, class Y>
dataset_view<S> view_as(const X& x, const Y& y) {
    auto features = [&]() -> matrix_view<const typename S::scalar> {
        if constexpr (std::is_convertible_v<const X&, matrix_view<const typename S::scalar>>)
            return x;
        else
            return view_of(x);
    };
    using target = const target_value<typename S::kind>;
    if constexpr (std::is_convertible_v<const Y&, vector_view<target>>)
        return {features(), y};
    else
        return {features(), vector_view<target>(y.data(), static_cast<std::size_t>(y.size()))};
}

} // namespace tenon
