#pragma once

// interactions<Degree>: the products of different columns up to a degree.

#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/text.hpp>
#include <tenon/core/widths.hpp>
#include <tenon/data/schema.hpp>
#include <tuple>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// The ways to choose d of n; each step of the loop divides without a rest.
constexpr std::size_t choices(std::size_t n, int degree) noexcept {
    const auto d = static_cast<std::size_t>(degree);
    if (d > n) return 0;
    std::size_t count = 1;
    for (std::size_t k = 1; k <= d; ++k) count = count * (n - d + k) / k;
    return count;
}

/// The number of products of 1 … Degree different ones of n columns; dynamic where n is.
constexpr std::size_t interaction_count(std::size_t n, int degree) noexcept {
    if (n == dynamic) return dynamic;
    std::size_t count = 0;
    for (int d = 1; d <= degree; ++d) count += choices(n, d);
    return count;
}

} // namespace detail

/// Columns in scikit-learn's order: x0 x1 … then x0·x1 x0·x2 … x1·x2 … then those of degree 3.
///
/// The products of degree d that begin with column i are x[i] times those of degree d - 1 that begin behind i: one
/// multiplication a feature.
template <std::size_t W, int Degree, class T>
struct fitted_interactions {
    static constexpr std::string_view name = "interactions";
    static constexpr std::size_t in = W, out = detail::interaction_count(W, Degree);
    using scalar = T;

    held_width<W> width;

    std::size_t width_in() const noexcept { return width(); }
    std::size_t width_out() const noexcept { return detail::interaction_count(width(), Degree); }

    void operator()(row<W, T> x, row_out<out, T> z) const noexcept {
        const std::size_t n = width();
        for (std::size_t i = 0; i < n; ++i) z[i] = x[i];
        const T* end = z.data() + n; // of the block of degree d - 1
        T* next = z.data() + n;
        for (int d = 2; d <= Degree; ++d) {
            const T* const block_end = end;
            for (std::size_t i = 0; i < n; ++i) {
                const std::size_t tail = detail::choices(n - i - 1, d - 1);
                const T* const from = block_end - tail;
                for (std::size_t k = 0; k < tail; ++k) next[k] = x[i] * from[k];
                next += tail;
            }
            end = next;
        }
    }

    std::vector<column_info> describe(std::span<const column_info> columns) const {
        std::vector<column_info> all(columns.begin(), columns.end());
        for (int d = 2; d <= Degree; ++d) {
            const std::size_t end = all.size();
            for (std::size_t i = 0; i < columns.size(); ++i)
                for (std::size_t k = end - detail::choices(columns.size() - i - 1, d - 1); k < end; ++k)
                    all.push_back({detail::concat({columns[i].name, "*", all[k].name}), false, {}});
        }
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        if constexpr (W == dynamic) visit("width", self.width.value);
    }
    static std::string signature() { return detail::concat({"degree ", Degree}); }
    /// Whether the products can be counted, after loading.
    bool is_consistent() const noexcept {
        double count = 1;
        for (int d = 1; d <= Degree; ++d) count *= (static_cast<double>(width()) + d) / d;
        return count < 0x1p53;
    }
    static std::string source() {
        std::string text = "int k = 0;\n", loops;
        for (int d = 1; d <= Degree; ++d) {
            const std::string i = detail::concat({"i", d});
            const std::string first = d == 1 ? "0" : detail::concat({"i", d - 1, " + 1"});
            detail::append(loops, {"for (int ", i, " = ", first, "; ", i, " < in; ++", i, ") "});
            // x[i1] * (x[i2] * …): the order of the multiplications in operator().
            std::string product;
            for (int p = 1; p <= d; ++p) detail::append(product, {(p > 1 ? " * (" : ""), "x[i", p, "]"});
            product += std::string(static_cast<std::size_t>(d - 1), ')');
            detail::append(text, {loops, "z[k++] = ", product, ";\n"});
        }
        return text;
    }
};

/// Made by interactions<Degree>().
template <int Degree>
struct interactions_spec : stage<role::expander> {
    static constexpr bool learns_nothing = true;
    static_assert(Degree >= 1, "interactions<Degree>: the degree is 1 or more");
    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = columns<detail::interaction_count(In::width, Degree), typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_interactions<In::width, Degree, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y>) const {
        return F{held_width<F::in>(x.columns())};
    }
};

/// The columns and all products of up to Degree different ones of them, without squares and without a constant.
/// `interactions<2>` over 3 columns gives 6.
template <int Degree>
auto interactions() {
    return pipeline{interactions_spec<Degree>{}};
}

} // namespace tenon
