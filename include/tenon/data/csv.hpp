#pragma once

// CSV files into datasets: columns by name in any order, missing values, categories, and one clear error with file,
// line and column for what cannot be read.
//
//     auto data = tenon::read_csv<house>("houses.csv");

#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/data/csv_cursor.hpp>
#include <tenon/data/csv_options.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/level_table.hpp>
#include <tenon/format/file.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// One file into one dataset of S.
template <Schema S>
class csv_reader {
    using T = typename S::scalar;
    using kind = typename S::kind;
    static constexpr bool is_named = requires { S::names; };
    static constexpr bool has_target = !std::is_same_v<kind, none>;
    /// Labels are words; only columns<W, classes<K>> has class numbers.
    static constexpr bool has_word_labels =
        is_classification<kind> && (is_named || outputs_of<kind> == dynamic);
    /// Whether the schema leaves levels to the file.
    static constexpr bool finds_levels = [] {
        bool finds = has_word_labels && outputs_of<kind> == dynamic;
        if constexpr (is_named)
            for (std::size_t i = 0; i < S::width; ++i) finds = finds || S::categories(i) == dynamic;
        return finds;
    }();

public:
    csv_reader(std::string_view text, const csv_options& options, std::string_view file)
        : text_(text), options_(options), cursor_(text, options, file) {}

    dataset<S> read() {
        if (!cursor_.advance()) cursor_.fail({"the file is empty"});
        const bool has_header = take_header();
        if (has_header && !cursor_.advance()) cursor_.fail({"there are no rows behind the header"});
        take_levels();
        make_room(has_header ? 1 : 0);
        do take_row();
        while (cursor_.advance());
        return finish();
    }

private:
    /// Finds the columns; false where the record at hand is a row already.
    bool take_header() {
        if constexpr (is_named) {
            if (options_.header == csv_header::absent)
                cursor_.fail(
                    {"a schema with names needs a header line, csv_options::header says there is none"});
            cursor_.take_names();
            info_ = S::info();
            for (const column_info& column : info_.columns) fields_.push_back(cursor_.field_of(column.name));
            if constexpr (has_target) target_field_ = cursor_.field_of(info_.target.name);
            return true;
        } else {
            const std::size_t count = cursor_.fields().size();
            check_count(count);
            const std::size_t width = count - (has_target ? 1 : 0);
            info_ = S::info(width);
            for (std::size_t i = 0; i < width; ++i) fields_.push_back(i);
            target_field_ = width;
            // A word label is no sign of a header.
            const bool is_header = options_.header == csv_header::detect
                                       ? cursor_.detect_names(has_word_labels ? width : count)
                                       : options_.header == csv_header::present;
            if (is_header) cursor_.take_names();
            cursor_.names.resize(count);
            for (std::size_t i = 0; i < count; ++i) take_name(cursor_.names[i], column(i));
            return is_header;
        }
    }

    void check_count(std::size_t count) const {
        constexpr std::size_t targets = has_target ? 1 : 0;
        if (S::width == dynamic ? count > targets : count == S::width + targets) return;
        const std::string features =
            S::width == dynamic ? "1 or more feature columns" : counted(S::width, "feature column");
        cursor_.fail_line({"expected ", features, (has_target ? " and a target" : ""), ", found ",
                           counted(count, "column")});
    }

    column_info& column(std::size_t i) { return i < info_.columns.size() ? info_.columns[i] : info_.target; }

    /// The header's name for a column, or the schema's where the header has none.
    static void take_name(std::string& in_file, column_info& column) {
        if (in_file.empty())
            in_file = column.name;
        else
            column.name = in_file;
    }

    /// Tables of levels: those of the schema, else those of options_.like, else those that the rows will bring.
    void take_levels() {
        const schema_info& like = options_.like;
        if (!like.columns.empty() && like.columns.size() != info_.columns.size())
            cursor_.fail({"csv_options::like has ", counted(like.columns.size(), "feature column"),
                          ", the schema has ", info_.columns.size()});
        for (std::size_t i = 0; i < info_.columns.size(); ++i) {
            if (info_.columns[i].levels.empty() && !like.columns.empty())
                info_.columns[i].levels = like.columns[i].levels;
            tables_.emplace_back(info_.columns[i].levels);
        }
        if (info_.target.levels.empty()) info_.target.levels = like.target.levels;
        tables_.emplace_back(info_.target.levels);
    }

    /// For as many rows as there can be; that is how many there are, if no field has line ends in it.
    void make_room(std::size_t headers) {
        const std::size_t lines = csv_text::count_lines(text_) - headers;
        const std::size_t most = text_.size() / cursor_.names.size() + 1; // each field takes a byte at least
        x_ = matrix<T>(lines < most ? lines : most, fields_.size());
        if constexpr (has_target) y_.reserve(x_.rows());
    }

    void take_row() {
        cursor_.check_width();
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            if (!info_.columns[i].categorical) {
                x_(rows_, i) = cursor_.template number<T>(fields_[i]);
                continue;
            }
            const std::uint32_t level = cursor_.level(fields_[i], tables_[i], info_.columns[i]);
            x_(rows_, i) =
                level == level_table::unknown ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(level);
        }
        if constexpr (has_target) y_.push_back(read_target());
        ++rows_;
    }

    target_value<kind> read_target() {
        if constexpr (has_word_labels) {
            const std::uint32_t level = cursor_.level(target_field_, tables_.back(), info_.target);
            if (level == level_table::unknown) cursor_.fail_at(target_field_, {"the target is missing"});
            return level;
        } else {
            const double value = cursor_.template number<double>(target_field_);
            if (value != value) cursor_.fail_at(target_field_, {"the target is missing"});
            if constexpr (is_classification<kind>) {
                constexpr auto count = static_cast<double>(outputs_of<kind>);
                if (!(value >= 0 && value < count) ||
                    value != static_cast<double>(static_cast<class_index>(value)))
                    cursor_.fail_at(target_field_, {"expected a class from 0 to ", outputs_of<kind> - 1,
                                                    ", found ", in_quotes(cursor_.fields()[target_field_])});
                return static_cast<class_index>(value);
            } else
                return value;
        }
    }

    matrix<T> rows_read() {
        if (rows_ == x_.rows()) return std::move(x_);
        matrix<T> x(rows_, x_.columns());
        for (std::size_t r = 0; r < rows_; ++r)
            for (std::size_t i = 0; i < x.columns(); ++i) x(r, i) = x_(r, i);
        return x;
    }

    dataset<S> finish() {
        matrix<T> x = rows_read();
        if constexpr (finds_levels) sort_levels(x);
        return dataset<S>(std::move(x), std::move(y_), std::move(info_));
    }

    /// Levels that were found get their final indices.
    void sort_levels(matrix<T>& x) {
        for (std::size_t i = 0; i < fields_.size(); ++i) {
            if (!info_.columns[i].categorical || !tables_[i].finds()) continue;
            auto found = tables_[i].sorted();
            for (std::size_t r = 0; r < rows_; ++r)
                if (x(r, i) == x(r, i))
                    x(r, i) = static_cast<T>(found.final_index[static_cast<std::size_t>(x(r, i))]);
            info_.columns[i].levels = std::move(found.levels);
        }
        if constexpr (has_word_labels) {
            if (tables_.back().finds()) {
                auto found = tables_.back().sorted();
                for (class_index& y : y_) y = found.final_index[y];
                info_.target.levels = std::move(found.levels);
            }
        }
    }

    std::string_view text_;
    const csv_options& options_;
    csv_cursor cursor_;
    schema_info info_;
    std::vector<std::size_t> fields_; ///< the place in a record of each feature
    std::size_t target_field_ = 0;
    std::vector<level_table> tables_; ///< one a feature, and the target's
    std::size_t rows_ = 0;
    matrix<T> x_;
    std::vector<target_value<kind>> y_;
};

} // namespace detail

/// The rows of CSV text as a dataset of S; `file_name` is for messages.
///
/// The text is RFC 4180 in UTF-8, with any delimiter and any line ends; blanks count except around numbers, and empty
/// lines are passed over. Lines are counted as an editor does, and a record is where it begins.
///  - A schema with names finds its columns in the header, in any order; columns it does not know are ignored.
///  - columns<W, kind> takes every column in order as a number and the last as the target: a number, a class from 0 to
///    K - 1 (classes<K>), or a word (classes<dynamic>). A header is optional and names the columns.
///  - A category or label is one of the schema's words. Where the schema names none, they are those that occur, sorted
///    (as numbers where all are); give csv_options::like to read a second file as the first.
///  - A missing feature becomes NaN.
///
/// Throws data_error for the first thing that is wrong: no rows, a missing or doubled column name, a line with too few
/// or too many fields, text that is no finite number, an unknown level, a missing target, a quote that is not closed.
template <Schema S>
dataset<S> parse_csv(std::string_view text, const csv_options& options = {},
                     std::string_view file_name = "text") {
    return detail::csv_reader<S>(text, options, file_name).read();
}

/// The rows of the CSV file at path; as parse_csv. Throws data_error too where the file cannot be read.
template <Schema S>
dataset<S> read_csv(const std::string& path, const csv_options& options = {}) {
    return parse_csv<S>(read_text(path), options, path);
}

} // namespace tenon
