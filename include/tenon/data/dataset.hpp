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

/// Throws unless there is a weight a row, each finite and 0 or more.
template <class Lazy = void>
void check_weights(std::span<const double> weights, std::size_t rows) {
    if (weights.size() != rows)
        fail<data_error>({"the data have ", rows, " rows but ", weights.size(), " weights"});
    for (std::size_t r = 0; r < rows; ++r)
        if (!(weights[r] >= 0 && weights[r] - weights[r] == 0))
            fail<data_error>(
                {"the weight of row ", r + 1, " is ", weights[r], ", expected a finite number, 0 or more"});
}
/// And unless one of them is above 0.
template <class Lazy = void>
void check_own_weights(std::span<const double> weights, std::size_t rows) {
    check_weights(weights, rows);
    for (const double weight : weights)
        if (weight > 0) return;
    fail<data_error>({"the weights of all ", rows, " rows are 0"});
}

/// The weights of any dataset; none where it cannot have any.
template <Dataset D>
vector_view<const double> weights_of(const D& data) {
    if constexpr (requires { data.weights(); })
        return data.weights();
    else
        return {};
}

} // namespace detail

template <Schema S>
class dataset;

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

    /// As those of dataset; borrowed.
    dataset_view with_weights(std::span<const double> weights) const {
        detail::check_own_weights(weights, size());
        dataset_view weighted = *this;
        weighted.weights_ = weights;
        return weighted;
    }
    vector_view<const double> weights() const noexcept { return weights_; }

    /// The rows first, first + 1 … first + count - 1 with their targets and weights, borrowed too.
    dataset_view middle_rows(std::size_t first, std::size_t count) const {
        const auto part = []<class T>(vector_view<T> all, std::size_t begin, std::size_t size) {
            if (all.size() == 0) return all;
            return all.middle(begin, size);
        };
        dataset_view rows(x_.middle_rows(first, count), part(y_, first, count), info_);
        rows.weights_ = part(weights_, first, count);
        return rows;
    }

private:
    friend class dataset<S>;

    matrix_view<const scalar> x_;
    vector_view<const target_type> y_;
    vector_view<const double> weights_;
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
        : dataset(detail::default_info<S>(x.columns(), std::span<const target_type>(y)), x, y) {}
    /// Weights as with_weights takes them, or none. Of rows that are some of others, all weights may be 0.
    dataset(matrix<scalar> x, std::vector<target_type> y, schema_info info, std::vector<double> weights = {})
        : x_(std::move(x)), y_(std::move(y)), info_(std::move(info)), weights_(std::move(weights)) {
        detail::check_shapes<S>(x_.rows(), x_.columns(), y_.size(), info_);
        if (!weights_.empty()) detail::check_weights(weights_, size());
    }

    matrix_view<const scalar> x() const noexcept { return x_; }
    vector_view<const target_type> y() const noexcept { return std::span<const target_type>(y_); }
    std::size_t size() const noexcept { return x_.rows(); }
    const schema_info& info() const noexcept { return info_; }

    /// The same rows with a weight each: how often a row counts in the loss of a model, as scikit-learn's sample_weight.
    /// Weights stay with their rows in select_rows, splits, folds, concatenate and drop. What they weigh are the rows a model
    /// is fitted to: linear_regression, ridge and logistic_regression add each row's loss so many times (an integer weight
    /// is a repeated row); minimize divides them by their mean over the training rows first, and so do the rows that it
    /// watches. A model that takes no weights refuses them. Statistics of preprocessors and metrics count every row once.
    /// Throws data_error unless there is a weight a row, each finite and 0 or more, and one of them above 0.
    dataset with_weights(std::span<const double> weights) const& {
        dataset weighted = *this;
        weighted.set_weights(weights);
        return weighted;
    }
    dataset with_weights(std::span<const double> weights) && {
        set_weights(weights);
        return std::move(*this);
    }
    /// One a row, or none.
    vector_view<const double> weights() const noexcept { return std::span<const double>(weights_); }

    /// All of it, borrowed.
    dataset_view<S> view() const {
        dataset_view<S> all(x(), y(), info_);
        all.weights_ = weights();
        return all;
    }

    /// One sample, as predictors take it.
    tenon::row<S::width, scalar> row(std::size_t r) const noexcept {
        return tenon::row<S::width, scalar>(x_.data() + r * x_.columns(), x_.columns());
    }
    target_type target(std::size_t r) const noexcept { return y_[r]; }

    /// The values, to change in place.
    matrix<scalar>& values() noexcept { return x_; }
    std::vector<target_type>& targets() noexcept { return y_; }

private:
    /// The other way round, for what is made of x must be made before x is moved from.
    dataset(schema_info info, matrix<scalar>& x, std::vector<target_type>& y)
        : dataset(std::move(x), std::move(y), std::move(info)) {}
    void set_weights(std::span<const double> weights) {
        detail::check_own_weights(weights, size());
        weights_.assign(weights.begin(), weights.end());
    }

    matrix<scalar> x_;
    std::vector<target_type> y_;
    schema_info info_;
    std::vector<double> weights_;
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
    std::vector<double> weights;
    if (const vector_view<const double> all = detail::weights_of(data); all.size() != 0)
        for (const std::size_t r : rows) weights.push_back(all[r]);
    return dataset<S>(std::move(x), std::move(y), data.info(), std::move(weights));
}

/// How an array of another library is seen where it lies: `matrix(a)` as a matrix_view, `vector(a)` as a vector_view.
/// A header of tenon/interop says it for its library's arrays, you may for yours.
template <class A>
struct array_access {};

template <class A>
    requires requires(A& array) { array_access<A>::matrix(array); }
auto view_of(A& array) {
    return array_access<A>::matrix(array);
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

namespace detail {

/// Several targets a row: a matrix of as many columns, or one array a row.
template <std::size_t N, class Y>
vector_view<const std::array<double, N>> several_targets_of(const Y& y) {
    if constexpr (std::is_convertible_v<const Y&, matrix_view<const double>>) {
        const matrix_view<const double> values = y;
        if (values.columns() != N)
            fail<data_error>({"the targets have ", values.columns(), " columns, expected ", N});
        return vector_view<const std::array<double, N>>(values);
    } else if constexpr (requires { view_of(y); })
        return several_targets_of<N>(view_of(y));
    else
        return {y.data(), static_cast<std::size_t>(y.size())};
}

/// Targets as they lie: a vector of Eigen with its stride, an array of another library, or what a std::span takes.
template <class T, class Y>
vector_view<const T> targets_of(const Y& y) {
    if constexpr (std::is_convertible_v<const Y&, vector_view<const T>>)
        return y;
    else if constexpr (is_array_of_numbers<T>)
        return several_targets_of<std::tuple_size_v<T>>(y);
    else if constexpr (requires { array_access<const Y>::vector(y); })
        return array_access<const Y>::vector(y);
    else if constexpr (requires { y.rowStride() + y.colStride(); })
        return {y.data(), static_cast<std::size_t>(y.size()),
                static_cast<std::ptrdiff_t>(y.cols() == 1 ? y.rowStride() : y.colStride())};
    else
        return {y.data(), static_cast<std::size_t>(y.size())};
}

} // namespace detail

/// Borrows features and targets as a dataset of S: matrices that view_of takes, or views; targets as anything a
/// std::span takes, a vector of Eigen, or an array of one dimension that array_access knows. Where the target is reals<N>
/// they are a matrix of N columns, in any layout, or anything that a std::span of std::array<double, N> takes. Nothing is
/// copied.
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
    return {features(), detail::targets_of<target_value<typename S::kind>>(y)};
}

/// The same for a schema without a target.
template <Schema S, class X>
    requires std::is_same_v<typename S::kind, none>
dataset_view<S> view_as(const X& x) {
    return view_as<S>(x, vector_view<const target_value<none>>());
}

} // namespace tenon
