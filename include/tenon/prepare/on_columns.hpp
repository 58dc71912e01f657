#pragma once

// Which columns a stage on named columns takes, which pass, and the schema behind it.

#include <array>
#include <cstddef>
#include <string_view>
#include <tenon/core/widths.hpp>
#include <tenon/data/named_columns.hpp>

namespace tenon::inline v0::detail {

/// Whether the columns Made are the columns In under the same names: the stage changed values only.
template <class In, class Made>
consteval bool keeps_columns() {
    if constexpr (requires { Made::names; } && Made::width == In::width) {
        for (std::size_t i = 0; i < In::width; ++i)
            if (Made::names[i] != In::names[i]) return false;
        return true;
    } else
        return false;
}

/// The columns of In with those at Places changed to Made.
template <class In, class Made, std::size_t... Places>
struct changed_in_place {
    using places = column_places<In::width, Places...>;
    static constexpr std::size_t width = In::width;
    using kind = typename In::kind;
    using scalar = typename In::scalar;
    static constexpr auto names = In::names;
    static constexpr std::size_t categories(std::size_t i) noexcept {
        const std::size_t at = places::among_named(i);
        return at < places::named ? Made::categories(at) : In::categories(i);
    }
};

/// The columns of In that pass, then Made. What has no name at compile time is called "".
template <class In, class Made, std::size_t... Places>
struct made_behind_others {
    using places = column_places<In::width, Places...>;
    static constexpr std::size_t width = places::others + Made::width;
    using kind = typename In::kind;
    using scalar = typename In::scalar;
    static constexpr std::array<std::string_view, width> names = [] {
        std::array<std::string_view, width> all{};
        // g++ 12 cannot read an element later that nothing was written to.
        for (std::string_view& name : all) name = "";
        for (std::size_t i = 0; i < places::others; ++i) all[i] = In::names[places::of_others[i]];
        if constexpr (requires { Made::names; })
            for (std::size_t i = 0; i < Made::width; ++i) all[places::others + i] = Made::names[i];
        return all;
    }();
    static constexpr std::size_t categories(std::size_t i) noexcept {
        return i < places::others ? In::categories(places::of_others[i])
                                  : Made::categories(i - places::others);
    }
};

/// The schema behind a stage that makes Made of the columns at Places.
template <class In, class Made, std::size_t... Places>
consteval auto columns_behind_on() {
    if constexpr (Made::width == dynamic)
        return columns<dynamic, typename In::kind, typename In::scalar>{};
    else if constexpr (keeps_columns<selection<In, Places...>, Made>())
        return changed_in_place<In, Made, Places...>{};
    else
        return made_behind_others<In, Made, Places...>{};
}

} // namespace tenon::detail
