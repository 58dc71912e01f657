#pragma once

// What encoders of categories share: how many levels each column has, and which level a value stands for.

#include <cstdint>
#include <span>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/storage.hpp>

namespace tenon::inline v0::detail {

/// The levels of each column, 0 for a number. Throws data_error for a category without any level: open in the schema,
/// and missing in every row.
template <std::size_t W>
storage<std::uint32_t, W> level_counts(std::string_view stage, std::span<const column_info> columns) {
    storage<std::uint32_t, W> counts(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!columns[i].categorical) continue;
        counts[i] = static_cast<std::uint32_t>(columns[i].levels.size());
        if (counts[i] == 0)
            fail<data_error>({stage, ": column '", columns[i].name, "' has no level in these data"});
    }
    return counts;
}

/// Whether these counts, after loading, are those of the columns.
inline bool are_level_counts(std::span<const std::uint32_t> counts,
                             std::span<const column_info> columns) noexcept {
    if (counts.size() != columns.size()) return false;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] != columns[i].levels.size() || columns[i].categorical != (counts[i] != 0)) return false;
    return true;
}

/// The level that a value is the index of; `count` where it is none of them, NaN among those.
template <class T>
std::uint32_t level_of(T value, std::uint32_t count) noexcept {
    if (!(value >= 0 && value < static_cast<T>(count))) return count;
    const auto level = static_cast<std::uint32_t>(value);
    return static_cast<T>(level) == value ? level : count;
}

/// C++ for the generated header: the declaration of `level`, which is `count` where x[i] is the index of no level.
inline constexpr std::string_view level_source =
    "const std::uint32_t count = levels[i];\n"
    "    std::uint32_t level = count;\n"
    "    if (x[i] >= 0 && x[i] < static_cast<scalar>(count)) level = static_cast<std::uint32_t>(x[i]);\n"
    "    if (level < count && !(static_cast<scalar>(level) == x[i])) level = count;\n";

} // namespace tenon::inline v0::detail
