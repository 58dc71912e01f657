#pragma once

// drift_monitor: is the world still the one the model was fitted in? Counts what a pipeline sees and answers into the
// bins of its reference profile.

#include <string>
#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/profile.hpp>
#include <tenon/format/number.hpp>
#include <tenon/monitor/psi.hpp>
#include <vector>

namespace tenon::inline v0 {

struct drift_options {
    double alpha = 0.01;         ///< probability of a false alarm, over all columns together (Bonferroni)
    std::size_t least_rows = 50; ///< no alarm before this many rows were seen
};

/// One line of a drift report.
struct column_drift {
    std::string name;
    double psi;       ///< population stability index against the reference
    double threshold; ///< what the sample sizes allow without drift
    bool is_alarm;    ///< psi > threshold, and enough rows
};

/// What a monitor found so far: every feature column, then the predictions, those of several targets one by one.
struct drift_report {
    std::vector<column_drift> columns;
    std::size_t rows = 0;

    bool is_alarm() const noexcept {
        for (const column_drift& c : columns)
            if (c.is_alarm) return true;
        return false;
    }

    /// A table of at most 80 columns.
    std::string text() const {
        std::string table = detail::concat({"drift over ", rows, " rows\n"});
        detail::append(table, {pad("column", 32), pad("PSI", 12), pad("threshold", 12), "\n"});
        for (const column_drift& c : columns)
            detail::append(table,
                           {pad(c.name, 32), pad(format_number(c.psi, 3), 12),
                            pad(format_number(c.threshold, 3), 12), (c.is_alarm ? "ALARM" : "ok"), "\n"});
        return table;
    }

private:
    static std::string pad(std::string text, std::size_t width) {
        if (text.size() >= width) text = text.substr(0, width - 2) + "~";
        return text + std::string(width - text.size(), ' ');
    }
};

/// Counts rows and answers of one fitted pipeline. Not for several threads at once; monitors of the same pipeline can
/// be merged.
///
///     drift_monitor watch(model);
///     auto answer = watch(row);           // predicts and counts
///     if (watch.report().is_alarm()) …
template <Predictor P>
class drift_monitor {
public:
    using scalar = typename P::scalar;

    /// Keeps a copy of the pipeline. Throws data_error where it was fitted without profiles.
    explicit drift_monitor(P model, drift_options options = {})
        : model_(std::move(model)), options_(options) {
        const training_record& record = model_.record();
        if (record.columns.size() != record.schema.columns.size())
            detail::fail<data_error>(
                {"drift_monitor: the pipeline has no reference profile; fit it with .profile = true"});
        for (const column_profile& profile : record.columns) counts_.emplace_back(profile.counts.size());
        counts_.emplace_back(record.prediction.counts.size());
        for (const column_profile& profile : record.more_predictions)
            counts_.emplace_back(profile.counts.size());
    }

    /// Predicts one row and counts it.
    typename P::answer operator()(row<P::width, scalar> x) {
        const typename P::answer answer = model_(x);
        count(x, answer);
        return answer;
    }

    /// Predicts and counts every row.
    void observe(matrix_view<const scalar> x) {
        std::vector<scalar> room(x.columns());
        if (x.columns() != model_.record().schema.columns.size())
            detail::fail<data_error>({"drift_monitor: a row has ", x.columns(), " values, expected ",
                                      model_.record().schema.columns.size()});
        for (std::size_t r = 0; r < x.rows(); ++r) {
            const auto values = contiguous_row(x, r, std::span<scalar>(room));
            (*this)(row<P::width, scalar>(values.data(), values.size()));
        }
    }

    /// Adds what another monitor of the same pipeline has counted.
    void merge(const drift_monitor& other) {
        for (std::size_t c = 0; c < counts_.size(); ++c)
            for (std::size_t b = 0; b < counts_[c].size(); ++b) counts_[c][b] += other.counts_[c][b];
        rows_ += other.rows_;
    }

    drift_report report() const {
        const training_record& record = model_.record();
        drift_report all;
        all.rows = rows_;
        const double alpha = options_.alpha / static_cast<double>(counts_.size());
        auto add = [&](const std::string& name, const column_profile& reference,
                       std::span<const double> current) {
            const double index = rows_ == 0 ? 0 : psi(reference.counts, current, 0.5);
            const double threshold = psi_threshold(reference.counts, current, alpha);
            all.columns.push_back(
                {name, index, threshold, index > threshold && rows_ >= options_.least_rows});
        };
        for (std::size_t c = 0; c < record.columns.size(); ++c)
            add(record.schema.columns[c].name, record.columns[c], counts_[c]);
        const std::size_t columns = record.columns.size();
        add("prediction of " + record.schema.target.name, record.prediction, counts_[columns]);
        for (std::size_t k = 0; k < record.more_predictions.size(); ++k)
            add("prediction of " + record.schema.more_targets[k].name, record.more_predictions[k],
                counts_[columns + 1 + k]);
        return all;
    }

    /// Forgets what was counted, to begin a new window.
    void reset() noexcept {
        for (auto& column : counts_)
            for (double& c : column) c = 0;
        rows_ = 0;
    }

    const P& model() const noexcept { return model_; }

private:
    void count(row<P::width, scalar> x, const typename P::answer& answer) noexcept {
        const training_record& record = model_.record();
        for (std::size_t c = 0; c < x.size(); ++c)
            ++counts_[c][profile_bin(record.columns[c], static_cast<double>(x[c]))];
        std::vector<double>* const counts = counts_.data() + record.columns.size();
        if constexpr (is_several_numbers<typename P::schema_type::kind>) {
            ++counts[0][profile_bin(record.prediction, static_cast<double>(answer[0]))];
            for (std::size_t k = 1; k < answer.size(); ++k)
                ++counts[k][profile_bin(record.more_predictions[k - 1], static_cast<double>(answer[k]))];
        } else
            ++counts[0][profile_bin(record.prediction, static_cast<double>(answer))];
        ++rows_;
    }

    P model_;
    drift_options options_;
    std::vector<std::vector<double>> counts_;
    std::size_t rows_ = 0;
};

} // namespace tenon
