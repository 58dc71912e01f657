#pragma once

// Datasets one below the other.

#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/data/dataset.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

template <Dataset D>
void append_rows(const D& data, const schema_info& info, std::size_t first,
                 matrix<typename D::schema_type::scalar>& x,
                 std::vector<target_value<typename D::schema_type::kind>>& y) {
    const schema_info& given = data.info();
    for (std::size_t c = 0; c < info.columns.size(); ++c)
        if (c >= given.columns.size() || given.columns[c] != info.columns[c])
            fail<data_error>({"concatenate: column '", info.columns[c].name,
                              "' is another, or has other levels, in the data that follow"});
    if (given.columns.size() != info.columns.size() || given.target != info.target ||
        given.more_targets != info.more_targets)
        fail<data_error>({"concatenate: the data that follow have other columns or another target"});
    for (std::size_t r = 0; r < data.x().rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c) x(first + r, c) = data.x()(r, c);
    for (std::size_t r = 0; r < data.y().size(); ++r) y.push_back(data.y()[r]);
}

} // namespace detail

/// The rows of all data, in order, as one dataset. Throws data_error where names or levels differ, or only some have
/// weights: for files whose levels
/// are found while reading, give the first one's info() as csv_options::like to the others.
template <Dataset First, Dataset... Rest>
    requires(std::same_as<typename First::schema_type, typename Rest::schema_type> && ...)
dataset<typename First::schema_type> concatenate(const First& first, const Rest&... rest) {
    using S = typename First::schema_type;
    const schema_info& info = first.info();
    matrix<typename S::scalar> x((first.x().rows() + ... + rest.x().rows()), first.x().columns());
    std::vector<target_value<typename S::kind>> y;
    std::vector<double> weights;
    std::size_t at = 0;
    const auto add = [&](const auto& data) {
        detail::append_rows(data, info, at, x, y);
        const vector_view<const double> more = detail::weights_of(data);
        if (at > 0 && data.x().rows() > 0 && (weights.size() == at) != (more.size() != 0))
            detail::fail<data_error>({"concatenate: some of the data have weights, and some have none"});
        for (std::size_t r = 0; r < more.size(); ++r) weights.push_back(more[r]);
        at += data.x().rows();
    };
    add(first);
    (add(rest), ...);
    return dataset<S>(std::move(x), std::move(y), info, std::move(weights));
}

} // namespace tenon
