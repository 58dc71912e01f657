#pragma once

// variance_threshold(t): drops the columns that hardly vary.

#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/features/finite.hpp>
#include <tenon/features/kept_columns.hpp>
#include <tenon/prepare/moments.hpp>

namespace tenon::inline v0 {

/// What variance_threshold fits to.
template <std::size_t W, class T>
using fitted_variance_threshold = fitted_kept<"variance_threshold", W, dynamic, T>;

/// Made by variance_threshold(t).
struct variance_threshold_spec : stage<role::preprocessor> {
    double threshold;
    explicit variance_threshold_spec(double t) : threshold(t) {}

    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = columns<dynamic, typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_variance_threshold<In::width, typename In::scalar>;

    /// A mergeable fold, as that of standardize.
    using state = column_moments;
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        s.update(x);
    }
    static void merge(state& into, const state& other) { into.merge(other); }
    template <class F>
    F finish(std::type_identity<F>, const state& s) const {
        if (!(threshold >= 0))
            detail::fail<fit_error>({F::name, ": a variance is 0 or more, not ", threshold});
        F f{held_width<F::in>(s.width()), {}};
        std::size_t kept = 0;
        for (std::size_t c = 0; c < s.width(); ++c) kept += is_kept(s, c) ? 1 : 0;
        if (kept == 0)
            detail::fail<data_error>(
                {F::name, ": none of the ", s.width(), " columns has a variance above ", threshold});
        f.places.resize(kept);
        kept = 0;
        for (std::size_t c = 0; c < s.width(); ++c)
            if (is_kept(s, c)) f.places[kept++] = static_cast<std::uint32_t>(c);
        return f;
    }

    template <class F, class T, class Y>
    F fit(std::type_identity<F> type, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        state s(x.columns());
        update(s, x);
        for (std::size_t c = 0; c < s.width(); ++c)
            if (!detail::is_finite(s.variance(c))) detail::fail_not_finite(F::name, x, columns);
        return finish(type, s);
    }

private:
    bool is_kept(const state& s, std::size_t c) const noexcept {
        return s.variance(c) > threshold && !s.is_constant(c);
    }
};

/// Keeps the columns whose variance over the training rows (divided by n, missing values left out) is above the threshold,
/// in their old order; by default all that are not constant. How many these are only the data know, so the width behind
/// it is tenon::dynamic. A column whose spread is no more than rounding counts as constant, one row makes every column
/// so. Throws data_error where no column is left.
///
///     variance_threshold()   variance_threshold(0.01)
template <class Lazy = void>
auto variance_threshold(double threshold = 0) {
    return pipeline{variance_threshold_spec(threshold)};
}

} // namespace tenon
