#pragma once

// clip: values beyond the fences of their column are brought back to them. The fences are quantiles, or lie so many
// quartile distances or deviations away from the middle.

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/moments.hpp>
#include <tenon/prepare/tally.hpp>

namespace tenon::inline v0 {

/// lower where x is below, upper where it is above, else x; missing values stay missing.
template <std::size_t W, class T>
struct fitted_clip {
    static constexpr std::string_view name = "clip";
    static constexpr std::size_t in = W, out = W;
    using scalar = T;

    storage<T, W> lower;
    storage<T, W> upper;

    std::size_t width_in() const noexcept { return lower.size(); }
    std::size_t width_out() const noexcept { return lower.size(); }

    void operator()(row<W, T> x, row_out<W, T> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) {
            const T v = x[i] < lower[i] ? lower[i] : x[i]; // comparisons in this order let NaN through
            z[i] = v > upper[i] ? upper[i] : v;
        }
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("lower", self.lower);
        visit("upper", self.upper);
    }
    /// Whether the fields agree after loading.
    bool is_consistent() const noexcept {
        for (std::size_t i = 0; i < lower.size() && i < upper.size(); ++i)
            if (!(lower[i] <= upper[i])) return false;
        return lower.size() == upper.size();
    }
    static std::string source() {
        return "for (int i = 0; i < in; ++i) {\n"
               "    const scalar v = x[i] < lower[i] ? lower[i] : x[i];\n"
               "    z[i] = v > upper[i] ? upper[i] : v;\n"
               "}";
    }
};

/// Where a column ends.
struct fences {
    double lower = -std::numeric_limits<double>::infinity();
    double upper = std::numeric_limits<double>::infinity();
};

/// The quantiles, between 0 and 1, that become the fences.
struct clip_quantiles_options {
    double low = 0.01;
    double high = 0.99;
};

/// The rules of clip: the statistics a rule needs of all columns, whether a column has any value, and its fences.
struct quantile_fences {
    using state = column_tallies;
    static constexpr std::string_view name = "clip_quantiles";
    clip_quantiles_options options;

    void check() const { detail::check_quantiles(name, options.low, options.high); }
    static bool is_empty(const state& s, std::size_t c) { return s[c].count() == 0; }
    fences of(const state& s, std::size_t c) const {
        const std::vector<double> sorted = s[c].sorted();
        return {detail::quantile_of(sorted, options.low), detail::quantile_of(sorted, options.high)};
    }
};
struct iqr_fences {
    using state = column_tallies;
    static constexpr std::string_view name = "clip_iqr";
    double distances;

    void check() const {
        if (!(distances >= 0)) detail::fail<fit_error>({name, ": give 0 or more, not ", distances});
    }
    static bool is_empty(const state& s, std::size_t c) { return s[c].count() == 0; }
    fences of(const state& s, std::size_t c) const {
        const std::vector<double> sorted = s[c].sorted();
        const double low = detail::quantile_of(sorted, 0.25), high = detail::quantile_of(sorted, 0.75);
        if (low == high) return {};
        return {low - distances * (high - low), high + distances * (high - low)};
    }
};
struct z_fences {
    using state = column_moments;
    static constexpr std::string_view name = "clip_z";
    double deviations;

    void check() const {
        if (!(deviations >= 0)) detail::fail<fit_error>({name, ": give 0 or more, not ", deviations});
    }
    static bool is_empty(const state& s, std::size_t c) { return s.count(c) == 0; }
    fences of(const state& s, std::size_t c) const {
        constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
        const double variance = s.variance(c);
        if (!std::isfinite(variance)) return {unknown, unknown};
        if (s.is_constant(c)) return {};
        const double distance = deviations * std::sqrt(variance);
        return {s.mean(c) - distance, s.mean(c) + distance};
    }
};

/// Made by clip_quantiles, clip_iqr or clip_z.
template <class Rule>
struct clip_spec : stage<role::preprocessor> {
    Rule rule;
    explicit clip_spec(Rule r) : rule(r) {}

    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_clip<In::width, typename In::scalar>;

    /// A mergeable fold.
    using state = typename Rule::state;
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        s.update(x);
    }
    static void merge(state& into, const state& other) { into.merge(other); }
    template <class F>
    F finish(std::type_identity<F>, const state& s, std::span<const column_info> columns) const {
        using T = typename F::scalar;
        rule.check();
        F f{storage<T, F::in>(s.width()), storage<T, F::in>(s.width())};
        for (std::size_t c = 0; c < s.width(); ++c) {
            if (Rule::is_empty(s, c))
                detail::fail<data_error>(
                    {Rule::name, ": column '", columns[c].name, "' has no value to learn from"});
            const fences ends = rule.of(s, c);
            if (!(ends.lower <= ends.upper))
                detail::fail<data_error>({Rule::name, ": the values of column '", columns[c].name,
                                          "' are too large to compute with their squares"});
            f.lower[c] = fence_in<T>(ends.lower);
            f.upper[c] = fence_in<T>(ends.upper);
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

private:
    /// A fence in the scalar of the column; infinite where that has no such number.
    template <class T>
    static T fence_in(double v) noexcept {
        constexpr auto largest = static_cast<double>(std::numeric_limits<T>::max());
        if (v > largest) return std::numeric_limits<T>::infinity();
        return v < -largest ? -std::numeric_limits<T>::infinity() : static_cast<T>(v);
    }
};

/// Every value to between two quantiles of its column's training values (interpolated linearly). All three: missing
/// values are left out of the statistics and stay missing; data_error for a column without any value; no way back.
///
///     clip_quantiles({.low = 0.05, .high = 0.95})
inline auto clip_quantiles(clip_quantiles_options options = {}) {
    return pipeline{clip_spec(quantile_fences{options})};
}

/// Every value to no more than `distances` times the distance of the quartiles away from them (Tukey's fences). A
/// column whose quartiles are equal has no fences: in a column that is mostly one value the others are no outliers.
inline auto clip_iqr(double distances = 1.5) {
    return pipeline{clip_spec(iqr_fences{distances})};
}

/// Every value to no more than `deviations` standard deviations (divided by n) away from its column's mean. A constant
/// column has no fences; values above 1e150 in size, whose squares overflow, are a data_error.
inline auto clip_z(double deviations = 3) {
    return pipeline{clip_spec(z_fences{deviations})};
}

} // namespace tenon
