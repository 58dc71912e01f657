#pragma once

// Rows for training and rows for testing, at random, class by class, group by group or along time; the same for the same
// seed everywhere.
//
//     auto [train, test] = tenon::split(tenon::read_csv<house>("houses.csv"), 0.8, tenon::seed{7});

#include <cmath>
#include <string>
#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/random.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/groups.hpp>
#include <tenon/format/number.hpp>
#include <vector>

namespace tenon::inline v0 {

/// The two parts of a dataset, copies of its rows in the order they had.
template <Schema S>
struct split_data {
    dataset<S> train;
    dataset<S> test;
};

namespace detail {

inline constexpr std::uint64_t split_stream = 0x73706c6974u;

/// The rows 0 … n - 1 in random order.
inline std::vector<std::size_t> shuffled_rows(std::size_t n, seed key) {
    std::vector<std::size_t> order(n);
    for (std::size_t r = 0; r < n; ++r) order[r] = r;
    philox random(key, split_stream);
    shuffle(order, random);
    return order;
}

/// share · n, rounded; throws where that leaves a part empty.
inline std::size_t rows_to_train(const char* verb, std::size_t n, double share) {
    if (!(share > 0 && share < 1))
        fail<data_error>(
            {verb, ": the share to train on lies between 0 and 1, it is ", format_number(share)});
    const auto count = static_cast<std::size_t>(std::llround(share * static_cast<double>(n)));
    if (count == 0 || count >= n)
        fail<data_error>({verb, ": a share of ", format_number(share), " of ", n, " rows leaves no row to ",
                          (count == 0 ? "train on" : "test with")});
    return count;
}

/// How many of each class train: its share rounded down, and the rows that are then left over to the classes with
/// the largest remainders (Hamilton's method).
inline std::vector<std::size_t> class_quotas(const std::vector<std::size_t>& counts, double share,
                                             std::size_t total) {
    std::vector<std::size_t> quotas(counts.size());
    std::vector<double> remainders(counts.size());
    std::size_t given = 0;
    for (std::size_t k = 0; k < counts.size(); ++k) {
        const double exact = share * static_cast<double>(counts[k]);
        quotas[k] = static_cast<std::size_t>(exact);
        remainders[k] = exact - std::floor(exact);
        given += quotas[k];
    }
    for (; given < total; ++given) {
        std::size_t next = counts.size();
        for (std::size_t k = 0; k < counts.size(); ++k)
            if (quotas[k] < counts[k] && (next == counts.size() || remainders[k] > remainders[next]))
                next = k;
        ++quotas[next];
        remainders[next] -= 1;
    }
    return quotas;
}

/// The rows of each class; throws, in the name of verb, for a class that the schema does not have.
template <Dataset D>
std::vector<std::size_t> class_counts(const char* verb, const D& data) {
    std::vector<std::size_t> counts(data.info().target.levels.size());
    for (std::size_t r = 0; r < data.x().rows(); ++r) {
        if (data.y()[r] >= counts.size())
            fail<data_error>({verb, ": label '", data.info().target.name, "' of row ", r + 1, " is ",
                              data.y()[r], ", the schema has ", counts.size(), " classes"});
        ++counts[data.y()[r]];
    }
    return counts;
}

template <Dataset D>
split_data<typename D::schema_type> take_parts(const D& data, const std::vector<bool>& trains) {
    std::vector<std::size_t> train, test;
    for (std::size_t r = 0; r < trains.size(); ++r) (trains[r] ? train : test).push_back(r);
    return {select_rows(data, train), select_rows(data, test)};
}

} // namespace detail

/// A random share of the rows to train on, rounded to whole rows, and the rest to test with. Throws data_error where
/// the share is not between 0 and 1 or a part would be empty.
template <Dataset D>
split_data<typename D::schema_type> split(const D& data, double share, seed key) {
    const std::size_t n = data.x().rows();
    const std::size_t count = detail::rows_to_train("split", n, share);
    const std::vector<std::size_t> order = detail::shuffled_rows(n, key);
    std::vector<bool> trains(n);
    for (std::size_t i = 0; i < count; ++i) trains[order[i]] = true;
    return detail::take_parts(data, trains);
}

/// The same within each class, so that both parts have the classes in the proportions of the whole, to a row: in both
/// the total is that of split. A class with one row is in one part only.
template <Dataset D>
    requires is_classification<typename D::schema_type::kind>
split_data<typename D::schema_type> stratified_split(const D& data, double share, seed key) {
    const std::size_t n = data.x().rows();
    const std::size_t count = detail::rows_to_train("stratified_split", n, share);
    const std::vector<std::size_t> counts = detail::class_counts("stratified_split", data);
    std::vector<std::size_t> quotas = detail::class_quotas(counts, share, count);
    std::vector<bool> trains(n);
    for (const std::size_t r : detail::shuffled_rows(n, key)) {
        std::size_t& left = quotas[data.y()[r]];
        if (left == 0) continue;
        --left;
        trains[r] = true;
    }
    return detail::take_parts(data, trains);
}

template <Dataset D>
    requires(!is_classification<typename D::schema_type::kind>)
refused<because::a_stratified_split_needs_class_labels> stratified_split(const D&, double, seed);

/// A share of the rows to train on such that rows of one id (one for each row) are all in the same part. The groups are
/// taken in random order, into the training part while that brings it nearer to its share, which is therefore met only
/// as nearly as whole groups can; each part gets one at least. Throws data_error as split, and where there are not as
/// many ids as rows or all are the same.
template <Dataset D, detail::GroupIds Ids>
split_data<typename D::schema_type> grouped_split(const D& data, const Ids& ids, double share, seed key) {
    const std::size_t n = data.x().rows();
    const std::size_t count = detail::rows_to_train("grouped_split", n, share);
    const detail::row_groups groups = detail::groups_of(ids);
    if (groups.of_row.size() != n)
        detail::fail<data_error>({"grouped_split: the data have ", n, " rows, but there are ",
                                  groups.of_row.size(), " ids of groups"});
    if (groups.sizes.size() < 2)
        detail::fail<data_error>({"grouped_split: all rows are of one group, which cannot be parted"});
    std::vector<bool> group_trains(groups.sizes.size());
    std::size_t taken = 0, seen = 0, groups_seen = 0;
    for (const std::size_t group : detail::shuffled_rows(groups.sizes.size(), key)) {
        const std::size_t size = groups.sizes[group];
        const bool is_last = ++groups_seen == groups.sizes.size();
        const bool is_nearer = taken < count && size <= 2 * (count - taken);
        // The last one goes to a part that would else be empty.
        group_trains[group] = is_last && (taken == 0 || taken == seen) ? taken == 0 : is_nearer;
        taken += group_trains[group] ? size : 0;
        seen += size;
    }
    std::vector<bool> trains(n);
    for (std::size_t r = 0; r < n; ++r) trains[r] = group_trains[groups.of_row[r]];
    return detail::take_parts(data, trains);
}

/// The first share of the rows to train on, rounded to whole rows, and the last to test with, for rows in the order of
/// time. Throws data_error as split.
template <Dataset D>
split_data<typename D::schema_type> time_split(const D& data, double share) {
    const std::size_t n = data.x().rows();
    const std::size_t count = detail::rows_to_train("time_split", n, share);
    std::vector<bool> trains(n);
    for (std::size_t r = 0; r < count; ++r) trains[r] = true;
    return detail::take_parts(data, trains);
}

} // namespace tenon
