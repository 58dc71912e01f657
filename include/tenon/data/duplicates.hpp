#pragma once

// Rows and columns that say nothing new: those that repeat others, value for value.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <tenon/core/matrix.hpp>
#include <tenon/core/target.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// A number that equal values share; 0 and -0 are equal, and so are missing values.
inline std::uint64_t mixed_into(std::uint64_t hash, double value) noexcept {
    const std::uint64_t bits = value == value ? std::bit_cast<std::uint64_t>(value + 0.0) : 1;
    hash = (hash ^ bits) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 32);
}

inline bool is_same_value(double a, double b) noexcept {
    return a == b || (a != a && b != b);
}

/// For each of some things the first that is equal to it, itself where none is. `hash(i)` is the same for equal things;
/// `are_equal(i, j)` tells for those of the same hash.
template <class Hash, class Equal>
std::vector<std::size_t> first_equals(std::size_t count, Hash&& hash, Equal&& are_equal) {
    std::vector<std::pair<std::uint64_t, std::size_t>> order(count);
    for (std::size_t i = 0; i < count; ++i) order[i] = {hash(i), i};
    std::sort(order.begin(), order.end());
    std::vector<std::size_t> firsts(count), of_this_hash;
    for (std::size_t k = 0; k < count; ++k) {
        const auto [key, i] = order[k];
        if (k == 0 || order[k - 1].first != key) of_this_hash.clear();
        firsts[i] = i;
        for (const std::size_t earlier : of_this_hash)
            if (firsts[i] == i && are_equal(earlier, i)) firsts[i] = earlier;
        if (firsts[i] == i) of_this_hash.push_back(i);
    }
    return firsts;
}

} // namespace detail

/// For each row of x (and, where given, of the targets y) the first row with the same values, itself where there is none.
template <class T, class Y>
std::vector<std::size_t> first_equal_rows(matrix_view<const T> x, vector_view<const Y> y) {
    return detail::first_equals(
        x.rows(),
        [&](std::size_t r) {
            std::uint64_t hash = 1;
            for (std::size_t c = 0; c < x.columns(); ++c)
                hash = detail::mixed_into(hash, static_cast<double>(x(r, c)));
            if (y.size() > r) {
                if constexpr (detail::is_array_of_numbers<Y>)
                    for (const double value : y[r]) hash = detail::mixed_into(hash, value);
                else
                    hash = detail::mixed_into(hash, static_cast<double>(y[r]));
            }
            return hash;
        },
        [&](std::size_t a, std::size_t b) {
            for (std::size_t c = 0; c < x.columns(); ++c)
                if (!detail::is_same_value(static_cast<double>(x(a, c)), static_cast<double>(x(b, c))))
                    return false;
            if (y.size() == 0) return true;
            if constexpr (detail::is_array_of_numbers<Y>) {
                for (std::size_t k = 0; k < std::tuple_size_v<Y>; ++k)
                    if (!detail::is_same_value(y[a][k], y[b][k])) return false;
                return true;
            } else
                return detail::is_same_value(static_cast<double>(y[a]), static_cast<double>(y[b]));
        });
}

/// For each column of x the first with the same values, itself where there is none.
template <class T>
std::vector<std::size_t> first_equal_columns(matrix_view<const T> x) {
    return detail::first_equals(
        x.columns(),
        [&](std::size_t c) {
            std::uint64_t hash = 1;
            for (std::size_t r = 0; r < x.rows(); ++r)
                hash = detail::mixed_into(hash, static_cast<double>(x(r, c)));
            return hash;
        },
        [&](std::size_t a, std::size_t b) {
            for (std::size_t r = 0; r < x.rows(); ++r)
                if (!detail::is_same_value(static_cast<double>(x(r, a)), static_cast<double>(x(r, b))))
                    return false;
            return true;
        });
}

} // namespace tenon
