#pragma once

// Datasets into CSV files, which read_csv reads back to the same values.

#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/text.hpp>
#include <tenon/format/file.hpp>
#include <tenon/format/number.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// A word as a field: in quotes where a reader would take it apart or pass over it.
inline void append_csv_word(std::string& text, std::string_view word) {
    if (!word.empty() && word.find_first_of(",\"\r\n") == word.npos && word[0] != '\xEF') {
        text += word;
        return;
    }
    text += '"';
    for (const char c : word) text.append(c == '"' ? 2 : 1, c);
    text += '"';
}

/// A value as a field: a level's word, or a number; nothing where it is missing.
inline void append_csv_value(std::string& text, const column_info& column, double value, std::size_t row) {
    if (value != value) return;
    if (!column.categorical) {
        text += format_number(value);
        return;
    }
    const auto level = static_cast<std::size_t>(value >= 0 && value < 4294967296.0 ? value : 4294967295.0);
    if (level >= column.levels.size() || static_cast<double>(level) != value)
        fail<data_error>({"write_csv: column '", column.name, "', row ", row + 1, ": ", value,
                          " is the index of none of its ", column.levels.size(), " levels"});
    const std::string& word = column.levels[level];
    if (word.empty() || word == "NA")
        fail<data_error>({"write_csv: column '", column.name, "' has the level '", word,
                          "', which would be read as a missing value"});
    append_csv_word(text, word);
}

} // namespace detail

/// The rows of a dataset as CSV: a header with the columns' names, the features in order, the target last (or the targets); lines end in
/// LF. Numbers are the shortest that read back to the same bits, a missing value is an empty field. No text is kept: of a
/// text column the N counts are written, under the names "review[0]", "review[1]" … Throws data_error for a value that is
/// the index of no level, and for a level that reads as a missing value.
template <Dataset D>
std::string csv_of(const D& data) {
    using kind = typename D::schema_type::kind;
    constexpr bool has_target = !std::is_same_v<kind, none>;
    const schema_info& info = data.info();
    const std::size_t width = info.columns.size();
    std::string text;
    for (std::size_t c = 0; c < width; ++c) {
        if (c > 0) text += ',';
        detail::append_csv_word(text, info.columns[c].name);
    }
    if constexpr (has_target) {
        text += ',';
        detail::append_csv_word(text, info.target.name);
    }
    if constexpr (is_several_numbers<kind>)
        for (const column_info& column : info.more_targets) {
            text += ',';
            detail::append_csv_word(text, column.name);
        }
    text += '\n';
    const auto x = data.x();
    for (std::size_t r = 0; r < x.rows(); ++r) {
        const std::size_t begin = text.size();
        for (std::size_t c = 0; c < width; ++c) {
            if (c > 0) text += ',';
            detail::append_csv_value(text, info.columns[c], static_cast<double>(x(r, c)), r);
        }
        if constexpr (is_several_numbers<kind>) {
            for (std::size_t k = 0; k < outputs_of<kind>; ++k) {
                text += ',';
                detail::append_csv_value(text, info.target_column(k), data.y()[r][k], r);
            }
        } else if constexpr (has_target) {
            text += ',';
            detail::append_csv_value(text, info.target, static_cast<double>(data.y()[r]), r);
        }
        if (text.size() == begin) text += "\"\""; // an empty line is no row
        text += '\n';
    }
    return text;
}

/// Writes csv_of to a file; what was there is replaced only when the new file is complete. Throws data_error, also where
/// the file cannot be written.
template <Dataset D>
void write_csv(const D& data, const std::string& path) {
    write_file(path, std::string_view(csv_of(data)));
}

} // namespace tenon
