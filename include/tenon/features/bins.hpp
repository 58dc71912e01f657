#pragma once

// bins<N>(rule): every number becomes the index of the bin that it falls into.

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

/// The number of inner edges that are not above x. A column with fewer bins than N has edges at infinity, which nothing
/// reaches; NaN stays NaN.
template <std::size_t W, std::size_t N, class T>
struct fitted_bins {
    static constexpr std::string_view name = "bins";
    static constexpr std::size_t in = W, out = W;
    using scalar = T;

    storage<T, multiply_widths(W, N - 1)> edges; ///< N - 1 a column, ascending

    std::size_t width_in() const noexcept { return edges.size() / (N - 1); }
    std::size_t width_out() const noexcept { return width_in(); }

    void operator()(row<W, T> x, row_out<W, T> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) {
            const T* const edge = edges.data() + i * (N - 1);
            T bin = x[i] == x[i] ? T{0} : x[i];
            for (std::size_t b = 0; b < N - 1; ++b)
                bin += x[i] >= edge[b] && edge[b] <= std::numeric_limits<T>::max() ? T{1} : T{0};
            z[i] = bin;
        }
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("edges", self.edges);
    }
    static std::string signature() { return detail::concat({N}); }
    /// Whether there are as many edges as every column has, after loading.
    bool is_consistent() const noexcept { return edges.size() > 0 && edges.size() % (N - 1) == 0; }
    static std::string source() {
        return detail::concat({"const int inner = ", N - 1,
                               ";\n"
                               "for (int i = 0; i < in; ++i) {\n"
                               "    scalar bin = x[i] == x[i] ? 0 : x[i];\n"
                               "    for (int b = 0; b < inner; ++b) {\n"
                               "        const scalar edge = edges[i * inner + b];\n"
                               "        if (x[i] >= edge && edge - edge == 0) bin += 1;\n"
                               "    }\n"
                               "    z[i] = bin;\n"
                               "}"});
    }
};

/// Made by bins<N>(rule).
template <std::size_t N, CutRule Rule>
struct bins_spec : stage<role::preprocessor> {
    static_assert(N >= 2, "bins<N>: make at least two bins");
    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_bins<In::width, N, typename In::scalar>;

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
        F f{storage<T, multiply_widths(F::in, N - 1)>(s.width() * (N - 1))};
        for (T& edge : f.edges) edge = std::numeric_limits<T>::infinity();
        for (std::size_t c = 0; c < s.width(); ++c) {
            if (s[c].count() == 0) detail::fail_without_values(F::name, columns[c]);
            const std::vector<double> values = s[c].sorted();
            T* next = f.edges.data() + c * (N - 1);
            double below = values.front();
            for (std::size_t i = 1; i < N; ++i) {
                const double edge = Rule::edge(values, i, N);
                if (edge > below && edge < values.back()) *next++ = static_cast<T>(edge);
                below = edge;
            }
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

/// Every number becomes the index of its bin, from 0: bins of equal width or of equally many training values, as those of
/// scikit-learn's KBinsDiscretizer (encode ordinal; its quantiles are the averaged inverse of the distribution function).
/// A bin begins with its lower edge; the outer bins are open. Edges that are equal merge, so a column with few different
/// values has fewer than N bins and a constant one only bin 0 (scikit-learn also merges edges closer than 1e-8, whatever
/// the scale of the column). Missing values are left out of the edges and stay missing. Throws data_error for a column
/// without any value. Keeps a copy of the values while it is fitted.
///
///     bins<5>(tenon::by_quantile)   bins<5>(tenon::by_width)
template <std::size_t N, CutRule Rule>
auto bins(Rule) {
    return pipeline{bins_spec<N, Rule>{}};
}

} // namespace tenon
