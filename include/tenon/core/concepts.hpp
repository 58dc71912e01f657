#pragma once

// The nouns of the library as concepts. Each primitive that a verb will call is asked for here first, so that a
// component that is wrong in one point is refused with a reason instead of a page of template errors.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tenon/core/matrix.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/stage.hpp>
#include <tenon/core/target.hpp>
#include <tenon/core/widths.hpp>
#include <type_traits>

namespace tenon::inline v0 {

/// Columns as a type: how many, of which scalar, and what the target is. `categories(i)` is 0 for a numeric
/// column, else its number of levels (dynamic where the type does not say).
template <class S>
concept Schema = requires(std::size_t i) {
    { S::width } -> std::convertible_to<std::size_t>;
    typename S::kind;
    typename S::scalar;
    { S::categories(i) } -> std::convertible_to<std::size_t>;
};

/// Samples of one schema: a view of the features, the targets, and the run-time face of the schema.
template <class D>
concept Dataset = requires(const D& d) {
    requires Schema<typename D::schema_type>;
    { d.x() } -> std::convertible_to<matrix_view<const typename D::schema_type::scalar>>;
    { d.y() } -> std::convertible_to<vector_view<const target_value<typename D::schema_type::kind>>>;
    d.info();
};

/// A specification that can stand in a pipeline.
template <class S>
concept Stage = std::copyable<S> && requires {
    { S::part } -> std::convertible_to<role>;
    typename S::malformed;
};

/// A fitted map from a row of `in` values to a row of `out` values; `width_in()` and `width_out()` say the widths
/// at run time where they are dynamic.
template <class F>
concept Transformer =
    requires(const F f, row<F::in, typename F::scalar> x, row_out<F::out, typename F::scalar> z) {
        { f(x, z) } noexcept;
        { f.width_in() } -> std::same_as<std::size_t>;
        { f.width_out() } -> std::same_as<std::size_t>;
        { F::name } -> std::convertible_to<std::string_view>;
    };

template <class S>
concept Preprocessor = Stage<S> && is_transform(S::part);

/// A Preprocessor that makes new columns and names them.
template <class S>
concept FeatureExpander = Preprocessor<S> && S::part == role::expander;

/// A Preprocessor that learns from rows and targets alone, or from the columns' names and levels as well.
template <class S, class F, class T, class Y>
concept FitsColumns = requires(const S s, std::type_identity<F> type, matrix_view<const T> x,
                               vector_view<const Y> y, std::span<const column_info> columns) {
    { s.fit(type, x, y, columns) } -> std::same_as<F>;
} || requires(const S s, std::type_identity<F> type, matrix_view<const T> x, vector_view<const Y> y) {
    { s.fit(type, x, y) } -> std::same_as<F>;
};

/// A Preprocessor that these columns can be given to.
template <class S, class In>
concept PreprocessorFor =
    Preprocessor<S> && Schema<typename S::template out<In>> && Transformer<typename S::template fitted<In>> &&
    std::same_as<typename S::template fitted<In>::scalar, typename In::scalar> &&
    FitsColumns<S, typename S::template fitted<In>, typename In::scalar, target_value<typename In::kind>>;

template <class S>
concept Model = Stage<S> && S::part == role::model;

/// What a model is built for, known when it is fitted: features in, scores out.
struct model_shape {
    std::size_t inputs;
    std::size_t outputs;
};

/// A fitted model: a map from a row of features to a row of scores (one number for a real target, one score a
/// class otherwise; the largest score wins and their softmax are the probabilities).
template <class M>
concept FittedModel =
    requires(const M m, row<M::in, typename M::scalar> x, row_out<M::outputs, typename M::score> z) {
        { m(x, z) } noexcept;
        { m.inputs() } -> std::same_as<std::size_t>;
        { m.width_out() } -> std::same_as<std::size_t>;
        { M::name } -> std::convertible_to<std::string_view>;
    };

/// A Model with a solver of its own: it can be fitted without `minimize`.
template <class S, class In>
concept SolverFor = requires(const S s, std::type_identity<typename S::template fitted<In>> type,
                             matrix_view<const typename S::template fitted<In>::scalar> x,
                             vector_view<const target_value<typename In::kind>> y, model_shape shape) {
    { s.fit(type, x, y, shape) } -> std::same_as<typename S::template fitted<In>>;
};

/// A Model that `minimize` can train: it has a start, and its parameters are one contiguous vector.
template <class S, class In>
concept TrainableFor = S::differentiable &&
                       requires(const S s, typename S::template fitted<In> m,
                                std::type_identity<typename S::template fitted<In>> type, model_shape shape) {
                           {
                               s.start(type, shape, std::uint64_t{})
                           } -> std::same_as<typename S::template fitted<In>>;
                           {
                               m.parameters()
                           } -> std::same_as<std::span<typename S::template fitted<In>::scalar>>;
                       };

template <class S, class In>
concept ModelFor =
    Model<S> && FittedModel<typename S::template fitted<In>> && (SolverFor<S, In> || TrainableFor<S, In>);

/// A loss says which targets it accepts. Called for one sample, it returns the value and writes the gradient with
/// respect to the scores.
template <class L>
concept Loss = std::copyable<L> && requires {
    typename L::template accepts<real>;
    typename L::template accepts<classes<2>>;
};

/// How a loss sees a target: real ones in the scalar of the model, several as std::array of it, classes as class_index.
template <class Kind, class T>
using loss_target = typename detail::target_traits<Kind>::template answer<T>;

template <class L, class Kind, class T>
concept LossFor =
    Loss<L> && requires(const L l, std::span<const T> scores, loss_target<Kind, T> y, std::span<T> gradient) {
        { l(scores, y, gradient) } -> std::convertible_to<T>;
    };

/// An optimizer is a value that holds hyper-parameters; the moments of a run live in `state<T>`.
/// What else it may have, to be scheduled or told of epochs, is in optim/events.hpp.
template <class O>
concept Optimizer =
    std::copyable<O> && std::constructible_from<typename O::template state<float>, std::size_t> &&
    std::copyable<typename O::template state<float>> &&
    requires(const O o, typename O::template state<float> s, std::span<float> w, std::span<const float> g) {
        o.step(s, w, g);
    };

/// A penalty adds its gradient with respect to the weights w, which started at w0, and returns its value.
template <class P>
concept Penalty = std::copyable<P> && requires(const P p, std::span<const float> w, std::span<const float> w0,
                                               std::span<float> g) {
    { p(w, w0, g) } -> std::convertible_to<double>;
};

template <class C>
concept Pruner = Stage<C> && C::part == role::pruner;

template <class C>
concept Quantizer = Stage<C> && C::part == role::quantizer;

/// A Pruner or Quantizer that can take the fitted model M.
template <class C, class M>
concept CompressorFor = (Pruner<C> || Quantizer<C>)&&FittedModel<typename C::template result<M>> &&
                        requires(const C c, const M m, matrix_view<const typename M::scalar> x) {
                            { c(m, x) } -> std::same_as<typename C::template result<M>>;
                        };

/// What is fitted and predicts: the same for every recipe, so that evaluate, save and a monitor take any of them.
template <class P>
concept Predictor = requires(const P p) {
    requires Schema<typename P::schema_type>;
    typename P::answer;
    p.record();
} && P::has_model;

} // namespace tenon
