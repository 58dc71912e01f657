#pragma once

#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// A vector of values that are moved into it, where the braces of std::vector would copy them.
template <class T, class... Values>
std::vector<T> list_of(Values&&... values) {
    std::vector<T> list;
    list.reserve(sizeof...(Values));
    (list.push_back(std::forward<Values>(values)), ...);
    return list;
}

} // namespace tenon::detail
