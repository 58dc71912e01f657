#pragma once

// Rows that come in chunks, pass after pass, for data larger than memory: what gives them, and what a fit sees of each pass.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tenon/core/error.hpp>
#include <tenon/core/random.hpp>
#include <tenon/core/row_blocks.hpp>
#include <tenon/core/text.hpp>
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

/// The rows of a source again and again: the same columns in every chunk, and as many rows in every pass.
template <ChunkSource C>
class chunk_passes {
public:
    chunk_passes(C& source, std::size_t chunk_rows) : source_(source), chunk_rows_(chunk_rows) {
        if (chunk_rows_ == 0) fail<data_error>({"fit_chunks: .rows must be 1 or more"});
    }

    /// One pass: look(chunk, first row) for each chunk.
    template <class Look>
    void run(Look&& look) {
        source_.rewind();
        std::size_t rows = 0;
        while (auto chunk = source_.next(chunk_rows_)) {
            if (is_first_ && !info_)
                info_ = chunk->info();
            else
                check_same_columns(*info_, chunk->info());
            look(*chunk, rows);
            rows += chunk->x().rows();
        }
        if (!is_first_ && rows != rows_)
            fail<data_error>({"fit_chunks: the source gave ", rows_, " rows at first, and now ", rows});
        rows_ = rows;
        is_first_ = false;
    }

    /// The first chunk once more.
    template <class Look>
    void look_at_first(Look&& look) {
        source_.rewind();
        if (auto chunk = source_.next(chunk_rows_)) look(*chunk);
    }

    std::size_t rows() const noexcept { return rows_; }
    const schema_info& info() const noexcept { return *info_; }
    bool is_first() const noexcept { return is_first_; }

private:
    C& source_;
    std::size_t chunk_rows_, rows_ = 0;
    bool is_first_ = true;
    std::optional<schema_info> info_;
};

/// Which rows only watch, where nobody knows how many there are: each by a draw of its own, so that the size of chunks does
/// not matter.
class row_draws {
public:
    row_draws() = default;
    row_draws(double share, std::uint64_t seed) : share_(share), seed_(seed) { check_validation(share); }

    bool are_all_to_train() const noexcept { return share_ == 0; }
    /// The places, among `count` rows from first_row on, of those that train or of those that watch.
    std::vector<std::size_t> rows(std::size_t first_row, std::size_t count, bool watching) const {
        philox random(seed_, stream);
        random.skip_to(2 * static_cast<std::uint64_t>(first_row)); // a draw takes two words
        std::vector<std::size_t> chosen;
        for (std::size_t r = 0; r < count; ++r)
            if ((random.uniform() < share_) == watching) chosen.push_back(r);
        return chosen;
    }

private:
    static constexpr std::uint64_t stream = 4;
    double share_ = 0;
    std::uint64_t seed_ = 0;
};

/// The rows that profiles are made of, picked out of chunks.
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

private:
    std::vector<std::size_t> wanted_;
    std::size_t found_ = 0;
    matrix<T> sample_;
};

/// A fitted pipeline of these stages, with the profiles of some rows in its record.
template <class P, class... F>
P with_profiles(std::tuple<F...>&& stages, training_record record,
                matrix_view<const typename P::schema_type::scalar> rows, bool profile) {
    std::vector<std::size_t> numbers(profile ? rows.rows() : 0);
    for (std::size_t r = 0; r < numbers.size(); ++r) numbers[r] = r;
    record.profiled_rows = numbers.size();
    for (std::size_t c = 0; c < record.schema.columns.size() && profile; ++c)
        record.columns.push_back(profile_column(rows.column(c), record.schema.columns[c], numbers));
    P fitted(std::move(stages), std::move(record));
    if constexpr (P::has_model)
        if (profile) profile_answers(fitted, rows, numbers);
    return fitted;
}

/// The passes of one fit_chunks.
template <class P, class C>
class chunk_fit {
    using S = typename P::schema_type;
    using T = typename S::scalar;
    using Y = target_value<typename S::kind>;

public:
    using target_type = Y;

    chunk_fit(C& source, const chunk_options& options, row_draws draws = {})
        : options_(options), draws_(draws), passes_(source, options.rows) {}

    /// A pass: each(chunk, first row) for each chunk. In the first one all rows are checked.
    template <class Each>
    void pass_chunks(Each&& each) {
        const bool is_first = passes_.is_first(),
                   samples = !is_first && options_.profile && !sample_.is_begun();
        if (samples) sample_.begin(passes_.rows(), passes_.info().columns.size());
        passes_.run([&](const auto& chunk, std::size_t first_row) {
            if (is_first) checks_.see(chunk);
            if (is_first && options_.fingerprint) {
                if (!fingerprint_) fingerprint_.emplace(chunk.info());
                fingerprint_->update(chunk);
            }
            if (samples) sample_.see(chunk.x(), first_row);
            each(chunk, first_row);
        });
        if (!is_first) return;
        if (checks_.rows() == 0) fail<data_error>({"fit_chunks: the source gives no rows"});
        checks_.end(passes_.info());
    }

    /// A pass over the rows that train, or those that watch: each(x, y, weights) for those of each chunk that has any.
    template <class Each>
    void pass_parts(bool watching, Each&& each) {
        pass_chunks(
            [&](const auto& chunk, std::size_t first_row) { give_part(chunk, first_row, watching, each); });
    }
    /// Those of the first chunk that train, behind the first pass.
    template <class Each>
    void first_part(Each&& each) {
        passes_.look_at_first([&](const auto& chunk) { give_part(chunk, 0, false, each); });
    }

    /// A pass over the rows that train: look(x, y, weights) for those of each chunk, and each(x, y, weights, first row) for
    /// blocks of them, whose sizes are those that folds over all rows take at once.
    template <class Look, class Each>
    void pass(Look&& look, Each&& each) {
        row_blocks<T, Y> blocks(block_rows);
        std::size_t rows = 0;
        auto block = [&](matrix_view<const T> x, vector_view<const Y> y, vector_view<const double> weights) {
            number_rows([&] { each(x, y, weights, rows); });
            rows += x.rows();
        };
        pass_parts(false,
                   [&](matrix_view<const T> x, vector_view<const Y> y, vector_view<const double> weights) {
                       look(x, y, weights);
                       blocks.add(x, y, weights, block);
                   });
        blocks.flush(block);
    }
    template <class Each>
    void pass(Each&& each) {
        pass([](auto&&...) {}, each);
    }

    /// The fitted pipeline with the record of the rows, which are read once more where there was one pass only.
    template <class... F>
    P with_record(std::tuple<F...>&& stages, std::uint64_t seed = 0) {
        if (options_.profile && !sample_.is_begun()) pass_chunks([](auto&&...) {});
        training_record record{.schema = info(), .rows = passes_.rows(), .seed = seed};
        if (fingerprint_) record.fingerprint = fingerprint_->hex();
        return with_profiles<P>(std::move(stages), std::move(record), sample_.view(), options_.profile);
    }

    const schema_info& info() const noexcept { return passes_.info(); }
    std::size_t rows() const noexcept { return passes_.rows(); }

    /// What tells this source, and how it is read, from others.
    std::string source_text() const {
        return concat({rows(), " in chunks of ", options_.rows, " ",
                       fingerprint_ ? fingerprint_fold(*fingerprint_).hex() : std::string()});
    }

private:
    template <Dataset D, class Each>
    void give_part(const D& chunk, std::size_t first_row, bool watching, Each&& each) const {
        if (draws_.are_all_to_train()) {
            if (!watching && chunk.x().rows() > 0) each(chunk.x(), chunk.y(), weights_of(chunk));
            return;
        }
        const dataset<S> part = select_rows(chunk, draws_.rows(first_row, chunk.x().rows(), watching));
        if (part.size() > 0) each(part.x(), part.y(), part.weights());
    }

    /// Where rows are held out, others have another number behind them.
    template <class Use>
    void number_rows(Use&& use) const {
#ifdef __cpp_exceptions
        try {
            use();
        } catch (const data_error& wrong) {
            if (draws_.are_all_to_train()) throw;
            fail<data_error>({wrong.what(), ", counted without the rows that .validation holds out"});
        }
#else
        use();
#endif
    }

    static constexpr std::size_t block_rows = 4096;

    chunk_options options_;
    row_draws draws_;
    chunk_passes<C> passes_;
    row_checks<P, S> checks_;
    std::optional<fingerprint_fold> fingerprint_;
    sampled_rows<T> sample_;
};

} // namespace detail

} // namespace tenon
