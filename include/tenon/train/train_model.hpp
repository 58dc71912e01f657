#pragma once

// What minimize runs: epochs, the rows it watches, early stopping, and the units of the target.

#include <array>
#include <cmath>
#include <limits>
#include <tenon/core/error.hpp>
#include <tenon/train/metric_value.hpp>
#include <tenon/train/minimize.hpp>
#include <tenon/train/progress.hpp>
#include <tenon/train/run_session.hpp>
#include <tenon/train/training_data.hpp>
#include <tenon/train/training_run.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// What a target is measured in while training.
struct target_units {
    double shift = 0;
    double scale = 1;
};
/// The same for several.
template <std::size_t N>
struct several_units {
    std::array<double, N> shift = same_unit<reals<N>>(0), scale = same_unit<reals<N>>(1);
};
template <class Y>
struct units_of_target {
    using type = target_units;
};
template <std::size_t N>
struct units_of_target<std::array<double, N>> {
    using type = several_units<N>;
};
template <class Y>
using units_of = typename units_of_target<Y>::type;

/// A loss whose best prediction moves with the target.
template <class L>
concept ScalesTarget = requires { requires L::target_may_be_scaled; };

template <class M, class Units = target_units>
concept HasTargetUnits =
    requires(M m, const Units& units) { m.enter_target_units(units.shift, units.scale, true); };

/// Weights divided by their mean, in the model's scalar.
template <class T>
std::vector<T> mean_one_weights(vector_view<const double> weights) {
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i];
    std::vector<T> scaled;
    scaled.reserve(weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i)
        scaled.push_back(
            static_cast<T>(sum > 0 ? weights[i] / sum * static_cast<double>(weights.size()) : 0));
    return scaled;
}

/// Mean and standard deviation, the units of a standardized target; a constant one is only shifted.
template <class Y>
target_units standard_units(vector_view<const Y> y, vector_view<const double> weights = {}) {
    const std::vector<double> scaled = mean_one_weights<double>(weights);
    auto weight = [&](std::size_t i) { return scaled.empty() ? 1.0 : scaled[i]; };
    const double share = 1 / static_cast<double>(y.size());
    double mean = 0, squares = 0;
    for (std::size_t i = 0; i < y.size(); ++i) mean += weight(i) * y[i] * share;
    for (std::size_t i = 0; i < y.size(); ++i) squares += weight(i) * ((y[i] - mean) * (y[i] - mean)) * share;
    // A constant target is only shifted; rounding of its mean is no spread.
    return {mean, std::sqrt(squares) > 1e-12 * std::abs(mean) ? std::sqrt(squares) : 1};
}
template <std::size_t N>
several_units<N> standard_units(vector_view<const std::array<double, N>> y,
                                vector_view<const double> weights = {}) {
    several_units<N> all;
    for (std::size_t k = 0; k < N; ++k) {
        const target_units one = standard_units(y.column(k), weights);
        all.shift[k] = one.shift;
        all.scale[k] = one.scale;
    }
    return all;
}

/// The units to train in: those the model has where it is trained further, standard ones where the loss allows them.
template <class L, class M, class Y>
units_of<Y> training_units(const M& m, vector_view<const Y> y, vector_view<const double> weights,
                           bool is_fresh, bool may_scale) {
    if constexpr (!std::is_same_v<Y, class_index> && ScalesTarget<L> && HasTargetUnits<M, units_of<Y>>) {
        if (!may_scale) return {};
        if constexpr (M::keeps_target_units)
            if (!is_fresh) return {m.output_shift(), m.output_scale()};
        return standard_units(y, weights);
    } else
        return {};
}

/// Units as one number, by which a run is recognised.
inline double told_unit(double unit) noexcept {
    return unit;
}
template <std::size_t N>
double told_unit(const std::array<double, N>& units) noexcept {
    double all = 0;
    for (const double unit : units) all = 3 * all + unit;
    return all;
}

/// A loss that measures in units of the target takes those it is trained in.
template <class L>
L loss_in(const L& loss, target_units units) {
    if constexpr (requires { loss.in_units(units.scale); })
        return loss.in_units(units.scale);
    else
        return loss;
}

/// The loss of one row's target Y: where that is several numbers, L of each of them, unless L knows them itself.
template <class T, class Y, class L>
auto loss_of(const L& loss) {
    if constexpr (!is_array_of_numbers<Y>)
        return loss;
    else {
        constexpr std::size_t n = std::tuple_size_v<Y>;
        if constexpr (OwnLossFor<L, reals<n>, T>)
            return loss;
        else
            return [&]<std::size_t... K>(std::index_sequence<K...>) {
                return each_output_loss<L, n>{{(static_cast<void>(K), loss)...}};
            }(std::make_index_sequence<n>{});
    }
}
template <class L, std::size_t N>
each_output_loss<L, N> loss_in(const each_output_loss<L, N>& loss, const several_units<N>& units) {
    each_output_loss<L, N> all = loss;
    for (std::size_t k = 0; k < N; ++k) all.losses[k] = loss_in(loss.losses[k], {0, units.scale[k]});
    return all;
}
template <class L, std::size_t N>
L loss_in(const L& loss, const several_units<N>& units) {
    if constexpr (requires { loss.in_units(units.scale); })
        return loss.in_units(units.scale);
    else
        return loss;
}

/// Targets as the loss sees them: real ones in the model's scalar and units, classes as they are.
template <class T, class Y>
auto targets_in(target_units units, vector_view<const Y> y) {
    std::vector<std::conditional_t<std::is_floating_point_v<Y>, T, Y>> values(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
        if constexpr (std::is_floating_point_v<Y>)
            values[i] = static_cast<T>((y[i] - units.shift) / units.scale);
        else
            values[i] = y[i];
    }
    return values;
}
template <class T, std::size_t N>
std::vector<std::array<T, N>> targets_in(const several_units<N>& units,
                                         vector_view<const std::array<double, N>> y) {
    std::vector<std::array<T, N>> values(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
        const std::array<double, N> row = y[i];
        for (std::size_t k = 0; k < N; ++k)
            values[i][k] = static_cast<T>((row[k] - units.shift[k]) / units.scale[k]);
    }
    return values;
}

/// The loss of the last step is of the parameters before it, so those after it are checked as well.
template <class T>
void check_parameters(std::span<const T> parameters, int epochs) {
    for (const T& p : parameters)
        if (!std::isfinite(p))
            fail<fit_error>({"training diverged in epoch ", epochs,
                             ": a parameter is not finite; try a smaller rate, or standardize()"});
}

/// The units in which a model's scores stand while it is trained: those of the target where it keeps them.
template <class M, class Units>
Units units_of_scores(const Units& units) {
    if constexpr (HasTargetUnits<M, Units>)
        if (!M::keeps_target_units) return units;
    return {};
}

inline void check_minimize_options(const minimize_options& options) {
    if (options.epochs < 1) fail<fit_error>({"minimize: .epochs must be 1 or more"});
    if (options.batch_size < 1) fail<fit_error>({"minimize: .batch_size must be 1 or more"});
    if (options.patience < 0) fail<fit_error>({"minimize: .patience must be 0 or more"});
}

} // namespace detail

template <class L, class O, class P>
template <class M, class Y>
M minimize_spec<L, O, P>::train(const M& from, matrix_view<const typename M::scalar> x,
                                vector_view<const Y> y, matrix_view<const typename M::scalar> held_out_x,
                                vector_view<const Y> held_out_y, bool is_fresh,
                                vector_view<const double> weights, vector_view<const double> held_out_weights,
                                [[maybe_unused]] std::span<const std::string> class_names) const {
    using T = typename M::scalar;
    detail::check_minimize_options(options);
    const auto units = detail::training_units<L>(from, y, weights, is_fresh, options.scale_target);
    const auto measure = detail::loss_of<T, Y>(loss);
    if constexpr (requires { measure.check(y, from.width_out()); }) measure.check(y, from.width_out());
    M m = from;
    if constexpr (detail::HasTargetUnits<M, detail::units_of<Y>>)
        m.enter_target_units(units.shift, units.scale, is_fresh);
    const auto targets = detail::targets_in<T>(units, y);
    const auto held_out_targets = detail::targets_in<T>(units, held_out_y);
    const std::span rows(targets), held_out(held_out_targets);

    training_run run(std::move(m), detail::loss_in(measure, units), optimizer, penalty, options.seed,
                     static_cast<std::size_t>(options.batch_size));
    if (!run.takes_weights) detail::refuse_weights(weights, M::name);
    const std::vector<T> row_weights = detail::mean_one_weights<T>(weights);
    const std::vector<T> watched_weights = detail::mean_one_weights<T>(held_out_weights);
    run.freeze(options.frozen);
    run.use(options.threads);
    detail::best_parameters<T> best;
    const bool watches = !held_out.empty();
    const detail::run_rows<T, decltype(rows)> training{x, rows, row_weights},
        watching{held_out_x, held_out, watched_weights};
    detail::run_session session(run, best, training);
    session.origin = {M::name,
                      nullptr,
                      &options,
                      training.seen(),
                      watching.seen(),
                      detail::told_unit(units.shift),
                      detail::told_unit(units.scale)};
    if constexpr (requires { M::signature(); }) session.origin.signature = &M::signature;
    epoch_result& now = session.now;
    if constexpr (detail::HasMetric<P>) now.metric_name = std::string_view(penalty.metric.name);
    now.epochs = options.epochs;
    session.begin(options.callbacks);
    const double start = seconds_now() - now.seconds;
    progress_line line(options.show, options.epochs, run.epochs_done());
    const auto show = [&] {
        line.update(now.epoch, now.loss, now.validation_loss, now.metric_name, now.metric);
    };
    if (now.epoch > 0) show();
    while (run.epochs_done() < options.epochs && !session.has_ended) {
        now.rate = run.rate();
        now.loss = run.epoch(x, rows, row_weights);
        now.epoch = run.epochs_done();
        if (watches) now.validation_loss = run.loss(held_out_x, held_out, watched_weights);
        double judged = watches ? now.validation_loss : now.loss;
        run.watch(judged);
        // Without held-out rows the training rows are judged again, by the parameters that would be kept.
        if (!watches && options.patience > 0) judged = run.loss(x, rows, row_weights);
        now.is_best = best.see(judged, run.model(), options.patience > 0);
        if constexpr (detail::HasMetric<P>) {
            const auto seen_x = watches ? held_out_x : x;
            const auto seen_y = watches ? held_out_y : y;
            if constexpr (std::is_same_v<Y, class_index>)
                now.metric =
                    detail::metric_of_classes(penalty.metric, run.model(), seen_x, seen_y, class_names);
            else
                now.metric = detail::metric_of_numbers(penalty.metric, run.model(), seen_x, seen_y,
                                                       detail::units_of_scores<M>(units));
        }
        now.seconds = seconds_now() - start;
        show();
        session.has_ended = options.patience > 0 && best.waited() >= options.patience;
        session.end_epoch(options.callbacks);
    }
    if (options.patience > 0) best.restore(run.model());
    detail::check_parameters(std::span<const T>(run.model().parameters()), run.epochs_done());
    M trained = std::move(run.model());
    if constexpr (detail::HasTargetUnits<M, detail::units_of<Y>>) {
        trained.leave_target_units(units.shift, units.scale);
        if constexpr (!M::keeps_target_units)
            if (!is_fresh) run.keep_frozen(trained.parameters(), from.parameters());
    }
    return trained;
}

} // namespace tenon
