#pragma once

// What minimize runs: epochs, the rows it watches, early stopping, and the units of the target.

#include <algorithm>
#include <cmath>
#include <limits>
#include <tenon/core/error.hpp>
#include <tenon/train/minimize.hpp>
#include <tenon/train/progress.hpp>
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

/// A loss whose best prediction moves with the target.
template <class L>
concept ScalesTarget = requires { requires L::target_may_be_scaled; };

template <class M>
concept HasTargetUnits = requires(M m) { m.enter_target_units(0.0, 1.0, true); };

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

/// The units to train in: those the model has where it is trained further, standard ones where the loss allows them.
template <class L, class M, class Y>
target_units training_units(const M& m, vector_view<const Y> y, vector_view<const double> weights,
                            bool is_fresh, bool may_scale) {
    if constexpr (std::is_floating_point_v<Y> && ScalesTarget<L> && HasTargetUnits<M>) {
        if (!may_scale) return {};
        if constexpr (M::keeps_target_units)
            if (!is_fresh) return {m.output_shift(), m.output_scale()};
        return standard_units(y, weights);
    } else
        return {};
}

/// A loss that measures in units of the target takes those it is trained in.
template <class L>
L loss_in(const L& loss, target_units units) {
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

/// The parameters of the best epoch so far, with the constants of a network (running means), and how long nothing better has come.
template <class T>
class best_parameters {
public:
    /// Returns whether it is time to stop.
    template <class M>
    bool is_exhausted(double loss, const M& model, int patience) {
        if (loss < loss_) {
            loss_ = loss;
            const std::span<const T> parameters = model.parameters();
            values_.assign(parameters.begin(), parameters.end());
            if constexpr (requires { model.constants(); })
                constants_.assign(model.constants().begin(), model.constants().end());
            waited_ = 0;
            return false;
        }
        return ++waited_ >= patience;
    }
    template <class M>
    void restore(M& model) const {
        std::copy(values_.begin(), values_.end(), model.parameters().begin());
        if constexpr (requires { model.constants(); })
            std::copy(constants_.begin(), constants_.end(), model.constants().begin());
    }

private:
    double loss_ = std::numeric_limits<double>::infinity();
    std::vector<T> values_, constants_;
    int waited_ = 0;
};

/// The loss of the last step is of the parameters before it, so those after it are checked as well.
template <class T>
void check_parameters(std::span<const T> parameters, int epochs) {
    for (const T& p : parameters)
        if (!std::isfinite(p))
            fail<fit_error>({"training diverged in epoch ", epochs,
                             ": a parameter is not finite; try a smaller rate, or standardize()"});
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
                                vector_view<const double> weights,
                                vector_view<const double> held_out_weights) const {
    using T = typename M::scalar;
    detail::check_minimize_options(options);
    const detail::target_units units =
        detail::training_units<L>(from, y, weights, is_fresh, options.scale_target);
    if constexpr (requires { loss.check(y, from.width_out()); }) loss.check(y, from.width_out());
    M m = from;
    if constexpr (detail::HasTargetUnits<M>) m.enter_target_units(units.shift, units.scale, is_fresh);
    const auto targets = detail::targets_in<T>(units, y);
    const auto held_out_targets = detail::targets_in<T>(units, held_out_y);
    const std::span rows(targets), held_out(held_out_targets);

    training_run run(std::move(m), detail::loss_in(loss, units), optimizer, penalty, options.seed,
                     static_cast<std::size_t>(options.batch_size));
    if (!run.takes_weights) detail::refuse_weights(weights, M::name);
    const std::vector<T> row_weights = detail::mean_one_weights<T>(weights);
    const std::vector<T> watched_weights = detail::mean_one_weights<T>(held_out_weights);
    detail::best_parameters<T> best;
    progress_line line(options.show, options.epochs);
    for (int epoch = 1; epoch <= options.epochs; ++epoch) {
        const double trained = run.epoch(x, rows, row_weights);
        const double watched = held_out.empty() ? std::numeric_limits<double>::quiet_NaN()
                                                : run.loss(held_out_x, held_out, watched_weights);
        line.update(epoch, trained, watched);
        run.watch(held_out.empty() ? trained : watched);
        if (options.patience == 0) continue;
        // Without held-out rows the training rows are judged again, by the parameters that would be kept.
        const double judged = held_out.empty() ? run.loss(x, rows, row_weights) : watched;
        if (best.is_exhausted(judged, run.model(), options.patience)) break;
    }
    if (options.patience > 0) best.restore(run.model());
    detail::check_parameters(std::span<const T>(run.model().parameters()), run.epochs_done());
    M trained = std::move(run.model());
    if constexpr (detail::HasTargetUnits<M>) trained.leave_target_units(units.shift, units.scale);
    return trained;
}

} // namespace tenon
