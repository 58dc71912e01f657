#pragma once

// Rows that come in chunks, pass after pass, for data larger than memory: what gives them, and what a fit sees of each pass.

#include <cstddef>
#include <optional>
#include <tenon/core/row_blocks.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/fingerprint.hpp>
#include <tenon/data/profile.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/training_data.hpp>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// What gives rows in chunks, as csv_chunks does: next(most) the next rows as a Dataset, `most` of them at most, or
/// nothing at the end (a std::optional, or a pointer); rewind() goes back to the first row, and the same rows come again.
template <class C>
concept ChunkSource = requires(C& source, std::size_t most) {
    requires Schema<typename C::schema_type>;
    source.rewind();
    requires Dataset<std::remove_cvref_t<decltype(*source.next(most))>>;
    static_cast<bool>(source.next(most));
};

/// How fit_chunks reads, and what it does besides fitting.
struct chunk_options {
    std::size_t rows = 65536; ///< of a chunk, at most
    bool profile = true;      ///< keep the reference distributions that drift monitoring needs
    bool fingerprint = true;  ///< hash the rows for the artifact
};

namespace detail {

/// The rows of a source in blocks whose sizes are those that folds over all rows take at once.
template <ChunkSource C>
class block_passes {
    using S = typename C::schema_type;
    using T = typename S::scalar;
    using Y = target_value<typename S::kind>;

public:
    block_passes(C& source, std::size_t chunk_rows) : source_(source), chunk_rows_(chunk_rows) {
        if (chunk_rows_ == 0) fail<data_error>({"fit_chunks: .rows must be 1 or more"});
    }

    /// One pass: look(chunk) for each chunk, then take(x, y, weights, first row) for each block of rows.
    template <class Look, class Take>
    void run(Look&& look, Take&& take) {
        source_.rewind();
        row_blocks<T, Y> blocks(block_rows);
        std::size_t rows = 0;
        auto block = [&](matrix_view<const T> x, vector_view<const Y> y, vector_view<const double> weights) {
            take(x, y, weights, rows);
            rows += x.rows();
        };
        while (auto chunk = source_.next(chunk_rows_)) {
            if (is_first_ && !info_)
                info_ = chunk->info();
            else
                check_same_columns(*info_, chunk->info());
            look(*chunk);
            blocks.add(chunk->x(), chunk->y(), weights_of(*chunk), block);
        }
        blocks.flush(block);
        if (!is_first_ && rows != rows_)
            fail<data_error>({"fit_chunks: the source gave ", rows_, " rows at first, and now ", rows});
        rows_ = rows;
        is_first_ = false;
    }

    std::size_t rows() const noexcept { return rows_; }
    const schema_info& info() const noexcept { return *info_; }
    bool is_first() const noexcept { return is_first_; }

private:
    static constexpr std::size_t block_rows = 4096;

    C& source_;
    std::size_t chunk_rows_, rows_ = 0;
    bool is_first_ = true;
    std::optional<schema_info> info_;
};

/// The rows that profiles are made of, picked out of blocks.
template <class T>
class sampled_rows {
public:
    /// Begins; the rows are those that fit would take.
    void begin(std::size_t rows, std::size_t columns) {
        wanted_ = profiled_rows(rows);
        sample_ = matrix<T>(wanted_.size(), columns);
    }
    void see(matrix_view<const T> x, std::size_t first_row) {
        for (; found_ < wanted_.size() && wanted_[found_] < first_row + x.rows(); ++found_)
            for (std::size_t c = 0; c < x.columns(); ++c)
                sample_(found_, c) = x(wanted_[found_] - first_row, c);
    }
    bool is_begun() const noexcept { return !wanted_.empty(); }
    matrix_view<const T> view() const noexcept { return sample_.view(); }
    std::vector<std::size_t> numbers() const {
        std::vector<std::size_t> all(wanted_.size());
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
        return all;
    }

private:
    std::vector<std::size_t> wanted_;
    std::size_t found_ = 0;
    matrix<T> sample_;
};

/// The passes of one fit_chunks.
template <class P, class C>
class chunk_fit {
    using S = typename P::schema_type;
    using T = typename S::scalar;
    using Y = target_value<typename S::kind>;

public:
    chunk_fit(C& source, const chunk_options& options) : options_(options), passes_(source, options.rows) {}

    /// A pass: each(x, y, weights, first row) for each block. In the first one all rows are checked.
    template <class Each>
    void pass(Each&& each) {
        const bool is_first = passes_.is_first(),
                   samples = !is_first && options_.profile && !sample_.is_begun();
        if (samples) sample_.begin(passes_.rows(), passes_.info().columns.size());
        auto look = [&](const auto& chunk) {
            if (!is_first) return;
            checks_.see(chunk);
            if (!options_.fingerprint) return;
            if (!fingerprint_) fingerprint_.emplace(chunk.info());
            fingerprint_->update(chunk);
        };
        passes_.run(look, [&](matrix_view<const T> x, vector_view<const Y> y,
                              vector_view<const double> weights, std::size_t first_row) {
            if (samples) sample_.see(x, first_row);
            each(x, y, weights, first_row);
        });
        if (!is_first) return;
        if (checks_.rows() == 0) fail<data_error>({"fit_chunks: the source gives no rows"});
        checks_.end(passes_.info());
    }

    /// The fitted pipeline with the record of the rows, which are read once more where there was one pass only.
    template <class... F>
    P with_record(std::tuple<F...>&& stages) {
        if (options_.profile && !sample_.is_begun()) pass([](auto&&...) {});
        const std::vector<std::size_t> sampled = sample_.numbers();
        training_record record;
        record.schema = info();
        record.rows = passes_.rows();
        record.profiled_rows = sampled.size();
        if (fingerprint_) record.fingerprint = fingerprint_->hex();
        for (std::size_t c = 0; c < record.schema.columns.size() && options_.profile; ++c)
            record.columns.push_back(
                profile_column(sample_.view().column(c), record.schema.columns[c], sampled));
        P fitted(std::move(stages), record);
        if constexpr (P::has_model) {
            if (options_.profile) {
                record.prediction = profile_answers(fitted, sample_.view(), sampled);
                fitted.set_record(std::move(record));
            }
        }
        return fitted;
    }

    const schema_info& info() const noexcept { return passes_.info(); }

private:
    chunk_options options_;
    block_passes<C> passes_;
    row_checks<P, S> checks_;
    std::optional<fingerprint_fold> fingerprint_;
    sampled_rows<T> sample_;
};

} // namespace detail

} // namespace tenon
