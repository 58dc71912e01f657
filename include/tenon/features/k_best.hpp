#pragma once

// k_best<K>(score): keeps the K columns that tell most about the target, each looked at alone.

#include <limits>
#include <tenon/core/ascending.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/features/enough_columns.hpp>
#include <tenon/features/kept_columns.hpp>
#include <tenon/features/scores.hpp>
#include <vector>

namespace tenon::inline v0 {

/// What k_best fits to.
template <std::size_t W, std::size_t K, class T>
using fitted_k_best = fitted_kept<"k_best", W, K, T>;

namespace detail {

template <class In, std::size_t K, class Score>
consteval auto objection_to_k_best() {
    if constexpr (!no_objection<enough_numbers<In, K>>)
        return enough_numbers<In, K>{};
    else
        return typename Score::template accepts<typename In::kind>{};
}

} // namespace detail

/// Made by k_best<K>(score).
template <std::size_t K, ColumnScore Score>
struct k_best_spec : stage<role::preprocessor> {
    static_assert(K > 0, "k_best<K>: keep at least one column");
    Score score;
    explicit k_best_spec(Score s) : score(s) {}

    template <class In>
    using objection = decltype(detail::objection_to_k_best<In, K, Score>());
    template <class In>
    using out = columns<K, typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_k_best<In::width, K, typename In::scalar>;

    template <class F, class T, class Y>
        requires ColumnScoreFor<Score, T, Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y> y,
          std::span<const column_info> columns) const {
        if (K > x.columns())
            detail::fail<data_error>({"k_best: asked for ", K, " columns, there are ", x.columns()});
        const std::vector<double> scores = score(x, y, columns);
        const auto best_first = detail::ascending_places(x.columns(), [&](std::size_t c) {
            return scores[c] == scores[c] ? -scores[c] : std::numeric_limits<double>::quiet_NaN();
        });
        std::vector<bool> is_kept(x.columns());
        for (std::size_t i = 0; i < K; ++i) is_kept[best_first[i]] = true;
        F f{held_width<F::in>(x.columns()), storage<std::uint32_t, K>(K)};
        std::size_t next = 0;
        for (std::size_t c = 0; c < x.columns(); ++c)
            if (is_kept[c]) f.places[next++] = static_cast<std::uint32_t>(c);
        return f;
    }
};

/// Keeps the K columns of the best score (f_regression, f_classif, chi2, mutual_information or one's own), in their old
/// order. Of equal scores the column that comes first is kept (scikit-learn keeps the last); a score that is NaN ranks below
/// all others. Throws data_error for values that are missing, and for K columns of fewer where only the data know.
///
///     k_best<5>(tenon::f_regression)
template <std::size_t K, ColumnScore Score>
auto k_best(Score score) {
    return pipeline{k_best_spec<K, Score>(score)};
}

template <std::size_t K, class Score>
    requires(!ColumnScore<Score>)
refused<because::the_argument_is_not_a_score_of_columns> k_best(Score);

} // namespace tenon
