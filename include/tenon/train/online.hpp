#pragma once

// online: a fitted pipeline that goes on learning as rows arrive, chunk by chunk, and keeps the state of its optimizer from
// one to the next. What scikit-learn calls partial_fit.

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/train/chunks.hpp>
#include <tenon/train/fine_tune.hpp>
#include <tenon/train/train_chunks.hpp>
#include <tenon/train/train_model.hpp>
#include <tenon/train/training_run.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// The last of the rows that went by, for profiles.
template <class T>
class latest_rows {
public:
    void see(matrix_view<const T> x) {
        const std::size_t skipped = x.rows() > profile_rows ? x.rows() - profile_rows : 0;
        columns_ = x.columns();
        for (std::size_t r = skipped; r < x.rows(); ++r) {
            if (rows() < profile_rows) values_.resize(values_.size() + columns_);
            for (std::size_t c = 0; c < columns_; ++c) values_[next_ * columns_ + c] = x(r, c);
            next_ = (next_ + 1) % profile_rows;
        }
    }
    matrix_view<const T> view() const noexcept { return {values_.data(), rows(), columns_}; }

private:
    std::size_t rows() const noexcept { return columns_ == 0 ? 0 : values_.size() / columns_; }

    std::size_t columns_ = 0, next_ = 0;
    std::vector<T> values_;
};

/// Throws for a row of which the stages make something that a model cannot learn from.
template <class T, class P>
void refuse_infinite_features(matrix_view<const T> x, const P& fitted) {
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c)
            if (!(x(r, c) - x(r, c) == 0))
                fail<data_error>({"partial_fit: of row ", r + 1, " the stages make '",
                                  fitted.features()[c].name, "' = ", static_cast<double>(x(r, c)),
                                  ", which no model can learn from"});
}

/// Why P cannot go on learning by Trainer.
template <class P, class Trainer>
consteval auto objection_to_learn() {
    using why = decltype(objection_to_train_further<P, Trainer>());
    if constexpr (!no_objection<why>)
        return why{};
    else if constexpr (HasMetric<decltype(Trainer::penalty)>)
        return because::a_Metric_needs_the_answers_to_all_rows__leave_it_out_where_rows_come_in_chunks{};
    else
        return because::nothing{};
}

} // namespace detail

template <class Pipeline, class Trainer>
class online;

/// A learner, made from a fitted pipeline and how to minimize:
///
///     online learner(fitted, minimize(squared_error(), adam(1e-4), {.batch_size = 32, .seed = 7}, l2_sp(0.1)));
///     while (auto chunk = file.next(1000)) watch(learner.partial_fit(*chunk));
///     auto tuned = learner.fitted();
///
/// Preprocessing and the units of the target stay as they were fitted (a linear model has none: it takes those of its first
/// chunk, which should be a fair sample, and keeps them); pruned weights stay zero, `.frozen` ones as they are. All rows
/// learned in one call are what fine_tune makes of them in one epoch, to the last bit. A learner is a value: a copy goes on
/// to the same bits.
template <class S, class... F, class L, class O, class P>
class online<fitted_pipeline<S, F...>, minimize_spec<L, O, P>> {
public:
    using pipeline_type = fitted_pipeline<S, F...>;

    /// Of the options `.epochs` and `.show` say nothing here. Throws fit_error for `.validation`, `.patience` and
    /// `.callbacks`: rows that come once are judged by what partial_fit returns.
    online(const pipeline_type& start, const pipeline<minimize_spec<L, O, P>>& how, fit_options options = {})
        : start_(start), how_(how.template stage<0>()), options_(options) {
        const minimize_options& asked = how_.options;
        detail::check_minimize_options(asked);
        if (asked.validation != 0 || asked.patience != 0 || !asked.callbacks.empty())
            detail::fail<fit_error>(
                {"online: .validation, .patience and .callbacks do not go with rows that come "
                 "once; partial_fit returns the loss on rows not yet learned from"});
    }

    /// Learns from some rows: one pass over them in batches, shuffled, an epoch to schedules. Returns their mean loss before
    /// that, in the units that are minimized and without penalty: what the learner is worth on rows it has not seen
    /// (prequential evaluation; Dawid, "Statistical Theory: The Prequential Approach", 1984). on_plateau listens to it too.
    ///
    /// Throws data_error for what fine_tune refuses too (other levels or columns, infinite values, gaps that nothing fills,
    /// no rows), and for rows of which the stages make no finite features; fit_error where the loss stops being finite, for
    /// the epoch of the chunk's number. Whatever it throws, the learner is as it was before: it learns on a copy of its
    /// parameters and moments, which costs about as much as a step, so that larger networks like more than a row at a time.
    /// Weights count relative to the mean of those seen so far.
    template <class D>
        requires no_objection<
            decltype(detail::objection_to_fine_tune<pipeline_type, D, minimize_spec<L, O, P>>())>
    double partial_fit(const D& rows) {
        check(rows);
        const vector_view<const Y> y = rows.y();
        const vector_view<const double> row_weights = detail::weights_of(rows);
        const matrix<T> x = detail::features_of<T, sizeof...(F) - 1>(start_.stages(), matrix_view(rows.x()));
        detail::refuse_infinite_features<T>(x, start_);
        const auto measure = detail::loss_of<T, Y>(how_.loss);
        if constexpr (requires { measure.check(y, std::size_t{}); })
            measure.check(y, start_.model().width_out());

        units_type units = units_;
        if (!run_) {
            units =
                detail::training_units<L>(start_.model(), y, row_weights, false, how_.options.scale_target);
            next_.emplace(begin(units));
        } else
            next_ = run_;
        detail::weight_mean weighing = weight_mean_;
        weighing.see(y.size(), row_weights);
        const std::vector<T> weights = weighing.template scaled<T>(row_weights);
        const auto targets = detail::targets_in<T>(units, y);
        const std::span all(targets);
        const double before = next_->loss(x.view(), all, weights);
        next_->begin_epoch();
        next_->part_of_epoch(x.view(), all, std::span(weights));
        next_->end_epoch();
        next_->watch(before);
        detail::check_parameters(std::span<const T>(next_->model().parameters()), next_->epochs_done());

        remember(rows);
        std::swap(run_, next_);
        units_ = units;
        weight_mean_ = weighing;
        return before;
    }
    template <class D, class Why = decltype(detail::objection_to_fine_tune<pipeline_type, D,
                                                                           minimize_spec<L, O, P>>())>
        requires(!no_objection<Why>)
    refused<Why> partial_fit(const D&);

    /// The pipeline as it is now; learning may go on. Its record is of the rows learned from, all chunks together: their
    /// number, their fingerprint (that of all of them as one dataset), and profiles of the last 4096 of them. Before the first
    /// chunk it is the pipeline that the learner was made from.
    pipeline_type fitted() const {
        if (!run_) return start_;
        M model = run_->model();
        if constexpr (detail::HasTargetUnits<M, units_type>) {
            model.leave_target_units(units_.shift, units_.scale);
            if constexpr (!M::keeps_target_units)
                run_->keep_frozen(model.parameters(), start_.model().parameters());
        }
        std::tuple<F...> stages = start_.stages();
        std::get<sizeof...(F) - 1>(stages) = std::move(model);
        training_record record{
            .schema = start_.record().schema, .rows = weight_mean_.rows(), .seed = how_.options.seed};
        if (fingerprint_) record.fingerprint = fingerprint_fold(*fingerprint_).hex();
        return detail::with_profiles<pipeline_type>(std::move(stages), std::move(record), latest_.view(),
                                                    options_.profile);
    }

    /// Rows learned from.
    std::size_t rows() const noexcept { return weight_mean_.rows(); }

private:
    using M = typename pipeline_type::model_type;
    using T = typename M::scalar;
    using Y = target_value<typename S::kind>;
    using units_type = detail::units_of<Y>;
    using run_type = training_run<M, decltype(detail::loss_of<T, Y>(std::declval<const L&>())), O, P>;

    template <class D>
    void check(const D& rows) const {
        detail::check_same_columns(start_.record().schema, rows.info());
        detail::row_checks<pipeline_type, S> checks;
        checks.see(rows);
        if (checks.rows() == 0) detail::fail<data_error>({"partial_fit: the data have no rows"});
        const vector_view<const double> weights = detail::weights_of(rows);
        if (!run_type::takes_weights) detail::refuse_weights(weights, M::name);
        if (run_ && (weights.size() != 0) != is_weighted_)
            detail::fail<data_error>({"partial_fit: the rows have ", is_weighted_ ? "no " : "",
                                      "weights, unlike those learned from before"});
        double sum = weights.size() == 0 ? 1 : 0;
        for (std::size_t r = 0; r < weights.size(); ++r) sum += weights[r];
        if (!(sum > 0)) detail::fail<data_error>({"partial_fit: the weights of all rows are 0"});
    }

    run_type begin(const units_type& units) const {
        M model = start_.model();
        if constexpr (detail::HasTargetUnits<M, units_type>)
            model.enter_target_units(units.shift, units.scale, false);
        run_type run(std::move(model), detail::loss_in(detail::loss_of<T, Y>(how_.loss), units),
                     how_.optimizer, how_.penalty, how_.options.seed,
                     static_cast<std::size_t>(how_.options.batch_size));
        run.freeze(how_.options.frozen);
        run.use(how_.options.threads);
        return run;
    }

    template <class D>
    void remember(const D& rows) {
        is_weighted_ = detail::weights_of(rows).size() != 0;
        if (options_.profile) latest_.see(rows.x());
        if (!options_.fingerprint) return;
        if (!fingerprint_) fingerprint_.emplace(rows.info());
        fingerprint_->update(rows);
    }

    pipeline_type start_;
    minimize_spec<L, O, P> how_;
    fit_options options_;
    std::optional<run_type> run_;  ///< begun by the first chunk
    std::optional<run_type> next_; ///< what learns a chunk; it takes the other's place when it has
    units_type units_;
    detail::weight_mean weight_mean_;
    bool is_weighted_ = false;
    std::optional<fingerprint_fold> fingerprint_;
    detail::latest_rows<typename S::scalar> latest_;
};

template <class S, class... F, class L, class O, class P>
    requires no_objection<
        decltype(detail::objection_to_learn<fitted_pipeline<S, F...>, minimize_spec<L, O, P>>())>
online(const fitted_pipeline<S, F...>&, const pipeline<minimize_spec<L, O, P>>&, fit_options = {})
    -> online<fitted_pipeline<S, F...>, minimize_spec<L, O, P>>;

template <class P, class Trainer, class Why = decltype(detail::objection_to_learn<P, Trainer>())>
    requires(!no_objection<Why>)
online(const P&, const pipeline<Trainer>&, fit_options = {}) -> online<refused<Why>, void>;

} // namespace tenon
