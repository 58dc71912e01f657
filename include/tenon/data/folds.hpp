#pragma once

// Rows divided k times into rows to train on and rows to test with: at random, class by class, group by group, or along
// time; the same for the same seed everywhere.
//
//     for (const tenon::fold& part : tenon::k_fold(data.size(), 5, tenon::seed{7}))
//         … recipe.fit(tenon::select_rows(data, part.train)) … tenon::select_rows(data, part.test) …

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/random.hpp>
#include <tenon/data/groups.hpp>
#include <tenon/data/split.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Numbers of rows, ascending, for select_rows. No row is in both.
struct fold {
    std::vector<std::size_t> train;
    std::vector<std::size_t> test;
};

/// How rolling_folds divides rows.
struct rolling_options {
    std::size_t test_rows = 0;  ///< of each fold; 0: n / (k + 1), rounded down
    std::size_t gap = 0;        ///< rows between training and test that are in neither
    std::size_t train_rows = 0; ///< at most, the last ones; 0: all from the first on
};

namespace detail {

/// Throws where n things cannot be dealt to k folds.
inline void check_fold_count(std::string_view verb, std::size_t k, std::size_t n, std::string_view things) {
    if (k < 2) fail<data_error>({verb, ": expected 2 folds or more, got ", k});
    if (k > n) fail<data_error>({verb, ": ", k, " folds need as many ", things, ", there are ", n});
}

/// The folds in which row r is tested in fold fold_of[r].
template <class Lazy = void>
std::vector<fold> folds_of(const std::vector<std::size_t>& fold_of, std::size_t k) {
    std::vector<fold> folds(k);
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t r = 0; r < fold_of.size(); ++r)
            (fold_of[r] == i ? folds[i].test : folds[i].train).push_back(r);
    return folds;
}

} // namespace detail

/// n rows in k folds at random: each row is tested once and trained on k - 1 times, and the tests differ by one row at
/// most. Throws data_error where k is below 2 or above n.
template <class Lazy = void>
std::vector<fold> k_fold(std::size_t n, std::size_t k, seed key) {
    detail::check_fold_count("k_fold", k, n, "rows");
    std::vector<std::size_t> fold_of(n);
    const std::vector<std::size_t> order = detail::shuffled_rows(n, key);
    for (std::size_t i = 0; i < n; ++i) fold_of[order[i]] = i % k;
    return detail::folds_of(fold_of, k);
}

/// The same, with each class dealt evenly too: its rows in the tests differ by one at most. A class with fewer than k
/// rows is missing from some tests, and one with a single row from the training of the fold that tests it.
template <Dataset D>
    requires is_classification<typename D::schema_type::kind>
std::vector<fold> stratified_k_fold(const D& data, std::size_t k, seed key) {
    const std::size_t n = data.x().rows();
    detail::check_fold_count("stratified_k_fold", k, n, "rows");
    const std::vector<std::size_t> counts = detail::class_counts("stratified_k_fold", data);
    // Class behind class, row after row to the next fold: then both a class and the whole are even.
    std::vector<std::size_t> next(counts.size());
    for (std::size_t c = 1; c < counts.size(); ++c) next[c] = next[c - 1] + counts[c - 1];
    std::vector<std::size_t> fold_of(n);
    for (const std::size_t r : detail::shuffled_rows(n, key)) fold_of[r] = next[data.y()[r]]++ % k;
    return detail::folds_of(fold_of, k);
}

template <Dataset D>
    requires(!is_classification<typename D::schema_type::kind>)
refused<because::a_stratified_split_needs_class_labels> stratified_k_fold(const D&, std::size_t, seed);

/// As many rows as there are ids, in k folds such that all rows of one id are tested together, and never trained on
/// where one of them is tested. Groups go to the fold with the fewest rows, the largest first, equal ones in random
/// order: what the ids are does not matter, only which are equal. Throws data_error where k is below 2 or there are
/// fewer groups than folds.
template <detail::GroupIds Ids>
std::vector<fold> grouped_k_fold(const Ids& ids, std::size_t k, seed key) {
    detail::row_groups groups = detail::groups_of(ids);
    const std::vector<std::size_t>& sizes = groups.sizes;
    detail::check_fold_count("grouped_k_fold", k, sizes.size(), "groups");
    std::vector<std::size_t> order = detail::shuffled_rows(sizes.size(), key);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
    std::vector<std::size_t> rows(k), fold_of(sizes.size());
    for (const std::size_t group : order) {
        std::size_t least = 0;
        for (std::size_t i = 1; i < k; ++i)
            if (rows[i] < rows[least]) least = i;
        fold_of[group] = least;
        rows[least] += sizes[group];
    }
    for (std::size_t& group : groups.of_row) group = fold_of[group];
    return detail::folds_of(groups.of_row, k);
}

/// n rows in the order of time in k folds, each of which trains on the past and tests the rows right behind it: the
/// tests are the last k blocks of test_rows, and the training rows all before, less the gap. Throws data_error where
/// k is 0 or the first fold has no row to train on or to test with.
template <class Lazy = void>
std::vector<fold> rolling_folds(std::size_t n, std::size_t k, rolling_options options = {}) {
    if (k == 0) detail::fail<data_error>({"rolling_folds: expected 1 fold or more, got 0"});
    const std::size_t test_rows = options.test_rows != 0 ? options.test_rows : n / (k < n ? k + 1 : n + 1);
    if (test_rows == 0 || test_rows > n / k || options.gap >= n - k * test_rows)
        detail::fail<data_error>({"rolling_folds: ", k, " folds of ", test_rows, " rows and a gap of ",
                                  options.gap, " leave no row of ", n, " to train on"});
    std::vector<fold> folds(k);
    for (std::size_t i = 0; i < k; ++i) {
        const std::size_t test = n - (k - i) * test_rows, end = test - options.gap;
        const std::size_t most =
            options.train_rows != 0 && options.train_rows < end ? options.train_rows : end;
        for (std::size_t r = end - most; r < end; ++r) folds[i].train.push_back(r);
        for (std::size_t r = test; r < test + test_rows; ++r) folds[i].test.push_back(r);
    }
    return folds;
}

} // namespace tenon
