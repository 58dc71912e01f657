#pragma once

// The records of a CSV file as rows: most of them quickly, one look at each character; what is out of the ordinary, and
// what is wrong, by the cursor.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/data/csv_columns.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/format/decimal.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// One file into one dataset of S.
template <Schema S>
class csv_reader {
    using T = typename S::scalar;
    using kind = typename S::kind;
    using use = csv_field_plan::use;
    using file_columns = csv_columns<S>;
    static constexpr bool has_target = file_columns::has_target;
    static constexpr bool has_word_labels = file_columns::has_word_labels;

public:
    csv_reader(std::string_view text, const csv_options& options, std::string_view file)
        : options_(options), cursor_(text, options, file), columns_{cursor_, options} {}

    csv_reader(const csv_reader&) = delete;
    csv_reader& operator=(const csv_reader&) = delete;

    /// All rows.
    dataset<S> read() {
        begin();
        take(std::numeric_limits<std::size_t>::max());
        if (rows_ == 0) cursor_.fail({"no row can be read; ", options_.skipped->front()});
        if constexpr (file_columns::finds_levels) sort_levels();
        return taken_rows();
    }

    /// Finds the columns; the first row is then at hand.
    void begin() {
        if (!cursor_.advance()) cursor_.fail({"the file is empty"});
        const bool has_header = columns_.take_header();
        if (has_header && !cursor_.advance()) cursor_.fail({"there are no rows behind the header"});
        columns_.take_levels();
        columns_.make_plan();
        // A delimiter that numbers are made of must be met before a number is read.
        is_plain_ = options_.decimal == '.' && !is_digit(options_.delimiter) &&
                    std::string_view(".-+eE").find(options_.delimiter) == std::string_view::npos;
        for (const std::string& token : options_.missing)
            if (!token.empty() && (is_digit(token[0]) || token[0] == '-' || token[0] == '.'))
                is_plain_ = false;
        is_at_hand_ = true;
        x_ = matrix<T>(0, columns_.fields.size());
    }

    /// Takes so many rows, or as many as there are.
    void take(std::size_t most) {
        most_ = most;
        left_before_ = cursor_.bytes_left();
        while (rows_ < most_) {
            if (!is_at_hand_ && take_plain_row()) continue;
            if (!is_at_hand_ && !cursor_.advance()) break;
            is_at_hand_ = false;
            take_or_skip_row();
        }
    }

    /// The rows taken so far, as a dataset; the next ones begin another.
    dataset<S> taken_rows() {
        x_.resize_rows(rows_);
        rows_ = 0;
        matrix<T> x = std::exchange(x_, matrix<T>(0, columns_.fields.size()));
        return dataset<S>(std::move(x), std::exchange(y_, {}), columns_.info);
    }

    /// Whether the file leaves no levels to be found.
    bool knows_levels() const noexcept {
        for (std::size_t i = 0; i < columns_.info.columns.size(); ++i)
            if (columns_.info.columns[i].categorical && columns_.tables[i].finds()) return false;
        return !has_word_labels || !columns_.tables.back().finds();
    }
    std::size_t bytes_left() const noexcept { return cursor_.bytes_left(); }
    const csv_cursor& cursor() const noexcept { return cursor_; }

private:
    /// Room for one more row and, once some are read, for all that the rest of the text will probably bring.
    void make_room() {
        if (rows_ < x_.rows() || rows_ == most_) return;
        const double left = static_cast<double>(cursor_.bytes_left());
        const double taken = static_cast<double>(left_before_) - left;
        const double guess = rows_ < 64 ? 64 : 1.02 * left * static_cast<double>(rows_) / (taken + 1) + 64;
        const auto more = static_cast<std::size_t>(guess);
        x_.resize_rows(rows_ + (more < most_ - rows_ ? more : most_ - rows_));
        if constexpr (has_target) y_.reserve(x_.rows());
    }

    /// Takes the next record by a quick way if it is made of plain numbers and words: one look at each character. False,
    /// and nothing is taken, where it is not, or at the end.
    bool take_plain_row() {
        if constexpr (std::is_same_v<T, double>) { // a float would be rounded twice
            if (!is_plain_) return false;
            make_room();
            double* const row = x_.row(rows_).data();
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
            if constexpr (has_target) y_.push_back(target);
            ++rows_;
            return true;
        } else
            return false;
    }

    const char* take_plain_field(use what, std::size_t place, const char* at, const char* end, double* row,
                                 target_value<kind>& target) {
        if constexpr (has_target && !is_classification<kind>)
            if (what == use::target_number) return read_decimal(at, end, target);
        if (what == use::target_number) return nullptr;
        const char* const behind = cursor_.end_of_plain(at);
        if (what == use::nothing || behind == nullptr) return behind;
        const std::string_view word(at, static_cast<std::size_t>(behind - at));
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

    void take_or_skip_row() {
#ifdef __cpp_exceptions
        if (options_.skipped != nullptr) {
            try {
                take_row();
            } catch (const data_error& wrong) {
                options_.skipped->push_back(wrong.what());
            }
            return;
        }
#endif
        take_row();
    }

    void take_row() {
        cursor_.check_width();
        make_room();
        // Words last: a row that is left out must not bring a level that no row has.
        for (std::size_t i = 0; i < columns_.fields.size(); ++i)
            if (!columns_.info.columns[i].categorical)
                x_(rows_, i) = cursor_.template number<T>(columns_.fields[i]);
        const target_value<kind> target = read_target();
        for (std::size_t i = 0; i < columns_.fields.size(); ++i) {
            if (!columns_.info.columns[i].categorical) continue;
            const std::uint32_t level =
                cursor_.level(columns_.fields[i], columns_.tables[i], columns_.info.columns[i]);
            x_(rows_, i) =
                level == level_table::unknown ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(level);
        }
        if constexpr (has_target) y_.push_back(target);
        ++rows_;
    }

    target_value<kind> read_target() {
        if constexpr (!has_target) {
            return {};
        } else if constexpr (has_word_labels) {
            const std::uint32_t level =
                cursor_.level(columns_.target_field, columns_.tables.back(), columns_.info.target);
            if (level == level_table::unknown)
                cursor_.fail_at(columns_.target_field, {"the target is missing"});
            return level;
        } else {
            const double value = cursor_.template number<double>(columns_.target_field);
            if (value != value) cursor_.fail_at(columns_.target_field, {"the target is missing"});
            if constexpr (is_classification<kind>) {
                constexpr auto count = static_cast<double>(outputs_of<kind>);
                if (!(value >= 0 && value < count) ||
                    value != static_cast<double>(static_cast<class_index>(value)))
                    cursor_.fail_at(columns_.target_field,
                                    {"expected a class from 0 to ", outputs_of<kind> - 1, ", found ",
                                     in_quotes(cursor_.fields()[columns_.target_field])});
                return static_cast<class_index>(value);
            } else
                return value;
        }
    }

    /// Levels that were found get their final indices.
    void sort_levels() {
        for (std::size_t i = 0; i < columns_.fields.size(); ++i) {
            if (!columns_.info.columns[i].categorical || !columns_.tables[i].finds()) continue;
            auto found = columns_.tables[i].sorted();
            for (std::size_t r = 0; r < rows_; ++r)
                if (x_(r, i) == x_(r, i))
                    x_(r, i) = static_cast<T>(found.final_index[static_cast<std::size_t>(x_(r, i))]);
            columns_.info.columns[i].levels = std::move(found.levels);
        }
        if constexpr (has_word_labels) {
            if (columns_.tables.back().finds()) {
                auto found = columns_.tables.back().sorted();
                for (class_index& y : y_) y = found.final_index[y];
                columns_.info.target.levels = std::move(found.levels);
            }
        }
    }

    const csv_options& options_;
    csv_cursor cursor_;
    file_columns columns_;
    bool is_plain_ = true;        ///< what looks like a number is one, not a token for a missing value
    bool is_at_hand_ = false;     ///< a record has been gone to and not taken yet
    std::size_t left_before_ = 0; ///< bytes that were left before the rows at hand
    std::size_t most_ = 0;        ///< rows wanted
    std::size_t rows_ = 0;
    matrix<T> x_;
    std::vector<target_value<kind>> y_;
};

} // namespace tenon::detail
