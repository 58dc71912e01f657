#pragma once

// minimize: the specification that trains the Model in front of it. What it runs is in train/train_model.hpp.

#include <concepts>
#include <cstdint>
#include <tenon/core/pipeline.hpp>
#include <tenon/optim/events.hpp>
#include <tenon/optim/penalty.hpp>
#include <tenon/optim/proximal.hpp>

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
};

/// Made by minimize(loss, optimizer, options, penalty).
template <class L, class O, class P>
struct minimize_spec : stage<role::trainer> {
    using malformed = std::conditional_t<
        !Loss<L>, because::the_first_argument_is_not_a_Loss,
        std::conditional_t<
            !Optimizer<O>, because::the_second_argument_is_not_an_Optimizer,
            std::conditional_t<!Penalty<P>, because::the_last_argument_is_not_a_Penalty, because::nothing>>>;

    L loss;
    O optimizer;
    minimize_options options;
    P penalty;

    minimize_spec(L l, O o, minimize_options opts, P p) : loss(l), optimizer(o), options(opts), penalty(p) {}

    /// Why it cannot train a Model M on targets of this kind. Penalties that pull to the start make sense only where
    /// the start is a trained model.
    template <class M, class Kind, bool IsFresh = true>
    static consteval auto judge() {
        using accepts = typename L::template accepts<Kind>;
        if constexpr (!no_objection<accepts>)
            return accepts{};
        else if constexpr (!LossFor<L, Kind, typename M::scalar>)
            return because::this_Loss_cannot_be_called_with_scores_target_and_gradient{};
        else if constexpr (detail::ProximalPenalty<P, typename M::scalar> &&
                           !detail::HasReach<O, typename M::scalar>)
            return because::this_penalty_takes_proximal_steps__the_Optimizer_needs_reach{};
        else if constexpr (IsFresh && requires { requires P::pulls_to_start; })
            return because::l2_sp_pulls_towards_a_trained_Model__use_it_in_fine_tune{};
        else
            return because::nothing{};
    }
    template <class M, class Kind>
    using objection_to = decltype(judge<M, Kind>());

    /// Trains from a model on x, y, watching the held-out rows where there are any. A fresh model takes the target's units.
    /// Throws fit_error for weights where the model's gradient takes none.
    template <class M, class Y>
    M train(const M& from, matrix_view<const typename M::scalar> x, vector_view<const Y> y,
            matrix_view<const typename M::scalar> held_out_x, vector_view<const Y> held_out_y, bool is_fresh,
            vector_view<const double> weights = {}, vector_view<const double> held_out_weights = {}) const;
};

/// Trains the Model in front of it: `minimize(squared_error(), adam(1e-3), {.epochs = 100, .seed = 7}, l2(1e-4))`.
///
/// Rows are shuffled anew in every epoch. With `.validation` a share of the rows leaves before the first stage is
/// fitted; with `.patience` the parameters of the best epoch are kept (by the loss on those rows, or on the training
/// rows where there are none). Penalties act on weights, not on biases; l1, elastic and group_lasso take proximal steps,
/// which leave exact zeros. Throws fit_error where the loss stops being finite.
// Options is a template argument only so that a misspelt option is one short error: with a plain parameter g++ lists
// candidates instead.
template <class L, class O, class P = no_penalty, std::same_as<minimize_options> Options = minimize_options>
auto minimize(L loss, O optimizer, Options options = {}, P penalty = {}) {
    return pipeline{minimize_spec<L, O, P>(loss, optimizer, options, penalty)};
}

} // namespace tenon
