#pragma once

// CSV files whose columns nobody describes: what kind each is follows from its fields, and where that is in doubt there is
// one error that says what to do. In no umbrella, as few programs need it: include it by name.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/data/csv_cursor.hpp>
#include <tenon/data/csv_options.hpp>
#include <tenon/data/level_table.hpp>
#include <tenon/data/table.hpp>
#include <tenon/format/mapped_file.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// How read_table reads.
struct table_options {
    /// As for read_csv. With `like` the columns are those, by name and in that order, and every row has to suit them; the
    /// target of `like` is the last column where the file has it.
    csv_options csv = {};
    std::vector<std::string> categories =
        {};                                ///< columns of words even where some of them, or all, are numbers
    std::vector<std::string> ignored = {}; ///< columns to leave out: identifiers, dates, free text
    std::size_t at_most_levels = 64;       ///< of a category that is not among `categories`
};

namespace detail {

/// One column while it is read.
struct table_column {
    std::size_t field = 0;
    column_info info;
    bool is_known = false; ///< its kind follows from the options, not from its fields
    level_table levels{{}};
    std::size_t numbers = 0, words = 0;
    std::string first_word = {};      ///< that is no number
    std::size_t line = 0;             ///< of that
    std::size_t line_of_too_many = 0; ///< where there were more levels than are allowed; 0: nowhere
};

/// A file of columns of unknown kinds.
class table_reader {
public:
    table_reader(std::string_view text, const table_options& options, std::string_view file)
        : options_(options), cursor_(text, options.csv, file) {}

    template <class Lazy = void>
    table read() {
        take_header();
        while (cursor_.advance()) take_or_skip_row();
        if (rows_ == 0) cursor_.fail({"no row can be read; ", (*options_.csv.skipped)[skipped_before_]});
        return finish();
    }

private:
    template <class Lazy = void>
    void take_header() {
        if (!cursor_.advance()) cursor_.fail({"the file is empty"});
        const std::size_t count = cursor_.fields().size();
        const bool is_header = options_.csv.header == csv_header::detect
                                   ? cursor_.detect_names(count)
                                   : options_.csv.header == csv_header::present;
        if (is_header) cursor_.take_names();
        cursor_.names.resize(count);
        for (std::size_t i = 0; i < count; ++i)
            if (cursor_.names[i].empty()) cursor_.names[i] = concat({"x", i});
        std::vector<std::string_view> names(cursor_.names.begin(), cursor_.names.end());
        if (const std::string_view* const twice = given_twice(names))
            cursor_.fail_line({"two columns are called ", in_quotes(*twice)});
        make_columns();
        if (is_header && !cursor_.advance()) cursor_.fail({"there are no rows behind the header"});
        cursor_.text().go_back();
        if (options_.csv.skipped != nullptr) skipped_before_ = options_.csv.skipped->size();
    }

    void make_columns() {
        const schema_info& like = options_.csv.like;
        for (const column_info& column : like.columns) add_known(cursor_.field_of(column.name), column);
        for (std::size_t i = 0; i < cursor_.names.size(); ++i) {
            if (!like.columns.empty()) {
                if (!like.target.name.empty() && cursor_.names[i] == like.target.name)
                    add_known(i, like.target);
                continue;
            }
            columns_.push_back({i, {cursor_.names[i], false, {}}});
        }
        for (const std::string& name : options_.categories) {
            table_column* const column = find(name);
            if (column == nullptr) continue;
            column->info.categorical = true;
            column->is_known = true;
        }
        for (const std::string& name : options_.ignored)
            if (table_column* const column = find(name))
                columns_.erase(columns_.begin() + (column - columns_.data()));
        if (columns_.empty()) cursor_.fail({"no column is left to read"});
        row_.resize(columns_.size());
    }

    void add_known(std::size_t field, const column_info& column) {
        columns_.push_back({field, column, true, level_table(column.levels)});
    }

    /// The column of a name that the file has to have; null where it is none of those wanted.
    table_column* find(const std::string& name) {
        const std::size_t field = cursor_.field_of(name);
        for (table_column& column : columns_)
            if (column.field == field) return &column;
        return nullptr;
    }

    void take_or_skip_row() {
#ifdef __cpp_exceptions
        if (options_.csv.skipped != nullptr) {
            try {
                take_row();
            } catch (const data_error& wrong) {
                options_.csv.skipped->push_back(wrong.what());
            }
            return;
        }
#endif
        take_row();
    }

    void take_row() {
        cursor_.check_width();
        // What may fail first: a row that is left out says nothing of the other columns.
        for (std::size_t c = 0; c < columns_.size(); ++c)
            if (columns_[c].is_known) row_[c] = known_value(columns_[c]);
        for (std::size_t c = 0; c < columns_.size(); ++c)
            if (!columns_[c].is_known) row_[c] = found_value(columns_[c]);
        values_.insert(values_.end(), row_.begin(), row_.end());
        ++rows_;
    }

    double known_value(table_column& column) const {
        if (!column.info.categorical) return cursor_.number<double>(column.field);
        double value = 0;
        if (cursor_.read_number(column.field, value) && value != value) return value; // missing, blanks apart
        return value_of(cursor_.level(column.field, column.levels, column.info));
    }

    double found_value(table_column& column) const {
        double value = 0;
        if (cursor_.read_number(column.field, value)) {
            if (value == value) ++column.numbers;
            return value;
        }
        const std::string_view word = cursor_.fields()[column.field];
        if (column.words++ == 0) {
            column.first_word = word;
            column.line = cursor_.line();
        }
        const std::uint32_t level = column.levels.find(word);
        if (level != level_table::unknown) return value_of(level);
        if (column.levels.words().size() < options_.at_most_levels)
            return value_of(column.levels.index(word));
        if (column.line_of_too_many == 0) column.line_of_too_many = cursor_.line();
        return value_of(level_table::unknown);
    }

    static double value_of(std::uint32_t level) noexcept {
        return level == level_table::unknown ? std::numeric_limits<double>::quiet_NaN() : level;
    }

    template <class Lazy = void>
    table finish() {
        const std::size_t width = columns_.size();
        std::vector<column_info> infos;
        for (std::size_t c = 0; c < width; ++c) {
            table_column& column = columns_[c];
            if (!column.is_known) check_kind(column);
            if (column.info.categorical && column.info.levels.empty()) {
                auto found = column.levels.sorted();
                column.info.levels = std::move(found.levels);
                for (std::size_t r = 0; r < rows_; ++r) {
                    double& value = values_[r * width + c];
                    if (value == value) value = found.final_index[static_cast<std::size_t>(value)];
                }
            }
            infos.push_back(std::move(column.info));
        }
        matrix<double> x(rows_, width);
        for (std::size_t i = 0; i < values_.size(); ++i) x.data()[i] = values_[i];
        return table(std::move(x), std::move(infos));
    }

    /// Decides for numbers or words, or says why it cannot.
    void check_kind(table_column& column) const {
        const std::string name = in_quotes(column.info.name);
        if (column.words > 0 && column.numbers > 0)
            cursor_.fail(
                {"line ", column.line, ", column ", name, ": ", in_quotes(column.first_word),
                 " is no number, as ", counted(column.numbers, "field"), " of the column ",
                 (column.numbers == 1 ? "is" : "are"), " (", column.words,
                 " not); correct it, say what stands for a missing value in csv_options::missing, or "
                 "name the column in table_options::categories or ignored"});
        if (column.line_of_too_many > 0)
            cursor_.fail(
                {"line ", column.line_of_too_many, ", column ", name, ": more than ",
                 counted(options_.at_most_levels, "different word"),
                 "; name the column in table_options::ignored if they are identifiers, dates or free "
                 "text, or in table_options::categories"});
        column.info.categorical = column.words > 0;
    }

    const table_options& options_;
    csv_cursor cursor_;
    std::vector<table_column> columns_;
    std::vector<double> row_, values_;
    std::size_t rows_ = 0, skipped_before_ = 0;
};

} // namespace detail

/// The rows of CSV text as a table; `file_name` is for messages. The text is as for parse_csv.
///
/// A column is one of numbers where all its fields are finite numbers or missing, all missing included, and one of
/// categories where none is a number; levels are sorted. Numbers and words in one column are an error that counts both, and
/// so are more different words than options allow: what looks like an identifier, a date or free text. The first line names
/// the columns where its fields are words, and does not where they are numbers (columns are then x0, x1 …); a mixture is an
/// error unless csv_options::header tells.
///
/// Throws data_error also as parse_csv does. Rows of a wrong width, and with csv_options::like those that do not suit, are
/// skipped where csv_options::skipped asks for that; what a column is does not turn on single rows.
inline table parse_table(std::string_view text, const table_options& options = {},
                         std::string_view file_name = "text") {
    return detail::table_reader(text, options, file_name).read();
}

/// The rows of the CSV file at path; as parse_table. Throws data_error too where the file cannot be read.
inline table read_table(const std::string& path, const table_options& options = {}) {
    return parse_table(mapped_text(path).text(), options, path);
}

} // namespace tenon
