#pragma once

// Text in the svmlight or libsvm format, "target index:value index:value … # comment" on each line, as a dense matrix.
//
//     auto [x, y] = tenon::read_svmlight("a9a.txt");

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/name_hint.hpp>
#include <tenon/format/file.hpp>
#include <tenon/format/number.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// How svmlight text becomes a matrix.
struct svmlight_options {
    std::size_t columns = 0;     ///< of the matrix, as a second file needs it; 0: the largest index there is
    std::size_t most_values = 0; ///< that the matrix may have; 0: 64 for each byte of the text, or 2^20
};

/// A row for each line, 0 where the line names no value, and the target of each row.
template <class T>
struct svmlight_data {
    matrix<T> x;
    std::vector<double> y;
};

namespace detail {

/// Goes through the text twice: to learn the size of the matrix, and to fill it.
template <class T>
class svmlight_reader {
public:
    svmlight_reader(std::string_view text, const svmlight_options& options, std::string_view file)
        : text_(text), options_(options), file_(file) {}

    svmlight_data<T> read() {
        svmlight_data<T> data;
        std::size_t rows = 0;
        each_row([&](double) { ++rows; }, [](std::size_t, T) {});
        const std::size_t columns = options_.columns != 0 ? options_.columns : largest_;
        check_size(rows, columns);
        data.x = matrix<T>(rows, columns);
        data.y.reserve(rows);
        each_row([&](double target) { data.y.push_back(target); },
                 [&](std::size_t index, T value) { data.x(data.y.size() - 1, index - 1) = value; });
        return data;
    }

private:
    [[noreturn]] void refuse(std::initializer_list<text_part> parts) const {
        fail<data_error>({file_, ", line ", line_, ": ", concat(parts)});
    }

    void check_size(std::size_t rows, std::size_t columns) const {
        if (rows == 0) fail<data_error>({file_, " has no rows"});
        if (columns == 0)
            fail<data_error>({file_, " has no values, so that the number of columns is not known"});
        const std::size_t fair =
            text_.size() < (std::size_t{1} << 14) ? std::size_t{1} << 20 : text_.size() * 64;
        const std::size_t most = options_.most_values != 0 ? options_.most_values : fair;
        if (columns > most / rows)
            fail<data_error>({file_, ": a matrix of ", rows, " rows and ", columns, " columns has more than ",
                              most, " values; svmlight_options::most_values allows for more"});
    }

    /// Calls row with the target of each line, then entry with each index and value of it.
    template <class Row, class Entry>
    void each_row(Row row, Entry entry) {
        line_ = 0;
        for (std::string_view rest = text_; !rest.empty();) {
            const std::size_t end = rest.find('\n');
            std::string_view line = rest.substr(0, end);
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
            ++line_;
            line = line.substr(0, line.find('#'));
            const std::string_view target = next_word(line);
            if (target.empty()) continue;
            row(number<double>(target, "a target"));
            std::size_t last = 0;
            for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
                const std::size_t index = take_index(word, last);
                entry(index, number<T>(word, "a value"));
            }
        }
    }

    /// The word at the front of line, which loses it; empty at the end.
    static std::string_view next_word(std::string_view& line) noexcept {
        const std::string_view blanks = " \t\r";
        const std::size_t begin = line.find_first_not_of(blanks);
        line.remove_prefix(begin == std::string_view::npos ? line.size() : begin);
        const std::string_view word = line.substr(0, line.find_first_of(blanks));
        line.remove_prefix(word.size());
        return word;
    }

    /// The index in front of the colon; word is then what follows it, and last the index.
    std::size_t take_index(std::string_view& word, std::size_t& last) {
        const std::size_t colon = word.find(':');
        if (colon == std::string_view::npos) refuse({"expected index:value, found ", in_quotes(word)});
        const std::string_view digits = word.substr(0, colon);
        if (digits == "qid") refuse({"query ids (qid:) cannot be read"});
        std::uint64_t index = 0;
        bool is_index = !digits.empty();
        for (const char c : digits) {
            is_index = is_index && is_digit(c) && index >> 32 == 0;
            if (is_index) index = index * 10 + static_cast<std::uint64_t>(c - '0');
        }
        if (!is_index || index == 0 || index >> 32 != 0)
            refuse({"expected an index, a whole number from 1 on, found ", in_quotes(digits)});
        if (index <= last)
            refuse({"the index ", index, " stands behind ", last, ", expected them to ascend"});
        if (options_.columns != 0 && index > options_.columns)
            refuse({"the index ", index, " is above the number of columns, ", options_.columns});
        last = static_cast<std::size_t>(index);
        largest_ = last > largest_ ? last : largest_;
        word.remove_prefix(colon + 1);
        return last;
    }

    template <class Number>
    Number number(std::string_view word, const char* what) const {
        Number value{};
        if (!parse_number(word, value))
            refuse({"expected ", what, ", a finite number, found ", in_quotes(word)});
        return value;
    }

    std::string_view text_;
    const svmlight_options& options_;
    std::string_view file_;
    std::size_t line_ = 0;
    std::size_t largest_ = 0;
};

} // namespace detail

/// The rows of svmlight text as a dense matrix of T (double or float) and their targets; `file_name` is for messages.
/// Indices begin with 1 and ascend within a line; what follows '#' is a comment, and lines without anything else are
/// passed over. Targets are numbers, -1 and 1 as well as others. Throws data_error, with the line, for anything else:
/// an index that is 0 or above options.columns, a query id, text that is no finite number; and for a matrix that would
/// have more than options.most_values values, as a sparse file easily does.
template <class T = double>
svmlight_data<T> parse_svmlight(std::string_view text, const svmlight_options& options = {},
                                std::string_view file_name = "text") {
    return detail::svmlight_reader<T>(text, options, file_name).read();
}

/// The rows of the file at path; as parse_svmlight. Throws data_error too where the file cannot be read.
template <class T = double>
svmlight_data<T> read_svmlight(const std::string& path, const svmlight_options& options = {}) {
    return parse_svmlight<T>(read_text(path), options, path);
}

} // namespace tenon
