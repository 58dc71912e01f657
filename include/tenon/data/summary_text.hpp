#pragma once

// Tables of column summaries for a terminal: at most 80 columns, whatever the names and numbers.

#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/data/column_summary.hpp>
#include <tenon/format/number.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

inline constexpr std::size_t page_width = 80;
inline constexpr std::size_t longest_word = 24; // of categories and levels

inline bool begins_character(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; // UTF-8: not a byte that goes on
}

inline std::size_t character_count(std::string_view text) noexcept {
    std::size_t n = 0;
    for (const char c : text) n += begins_character(c) ? 1u : 0u;
    return n;
}

/// At most `most` characters of a word, ".." at the end of what was longer, control characters as blanks.
inline std::string short_word(std::string_view word, std::size_t most) {
    const bool fits = character_count(word) <= most;
    const std::size_t kept = fits || most < 2 ? most : most - 2;
    std::string all;
    std::size_t n = 0;
    for (const char c : word) {
        n += begins_character(c) ? 1u : 0u;
        if (n > kept) break;
        all += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return fits || most < 2 ? all : all + "..";
}

/// A number for a cell: 4 digits, exponents without sign and zeros that say nothing, "-" for NaN.
inline std::string short_number(double value) {
    if (value != value) return "-";
    std::string text = format_number(value + 0.0, 4); // + 0.0 makes 0 of -0
    std::size_t at = text.find('e');
    if (at == std::string::npos) return text;
    if (text[++at] == '+')
        text.erase(at, 1);
    else
        ++at;
    while (text[at] == '0') text.erase(at, 1);
    return text;
}

inline std::string short_count(std::size_t n) {
    return n < 10'000'000 ? std::to_string(n) : short_number(static_cast<double>(n));
}

inline std::string left_aligned(std::string_view word, std::size_t width) {
    return std::string(word) + std::string(width - character_count(word), ' ');
}

using table_rows = std::vector<std::vector<std::string>>;

/// The widths of a table's columns: those of the longest cells.
inline std::vector<std::size_t> widths_of(const table_rows& rows) {
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto& cells : rows)
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::size_t width = character_count(cells[i]);
            widths[i] = widths[i] < width ? width : widths[i];
        }
    return widths;
}

/// A table with its first column to the left and the others to the right, `gap` blanks between them; empty where it is
/// wider than the page even with the first column cut to `narrowest`.
inline std::string table_text(const table_rows& rows, std::size_t gap, std::size_t narrowest) {
    std::vector<std::size_t> widths = widths_of(rows);
    std::size_t others = 0;
    for (std::size_t i = 1; i < widths.size(); ++i) others += widths[i] + gap;
    const std::size_t room = others < page_width ? page_width - others : 0;
    if (room < (widths[0] < narrowest ? widths[0] : narrowest)) return {};
    widths[0] = widths[0] < room ? widths[0] : room;
    std::string text;
    for (const auto& cells : rows) {
        text += left_aligned(short_word(cells[0], widths[0]), widths[0]);
        for (std::size_t i = 1; i < cells.size(); ++i)
            text += std::string(gap + widths[i] - character_count(cells[i]), ' ') + cells[i];
        text += '\n';
    }
    return text;
}

inline std::string numbers_text(const std::vector<const column_summary*>& columns) {
    const auto rows = [&](bool distinct, bool quartiles) {
        table_rows all(1 + columns.size());
        const auto add = [&](const char* heading, auto cell) {
            all[0].push_back(heading);
            for (std::size_t i = 0; i < columns.size(); ++i) all[1 + i].push_back(cell(*columns[i]));
        };
        add("number", [](const column_summary& c) { return c.name; });
        add("missing", [](const column_summary& c) { return short_count(c.missing); });
        if (distinct) add("distinct", [](const column_summary& c) { return short_count(c.distinct); });
        add("min", [](const column_summary& c) { return short_number(c.minimum); });
        if (quartiles) add("25 %", [](const column_summary& c) { return short_number(c.lower_quartile); });
        add("median", [](const column_summary& c) { return short_number(c.median); });
        if (quartiles) add("75 %", [](const column_summary& c) { return short_number(c.upper_quartile); });
        add("max", [](const column_summary& c) { return short_number(c.maximum); });
        add("mean", [](const column_summary& c) { return short_number(c.mean); });
        add("std dev", [](const column_summary& c) { return short_number(c.deviation); });
        return all;
    };
    for (int left_out = 0; left_out <= 2; ++left_out)
        for (std::size_t gap = 2; gap >= 1; --gap)
            if (std::string text = table_text(rows(left_out < 1, left_out < 2), gap, 16); !text.empty())
                return text;
    return table_text(rows(false, false), 1, 0);
}

/// "Adelie 152," …, what comes after one another on the lines of a category.
inline std::vector<std::string> level_items(const column_summary& column) {
    constexpr std::size_t most = 12;
    const std::size_t all = column.levels.size(), shown = all > most + 1 ? most : all;
    std::vector<std::string> items;
    for (std::size_t i = 0; i < shown; ++i)
        items.push_back(short_word(column.levels[i].level, longest_word) + " " +
                        short_count(column.levels[i].count) + (i + 1 < all ? "," : ""));
    if (shown < all) items.push_back("and " + short_count(all - shown) + " more");
    return items;
}

/// Each category with its levels and their counts, wrapped at the page's width.
inline std::string levels_text(const std::vector<const column_summary*>& columns) {
    const std::string_view name_heading = "category", heading = "  missing  levels\n";
    std::size_t names = name_heading.size();
    for (const column_summary* column : columns) {
        const std::size_t width = character_count(short_word(column->name, longest_word));
        names = names < width ? width : names;
    }
    const std::size_t indent = names + heading.find("levels") - 1; // a blank goes before each item
    std::string text = left_aligned(name_heading, names) + std::string(heading);
    for (const column_summary* column : columns) {
        const std::string missing = short_count(column->missing);
        std::string line = left_aligned(short_word(column->name, longest_word), names);
        line += std::string(indent - 1 - names - missing.size(), ' ') + missing + ' ';
        std::size_t width = indent;
        for (const std::string& item : level_items(*column)) {
            const std::size_t more = 1 + character_count(item);
            if (width + more > page_width) {
                text += line + '\n';
                line.assign(indent, ' ');
                width = indent;
            }
            line += ' ' + item;
            width += more;
        }
        text += line + '\n';
    }
    return text;
}

} // namespace detail

} // namespace tenon
