#pragma once

// impute: missing values become a statistic of the column's training values, or a given number.

#include <concepts>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/prepare/tally.hpp>
#include <vector>

namespace tenon::inline v0 {

/// NaN becomes the column's fill; every other value passes.
template <std::size_t W, class T>
struct fitted_impute {
    static constexpr std::string_view name = "impute";
    static constexpr std::size_t in = W, out = W;
    static constexpr bool fills_missing = true;
    using scalar = T;

    storage<T, W> fill;

    std::size_t width_in() const noexcept { return fill.size(); }
    std::size_t width_out() const noexcept { return fill.size(); }

    void operator()(row<W, T> x, row_out<W, T> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) z[i] = x[i] == x[i] ? x[i] : fill[i];
    }
    /// What was there stays, so the way back is the identity.
    void inverse(row<W, T> z, row_out<W, T> x) const noexcept {
        for (std::size_t i = 0; i < z.size(); ++i) x[i] = z[i];
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("fill", self.fill);
    }
    static std::string source() {
        return "for (int i = 0; i < in; ++i) z[i] = x[i] == x[i] ? x[i] : fill[i];";
    }
};

/// The rules of impute: the statistic that fills a numeric column.
struct mean_rule {
    static double of(const column_tally& values) { return values.mean(); }
};
struct median_rule {
    static double of(const column_tally& values) { return values.median(); }
};
struct most_frequent_rule {
    static double of(const column_tally& values) { return values.most_frequent(); }
};
/// A number that is given: it learns nothing, and also fills a numeric column without any value.
struct constant_rule {
    static constexpr bool is_given = true;
    explicit constexpr constant_rule(double number) noexcept : value(number) {}
    double of(const column_tally&) const noexcept { return value; }
    double value;
};
inline constexpr mean_rule mean{};
inline constexpr median_rule median{};
inline constexpr most_frequent_rule most_frequent{};
/// Numeric columns take this finite number (in the columns' scalar), categorical ones still their most frequent level.
constexpr constant_rule constant(double value) noexcept {
    return constant_rule(value);
}

template <class R>
concept ImputeRule = std::copyable<R> && requires(const R rule, const column_tally& values) {
    { rule.of(values) } -> std::convertible_to<double>;
};

namespace detail {

template <class R>
concept GivenFill = requires { requires R::is_given; };

} // namespace detail

/// Made by impute(rule).
template <ImputeRule Rule>
struct impute_spec : stage<role::preprocessor> {
    Rule rule;

    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_impute<In::width, typename In::scalar>;

    /// A mergeable fold over the columns' values.
    using state = std::vector<column_tally>;
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        for (std::size_t c = 0; c < x.columns(); ++c) s[c].update(x.column(c));
    }
    static void merge(state& into, const state& other) {
        for (std::size_t c = 0; c < into.size(); ++c) into[c].merge(other[c]);
    }
    template <class F>
    static F finish(std::type_identity<F>, const state& s, std::span<const column_info> columns,
                    Rule rule = {}) {
        using T = typename F::scalar;
        F f{storage<T, F::in>(s.size())};
        for (std::size_t c = 0; c < s.size(); ++c) {
            if (detail::GivenFill<Rule> && !columns[c].categorical) {
                f.fill[c] = given_fill<T>(rule.of(s[c]), columns[c]);
                continue;
            }
            if (s[c].count() == 0)
                detail::fail<data_error>(
                    {"impute: column '", columns[c].name, "' has no value to learn a fill from"});
            f.fill[c] = static_cast<T>(columns[c].categorical ? s[c].most_frequent() : rule.of(s[c]));
        }
        return f;
    }

    template <class F, class T, class Y>
    F fit(std::type_identity<F> type, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        state s(x.columns());
        for (std::size_t c = 0; c < x.columns(); ++c)
            if (!detail::GivenFill<Rule> || columns[c].categorical) s[c].update(x.column(c));
        return finish(type, s, columns, rule);
    }

private:
    template <class T>
    static T given_fill(double value, const column_info& column) {
        const T fill = static_cast<T>(value);
        if (fill - fill != 0)
            detail::fail<fit_error>({"impute: column '", column.name, "' cannot be filled with ", value,
                                     ", expected a finite number"});
        return fill;
    }
};

/// Fills missing values (NaN): numeric columns with their mean, median or most frequent value, or a given number;
/// categorical ones always with their most frequent level. Throws data_error for a column without any value, unless
/// it takes a given number, and fit_error where that number is not finite.
///
///     impute(tenon::median)
///     impute(tenon::constant(0.0))
template <ImputeRule Rule>
auto impute(Rule rule) {
    return pipeline{impute_spec<Rule>{{}, rule}};
}

} // namespace tenon
