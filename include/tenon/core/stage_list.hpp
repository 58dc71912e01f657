#pragma once

// The stages of a recipe, one after another. A std::tuple of one stage costs the compiler a megabyte, and every factory
// makes one; this costs a tenth.

#include <cstddef>

namespace tenon::inline v0::detail {

template <class... Stages>
struct stage_list {};

template <class First, class... Rest>
struct stage_list<First, Rest...> {
    constexpr explicit stage_list(First f, Rest... r)
        : first(static_cast<First&&>(f)), rest(static_cast<Rest&&>(r)...) {}
    constexpr stage_list(First f, stage_list<Rest...> r)
        requires(sizeof...(Rest) > 0)
        : first(static_cast<First&&>(f)), rest(static_cast<stage_list<Rest...>&&>(r)) {}

    template <std::size_t I>
    constexpr const auto& at() const noexcept {
        if constexpr (I == 0)
            return first;
        else
            return rest.template at<I - 1>();
    }

    First first;
    [[no_unique_address]] stage_list<Rest...> rest;
};

template <class First, class... Rest, class... More>
constexpr stage_list<First, Rest..., More...> join(const stage_list<First, Rest...>& left,
                                                   const stage_list<More...>& right) {
    if constexpr (sizeof...(Rest) == 0)
        return {left.first, right};
    else
        return {left.first, join(left.rest, right)};
}

} // namespace tenon::detail
