#pragma once

// Names of which each may be given only once: columns, keys, tensors.

#include <cstddef>
#include <string_view>
#include <vector>

namespace tenon::inline v0::detail {

/// By heap: no order of the names, however it was chosen, makes it slow.
inline void sort_names(std::vector<std::string_view>& names) {
    const auto sink = [&](std::size_t at, std::size_t end) {
        for (std::size_t child = 0; (child = 2 * at + 1) < end; at = child) {
            if (child + 1 < end && names[child] < names[child + 1]) ++child;
            if (names[child] < names[at]) return;
            names[at].swap(names[child]);
        }
    };
    for (std::size_t at = names.size() / 2; at-- > 0;) sink(at, names.size());
    for (std::size_t end = names.size(); end-- > 1;) {
        names[0].swap(names[end]);
        sink(0, end);
    }
}

/// Sorts the names; one that is there more than once, or null.
inline const std::string_view* given_twice(std::vector<std::string_view>& names) {
    sort_names(names);
    for (std::size_t i = 1; i < names.size(); ++i)
        if (names[i - 1] == names[i]) return &names[i];
    return nullptr;
}

} // namespace tenon::detail
