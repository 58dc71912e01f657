#pragma once

// The objection of stages that give a number of columns which their input must have at least.

#include <cstddef>
#include <tenon/core/because.hpp>
#include <tenon/data/schema.hpp>

namespace tenon::inline v0 {

namespace detail {

template <class In, std::size_t K>
consteval auto objection_to_width() {
    if constexpr (!no_objection<needs_numbers<In>>)
        return needs_numbers<In>{};
    else if constexpr (K > In::width) // never where it is dynamic
        return because::this_stage_is_asked_for_more_columns_than_there_are<K, In::width>{};
    else
        return because::nothing{};
}

} // namespace detail

/// Columns that are no numbers, or fewer than K.
template <class In, std::size_t K>
using enough_numbers = decltype(detail::objection_to_width<In, K>());

} // namespace tenon
