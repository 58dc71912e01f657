#pragma once

// Rows that belong together (of one patient, one house, one day), told apart by any kind of id.

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Ids of rows as numbers 0, 1, 2 … in the order in which the groups first occur.
struct row_groups {
    std::vector<std::size_t> of_row;
    std::vector<std::size_t> sizes; ///< the rows of each group
};

/// What the ids of rows may be: a vector, array or span of integers, texts, or anything else in an order.
template <class Ids>
concept GroupIds = requires(const Ids& ids) {
    std::span(ids);
    ids[0] < ids[0];
};

template <GroupIds Ids>
row_groups groups_of(const Ids& all) {
    const std::span ids(all);
    std::vector<std::size_t> order(ids.size());
    for (std::size_t r = 0; r < order.size(); ++r) order[r] = r;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return ids[a] < ids[b] || (!(ids[b] < ids[a]) && a < b); });
    row_groups groups{std::vector<std::size_t>(ids.size()), {}};
    // The first row of its group, at first.
    for (std::size_t i = 0; i < order.size(); ++i) {
        const bool is_new = i == 0 || ids[order[i - 1]] < ids[order[i]];
        groups.of_row[order[i]] = is_new ? order[i] : groups.of_row[order[i - 1]];
    }
    for (std::size_t r = 0; r < order.size(); ++r) {
        const std::size_t first = groups.of_row[r];
        if (first == r) groups.sizes.push_back(0);
        groups.of_row[r] = first == r ? groups.sizes.size() - 1 : groups.of_row[first];
        ++groups.sizes[groups.of_row[r]];
    }
    return groups;
}

} // namespace detail

} // namespace tenon
