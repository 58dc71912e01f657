#pragma once

// Columns of a schema by name, found by the compiler: a misspelt one is refused with the nearest that there is.

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/edit_distance.hpp>
#include <tenon/core/fixed_string.hpp>
#include <tenon/data/schema.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Of W columns those at Places, in that order, and the others, in theirs.
template <std::size_t W, std::size_t... Places>
struct column_places {
    static constexpr std::size_t named = sizeof...(Places), others = W - named;
    static constexpr std::array<std::size_t, named> of_named{Places...};

private:
    /// Of each column; `named` where it is none of them. A table, since a text is many columns.
    static constexpr std::array<std::size_t, W> places_among_named = [] {
        std::array<std::size_t, W> found{};
        for (std::size_t& place : found) place = named;
        for (std::size_t at = named; at-- > 0;)
            if (of_named[at] < W) found[of_named[at]] = at;
        return found;
    }();

public:
    /// Where column i stands among the named ones; `named` where it does not.
    static constexpr std::size_t among_named(std::size_t i) noexcept { return places_among_named[i]; }
    static constexpr std::array<std::size_t, others> of_others = [] {
        std::array<std::size_t, others> found{};
        for (std::size_t i = 0, at = 0; i < W; ++i)
            if (places_among_named[i] == named) found[at++] = i;
        return found;
    }();
    static constexpr std::size_t among_others(std::size_t i) noexcept {
        std::size_t at = 0;
        while (at < others && of_others[at] != i) ++at;
        return at;
    }
};

/// The columns that stand at some places.
template <class Lazy = void>
std::vector<column_info> columns_at(std::span<const column_info> columns,
                                    std::span<const std::size_t> places) {
    std::vector<column_info> found;
    for (const std::size_t place : places) found.push_back(columns[place]);
    return found;
}

/// Columns I… of In, as a schema.
template <class In, std::size_t... I>
struct selection {
    static constexpr std::size_t width = sizeof...(I);
    using kind = typename In::kind;
    using scalar = typename In::scalar;
    static constexpr std::array<std::string_view, width> names{In::names[I]...};
    static constexpr std::array<std::size_t, width> level_counts{In::categories(I)...};
    static constexpr std::size_t categories(std::size_t i) noexcept { return level_counts[i]; }

    /// The run-time face, where In has one.
    static schema_info info()
        requires requires { In::info(); }
    {
        const schema_info whole = In::info();
        return {columns_at(whole.columns, std::array<std::size_t, width>{I...}), whole.target,
                whole.more_targets};
    }
};

/// Where a name stands first among the columns of In; In's width where it does not.
template <class In>
consteval std::size_t place_of(std::string_view name) {
    for (std::size_t i = 0; i < In::width; ++i)
        if (In::names[i] == name) return i;
    return In::width;
}

/// How many columns have a name: several that are the places of a text.
consteval std::size_t count_places(std::span<const std::string_view> names, std::string_view name) {
    std::size_t count = 0;
    for (const std::string_view n : names) count += n == name ? 1u : 0u;
    return count;
}

/// The places of the columns Names, of a text all.
template <class In, fixed_string... Names>
consteval auto find_places() {
    constexpr auto& names = In::names;
    constexpr std::size_t count = (std::size_t{0} + ... + count_places(names, Names.view()));
    if constexpr (count <= sizeof...(Names))
        return std::index_sequence<place_of<In>(Names.view())...>{};
    else {
        constexpr std::array<std::size_t, count> found = [] {
            std::array<std::size_t, count> all{};
            std::size_t at = 0;
            for (const std::string_view name : {Names.view()...})
                for (std::size_t i = 0; i < In::width; ++i)
                    if (names[i] == name) all[at++] = i;
            return all;
        }();
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::index_sequence<found[I]...>{};
        }(std::make_index_sequence<count>{});
    }
}
template <class In, fixed_string... Names>
using places_of_names = decltype(find_places<In, Names...>());

template <class In>
consteval std::size_t nearest_column(std::string_view name) {
    std::size_t best = 0, least = edit_distance(In::names[0], name);
    for (std::size_t i = 1; i < In::width; ++i) {
        if (In::names[i] == In::names[i - 1]) continue; // a text's next place; compilers count steps
        const std::size_t distance = edit_distance(In::names[i], name);
        if (distance < least) best = i, least = distance;
    }
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
