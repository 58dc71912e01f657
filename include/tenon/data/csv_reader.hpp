#pragma once

// A CSV file from its header to its last row: where the columns are, and room for the rows as they come.

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tenon/data/csv_columns.hpp>
#include <tenon/data/csv_rows.hpp>
#include <tenon/data/dataset.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// One file into one dataset of S, or into one after another.
template <Schema S>
class csv_reader {
    using T = typename S::scalar;
    using target = target_value<typename S::kind>;

public:
    /// Borrows all of it.
    csv_reader(std::string_view text, const csv_options& options, std::string_view file)
        : options_(options), cursor_(text, options, file), columns_{cursor_, options} {}

    csv_reader(const csv_reader&) = delete;
    csv_reader& operator=(const csv_reader&) = delete;

    /// All rows.
    dataset<S> read() {
        begin();
        take(std::numeric_limits<std::size_t>::max());
        return finish(std::move(x_), std::move(y_));
    }

    /// Finds the columns; the cursor is then before the first row.
    void begin() {
        if (!cursor_.advance()) cursor_.fail({"the file is empty"});
        const bool has_header = columns_.take_header();
        if (has_header && !cursor_.advance()) cursor_.fail({"there are no rows behind the header"});
        cursor_.text().go_back();
        columns_.take_levels();
        columns_.make_plan();
        skipped_before_ = options_.skipped == nullptr ? 0 : options_.skipped->size();
        x_ = matrix<T>(0, columns_.fields.size());
    }

    /// Takes so many rows, or as many as there are.
    void take(std::size_t most) {
        csv_rows<S> rows(cursor_, columns_, options_.skipped);
        const std::size_t left_before = cursor_.bytes_left();
        for (bool is_end = false; !is_end && rows_ < most && cursor_.bytes_left() > 0;) {
            make_room(most, left_before);
            const std::size_t room = (x_.rows() < most ? x_.rows() : most) - rows_;
            const std::size_t taken = rows.take(x_.view().middle_rows(rows_, room), y_);
            rows_ += taken;
            is_end = taken < room;
        }
        x_.resize_rows_unset(rows_);
    }

    /// The rows taken so far, as a dataset; the next ones begin another.
    dataset<S> taken_rows() {
        rows_ = 0;
        matrix<T> x = std::exchange(x_, matrix<T>(0, columns_.fields.size()));
        return dataset<S>(std::move(x), std::exchange(y_, {}), columns_.info);
    }

    /// All rows of the file as a dataset, levels that were found in their order.
    dataset<S> finish(matrix<T> x, std::vector<target> y) {
        if (x.rows() == 0) cursor_.fail({"no row can be read; ", (*options_.skipped)[skipped_before_]});
        if constexpr (csv_columns<S>::finds_levels) columns_.settle_levels(x.view(), std::span<target>(y));
        return dataset<S>(std::move(x), std::move(y), std::move(columns_.info));
    }

    csv_cursor& cursor() noexcept { return cursor_; }
    csv_columns<S>& columns() noexcept { return columns_; }

private:
    /// Room for a few rows and, once these are read, for all that the rest of the text will probably bring.
    void make_room(std::size_t most, std::size_t left_before) {
        const auto left = static_cast<double>(cursor_.bytes_left());
        const double taken = static_cast<double>(left_before) - left;
        const double guess = rows_ < 64 ? 64 : 1.02 * left * static_cast<double>(rows_) / (taken + 1) + 64;
        const auto more = static_cast<std::size_t>(guess);
        x_.resize_rows_unset(rows_ + (more < most - rows_ ? more : most - rows_));
        if constexpr (csv_columns<S>::has_target) y_.reserve(x_.rows());
    }

    const csv_options& options_;
    csv_cursor cursor_;
    csv_columns<S> columns_;
    std::size_t skipped_before_ = 0; ///< rows of other files, in the user's list
    std::size_t rows_ = 0;
    matrix<T> x_;
    std::vector<target> y_;
};

} // namespace tenon::detail
