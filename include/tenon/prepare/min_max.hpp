#pragma once

// min_max: every column into one range.

#include <cmath>
#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/affine.hpp>
#include <tenon/prepare/extremes.hpp>

namespace tenon::inline v0 {

template <std::size_t W, class T>
using fitted_min_max = fitted_affine<"min_max", W, T>;

/// The range that min_max maps to.
struct min_max_options {
    double low = 0;
    double high = 1;
};

/// Made by min_max(options).
struct min_max_spec : stage<role::preprocessor> {
    min_max_options options;
    explicit min_max_spec(min_max_options o = {}) : options(o) {}

    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_min_max<In::width, typename In::scalar>;

    /// A mergeable fold, to the last bit.
    using state = column_extremes;
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        s.update(x);
    }
    static void merge(state& into, const state& other) { into.merge(other); }
    template <class F>
    F finish(std::type_identity<F>, const state& s, std::span<const column_info> columns) const {
        using T = typename F::scalar;
        if (!(options.low < options.high && std::isfinite(options.high - options.low)))
            detail::fail<fit_error>(
                {"min_max: low must be below high, not ", options.low, " and ", options.high});
        F f{storage<T, F::in>(s.width()), storage<T, F::in>(s.width())};
        for (std::size_t c = 0; c < s.width(); ++c) {
            if (s.is_empty(c)) detail::fail_without_values(f.name, columns[c]);
            const double span = detail::span_between<T>(s.low(c), s.high(c), f.name, columns[c]);
            const double scale = (options.high - options.low) / span;
            f.shift[c] = static_cast<T>(s.low(c) - options.low / scale);
            f.scale[c] = static_cast<T>(scale);
        }
        return f;
    }

    template <class F, class T, class Y>
    F fit(std::type_identity<F> type, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        state s(x.columns());
        update(s, x);
        return finish(type, s, columns);
    }
};

/// Every column so that its smallest training value becomes `low` and its largest `high`, up to rounding in the last
/// digits of the values; later values may lie outside. A constant column becomes `low`. Missing values are left out of
/// the statistics and stay missing. Throws data_error for a column without any value, or with values further apart
/// than its scalar can hold.
///
///     min_max()   min_max({.low = -1, .high = 1})
inline auto min_max(min_max_options options = {}) {
    return pipeline{min_max_spec(options)};
}

} // namespace tenon
