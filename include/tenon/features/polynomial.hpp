#pragma once

// polynomial<Degree>: all products of columns up to a degree.

#include <cstdint>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/text.hpp>
#include <tenon/core/widths.hpp>
#include <tenon/data/schema.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// The number of monomials of degree 1 … Degree in n variables; dynamic where n is.
constexpr std::size_t monomials(std::size_t n, int degree) noexcept {
    if (n == dynamic) return dynamic;
    std::size_t count = 1;
    for (int d = 1; d <= degree; ++d)
        count = count * (n + static_cast<std::size_t>(d)) / static_cast<std::size_t>(d);
    return count - 1;
}

} // namespace detail

/// Columns in scikit-learn's order (no bias): x0 x1 … then x0² x0·x1 … then degree 3.
///
/// The monomials of degree d that begin with variable i are x[i] times those of degree d - 1 that begin with i or
/// later: one multiplication a feature.
template <std::size_t W, int Degree, class T>
struct fitted_polynomial {
    static constexpr std::string_view name = "polynomial";
    static constexpr std::size_t in = W, out = detail::monomials(W, Degree);
    using scalar = T;

    held_width<W> width;

    std::size_t width_in() const noexcept { return width(); }
    std::size_t width_out() const noexcept { return detail::monomials(width(), Degree); }

    void operator()(row<W, T> x, row_out<out, T> z) const noexcept {
        const std::size_t n = width();
        for (std::size_t i = 0; i < n; ++i) z[i] = x[i];
        const T* previous = z.data(); // the block of degree d - 1
        T* next = z.data() + n;
        for (int d = 2; d <= Degree; ++d) {
            const T* const block = next;
            for (std::size_t i = 0; i < n; ++i) {
                const std::size_t tail = block_size(n - i, d - 1);
                const T* const from = previous + (block_size(n, d - 1) - tail);
                for (std::size_t k = 0; k < tail; ++k) next[k] = x[i] * from[k];
                next += tail;
            }
            previous = block;
        }
    }

    std::vector<column_info> describe(std::span<const column_info> columns) const {
        std::vector<column_info> all(columns.begin(), columns.end());
        for (int d = 2; d <= Degree; ++d) {
            const std::size_t block = all.size();
            for (std::size_t i = 0; i < columns.size(); ++i) {
                const std::size_t tail = block_size(columns.size() - i, d - 1);
                for (std::size_t k = block - tail; k < block; ++k)
                    all.push_back({detail::concat({columns[i].name, "*", all[k].name}), false, {}});
            }
        }
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        if constexpr (W == dynamic) visit("width", self.width.value);
    }
    /// What a file or report calls this type, beyond its name.
    static std::string signature() { return detail::concat({"degree ", Degree}); }
    /// Whether the products can be counted, after loading.
    bool is_consistent() const noexcept {
        double count = 1;
        for (int d = 1; d <= Degree; ++d) count *= (static_cast<double>(width()) + d) / d;
        return count < 0x1p53;
    }
    std::string source() const {
        std::string text = "int k = 0;\n";
        std::string loops, product;
        for (int d = 1; d <= Degree; ++d) {
            const std::string i = detail::concat({"i", d});
            const std::string first = d == 1 ? "0" : detail::concat({"i", d - 1});
            detail::append(loops, {"for (int ", i, " = ", first, "; ", i, " < in; ++", i, ") "});
            // x[i1] * (x[i2] * …): the order of the multiplications in operator().
            product = "";
            for (int p = 1; p <= d; ++p) detail::append(product, {(p > 1 ? " * (" : ""), "x[i", p, "]"});
            product += std::string(static_cast<std::size_t>(d - 1), ')');
            detail::append(text, {loops, "z[k++] = ", product, ";\n"});
        }
        return text;
    }

private:
    /// Monomials of exactly degree d in n variables.
    static constexpr std::size_t block_size(std::size_t n, int d) noexcept {
        std::size_t count = 1;
        for (int k = 1; k <= d; ++k)
            count = count * (n + static_cast<std::size_t>(k) - 1) / static_cast<std::size_t>(k);
        return count;
    }
};

/// Made by polynomial<Degree>().
template <int Degree>
struct polynomial_spec : stage<role::expander> {
    static constexpr bool learns_nothing = true;
    static_assert(Degree >= 1, "polynomial<Degree>: the degree is 1 or more");
    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = columns<detail::monomials(In::width, Degree), typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_polynomial<In::width, Degree, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y>) const {
        return F{held_width<F::in>(x.columns())};
    }
};

/// All products of columns up to the degree, without a constant. `polynomial<2>` over 2 columns gives 5.
template <int Degree>
auto polynomial() {
    return pipeline{polynomial_spec<Degree>{}};
}

} // namespace tenon
