#pragma once

// impute: missing values become a statistic of the column's training values, or a given number.

#include <concepts>
#include <span>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/prepare/column_mean.hpp>
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

/// The rules of impute: what is gathered of a numeric column, all its values unless the rule says otherwise, and the
/// number that fills it.
struct mean_rule {
    using statistic = column_mean;
    static double of(const column_mean& values) { return values.mean(); }
};
struct median_rule {
    static double of(const column_tally& values) { return values.median(); }
};
struct most_frequent_rule {
    static double of(const column_tally& values) { return values.most_frequent(); }
};
/// A number that is given: it learns nothing, and also fills a numeric column without any value.
struct constant_rule {
    /// Nothing is gathered.
    struct statistic {
        static constexpr std::size_t count() noexcept { return 0; }
        void update(const auto&) noexcept {}
        void merge(const statistic&) noexcept {}
    };
    static constexpr bool is_given = true;
    explicit constexpr constant_rule(double number) noexcept : value(number) {}
    double of(const statistic&) const noexcept { return value; }
    double value;
};
inline constexpr mean_rule mean{};
inline constexpr median_rule median{};
inline constexpr most_frequent_rule most_frequent{};
/// Numeric columns take this finite number (in the columns' scalar), categorical ones still their most frequent level.
constexpr constant_rule constant(double value) noexcept {
    return constant_rule(value);
}

namespace detail {

template <class R>
concept GivenFill = requires { requires R::is_given; };

template <class R>
struct impute_statistic {
    using type = column_tally;
};
template <class R>
    requires requires { typename R::statistic; }
struct impute_statistic<R> {
    using type = typename R::statistic;
};

} // namespace detail

template <class R>
concept ImputeRule =
    std::copyable<R> && requires(const R rule, const typename detail::impute_statistic<R>::type& values) {
        { rule.of(values) } -> std::convertible_to<double>;
        values.count();
    };

/// Made by impute(rule).
template <ImputeRule Rule>
struct impute_spec : stage<role::preprocessor> {
    Rule rule;

    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_impute<In::width, typename In::scalar>;

    /// A mergeable fold over the columns' values: of categories the rows of each level, of numbers what the rule needs.
    class state {
    public:
        using statistic = typename detail::impute_statistic<Rule>::type;
        static constexpr bool keeps_all_values = requires { requires statistic::keeps_all_values; };

        explicit state(std::span<const column_info> columns) : numbers_(columns.size()) {
            for (const column_info& column : columns)
                levels_.emplace_back(column.categorical ? column.levels.size() : 0);
        }
        const statistic& number(std::size_t c) const noexcept { return numbers_[c]; }
        const level_counts& levels(std::size_t c) const noexcept { return levels_[c]; }

    private:
        friend impute_spec;
        std::vector<statistic> numbers_;
        std::vector<level_counts> levels_;
    };
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        for (std::size_t c = 0; c < x.columns(); ++c) {
            if (s.levels_[c].size() != 0)
                s.levels_[c].update(x.column(c));
            else
                s.numbers_[c].update(x.column(c));
        }
    }
    static void merge(state& into, const state& other) {
        for (std::size_t c = 0; c < into.numbers_.size(); ++c) {
            into.numbers_[c].merge(other.numbers_[c]);
            into.levels_[c].merge(other.levels_[c]);
        }
    }
    template <class F>
    F finish(std::type_identity<F>, const state& s, std::span<const column_info> columns) const {
        F f{storage<typename F::scalar, F::in>(columns.size())};
        for (std::size_t c = 0; c < columns.size(); ++c)
            f.fill[c] = fill_of<typename F::scalar>(s, c, columns[c]);
        return f;
    }

    template <class F, class T, class Y>
    F fit(std::type_identity<F> type, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        state s(columns);
        update(s, x);
        return finish(type, s, columns);
    }

private:
    template <class T>
    T fill_of(const state& s, std::size_t c, const column_info& column) const {
        if (detail::GivenFill<Rule> && !column.categorical)
            return given_fill<T>(rule.of(s.number(c)), column);
        const std::size_t level = s.levels(c).most_frequent();
        if (column.categorical ? level == s.levels(c).size() : s.number(c).count() == 0)
            detail::fail<data_error>(
                {"impute: column '", column.name, "' has no value to learn a fill from"});
        return static_cast<T>(column.categorical ? static_cast<double>(level) : rule.of(s.number(c)));
    }
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
