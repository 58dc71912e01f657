#pragma once

// One raw row: its memory, and the checks between a user's values and a pipeline's columns.

#include <array>
#include <concepts>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/widths.hpp>
#include <tenon/core/word_counts.hpp>
#include <type_traits>
#include <vector>

namespace tenon::inline v0 {

/// A raw row that owns its values: std::array where the width is static, std::vector where not.
template <std::size_t W, class T = double>
using sample = std::conditional_t<W == dynamic, std::vector<T>, std::array<T, W == dynamic ? 0 : W>>;

namespace detail {

template <std::size_t W, class T>
sample<W, T> make_sample(std::size_t n) {
    sample<W, T> x{};
    if constexpr (W == dynamic) x.resize(n);
    return x;
}

template <class Row, class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>, T> = true;

/// The index of a word among the levels of a column; throws data_error that lists them where it is none.
inline std::size_t level_index(const column_info& column, std::string_view word) {
    for (std::size_t i = 0; i < column.levels.size(); ++i)
        if (column.levels[i] == word) return i;
    std::string known;
    for (const auto& level : column.levels) known += (known.empty() ? "" : ", ") + level;
    fail<data_error>({"column '", column.name, "' has no level '", word, "'; it has ", known});
}

inline void check_value(const column_info& column, double value, bool missing_is_filled) {
    if (value != value) {
        if (!missing_is_filled)
            fail<data_error>({"column '", column.name,
                              "' is missing (NaN) and no stage of this pipeline fills missing values"});
        return;
    }
    if (value - value != 0) fail<data_error>({"column '", column.name, "' is infinite"});
    if (!column.categorical || column.levels.empty()) return;
    const auto count = static_cast<double>(column.levels.size());
    if (!(value >= 0 && value < count && value == static_cast<double>(static_cast<std::size_t>(value))))
        fail<data_error>({"column '", column.name, "' is categorical with ", column.levels.size(),
                          " levels, ", value, " is the index of none"});
}

/// One value of a raw row, from a number or a word.
template <class T, class Value>
T parse_value(const column_info& column, const Value& value, bool missing_is_filled) {
    if constexpr (std::is_arithmetic_v<Value>) {
        const T kept = static_cast<T>(value); // what overflows a float is refused as infinite
        check_value(column, static_cast<double>(kept), missing_is_filled);
        return kept;
    } else {
        const std::string_view word = value;
        if (word.empty() || word == "NA") {
            check_value(column, std::numeric_limits<double>::quiet_NaN(), missing_is_filled);
            return std::numeric_limits<T>::quiet_NaN();
        }
        if (!column.categorical)
            fail<data_error>({"column '", column.name, "' takes a number, not the word '", word, "'"});
        return static_cast<T>(level_index(column, word));
    }
}

/// A word or a sentence, counted into the columns of a text; "" and "NA" have no words, as in a file.
template <class T, class Value>
void parse_text(std::span<T> counts, const column_info& column, const Value& value) {
    if constexpr (std::is_arithmetic_v<Value>) {
        const std::string_view name(column.name);
        fail<data_error>({"column '", name.substr(0, name.rfind('[')), "' takes text, not the number ",
                          static_cast<double>(value)});
    } else {
        const std::string_view text = value;
        count_words(text == "NA" ? std::string_view() : text, counts);
    }
}

} // namespace detail

} // namespace tenon
