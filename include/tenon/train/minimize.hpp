#pragma once

// minimize: the specification that trains the Model in front of it. What it runs is in train/train_model.hpp.

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/team.hpp>
#include <tenon/loss/each_output.hpp>
#include <tenon/optim/events.hpp>
#include <tenon/optim/penalty.hpp>
#include <tenon/optim/proximal.hpp>
#include <tenon/train/callback.hpp>
#include <tenon/train/watched_metric.hpp>
#include <vector>

namespace tenon::inline v0 {

/// When training shows how far it is: automatic is only on a terminal, and only after a second.
enum class progress { automatic, on, off };

struct minimize_options {
    int epochs = 100;
    int batch_size = 32;
    std::uint64_t seed = 0; ///< of the initial weights, the order of rows and the validation part
    double validation = 0;  ///< share of the rows kept out of the whole recipe to watch the loss on
    int patience = 0;       ///< stop after this many epochs without a better loss and keep the best; 0: never
    bool scale_target = true; ///< train on a standardized target where the Loss allows it
    progress show = progress::automatic;
    callback_list callbacks{};         ///< called after every epoch, in order
    std::vector<std::string> frozen{}; ///< parameters that stay as they are: "layer 0", "layer 1 biases"
    team_maker
        threads{}; ///< tenon::threads{2} of <tenon/core/threads.hpp>: faster, and the same to the last bit
};

/// Made by minimize(loss, optimizer, options, penalty, metric).
template <class L, class O, class P>
struct minimize_spec : stage<role::trainer> {
    using malformed = std::conditional_t<
        !Loss<L>, because::the_first_argument_is_not_a_Loss,
        std::conditional_t<
            !Optimizer<O>, because::the_second_argument_is_not_an_Optimizer,
            std::conditional_t<!Penalty<P>, because::behind_its_options_minimize_takes_a_Penalty_and_a_Metric,
                               because::nothing>>>;

    L loss;
    O optimizer;
    minimize_options options;
    P penalty;

    minimize_spec(L l, O o, minimize_options opts, P p)
        : loss(l), optimizer(o), options(std::move(opts)), penalty(p) {}

    /// Why it cannot train a Model M on targets of this kind. Penalties that pull to the start make sense only where
    /// the start is a trained model.
    template <class M, class Kind, bool IsFresh = true>
    static consteval auto judge() {
        using asked = detail::asked_kind<L, Kind, typename M::scalar>;
        using accepts = typename L::template accepts<asked>;
        if constexpr (!no_objection<accepts>)
            return accepts{};
        else if constexpr (!LossFor<L, asked, typename M::scalar>)
            return because::this_Loss_cannot_be_called_with_scores_target_and_gradient{};
        else if constexpr (detail::ProximalPenalty<P, typename M::scalar> &&
                           !detail::HasReach<O, typename M::scalar>)
            return because::this_penalty_takes_proximal_steps__the_Optimizer_needs_reach{};
        else if constexpr (IsFresh && requires { requires P::pulls_to_start; })
            return because::l2_sp_pulls_towards_a_trained_Model__use_it_in_fine_tune{};
        else if constexpr (detail::HasMetric<P>)
            return detail::objection_to_watch<decltype(P::metric), Kind>();
        else
            return because::nothing{};
    }
    template <class M, class Kind>
    using objection_to = decltype(judge<M, Kind>());

    /// Trains from a model on x, y, watching the held-out rows where there are any. A fresh model takes the target's units.
    /// Throws fit_error for weights where the model's gradient takes none. Class names are for metrics.
    template <class M, class Y>
    M train(const M& from, matrix_view<const typename M::scalar> x, vector_view<const Y> y,
            matrix_view<const typename M::scalar> held_out_x, vector_view<const Y> held_out_y, bool is_fresh,
            vector_view<const double> weights = {}, vector_view<const double> held_out_weights = {},
            std::span<const std::string> class_names = {}) const;
};

/// Trains the Model in front of it: `minimize(squared_error(), adam(1e-3), {.epochs = 100, .seed = 7}, l2(1e-4))`.
///
/// Of several targets the loss is the mean over the outputs, each in the units of its own standardized target.
///
/// Rows are shuffled anew in every epoch. With `.validation` a share of the rows leaves before the first stage is
/// fitted; with `.patience` the parameters of the best epoch are kept (by the loss on those rows, or on the training
/// rows where there are none). Throws fit_error where the loss stops being finite.
///
/// Behind the options come, in any order, a Penalty and a Metric. Penalties act on weights, not on biases; l1, elastic and
/// group_lasso take proximal steps, which leave exact zeros. The metric is shown to the callbacks and in the line of
/// progress, over the rows that watch or, where there are none, those that train; it does not look at weights of rows.
///
/// `.callbacks = {record(history), [](const epoch_result& e) { … }}` are called after every epoch; one may stop the
/// training there. An exception from one ends fit with that exception.
///
/// `.frozen = {"layer 0"}` names blocks of the model's parameters, or the first words of their names. To the last bit they
/// stay as they were when training began, whatever optimizer and penalty do; no penalty counts them. The running
/// statistics of a batch_norm are none of the parameters: they still follow the batches.
// Options is a template argument only so that a misspelt option is one short error: with a plain parameter g++ lists
// candidates instead.
template <class L, class O, std::same_as<minimize_options> Options = minimize_options, class... Extras>
auto minimize(L loss, O optimizer, Options options = {}, const Extras&... extras) {
    using P = decltype(detail::penalty_of(extras...));
    return pipeline{
        minimize_spec<L, O, P>(loss, optimizer, std::move(options), detail::penalty_of(extras...))};
}

} // namespace tenon
