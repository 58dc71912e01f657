#pragma once

// What fit asks of its data before any stage sees them, and which rows it keeps out for validation.

#include <cmath>
#include <cstdint>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/random.hpp>
#include <tenon/core/text.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Refuses data that the pipeline P cannot use, naming column and row.
template <class P, Dataset D>
void check_training_data(const D& data) {
    using S = typename D::schema_type;
    const matrix_view<const typename S::scalar> x = data.x();
    const schema_info& info = data.info();
    auto at = [&](const column_info& column, std::size_t r) {
        return concat({"column '", column.name, "', row ", r + 1});
    };
    if (x.rows() == 0) fail<data_error>({"fit: the data have no rows"});
    for (std::size_t r = 0; r < x.rows(); ++r) {
        // One sum a row first: v - v is 0 for every finite v, and NaN otherwise.
        typename S::scalar sum = 0;
        for (std::size_t c = 0; c < x.columns(); ++c) sum += x(r, c) - x(r, c);
        if (sum == 0) continue;
        for (std::size_t c = 0; c < x.columns(); ++c) {
            if (std::isinf(x(r, c))) fail<data_error>({"fit: ", at(info.columns[c], r), " is infinite"});
            if (x(r, c) != x(r, c) && !P::may_lack(c))
                fail<data_error>({"fit: ", at(info.columns[c], r),
                                  " is missing and no stage fills missing values; put impute(…) first"});
        }
    }
    if constexpr (std::is_same_v<typename S::kind, real>) {
        for (std::size_t r = 0; r < x.rows(); ++r)
            if (!std::isfinite(data.y()[r]))
                fail<data_error>({"fit: target ", at(info.target, r), " is not a finite number"});
    }
    if constexpr (is_classification<typename S::kind>) {
        const std::size_t count = info.target.levels.size();
        bool several = false;
        for (std::size_t r = 0; r < x.rows(); ++r) {
            if (data.y()[r] >= count)
                fail<data_error>({"fit: label ", at(info.target, r), " is ", data.y()[r], ", the schema has ",
                                  count, " classes"});
            several |= data.y()[r] != data.y()[0];
        }
        if (!several)
            fail<data_error>({"fit: label '", info.target.name, "' has one class only in these rows"});
    }
}

/// Refuses data whose names, levels or classes are not those that a fitted pipeline knows.
inline void check_same_columns(const schema_info& known, const schema_info& given) {
    auto check = [](const column_info& mine, const column_info& theirs) {
        if (mine.name != theirs.name)
            fail<data_error>({"the model was fitted on column '", mine.name, "', the data have '",
                              theirs.name, "' in its place"});
        if (mine.levels != theirs.levels)
            fail<data_error>({"column '", mine.name, "' has other levels than the model was fitted on"});
    };
    if (known.columns.size() != given.columns.size())
        fail<data_error>({"the model was fitted on ", known.columns.size(), " columns, the data have ",
                          given.columns.size()});
    for (std::size_t i = 0; i < known.columns.size(); ++i) check(known.columns[i], given.columns[i]);
    check(known.target, given.target);
}

/// Which rows train and which watch.
struct row_parts {
    std::vector<std::size_t> training, held_out;
};

/// A random share of n rows is held out, both parts in ascending order.
inline row_parts hold_out_rows(std::size_t n, double share, std::uint64_t seed) {
    if (!(share >= 0 && share < 1))
        fail<fit_error>({"minimize: .validation is a share of the rows from 0 to below 1, not ", share});
    row_parts parts;
    if (share == 0) return parts;
    const auto count = static_cast<std::size_t>(std::lround(share * static_cast<double>(n)));
    if (count == 0 || count >= n)
        fail<fit_error>(
            {"minimize: .validation = ", share, " of ", n, " rows leaves no rows to train on or to watch"});
    std::vector<std::size_t> order(n);
    for (std::size_t r = 0; r < n; ++r) order[r] = r;
    philox random(seed, 2);
    shuffle(order, random);
    std::vector<bool> is_held_out(n);
    for (std::size_t i = 0; i < count; ++i) is_held_out[order[i]] = true;
    for (std::size_t r = 0; r < n; ++r) (is_held_out[r] ? parts.held_out : parts.training).push_back(r);
    return parts;
}

} // namespace detail

} // namespace tenon
