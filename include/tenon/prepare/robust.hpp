#pragma once

// robust: every column by its median and a range between two quantiles, which outliers do not move.

#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/affine.hpp>
#include <tenon/prepare/tally.hpp>

namespace tenon::inline v0 {

template <std::size_t W, class T>
using fitted_robust = fitted_affine<"robust", W, T>;

/// The quantiles, between 0 and 1, whose distance becomes 1.
struct robust_options {
    double low = 0.25;
    double high = 0.75;
};

/// Made by robust(options).
struct robust_spec : stage<role::preprocessor> {
    robust_options options;
    explicit robust_spec(robust_options o = {}) : options(o) {}

    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_robust<In::width, typename In::scalar>;

    /// A mergeable fold over the columns' values, to the last bit.
    using state = column_tallies;
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        s.update(x);
    }
    static void merge(state& into, const state& other) { into.merge(other); }
    template <class F>
    F finish(std::type_identity<F>, const state& s, std::span<const column_info> columns) const {
        using T = typename F::scalar;
        detail::check_quantiles(F::name, options.low, options.high);
        F f{storage<T, F::in>(s.width()), storage<T, F::in>(s.width())};
        for (std::size_t c = 0; c < s.width(); ++c) {
            if (s[c].count() == 0) detail::fail_without_values(f.name, columns[c]);
            const std::vector<double> sorted = s[c].sorted();
            const double low = detail::quantile_of(sorted, options.low);
            const double high = detail::quantile_of(sorted, options.high);
            f.shift[c] = static_cast<T>(detail::median_of(sorted));
            f.scale[c] = static_cast<T>(1 / detail::span_between<T>(low, high, f.name, columns[c]));
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

/// Every column minus its median, divided by the distance of two quantiles: half of the training values lie between
/// them by default. A column whose two quantiles are equal is only centred. Missing values are left out of the
/// statistics and stay missing. Throws data_error for a column without any value. Keeps a copy of the values while it
/// is fitted.
///
///     robust()   robust({.low = 0.1, .high = 0.9})
inline auto robust(robust_options options = {}) {
    return pipeline{robust_spec(options)};
}

} // namespace tenon
