#pragma once

// spline<Knots, Degree>: every number becomes the values of a few smooth bumps along its range, so that a linear model of
// them is a smooth curve.

#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/features/cut_rules.hpp>
#include <tenon/prepare/affine.hpp>
#include <tenon/prepare/tally.hpp>
#include <tuple>
#include <vector>

namespace tenon::inline v0 {

/// The B-splines of each column in turn, by the recurrence of Cox and de Boor. They add up to 1. A value beyond the outer
/// knots counts as the outer knot, NaN makes those of its column NaN.
template <std::size_t W, std::size_t Knots, std::size_t Degree, class T>
struct fitted_spline {
    static constexpr std::string_view name = "spline";
    static constexpr std::size_t made = Knots + Degree - 1; ///< splines a column
    static constexpr std::size_t positions =
        Knots + 2 * Degree; ///< knots a column, Degree of them beyond either end
    static constexpr std::size_t in = W, out = multiply_widths(W, made);
    using scalar = T;

    storage<T, multiply_widths(W, positions)> knots; ///< of each column in turn, ascending

    std::size_t width_in() const noexcept { return knots.size() / positions; }
    std::size_t width_out() const noexcept { return width_in() * made; }

    void operator()(row<W, T> x, row_out<out, T> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i)
            evaluate(knots.data() + i * positions, x[i], z.data() + i * made);
    }

    std::vector<column_info> describe(std::span<const column_info> columns) const {
        std::vector<column_info> all;
        for (const column_info& column : columns)
            for (std::size_t k = 0; k < made; ++k)
                all.push_back({detail::concat({column.name, "_spline", k}), false, {}});
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("knots", self.knots);
    }
    static std::string signature() { return detail::concat({Knots, " knots, degree ", Degree}); }
    /// Whether there are as many knots as every column has, in ascending order, after loading.
    bool is_consistent() const noexcept {
        for (std::size_t k = 1; k < knots.size(); ++k)
            if (k % positions != 0 && !(knots[k - 1] <= knots[k])) return false;
        return knots.size() > 0 && knots.size() % positions == 0;
    }
    static std::string source() {
        const std::string head = detail::concat(
            {"const int degree = ", Degree, ", made = ", made, ", positions = ", positions, ";\n"});
        return head + R"(for (int i = 0; i < in; ++i) {
    const auto* const t = knots + i * positions;
    scalar* const bumps = z + i * made;
    scalar v = x[i];
    for (int k = 0; k < made; ++k) bumps[k] = v == v ? 0 : v;
    if (v != v) continue;
    if (v < t[degree]) v = t[degree];
    if (v > t[made]) v = t[made];
    int place = -1;
    for (int k = degree; k < made; ++k)
        if (t[k] <= v && t[k] < t[k + 1]) place = k;
    if (place < 0) continue;
    scalar* const here = bumps + (place - degree);
    here[0] = 1;
    for (int d = 1; d <= degree; ++d) {
        scalar carried = 0;
        for (int k = 0; k < d; ++k) {
            const scalar left = t[place + 1 - d + k], right = t[place + 1 + k];
            const scalar share = here[k] / (right - left);
            here[k] = carried + (right - v) * share;
            carried = (v - left) * share;
        }
        here[d] = carried;
    }
})";
    }

private:
    static void evaluate(const T* t, T v, T* bumps) noexcept {
        for (std::size_t k = 0; k < made; ++k) bumps[k] = v == v ? T{0} : v;
        if (v != v) return;
        if (v < t[Degree]) v = t[Degree];
        if (v > t[made]) v = t[made];
        std::size_t place = made; // of the knot at or below v
        for (std::size_t k = Degree; k < made; ++k)
            if (t[k] <= v && t[k] < t[k + 1]) place = k;
        if (place == made) return; // all knots are one
        T* const here = bumps + (place - Degree);
        here[0] = 1;
        for (std::size_t d = 1; d <= Degree; ++d) {
            T carried = 0;
            for (std::size_t k = 0; k < d; ++k) {
                const T left = t[place + 1 - d + k], right = t[place + 1 + k];
                const T share = here[k] / (right - left);
                here[k] = carried + (right - v) * share;
                carried = (v - left) * share;
            }
            here[d] = carried;
        }
    }
};

/// Made by spline<Knots, Degree>(rule).
template <std::size_t Knots, std::size_t Degree, CutRule Rule>
struct spline_spec : stage<role::expander> {
    static_assert(Knots >= 2 && Degree >= 1, "spline<Knots, Degree>: at least two knots and degree 1");
    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using fitted = fitted_spline<In::width, Knots, Degree, typename In::scalar>;
    template <class In>
    using out = columns<fitted<In>::out, typename In::kind, typename In::scalar>;

    /// A mergeable fold over the columns' values, to the last bit.
    using state = column_tallies;
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        s.update(x);
    }
    static void merge(state& into, const state& other) { into.merge(other); }
    template <class F>
    static F finish(std::type_identity<F>, const state& s, std::span<const column_info> columns) {
        using T = typename F::scalar;
        F f{storage<T, multiply_widths(F::in, F::positions)>(s.width() * F::positions)};
        T* next = f.knots.data();
        for (std::size_t c = 0; c < s.width(); ++c) {
            if (s[c].count() == 0) detail::fail_without_values(F::name, columns[c]);
            const std::vector<double> values = s[c].sorted();
            std::array<double, Knots> inner{};
            for (std::size_t i = 0; i < Knots; ++i) inner[i] = Rule::knot(values, i, Knots);
            const double first = inner[1] - inner[0], last = inner[Knots - 1] - inner[Knots - 2];
            for (std::size_t i = Degree; i > 0; --i)
                *next++ = static_cast<T>(inner[0] - static_cast<double>(i) * first);
            for (const double knot : inner) *next++ = static_cast<T>(knot);
            for (std::size_t i = 1; i <= Degree; ++i)
                *next++ = static_cast<T>(inner[Knots - 1] + static_cast<double>(i) * last);
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

/// Every column becomes Knots + Degree - 1 B-splines of this degree over knots at equal distances or at quantiles of the
/// training values, those of scikit-learn's SplineTransformer (extrapolation constant, include_bias): `spline<5>` makes 7
/// of each. They add up to 1, also beyond the training range, where they stay as they are at its end. A constant column
/// gives zeros, as there. (Where outer knots are equal, scikit-learn's splines drop to 0 beyond them and at the upper one;
/// these do not.) Missing values are left out of the knots and stay missing. Throws data_error for a column without any
/// value. Keeps a copy of the values while it is fitted.
///
///     spline<5>()   spline<5, 2>(tenon::by_quantile)
template <std::size_t Knots, std::size_t Degree = 3, CutRule Rule = by_width_rule>
auto spline(Rule = {}) {
    return pipeline{spline_spec<Knots, Degree, Rule>{}};
}

} // namespace tenon
