#pragma once

// By what a checkpoint recognises the run that it belongs to: options, rows, start, and how loss, optimizer and penalty
// behave. Behaviour, because nothing is known of a user's optimizer but what it does: a trial of some epochs on a few rows
// tells it from others, and is undone. Part of train/checkpoint.hpp.

#include <cstddef>
#include <cstdint>
#include <string>
#include <tenon/core/error.hpp>
#include <tenon/core/version.hpp>
#include <tenon/data/fingerprint.hpp>
#include <tenon/train/checkpoint_fields.hpp>
#include <vector>

namespace tenon::inline v0::detail {

/// A hash of numbers in order.
template <class Lazy = void>
class run_hash {
public:
    void add(double value) {
        mixer_.add(value);
        if (++count_ % 4096 == 0) mixer_.flush(hash_);
    }
    /// Value i of some numbers, from their beginning.
    void add(const run_values& values, std::ptrdiff_t i) {
        if (values.kind == 'F' && values.width == 8)
            add(static_cast<const double*>(values.data)[i]);
        else if (values.kind == 'F')
            add(static_cast<double>(static_cast<const float*>(values.data)[i]));
        else
            add(static_cast<double>(static_cast<const std::uint32_t*>(values.data)[i]));
    }
    void add(const run_values& values) {
        add(static_cast<double>(values.count));
        for (std::size_t i = 0; i < values.count; ++i) add(values, static_cast<std::ptrdiff_t>(i));
    }
    void add(const seen_rows& seen) {
        for (std::size_t r = 0; r < seen.rows; ++r)
            for (std::size_t c = 0; c < seen.columns; ++c)
                add(seen.x, static_cast<std::ptrdiff_t>(r) * seen.row_stride +
                                static_cast<std::ptrdiff_t>(c) * seen.column_stride);
        add(seen.y);
        add(seen.weights);
    }
    std::string hex() {
        mixer_.flush(hash_);
        return hash_.hex();
    }

private:
    sha256 hash_;
    fingerprint_mixer mixer_;
    std::size_t count_ = 0;
};

/// Hashes parameters and constants, and counts parameters.
template <class Lazy = void>
class hashed_model final : public run_visitor {
public:
    explicit hashed_model(training_session& session) { session.visit_fields(*this); }
    void values(const run_values& seen) override {
        if (seen.name != "parameters" && seen.name != "constants") return;
        hash.add(seen);
        if (seen.name == "parameters" && parameters == 0) parameters = seen.count;
    }
    void unnamed(std::string_view) override {}
    run_hash<> hash;
    std::size_t parameters = 0;
};

/// How the run goes in a few epochs on a few rows, and how many values its fields have then.
template <class Lazy = void>
class trial {
public:
    trial(training_session& session, std::size_t parameters) {
        constexpr std::size_t rows = 16, work = 100'000'000;
        const std::size_t wanted = work / (rows * (parameters + 1));
        const std::size_t epochs = wanted > 64 ? 64 : wanted < 4 ? 4 : wanted;
        kept_fields<> before(session);
        run_hash<> hash;
        for (std::size_t epoch = 0; epoch < epochs; ++epoch)
            if (!step(session, hash, rows)) break;
        hash.add(static_cast<double>(parameters));
        const hashed_model<> after(session);
        counts = field_counts<>(session).counts;
        run_hash<> model = after.hash;
        digest = concat({hash.hex().substr(0, 32), model.hex().substr(0, 32)});
        before.put_back();
    }
    std::string digest;
    std::vector<std::size_t> counts;

private:
    /// False where it diverges, as the whole run need not.
    static bool step(training_session& session, run_hash<>& hash, std::size_t rows) {
        hash.add(session.rate());
#ifdef __cpp_exceptions
        try {
            hash.add(session.try_epoch(rows));
        } catch (const fit_error&) {
            return false;
        }
#else
        hash.add(session.try_epoch(rows));
#endif
        return true;
    }
};

/// The first of two names and values in turn.
template <class Lazy = void>
std::vector<std::string> traits_of(training_session& session, std::vector<std::size_t>& counts) {
    std::vector<std::string> all;
    const auto add = [&](const char* name, text_part value) {
        all.emplace_back(name);
        all.push_back(concat({value}));
    };
    const run_origin& origin = session.origin;
    const minimize_options& options = *origin.options;
    hashed_model<> model(session);
    add("the version of tenon", concat({version_major, ".", version_minor, ".", version_patch}));
    add("the model", concat({origin.model, origin.signature == nullptr ? "" : " ",
                             origin.signature == nullptr ? std::string() : origin.signature()}));
    add("the number of parameters", model.parameters);
    add("the number of columns", origin.training.columns);
    add("the number of rows to train on", origin.training.rows);
    add("the number of rows to watch", origin.watching.rows);
    add(".batch_size", options.batch_size);
    add(".seed", options.seed);
    add(".validation", options.validation);
    add(".patience", options.patience);
    add(".scale_target", options.scale_target ? "true" : "false");
    std::string names;
    for (const std::string& name : options.frozen) append(names, {names.empty() ? "" : ", ", name});
    add(".frozen", names);
    add("the metric", session.now.metric_name);
    run_hash<> rows, loss;
    rows.add(origin.training);
    rows.add(origin.watching);
    rows.add(origin.shift);
    rows.add(origin.scale);
    add("the rows", rows.hex());
    add("the initial parameters", model.hash.hex());
    loss.add(session.first_loss(1000));
    add("the Loss or its numbers", loss.hex());
    const trial<> tried(session, model.parameters);
    counts = tried.counts;
    add("the Optimizer, the Penalty or their numbers", tried.digest);
    return all;
}

} // namespace tenon::detail
