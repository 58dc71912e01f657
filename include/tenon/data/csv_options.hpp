#pragma once

// How a CSV file is read.

#include <string>
#include <tenon/core/record.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Whether the first line of a file names its columns. Only columns<…>, which have no names, can do without.
enum class csv_header {
    detect, ///< it does where its fields are words, and does not where they are numbers; a mixture is an error
    present, ///< it does
    absent,  ///< it is the first row
};

/// How read_csv reads.
struct csv_options {
    char delimiter = ',';
    char decimal = '.';                            ///< or ',', where numbers are written 1,5
    char quote = '"';                              ///< '\0': none, every character stands for itself
    std::vector<std::string> missing = {"", "NA"}; ///< fields that stand for a missing value, quoted or not
    csv_header header = csv_header::detect;        ///< matters for columns<…> only
    /// `training.info()` of the data a model was trained on: where the schema leaves levels or classes open, they
    /// are those of that data, in that order, instead of those of the file.
    schema_info like = {};
    /// Where the rows that cannot be read go, an error for each; the others are the data. Null: the first such row is an
    /// error. A quote that is wrong is one either way: nobody knows where its row ends.
    std::vector<std::string>* skipped = nullptr;
};

} // namespace tenon
