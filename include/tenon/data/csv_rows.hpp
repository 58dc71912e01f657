#pragma once

// The records of CSV text as rows of a matrix: most of them quickly, one look at each character; what is out of the
// ordinary, and what is wrong, by the cursor.

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/matrix.hpp>
#include <tenon/core/word_counts.hpp>
#include <tenon/data/csv_columns.hpp>
#include <tenon/format/decimal.hpp>
#include <vector>

namespace tenon::inline v0::detail {

/// Reads rows of S, whose columns are known, from where the cursor is.
template <Schema S>
class csv_rows {
    using T = typename S::scalar;
    using kind = typename S::kind;
    using use = csv_field_plan::use;
    using file_columns = csv_columns<S>;
    static constexpr bool has_target = file_columns::has_target;
    static constexpr bool has_word_labels = file_columns::has_word_labels;

public:
    /// Borrows all of it. Rows that cannot be read go to `skipped`, unless it is null.
    csv_rows(csv_cursor& cursor, file_columns& columns, std::vector<std::string>* skipped)
        : cursor_(cursor), columns_(columns), skipped_(skipped), is_plain_(columns.has_plain_numbers()) {}

    /// Fills x from its first row on; fewer rows than it has only at the end of the text. Their targets are appended.
    std::size_t take(matrix_view<T> x, std::vector<target_value<kind>>& targets) {
        std::size_t rows = 0;
        while (rows < x.rows()) {
            T* const row = x.row(rows).data();
            if (take_plain_row(row, targets)) {
                ++rows;
                continue;
            }
            if (!cursor_.advance()) break;
            if (take_or_skip_row(row, targets)) ++rows;
        }
        return rows;
    }

private:
    /// Takes the next record by a quick way if it is made of plain numbers and words: one look at each character. False,
    /// and nothing is taken, where it is not, or at the end.
    bool take_plain_row(T* row, std::vector<target_value<kind>>& targets) {
        if constexpr (std::is_same_v<T, double>) { // a float would be rounded twice
            if (!is_plain_) return false;
            target_value<kind> target{};
            const bool taken = cursor_.advance_by([&](std::size_t i, const char* at, const char* end) {
                const auto [what, place] = columns_.plan[i];
                if (what == use::number) {
                    const char* const behind = read_decimal(at, end, row[place]);
                    return behind != nullptr ? behind : take_plain_missing(at, row[place]);
                }
                return take_plain_field(what, place, at, end, row, target);
            });
            if (!taken) return false;
            if constexpr (has_target) targets.push_back(target);
            return true;
        } else
            return false;
    }

    const char* take_plain_field(use what, std::size_t place, const char* at, const char* end, double* row,
                                 target_value<kind>& target) {
        if constexpr (is_several_numbers<kind>) {
            if (what == use::target_number)
                return read_decimal(at, end, target[place - columns_.fields.size()]);
        } else if constexpr (has_target && !is_classification<kind>)
            if (what == use::target_number) return read_decimal(at, end, target);
        if (what == use::target_number) return nullptr;
        const char* const behind = cursor_.end_of_plain(at);
        if (what == use::nothing || behind == nullptr) return behind;
        const std::string_view word(at, static_cast<std::size_t>(behind - at));
        if constexpr (has_texts<S>)
            if (what == use::text) {
                take_text(word, place, row);
                return behind;
            }
        const bool is_missing = cursor_.is_missing(word);
        if (what == use::word && is_missing) {
            row[place] = std::numeric_limits<double>::quiet_NaN();
            return behind;
        }
        const std::uint32_t level = is_missing ? level_table::unknown : columns_.tables[place].find(word);
        if (level == level_table::unknown) return nullptr;
        if (what == use::word) row[place] = level;
        if constexpr (has_word_labels)
            if (what == use::target_word) target = level;
        return behind;
    }

    const char* take_plain_missing(const char* at, double& value) const {
        const char* const behind = cursor_.end_of_plain(at);
        if (behind == nullptr || !cursor_.is_missing({at, static_cast<std::size_t>(behind - at)}))
            return nullptr;
        value = std::numeric_limits<double>::quiet_NaN();
        return behind;
    }

    /// Counts a text's words into its places of the row; a missing one has none.
    void take_text(std::string_view text, std::size_t place, T* row) const {
        const std::span<T> counts(row + place, text_places<S>(place));
        count_words(cursor_.is_missing(text) ? std::string_view() : text, counts);
    }

    bool take_or_skip_row(T* row, std::vector<target_value<kind>>& targets) {
#ifdef __cpp_exceptions
        if (skipped_ != nullptr) {
            try {
                take_row(row, targets);
            } catch (const data_error& wrong) {
                skipped_->push_back(wrong.what());
                return false;
            }
            return true;
        }
#endif
        take_row(row, targets);
        return true;
    }

    void take_row(T* row, std::vector<target_value<kind>>& targets) {
        cursor_.check_width();
        // Words last: a row that is left out must not bring a level that no row has.
        for (std::size_t i = 0; i < columns_.fields.size(); i += text_places<S>(i))
            if (!columns_.info.columns[i].categorical && text_places<S>(i) == 1)
                row[i] = cursor_.template number<T>(columns_.fields[i]);
        const target_value<kind> target = read_target();
        for (std::size_t i = 0; i < columns_.fields.size(); ++i) {
            if (!columns_.info.columns[i].categorical) continue;
            const std::uint32_t level =
                cursor_.level(columns_.fields[i], columns_.tables[i], columns_.info.columns[i]);
            row[i] =
                level == level_table::unknown ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(level);
        }
        if constexpr (has_texts<S>)
            for (const field_places& field : schema_fields<S>)
                if (field.is_text())
                    take_text(cursor_.fields()[columns_.fields[field.first]], field.first, row);
        if constexpr (has_target) targets.push_back(target);
    }

    target_value<kind> read_target() {
        if constexpr (!has_target) {
            return {};
        } else if constexpr (is_several_numbers<kind>) {
            target_value<kind> target{};
            for (std::size_t k = 0; k < target.size(); ++k) {
                const std::size_t field = columns_.target_fields[k];
                target[k] = cursor_.template number<double>(field);
                if (target[k] != target[k]) cursor_.fail_at(field, {"the target is missing"});
            }
            return target;
        } else if constexpr (has_word_labels) {
            const std::uint32_t level =
                cursor_.level(columns_.target_fields[0], columns_.tables.back(), columns_.info.target);
            if (level == level_table::unknown)
                cursor_.fail_at(columns_.target_fields[0], {"the target is missing"});
            return level;
        } else {
            const double value = cursor_.template number<double>(columns_.target_fields[0]);
            if (value != value) cursor_.fail_at(columns_.target_fields[0], {"the target is missing"});
            if constexpr (is_classification<kind>) {
                constexpr auto count = static_cast<double>(outputs_of<kind>);
                if (!(value >= 0 && value < count) ||
                    value != static_cast<double>(static_cast<class_index>(value)))
                    cursor_.fail_at(columns_.target_fields[0],
                                    {"expected a class from 0 to ", outputs_of<kind> - 1, ", found ",
                                     in_quotes(cursor_.fields()[columns_.target_fields[0]])});
                return static_cast<class_index>(value);
            } else
                return value;
        }
    }

    csv_cursor& cursor_;
    file_columns& columns_;
    std::vector<std::string>* skipped_;
    bool is_plain_; ///< what looks like a number is one, and not a token for a missing value
};

} // namespace tenon::detail
