#pragma once

// Columns of a schema by name, found by the compiler: a misspelt one is refused with the nearest that there is.

#include <array>
#include <cstddef>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/edit_distance.hpp>
#include <tenon/core/fixed_string.hpp>
#include <tenon/data/schema.hpp>

namespace tenon::inline v0 {

namespace detail {

/// Of W columns those at Places, in that order, and the others, in theirs.
template <std::size_t W, std::size_t... Places>
struct column_places {
    static constexpr std::size_t named = sizeof...(Places), others = W - named;
    static constexpr std::array<std::size_t, named> of_named{Places...};

    /// Where column i stands among the named ones; `named` where it does not.
    static constexpr std::size_t among_named(std::size_t i) noexcept {
        std::size_t at = 0;
        while (at < named && of_named[at] != i) ++at;
        return at;
    }
    static constexpr std::array<std::size_t, others> of_others = [] {
        std::array<std::size_t, others> found{};
        for (std::size_t i = 0, at = 0; i < W; ++i)
            if (among_named(i) == named) found[at++] = i;
        return found;
    }();
    static constexpr std::size_t among_others(std::size_t i) noexcept {
        std::size_t at = 0;
        while (at < others && of_others[at] != i) ++at;
        return at;
    }
};

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

    /// The run-time face, where In has one.
    static schema_info info()
        requires requires { In::info(); }
    {
        const schema_info whole = In::info();
        return {{whole.columns[I]...}, whole.target, whole.more_targets};
    }
};

/// Where a name stands among the columns of In; In's width where it does not.
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

/// Why columns of these names cannot be taken from In: it has no names, or not this one.
template <class In, fixed_string... Names>
consteval auto objection_to_names() {
    if constexpr (!requires { In::names; })
        return because::these_columns_have_no_names__put_select_first{};
    else
        return typename find_missing<In, Names...>::type{};
}

} // namespace detail

} // namespace tenon
