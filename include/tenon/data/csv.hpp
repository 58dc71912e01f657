#pragma once

// CSV files into datasets: columns by name in any order, missing values, categories, and one clear error with file,
// line and column for what cannot be read.
//
//     auto data = tenon::read_csv<house>("houses.csv");

#include <string>
#include <string_view>
#include <tenon/data/csv_options.hpp>
#include <tenon/data/csv_reader.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/format/mapped_file.hpp>

namespace tenon::inline v0 {

/// The rows of CSV text as a dataset of S; `file_name` is for messages.
///
/// The text is RFC 4180 in UTF-8, with any delimiter and any line ends; blanks count except around numbers, and empty
/// lines are passed over. Lines are counted as an editor does, and a record is where it begins.
///  - A schema with names finds its columns in the header, in any order; columns it does not know are ignored.
///  - columns<W, kind> takes every column in order as a number and the last as the target: a number, a class from 0 to
///    K - 1 (classes<K>), or a word (classes<dynamic>); of reals<N> the last N. A header is optional and names the columns.
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
    return parse_csv<S>(mapped_text(path).text(), options, path);
}

} // namespace tenon
