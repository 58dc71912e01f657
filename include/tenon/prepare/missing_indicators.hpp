#pragma once

// missing_indicators: columns that say which values were missing, for a model that can learn from the gap itself.
// They are made before impute fills the gaps.

#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/text.hpp>
#include <tenon/core/widths.hpp>
#include <tenon/data/schema.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

inline constexpr std::string_view missing_suffix = " is missing";

/// "<name> is missing" of column I, for the compiler.
template <class In, std::size_t I>
inline constexpr auto indicator_text = [] {
    std::array<char, In::names[I].size() + missing_suffix.size()> text{};
    std::size_t n = 0;
    for (const char c : In::names[I]) text[n++] = c;
    for (const char c : missing_suffix) text[n++] = c;
    return text;
}();

/// The columns of In, then one number for each of them.
template <class In>
struct with_indicators {
    static constexpr std::size_t width = 2 * In::width;
    using kind = typename In::kind;
    using scalar = typename In::scalar;
    static constexpr std::array<std::string_view, width> names = []<std::size_t... I>(
                                                                     std::index_sequence<I...>) {
        return std::array<std::string_view, width>{
            In::names[I]..., std::string_view(indicator_text<In, I>.data(), indicator_text<In, I>.size())...};
    }(std::make_index_sequence<In::width>{});
    static constexpr std::size_t categories(std::size_t i) noexcept {
        return i < In::width ? In::categories(i) : 0;
    }
};

template <class In>
consteval auto columns_with_indicators() {
    if constexpr (requires { In::names; })
        return with_indicators<In>{};
    else
        return columns<multiply_widths(In::width, 2), typename In::kind, typename In::scalar>{};
}

} // namespace detail

/// The columns as they are, missing values among them, then for each of them 1 where it is NaN, else 0.
template <std::size_t W, class T>
struct fitted_missing_indicators {
    static constexpr std::string_view name = "missing_indicators";
    static constexpr std::size_t in = W, out = multiply_widths(W, 2);
    using scalar = T;

    held_width<W> width;

    std::size_t width_in() const noexcept { return width(); }
    std::size_t width_out() const noexcept { return 2 * width(); }

    void operator()(row<W, T> x, row_out<out, T> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) {
            z[i] = x[i];
            z[x.size() + i] = x[i] == x[i] ? T{0} : T{1};
        }
    }
    /// What was missing is missing again, whatever stands in its place now.
    void inverse(row<out, T> z, row_out<W, T> x) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] = z[x.size() + i] > T{0.5} ? std::numeric_limits<T>::quiet_NaN() : z[i];
    }

    /// Where a column is behind this stage: the new ones stand behind all.
    static constexpr std::size_t follow(std::size_t place) noexcept { return place; }
    std::vector<column_info> describe(std::span<const column_info> columns) const {
        std::vector<column_info> all(columns.begin(), columns.end());
        for (const column_info& column : columns)
            all.push_back({detail::concat({column.name, detail::missing_suffix}), false, {}});
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        if constexpr (W == dynamic) visit("width", self.width.value);
    }
    /// Whether the width is that of the columns, after loading.
    bool is_consistent(std::span<const column_info> columns) const noexcept {
        return columns.size() == width();
    }
    static std::string source() {
        return "for (int i = 0; i < in; ++i) {\n"
               "    z[i] = x[i];\n"
               "    z[in + i] = x[i] == x[i] ? 0 : 1;\n"
               "}";
    }
};

/// Made by missing_indicators().
struct missing_indicators_spec : stage<role::expander> {
    static constexpr bool learns_nothing = true;
    template <class In>
    using out = decltype(detail::columns_with_indicators<In>());
    template <class In>
    using fitted = fitted_missing_indicators<In::width, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y>) const {
        return F{held_width<F::in>(x.columns())};
    }
};

/// Behind all columns, one for each of them: 1 where its value is missing (NaN), else 0; "age is missing" beside "age".
/// A column that is never missing in training has one too, always 0 there. The columns themselves pass with their
/// gaps, so that an impute belongs behind this stage, never in front:
///
///     missing_indicators() | impute(median)
inline auto missing_indicators() {
    return pipeline{missing_indicators_spec{}};
}

} // namespace tenon
