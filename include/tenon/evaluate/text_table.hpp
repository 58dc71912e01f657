#pragma once

// Tables as text: names on the left, numbers right-aligned, at most so many columns of a terminal wide.

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// A number as "%.*f" and the like write it.
inline std::string formatted(const char* pattern, int precision, double value) {
    char text[64];
    const int n = std::snprintf(text, sizeof text, pattern, precision, value);
    return {text, n > 0 && n < 64 ? static_cast<std::size_t>(n) : 0};
}

/// One number with five significant digits.
inline std::string formatted(double value) {
    return formatted("%.*g", 5, value);
}

/// Numbers of one column with decimals in common: five significant digits of the largest. `sign` writes a plus too.
inline std::vector<std::string> formatted(std::span<const double> values, int decimals, bool sign = false) {
    std::vector<std::string> texts;
    texts.reserve(values.size());
    for (double v : values)
        texts.push_back(formatted(decimals < 0 ? (sign ? "%+.*e" : "%.*e") : (sign ? "%+.*f" : "%.*f"),
                                  decimals < 0 ? 3 : decimals, v));
    return texts;
}

/// Decimals for five significant digits of the largest value; -1 where only an exponent shows them.
inline int decimals_for(std::span<const double> values) {
    double largest = 0;
    for (double v : values) largest = std::isfinite(v) && std::abs(v) > largest ? std::abs(v) : largest;
    if (largest == 0) return 4;
    if (largest < 1e-3 || largest >= 1e9) return -1;
    const int digits_before = static_cast<int>(std::floor(std::log10(largest))) + 1;
    return digits_before <= 0 ? 5 : (digits_before >= 5 ? 0 : 5 - digits_before);
}

/// A table that is filled column by column.
class text_table {
public:
    /// The first column holds the names of the rows.
    text_table(std::string header, std::vector<std::string> names) {
        add(std::move(header), std::move(names));
    }

    /// A column of numbers; `joined` ones are never parted from the column before them.
    void add(std::string header, std::vector<std::string> cells, bool joined = false) {
        std::size_t width = shown_width(header);
        for (const auto& cell : cells) width = shown_width(cell) > width ? shown_width(cell) : width;
        columns_.push_back({std::move(header), std::move(cells), joined, width});
    }

    /// The text, each line ended; a table wider than `limit` goes on below, with the names again.
    std::string text(std::size_t limit = 80) const {
        std::string all;
        std::size_t first = 1;
        do {
            const std::size_t end = end_of_part(first, limit);
            all += all.empty() ? "" : "\n";
            append_line(all, first, end, nullptr);
            for (std::size_t r = 0; r < columns_[0].cells.size(); ++r) append_line(all, first, end, &r);
            first = end;
        } while (first < columns_.size());
        return all;
    }

private:
    struct column {
        std::string header;
        std::vector<std::string> cells;
        bool joined;
        std::size_t width;
    };

    /// Characters of UTF-8 text.
    static std::size_t shown_width(std::string_view text) {
        std::size_t n = 0;
        for (char c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        return n;
    }

    /// Where a part that begins with column `first` ends so that it fits; it has one column with its joined ones at least.
    std::size_t end_of_part(std::size_t first, std::size_t limit) const {
        std::size_t end = first, used = columns_[0].width;
        while (end < columns_.size()) {
            std::size_t next = end, wanted = used;
            do wanted += 2 + columns_[next++].width;
            while (next < columns_.size() && columns_[next].joined);
            if (wanted > limit && end > first) break;
            end = next;
            used = wanted;
        }
        return end;
    }

    void append_line(std::string& all, std::size_t first, std::size_t end, const std::size_t* r) const {
        auto cell = [&](const column& c) -> const std::string& {
            return r == nullptr ? c.header : c.cells[*r];
        };
        std::string line = cell(columns_[0]);
        line.append(columns_[0].width - shown_width(line), ' ');
        for (std::size_t c = first; c < end; ++c) {
            line.append(2 + columns_[c].width - shown_width(cell(columns_[c])), ' ');
            line += cell(columns_[c]);
        }
        all += line.erase(line.find_last_not_of(' ') + 1) + '\n';
    }

    std::vector<column> columns_;
};

} // namespace tenon
