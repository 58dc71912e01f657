#pragma once

// CSV files read by several threads at once, each a piece of the file, to the same dataset. In no umbrella, since it
// includes <thread>: include it by name.
//
//     auto data = tenon::read_csv<house>("houses.csv", tenon::threads{2});

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <tenon/core/threads.hpp>
#include <tenon/data/csv.hpp>
#include <tenon/data/csv_marks.hpp>
#include <tenon/data/csv_reader.hpp>
#include <tenon/format/mapped_file.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// A piece of a file, from the beginning of a row to that of another.
struct csv_piece {
    std::string_view text;
    std::size_t line = 0;  ///< of the file, in which it begins
    std::size_t lines = 0; ///< in it; the last may end with the file
    std::size_t first = 0; ///< row of the whole that it may begin with
    std::size_t room = 0;  ///< rows that it may have
};

/// Into how many pieces a text is cut: several a thread, so that none waits long for the last, but no small ones.
constexpr std::size_t csv_pieces(std::size_t bytes, std::size_t threads) noexcept {
    constexpr std::size_t small = std::size_t{1} << 18, each = 8;
    const std::size_t many = bytes / small < each * threads ? bytes / small : each * threads;
    return many < threads ? threads : many;
}

/// Text that begins with a row in `line`, in pieces of about one size. Some may be empty.
template <class Lazy = void>
std::vector<csv_piece> cut_csv(std::string_view text, std::size_t line, char quote, threads at_once) {
    const std::size_t count = csv_pieces(text.size(), at_once.number());
    std::vector<std::size_t> cuts(count + 1, text.size());
    for (std::size_t i = 0; i < count; ++i) cuts[i] = text.size() / count * i;
    std::vector<csv_marks> marks(count);
    auto count_piece = [&](std::size_t i) noexcept {
        marks[i] = count_marks(text.substr(cuts[i]), cuts[i + 1] - cuts[i], quote);
    };
    run_in_threads(at_once, count, count_piece);

    std::vector<csv_piece> pieces(count);
    csv_marks before;
    std::size_t begin = 0, lines_before = 0;
    for (std::size_t i = 0; i < count; ++i) {
        // A cut lies within quotes or not; rows begin behind the first line end that does not.
        before.lines += marks[i].lines;
        before.quotes += marks[i].quotes;
        std::size_t lines = before.lines, end = cuts[i + 1];
        bool is_quoted = quote != '\0' && before.quotes % 2 == 1, is_row_end = false;
        for (; end < text.size() && !is_row_end; ++end) {
            if (quote != '\0' && text[end] == quote) is_quoted = !is_quoted;
            if (!ends_line(text.data() + end, text.data() + text.size())) continue;
            ++lines;
            is_row_end = !is_quoted;
        }
        const bool is_open = end > begin && !ends_line(text.data() + end - 1, text.data() + text.size());
        pieces[i] = {text.substr(begin, end - begin), line + lines_before,
                     lines - lines_before + (is_open ? 1 : 0), 0, 0};
        begin = end;
        lines_before = lines;
    }
    return pieces;
}

/// What one thread does at a time: a piece, with levels and errors of its own.
template <Schema S>
struct csv_part {
    csv_part(csv_cursor& whole, const csv_columns<S>& all, const csv_piece& piece)
        : cursor(whole), columns(all.with(cursor)) {
        cursor.text().go_to(piece.text, piece.line);
    }
    csv_part(const csv_part&) = delete;
    csv_part& operator=(const csv_part&) = delete;

    csv_cursor cursor;
    csv_columns<S> columns;
    std::vector<std::string> skipped;
    std::vector<target_value<typename S::kind>> targets;
    std::size_t rows = 0; ///< that it has
};

/// What a part calls its words by becomes what `all` does.
inline std::vector<std::uint32_t> places_in(level_table& all, const level_table& part) {
    std::vector<std::uint32_t> places;
    for (const std::string& word : part.words()) places.push_back(all.index(word));
    return places;
}

/// Gives the rows of a part the level indices of the whole.
template <Schema S>
void join_levels(csv_columns<S>& all, csv_part<S>& part, matrix_view<typename S::scalar> x) {
    for (std::size_t c = 0; c < x.columns(); ++c) {
        if (!all.info.columns[c].categorical || !all.tables[c].finds()) continue;
        const std::vector<std::uint32_t> places = places_in(all.tables[c], part.columns.tables[c]);
        for (std::size_t r = 0; r < x.rows(); ++r)
            if (x(r, c) == x(r, c)) // a missing one stays
                x(r, c) = static_cast<typename S::scalar>(places[static_cast<std::size_t>(x(r, c))]);
    }
    if constexpr (csv_columns<S>::has_word_labels) {
        if (!all.tables.back().finds()) return;
        const std::vector<std::uint32_t> places = places_in(all.tables.back(), part.columns.tables.back());
        for (class_index& label : part.targets) label = places[label];
    }
}

/// Room for the rows of each piece: as many as it has lines, if its bytes are enough for so many.
inline std::size_t make_room(std::vector<csv_piece>& pieces, std::size_t columns) {
    std::size_t rows = 0;
    for (csv_piece& piece : pieces) {
        const std::size_t most = piece.text.size() / columns + 1;
        piece.first = rows;
        piece.room = piece.lines < most ? piece.lines : most;
        rows += piece.room;
    }
    return rows;
}

} // namespace detail

/// As parse_csv without threads{…}, and the same dataset, error or list of skipped rows to the last bit, for any number of
/// threads. Each reads the next piece of the text when it is free; two passes are made, the first for lines and quotes.
template <Schema S>
dataset<S> parse_csv(std::string_view text, threads at_once, const csv_options& options = {},
                     std::string_view file_name = "text") {
    using T = typename S::scalar;
    detail::csv_reader<S> reader(text, options, file_name);
    reader.begin();
    csv_text& rest = reader.cursor().text();
    std::vector<detail::csv_piece> pieces =
        detail::cut_csv(rest.left(), rest.next_line(), options.quote, at_once);
    matrix<T> x(0, reader.columns().fields.size());
    x.resize_rows_unset(detail::make_room(pieces, reader.cursor().names.size()));

    // Made by the thread that reads it: side by side in memory, threads would wait for each other at every field.
    std::vector<std::unique_ptr<detail::csv_part<S>>> parts(pieces.size());
    std::vector<target_value<typename S::kind>> y;
    std::size_t rows = 0;
    const auto take = [&](std::size_t i) {
        const detail::csv_piece& piece = pieces[i];
        parts[i] = std::make_unique<detail::csv_part<S>>(reader.cursor(), reader.columns(), piece);
        detail::csv_part<S>& part = *parts[i];
        if constexpr (detail::csv_columns<S>::has_target) part.targets.reserve(piece.room);
        detail::csv_rows<S> reading(part.cursor, part.columns,
                                    options.skipped == nullptr ? nullptr : &part.skipped);
        part.rows = reading.take(x.view().middle_rows(piece.first, piece.room), part.targets);
    };
    const auto join = [&](std::size_t i) {
        if (parts[i] == nullptr) return; // there was no memory for it
        detail::csv_part<S>& part = *parts[i];
        for (std::string& wrong : part.skipped) options.skipped->push_back(std::move(wrong));
        // Fewer rows than lines: those of the next parts move up.
        if (pieces[i].first != rows && part.rows > 0)
            std::memmove(x.row(rows).data(), x.row(pieces[i].first).data(),
                         part.rows * x.columns() * sizeof(T));
        detail::join_levels(reader.columns(), part, x.view().middle_rows(rows, part.rows));
        if (y.empty())
            y = std::move(part.targets);
        else
            y.insert(y.end(), part.targets.begin(), part.targets.end());
        rows += part.rows;
    };
    detail::run_in_order(at_once, parts.size(), take, join);
    x.resize_rows_unset(rows);
    return reader.finish(std::move(x), std::move(y));
}

/// As read_csv without threads{…}, and the same dataset, error or list of skipped rows to the last bit, for any number of
/// threads.
template <Schema S>
dataset<S> read_csv(const std::string& path, threads at_once, const csv_options& options = {}) {
    return parse_csv<S>(mapped_text(path).text(), at_once, options, path);
}

} // namespace tenon
