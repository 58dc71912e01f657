#pragma once

// Which field of a CSV file is which column of a schema, and which words are its levels.

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/fields.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/data/csv_cursor.hpp>
#include <tenon/data/csv_options.hpp>
#include <tenon/data/level_table.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// What becomes of a field: the place of a feature, the first of a text, or the target, or nothing.
struct csv_field_plan {
    enum class use : unsigned char { nothing, number, word, text, target_number, target_word };
    use what = csv_field_plan::use::nothing;
    std::size_t place = 0;
};

/// The columns of S in a file.
template <Schema S>
struct csv_columns {
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

    csv_cursor& cursor;
    const csv_options& options;
    schema_info info = {};
    std::vector<std::size_t> fields = {}; ///< the place in a record of each feature; one for all of a text
    std::array<std::size_t, has_target ? target_columns<kind> : 1> target_fields = {}; ///< and of each target
    std::vector<level_table> tables = {};  ///< one a feature, and the target's
    std::vector<csv_field_plan> plan = {}; ///< of each field of a record

    /// The same columns for another part of the file.
    csv_columns with(csv_cursor& other) const {
        return {other, options, info, fields, target_fields, tables, plan};
    }

    /// Whether levels are yet to be found, in which case indices are not final.
    bool finds() const noexcept {
        for (std::size_t i = 0; i < info.columns.size(); ++i)
            if (info.columns[i].categorical && tables[i].finds()) return true;
        return has_word_labels && tables.back().finds();
    }

    /// Finds the columns; false where the record at hand is a row already.
    bool take_header() {
        if constexpr (is_named) {
            if (options.header == csv_header::absent)
                cursor.fail(
                    {"a schema with names needs a header line, csv_options::header says there is none"});
            cursor.take_names();
            info = S::info();
            for (const field_places& column : schema_fields<S>)
                fields.insert(fields.end(), column.count,
                              cursor.field_of(std::string(S::names[column.first])));
            if constexpr (has_target) target_fields[0] = cursor.field_of(info.target.name);
            for (std::size_t k = 1; k < target_fields.size(); ++k)
                target_fields[k] = cursor.field_of(info.more_targets[k - 1].name);
            return true;
        } else {
            const std::size_t count = cursor.fields().size();
            check_count(count);
            const std::size_t width = count - target_columns<kind>;
            info = S::info(width);
            for (std::size_t i = 0; i < width; ++i) fields.push_back(i);
            for (std::size_t k = 0; k < target_fields.size(); ++k) target_fields[k] = width + k;
            // A word label is no sign of a header.
            const bool is_header = options.header == csv_header::detect
                                       ? cursor.detect_names(has_word_labels ? width : count)
                                       : options.header == csv_header::present;
            if (is_header) cursor.take_names();
            cursor.names.resize(count);
            for (std::size_t i = 0; i < count; ++i) take_name(cursor.names[i], column(i));
            return is_header;
        }
    }

    void check_count(std::size_t count) const {
        constexpr std::size_t targets = target_columns<kind>;
        if (S::width == dynamic ? count > targets : count == S::width + targets) return;
        const std::string features =
            S::width == dynamic ? "1 or more feature columns" : counted(S::width, "feature column");
        cursor.fail_line({"expected ", features, (targets == 0 ? "" : " and "),
                          (targets == 0   ? std::string()
                           : targets == 1 ? std::string("a target")
                                          : counted(targets, "target")),
                          ", found ", counted(count, "column")});
    }

    column_info& column(std::size_t i) {
        const std::size_t width = info.columns.size();
        return i < width ? info.columns[i] : i == width ? info.target : info.more_targets[i - width - 1];
    }

    /// The header's name for a column, or the schema's where the header has none.
    static void take_name(std::string& in_file, column_info& column) {
        if (in_file.empty())
            in_file = column.name;
        else
            column.name = in_file;
    }

    /// Tables of levels: those of the schema, else those of options.like, else those that the rows will bring.
    void take_levels() {
        const schema_info& like = options.like;
        if (!like.columns.empty() && like.columns.size() != info.columns.size())
            cursor.fail({"csv_options::like has ", counted(like.columns.size(), "feature column"),
                         ", the schema has ", info.columns.size()});
        for (std::size_t i = 0; i < info.columns.size(); ++i) {
            if (info.columns[i].levels.empty() && !like.columns.empty())
                info.columns[i].levels = like.columns[i].levels;
            tables.emplace_back(info.columns[i].levels);
        }
        if (info.target.levels.empty()) info.target.levels = like.target.levels;
        tables.emplace_back(info.target.levels);
    }

    /// Whether what looks like a number is one, and not a token for a missing value, and a delimiter is met before what
    /// numbers are made of.
    bool has_plain_numbers() const noexcept {
        const char d = options.delimiter;
        for (const std::string& token : options.missing)
            if (!token.empty() && (is_digit(token[0]) || token[0] == '-' || token[0] == '.')) return false;
        return options.decimal == '.' && !is_digit(d) &&
               std::string_view(".-+eE").find(d) == std::string_view::npos;
    }

    /// Levels that were found get their final indices, and rows of x and y what those are now.
    template <class T>
    void settle_levels(matrix_view<T> x, std::span<target_value<kind>> y) {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (!info.columns[i].categorical || !tables[i].finds()) continue;
            auto found = tables[i].sorted();
            for (std::size_t r = 0; r < x.rows(); ++r)
                if (x(r, i) == x(r, i))
                    x(r, i) = static_cast<T>(found.final_index[static_cast<std::size_t>(x(r, i))]);
            info.columns[i].levels = std::move(found.levels);
        }
        if constexpr (has_word_labels) {
            if (!tables.back().finds()) return;
            auto found = tables.back().sorted();
            for (class_index& label : y) label = found.final_index[label];
            info.target.levels = std::move(found.levels);
        }
    }

    /// What becomes of each field of the file.
    void make_plan() {
        plan.clear();
        plan.resize(cursor.names.size());
        for (std::size_t i = 0; i < fields.size(); i += text_places<S>(i))
            plan[fields[i]] = {text_places<S>(i) > 1         ? csv_field_plan::use::text
                               : info.columns[i].categorical ? csv_field_plan::use::word
                                                             : csv_field_plan::use::number,
                               i};
        if constexpr (has_target)
            for (std::size_t k = 0; k < target_fields.size(); ++k)
                plan[target_fields[k]] = {has_word_labels ? csv_field_plan::use::target_word
                                                          : csv_field_plan::use::target_number,
                                          fields.size() + k};
    }
};

} // namespace tenon::detail
