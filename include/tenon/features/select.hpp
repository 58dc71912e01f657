#pragma once

// select<"a", "b">: keeps the named columns, in that order. A misspelt name does not compile.

#include <array>
#include <string>
#include <string_view>
#include <tenon/core/chain.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/named_columns.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// Column I of the output is column `I` of Places of the input.
template <class T, std::size_t W, std::size_t... Places>
struct fitted_select {
    static constexpr std::string_view name = "select";
    static constexpr std::size_t in = W, out = sizeof...(Places);
    using scalar = T;
    static constexpr std::array<std::size_t, out> places{Places...};

    static constexpr std::size_t width_in() noexcept { return in; }
    static constexpr std::size_t width_out() noexcept { return out; }

    void operator()(row<in, T> x, row_out<out, T> z) const noexcept {
        for (std::size_t i = 0; i < out; ++i) z[i] = x[places[i]];
    }
    /// Where a column is behind this stage; a missing value in one that is left out does no harm.
    static constexpr std::size_t follow(std::size_t place) noexcept {
        for (std::size_t i = 0; i < out; ++i)
            if (places[i] == place) return i;
        return detail::settled;
    }
    std::vector<column_info> describe(std::span<const column_info> columns) const {
        return detail::columns_at(columns, places);
    }
    static std::string signature() {
        std::string text;
        for (const std::size_t place : places) detail::append(text, {(text.empty() ? "" : " "), place});
        return text;
    }
    static std::string source() {
        std::string text;
        for (std::size_t i = 0; i < out; ++i) detail::append(text, {"z[", i, "] = x[", places[i], "];\n"});
        return text;
    }
};

namespace detail {

template <class In, class Places>
struct select_parts;
template <class In, std::size_t... I>
struct select_parts<In, std::index_sequence<I...>> {
    using out = selection<In, I...>;
    using fitted = fitted_select<typename In::scalar, In::width, I...>;
};

} // namespace detail

/// Made by select<Names…>().
template <fixed_string... Names>
struct select_spec : stage<role::preprocessor> {
    static constexpr bool learns_nothing = true;
    static_assert(sizeof...(Names) > 0, "select: name at least one column");
    template <class In>
    using objection = decltype(detail::objection_to_names<In, Names...>());
    template <class In>
    using parts = detail::select_parts<In, detail::places_of_names<In, Names...>>;
    template <class In>
    using out = typename parts<In>::out;
    template <class In>
    using fitted = typename parts<In>::fitted;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T>, vector_view<const Y>) const {
        return {};
    }
};

/// Keeps the named columns, in the order named: select<"area", "age">().
template <fixed_string... Names>
auto select() {
    return pipeline{select_spec<Names...>{}};
}

} // namespace tenon
