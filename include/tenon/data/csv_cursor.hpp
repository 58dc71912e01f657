#pragma once

// Where in a CSV file the reader is: fields as numbers and levels, and errors with file, line and column.

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/csv_options.hpp>
#include <tenon/data/csv_text.hpp>
#include <tenon/data/level_table.hpp>
#include <tenon/data/name_hint.hpp>
#include <tenon/format/given_twice.hpp>
#include <tenon/format/number.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// "1 field", "2 fields".
inline std::string counted(std::size_t n, std::string_view noun) {
    return concat({n, " ", noun, (n == 1 ? "" : "s")});
}

/// The text, where in it we are, and errors that say so.
class csv_cursor {
public:
    csv_cursor(std::string_view text, const csv_options& options, std::string_view file)
        : text_(text, options.delimiter, options.quote), options_(options), file_(file) {
        const char d = options.delimiter;
        if (d == options.quote || d == '\n' || d == '\r')
            detail::fail<data_error>({"csv_options: the delimiter cannot be the quote or a line end"});
        if (options.quote == '\n' || options.quote == '\r')
            detail::fail<data_error>({"csv_options: the quote cannot be a line end"});
        if (options.decimal != '.' && (options.decimal != ',' || d == ','))
            detail::fail<data_error>(
                {"csv_options: the decimal sign is '.', or ',' where the delimiter is another character"});
        if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
            fail({"the file is UTF-16, expected UTF-8"});
    }

    std::vector<std::string> names; ///< of the file's columns, once they are known

    /// Goes to the next record; false at the end.
    bool advance() {
        const csv_event met = text_.next();
        if (met == csv_event::unclosed_quote)
            fail_at(fields().size(), {"the quote that opens here is never closed"});
        if (met == csv_event::misplaced_quote)
            fail_at(fields().size(), {"a quote beside other text; put the whole field in quotes and write "
                                      "each quote inside twice"});
        return met == csv_event::record;
    }

    /// Goes to the next record by a quick way, if it has nothing out of the ordinary: see csv_text::next_by.
    template <class Take>
    bool advance_by(Take&& take) {
        return text_.next_by(names.size(), take);
    }

    std::span<const std::string_view> fields() const noexcept { return text_.fields(); }
    const char* end_of_plain(const char* at) const noexcept { return text_.end_of_plain(at); }
    std::size_t bytes_left() const noexcept { return text_.left().size(); }
    csv_text& text() noexcept { return text_; }
    std::size_t line() const noexcept { return text_.line(); }

    bool is_missing(std::string_view word) const noexcept {
        for (const std::string& token : options_.missing)
            if (word == token) return true;
        return false;
    }

    /// Reads the number in a field, blanks around it passed over; NaN where it is missing. False where it is neither.
    template <class T>
    bool read_number(std::size_t field, T& value) const {
        const std::string_view word = trimmed(fields()[field]);
        if (!is_missing(word)) return is_number(word, value);
        value = std::numeric_limits<T>::quiet_NaN();
        return true;
    }

    /// The number in a field, as read_number.
    template <class T>
    T number(std::size_t field) const {
        T value{};
        if (read_number(field, value)) return value;
        const std::string_view word = trimmed(fields()[field]);
        const bool has_digit = word.find_first_of("0123456789") != std::string_view::npos;
        fail_at(field, {"expected a finite number, found ", in_quotes(word),
                        (has_digit ? "" : " (csv_options::missing lists what stands for a missing value)")});
    }

    /// The level index of the word in a field; `unknown` where it is missing.
    std::uint32_t level(std::size_t field, level_table& table, const column_info& column) const {
        const std::string_view word = fields()[field];
        if (is_missing(word)) return level_table::unknown;
        const std::uint32_t index = table.index(word);
        if (index == level_table::unknown)
            fail_at(field, {"unknown level ", in_quotes(word), "; ", name_hint(word, column.levels)});
        return index;
    }

    /// A record has as many fields as there are names.
    void check_width() const {
        const std::size_t found = fields().size(), expected = names.size();
        if (found == expected) return;
        const std::string counts = concat({" (", counted(found, "field"), ", expected ", expected, ")"});
        if (found < expected) fail_at(found, {"the line ends before this column", counts});
        fail_at(expected - 1, {"the line goes on behind this last column", counts});
    }

    using parts = std::initializer_list<text_part>;
    [[noreturn]] void fail(parts what) const { detail::fail<data_error>({file_, ": ", concat(what)}); }
    [[noreturn]] void fail_line(parts what, std::string_view column = {}) const {
        detail::fail<data_error>({file_, ", line ", text_.line(), column, ": ", concat(what)});
    }
    [[noreturn]] void fail_at(std::size_t field, parts what) const {
        fail_line(what, field < names.size() ? concat({", column ", in_quotes(names[field])})
                                             : concat({", column ", field + 1}));
    }

    /// Takes the record for the header.
    void take_names() {
        names.assign(fields().begin(), fields().end());
        std::vector<std::string_view> given;
        for (const std::string& name : names)
            if (!name.empty()) given.push_back(name);
        if (const std::string_view* const twice = given_twice(given))
            fail_line({"the header names column ", in_quotes(*twice), " twice"});
    }

    std::size_t field_of(const std::string& name) const {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (names[i] == name) return i;
        fail_line({"the header has no column ", in_quotes(name), "; ", name_hint(name, names)});
    }

    /// Whether the first `count` fields of the record are names, where nobody said.
    bool detect_names(std::size_t count) const {
        const std::size_t nowhere = count;
        std::size_t word = nowhere, number = nowhere;
        for (std::size_t i = count; i-- > 0;) {
            const std::string_view field = trimmed(fields()[i]);
            double value = 0;
            if (!is_missing(field)) (is_number(field, value) ? number : word) = i;
        }
        if (word != nowhere && number != nowhere)
            fail_at(word, {"cannot tell whether this line is a header, with ", in_quotes(fields()[word]),
                           " and ", in_quotes(fields()[number]), " in it; say so in csv_options::header"});
        return word != nowhere;
    }

private:
    template <class T>
    bool is_number(std::string_view word, T& value) const {
        if (options_.decimal == '.') return parse_number(word, value);
        std::string with_point(word);
        for (char& c : with_point)
            c = c == '.' ? ',' : c == ',' ? '.' : c; // a point is no part of such a number
        return parse_number(with_point, value);
    }

    static std::string_view trimmed(std::string_view word) noexcept {
        while (word.starts_with(' ') || word.starts_with('\t')) word.remove_prefix(1);
        while (word.ends_with(' ') || word.ends_with('\t')) word.remove_suffix(1);
        return word;
    }

    csv_text text_;
    const csv_options& options_;
    std::string_view file_;
};

} // namespace detail

} // namespace tenon
