#pragma once

// max_abs: every column divided by its largest size, so that zeros stay zeros.

#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/affine.hpp>
#include <tenon/prepare/extremes.hpp>

namespace tenon::inline v0 {

template <std::size_t W, class T>
using fitted_max_abs = fitted_affine<"max_abs", W, T>;

/// Made by max_abs().
struct max_abs_spec : stage<role::preprocessor> {
    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_max_abs<In::width, typename In::scalar>;

    /// A mergeable fold, to the last bit.
    using state = column_extremes;
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        s.update(x);
    }
    static void merge(state& into, const state& other) { into.merge(other); }
    template <class F>
    static F finish(std::type_identity<F>, const state& s, std::span<const column_info> columns) {
        using T = typename F::scalar;
        F f{storage<T, F::in>(s.width()), storage<T, F::in>(s.width())};
        for (std::size_t c = 0; c < s.width(); ++c) {
            if (s.is_empty(c)) detail::fail_without_values(f.name, columns[c]);
            const double size = -s.low(c) > s.high(c) ? -s.low(c) : s.high(c);
            f.scale[c] = static_cast<T>(1 / detail::span_between<T>(0, size, f.name, columns[c]));
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

/// Every column so that its training values lie between -1 and 1, the largest in size on one of the two. Nothing is
/// shifted: a zero stays a zero. A column of zeros stays as it is. Missing values are left out of the statistics and
/// stay missing. Throws data_error for a column without any value.
inline auto max_abs() {
    return pipeline{max_abs_spec{}};
}

} // namespace tenon
