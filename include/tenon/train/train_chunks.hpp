#pragma once

// What minimize runs over rows that come in chunks, pass after pass: the units of the target and of the weights are folds,
// an epoch is a pass whose parts are the chunks, and the rows that watch are judged in a pass of their own.

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <tenon/train/chunks.hpp>
#include <tenon/train/progress.hpp>
#include <tenon/train/train_model.hpp>
#include <tenon/train/training_run.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// The mean of weights that come in parts, and those of a part divided by it.
class weight_mean {
public:
    void see(std::size_t rows, vector_view<const double> weights) {
        for (std::size_t i = 0; i < weights.size(); ++i) sum_ += weights[i];
        rows_ += rows;
    }
    std::size_t rows() const noexcept { return rows_; }

    template <class T>
    std::vector<T> scaled(vector_view<const double> weights) const {
        std::vector<T> all;
        all.reserve(weights.size());
        for (std::size_t i = 0; i < weights.size(); ++i)
            all.push_back(static_cast<T>(sum_ > 0 ? weights[i] / sum_ * static_cast<double>(rows_) : 0));
        return all;
    }

private:
    double sum_ = 0;
    std::size_t rows_ = 0;
};

/// The standard units of a target that comes in parts: mean and deviation, merged (Chan, Golub and LeVeque, "Updating
/// Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979). Of one part they are those of fit, to the bit.
template <class Y>
class units_fold {
public:
    void see(vector_view<const Y> y, vector_view<const double> weights) {
        if (parts_++ == 0) first_ = standard_units(y, weights);
        double weight = 0, middle = 0, squares = 0;
        for (std::size_t i = 0; i < y.size(); ++i) weight += weight_of(weights, i);
        if (!(weight > 0)) return;
        for (std::size_t i = 0; i < y.size(); ++i) middle += weight_of(weights, i) / weight * y[i];
        for (std::size_t i = 0; i < y.size(); ++i)
            squares += weight_of(weights, i) * ((y[i] - middle) * (y[i] - middle));
        const double all = weight_ + weight, apart = middle - mean_;
        squares_ += squares + apart * apart * (weight_ / all) * weight;
        mean_ += apart * (weight / all);
        weight_ = all;
    }
    target_units units() const {
        if (parts_ == 1) return first_;
        const double spread = weight_ > 0 ? std::sqrt(squares_ / weight_) : 0;
        // As of all rows at once: a constant target is only shifted.
        return {mean_, spread > 1e-12 * std::abs(mean_) ? spread : 1};
    }

private:
    static double weight_of(vector_view<const double> weights, std::size_t i) {
        return weights.size() == 0 ? 1 : weights[i];
    }

    std::size_t parts_ = 0;
    target_units first_;
    double weight_ = 0, mean_ = 0, squares_ = 0;
};

template <std::size_t N>
class units_fold<std::array<double, N>> {
public:
    void see(vector_view<const std::array<double, N>> y, vector_view<const double> weights) {
        for (std::size_t k = 0; k < N; ++k) of_[k].see(y.column(k), weights);
    }
    several_units<N> units() const {
        several_units<N> all;
        for (std::size_t k = 0; k < N; ++k) {
            const target_units one = of_[k].units();
            all.shift[k] = one.shift;
            all.scale[k] = one.scale;
        }
        return all;
    }

private:
    units_fold<double> of_[N];
};

template <class Y>
struct no_units {
    void see(auto&&...) const noexcept {}
    static units_of<Y> units() noexcept { return {}; }
};

/// One minimize over the chunks of a source. M is the model that it trains, Fit a chunk_fit.
template <class M, class Fit, class L, class O, class P>
class chunk_trainer {
    using Y = typename Fit::target_type;
    using T = typename M::scalar;
    using loss_target = typename decltype(targets_in<T>(units_of<Y>{}, vector_view<const Y>()))::value_type;
    using measure = decltype(loss_of<T, Y>(std::declval<const L&>()));
    static constexpr bool has_units =
        !std::is_same_v<Y, class_index> && ScalesTarget<L> && HasTargetUnits<M, units_of<Y>>;

public:
    chunk_trainer(const minimize_spec<L, O, P>& how, Fit& fit)
        : how_(how), loss_(loss_of<T, Y>(how.loss)), fit_(fit) {
        check_minimize_options(how.options);
    }

    /// The first pass shows every chunk's rows that train, in the data's units; `scores` are those of a row.
    void see(vector_view<const Y> y, vector_view<const double> weights, std::size_t scores) {
        if (!training_run<M, measure, O, P>::takes_weights) refuse_weights(weights, M::name);
        if constexpr (requires { loss_.check(y, scores); }) loss_.check(y, scores);
        units_.see(y, weights);
        trained_.see(y.size(), weights);
    }
    /// Behind the first pass.
    void check_parts() const {
        const std::size_t rows = fit_.rows(), watching = rows - trained_.rows();
        if (trained_.rows() == 0 || (how_.options.validation > 0 && watching == 0))
            fail<fit_error>({"minimize: .validation = ", how_.options.validation, " of ", rows,
                             " rows leaves no rows to train on or to watch"});
    }

    /// The epochs, from a fresh model. `features` makes of a part of the data what the model takes.
    template <class Features>
    M train(const M& from, Features&& features) {
        const minimize_options& options = how_.options;
        const units_of<Y> units = options.scale_target ? units_.units() : units_of<Y>{};
        M model = from;
        if constexpr (HasTargetUnits<M, units_of<Y>>)
            model.enter_target_units(units.shift, units.scale, true);
        training_run run(std::move(model), loss_in(loss_, units), how_.optimizer, how_.penalty, options.seed,
                         static_cast<std::size_t>(options.batch_size));
        run.freeze(options.frozen);
        run.use(options.threads);
        const bool watches = options.validation > 0;
        auto pass = [&](bool watching, auto&& each) {
            fit_.pass_parts(watching, [&](auto x, vector_view<const Y> y, vector_view<const double> weights) {
                const matrix<T> rows = features(x);
                const auto targets = targets_in<T>(units, y);
                each(rows.view(), std::span<const loss_target>(targets),
                     trained_.template scaled<T>(weights));
            });
        };
        // The mean over rows, or over their weights where only the rows that train have 1 in the mean.
        auto judge = [&](bool watching) {
            double judged = 0, mass = 0;
            pass(watching,
                 [&](matrix_view<const T> x, std::span<const loss_target> y, const std::vector<T>& weights) {
                     const auto rows = static_cast<double>(x.rows());
                     double part = watching && !weights.empty() ? 0 : rows;
                     for (std::size_t r = 0; r < weights.size() && watching; ++r)
                         part += static_cast<double>(weights[r]);
                     if (!(part > 0)) return;
                     mass += part;
                     judged += (run.loss(x, y, weights) * (rows / part) - judged) * (part / mass);
                 });
            return judged;
        };

        best_parameters<T> best;
        // Callbacks that store a run know it by some of its rows, and by what the source is.
        matrix<T> some_x;
        std::vector<loss_target> some_y;
        std::vector<T> some_weights, source;
        if (!options.callbacks.empty()) {
            fit_.first_part([&](auto x, vector_view<const Y> y, vector_view<const double> weights) {
                some_x = features(x.middle_rows(0, x.rows() < kept_rows ? x.rows() : kept_rows));
                some_y = targets_in<T>(units, y);
                some_y.resize(some_x.rows());
                some_weights = trained_.template scaled<T>(weights);
                some_weights.resize(weights.size() == 0 ? 0 : some_x.rows());
            });
            for (const char c : fit_.source_text()) source.push_back(static_cast<T>(c));
        }
        const run_rows<T, std::span<const loss_target>> some{some_x.view(), some_y, some_weights},
            facts{{source.data(), 1, source.size()}, {}, {}};
        run_session session(run, best, some);
        session.origin = {M::name,
                          nullptr,
                          &options,
                          some.seen(),
                          facts.seen(),
                          told_unit(units.shift),
                          told_unit(units.scale)};
        if constexpr (requires { M::signature(); }) session.origin.signature = &M::signature;
        epoch_result& now = session.now;
        now.epochs = options.epochs;
        session.begin(options.callbacks);
        const double start = seconds_now() - now.seconds;
        progress_line line(options.show, options.epochs, run.epochs_done());
        if (now.epoch > 0) line.update(now.epoch, now.loss, now.validation_loss);
        while (run.epochs_done() < options.epochs && !session.has_ended) {
            now.rate = run.rate();
            double sum = 0;
            run.begin_epoch();
            pass(false, [&](matrix_view<const T> x, std::span<const loss_target> y,
                            const std::vector<T>& weights) { sum += run.part_of_epoch(x, y, weights); });
            run.end_epoch();
            now.loss = sum / static_cast<double>(trained_.rows());
            now.epoch = run.epochs_done();
            if (watches) now.validation_loss = judge(true);
            double judged = watches ? now.validation_loss : now.loss;
            run.watch(judged);
            // As in minimize: without rows that watch, those that train are judged by what would be kept.
            if (!watches && options.patience > 0) judged = judge(false);
            now.is_best = best.see(judged, run.model(), options.patience > 0);
            now.seconds = seconds_now() - start;
            line.update(now.epoch, now.loss, now.validation_loss);
            session.has_ended = options.patience > 0 && best.waited() >= options.patience;
            session.end_epoch(options.callbacks);
        }
        if (options.patience > 0) best.restore(run.model());
        check_parameters(std::span<const T>(run.model().parameters()), run.epochs_done());
        M trained = std::move(run.model());
        if constexpr (HasTargetUnits<M, units_of<Y>>) trained.leave_target_units(units.shift, units.scale);
        return trained;
    }

private:
    static constexpr std::size_t kept_rows = 4096;
    const minimize_spec<L, O, P>& how_;
    measure loss_;
    Fit& fit_;
    std::conditional_t<has_units, units_fold<Y>, no_units<Y>> units_;
    weight_mean trained_;
};

} // namespace tenon::inline v0::detail
