#pragma once

// select<"a", "b">: keeps the named columns, in that order. A misspelt name does not compile.

#include <array>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/edit_distance.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/schema.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Columns I… of In, as a schema.
template <class In, std::size_t... I>
struct selection {
    static constexpr std::size_t width = sizeof...(I);
    using kind = typename In::kind;
    using scalar = typename In::scalar;
    static constexpr std::array<std::string_view, width> names{In::names[I]...};
    static constexpr std::size_t categories(std::size_t i) noexcept {
        return std::array<std::size_t, width>{In::categories(I)...}[i];
    }
};

template <class In>
consteval std::size_t place_of(std::string_view name) {
    for (std::size_t i = 0; i < In::width; ++i)
        if (In::names[i] == name) return i;
    return In::width;
}

template <class In>
consteval std::size_t nearest_column(std::string_view name) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < In::width; ++i)
        if (edit_distance(In::names[i], name) < edit_distance(In::names[best], name)) best = i;
    return best;
}

template <class In, fixed_string... Names>
struct find_missing {
    using type = because::nothing;
};
template <class In, fixed_string First, fixed_string... Rest>
struct find_missing<In, First, Rest...> : find_missing<In, Rest...> {};
template <class In, fixed_string First, fixed_string... Rest>
    requires(place_of<In>(First.view()) == In::width)
struct find_missing<In, First, Rest...> {
    using type = because::the_schema_has_no_column<
        First, because::did_you_mean<column_name<In, nearest_column<In>(First.view())>()>>;
};

template <class In, fixed_string... Names>
consteval auto objection_to_select() {
    if constexpr (!requires { In::names; })
        return because::these_columns_have_no_names__put_select_first{};
    else
        return typename find_missing<In, Names...>::type{};
}

} // namespace detail

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
    std::vector<column_info> describe(std::span<const column_info> columns) const {
        return {columns[Places]...};
    }
    static std::string signature() {
        std::string text;
        ((text += (text.empty() ? "" : " ") + std::to_string(Places)), ...);
        return text;
    }
    static std::string source() {
        std::string text;
        for (std::size_t i = 0; i < out; ++i) detail::append(text, {"z[", i, "] = x[", places[i], "];\n"});
        return text;
    }
};

/// Made by select<Names…>().
template <fixed_string... Names>
struct select_spec : stage<role::preprocessor> {
    static_assert(sizeof...(Names) > 0, "select: name at least one column");
    template <class In>
    using objection = decltype(detail::objection_to_select<In, Names...>());
    template <class In>
    using out = detail::selection<In, detail::place_of<In>(Names.view())...>;
    template <class In>
    using fitted = fitted_select<typename In::scalar, In::width, detail::place_of<In>(Names.view())...>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T>, vector_view<const Y>) const {
        return {};
    }
};

/// Keeps the named columns, in the order named: select<"area", "age">().
template <fixed_string... Names>
auto select() {
    return pipeline{std::tuple(select_spec<Names...>{})};
}

} // namespace tenon
