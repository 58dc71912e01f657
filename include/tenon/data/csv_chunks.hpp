#pragma once

// A CSV file in chunks, for files larger than memory: each chunk is a dataset, and what has been read is given back.
//
//     tenon::csv_chunks<house> file("houses.csv");
//     while (auto chunk = file.next(100'000)) fold.update(chunk->x());
//     auto model = tenon::fit_chunks(recipe, file); // of <tenon/train/fit_chunks.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <tenon/data/csv_options.hpp>
#include <tenon/data/csv_reader.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/format/mapped_file.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// The rows of a CSV file, so many at a time, read and checked as read_csv does. In memory are the chunk and a few pages of
/// the file, whatever its size.
template <Schema S>
class csv_chunks {
public:
    using schema_type = S;

    /// Reads the header. Throws data_error as read_csv does, and where levels would have to be found: that takes all rows.
    /// Name them in the schema, or give csv_options::like.
    explicit csv_chunks(const std::string& path, csv_options options = {})
        : options_(std::move(options)), path_(path), file_(path_), skipped_(options_.skipped) {
        if (skipped_ != nullptr) options_.skipped = &met_;
        begin();
        if (reader_->columns().finds())
            reader_->cursor().fail(
                {"levels can be found in a whole file only; name them in the schema, or in "
                 "csv_options::like"});
    }
    csv_chunks(const csv_chunks&) = delete;
    csv_chunks& operator=(const csv_chunks&) = delete;

    /// The next rows, `most` of them or what is left; nothing at the end. Throws data_error for a row that is wrong (or
    /// skips it, see csv_options::skipped).
    std::optional<dataset<S>> next(std::size_t most) {
        reader_->take(most);
        for (; listed_ < met_.size(); ++listed_) skipped_->push_back(met_[listed_]);
        dataset<S> rows = reader_->taken_rows();
        file_.release_all_but(reader_->cursor().bytes_left());
        if (rows.size() == 0) return std::nullopt;
        return rows;
    }

    /// Goes back to the first row. Rows that are skipped are listed once, however often they are met.
    void rewind() {
        met_.clear();
        begin();
    }

private:
    void begin() {
        reader_.emplace(file_.text(), options_, path_);
        reader_->begin();
    }

    csv_options options_;
    std::string path_;
    mapped_text file_;
    std::vector<std::string>* skipped_; ///< the user's list
    std::optional<detail::csv_reader<S>> reader_;
    std::vector<std::string> met_; ///< rows skipped since the file was begun
    std::size_t listed_ = 0;       ///< rows in the user's list, the first of those that can be met
};

} // namespace tenon
