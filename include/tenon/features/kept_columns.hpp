#pragma once

// What selectors fit to: the places of the columns that they keep.

#include <cstdint>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/fixed_string.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/widths.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Column i of the output is column places[i] of the input; the places ascend.
template <fixed_string Name, std::size_t W, std::size_t Out, class T>
struct fitted_kept {
    static constexpr std::string_view name = Name.view();
    static constexpr std::size_t in = W, out = Out;
    using scalar = T;

    held_width<W> width;
    storage<std::uint32_t, Out> places;

    std::size_t width_in() const noexcept { return width(); }
    std::size_t width_out() const noexcept { return places.size(); }

    void operator()(row<W, T> x, row_out<Out, T> z) const noexcept {
        for (std::size_t i = 0; i < z.size(); ++i) z[i] = x[places[i]];
    }

    std::vector<column_info> describe(std::span<const column_info> columns) const {
        std::vector<column_info> kept;
        kept.reserve(places.size());
        for (const std::uint32_t place : places) kept.push_back(columns[place]);
        return kept;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        if constexpr (W == dynamic) visit("width", self.width.value);
        visit("places", self.places);
    }
    /// Whether the places are ascending ones of the columns that come in, after loading.
    bool is_consistent(std::span<const column_info> columns) const noexcept {
        std::size_t next = 0;
        for (const std::uint32_t place : places) {
            if (place < next || place >= columns.size()) return false;
            next = place + std::size_t{1};
        }
        return next > 0 && columns.size() == width();
    }
    static std::string source() { return "for (int i = 0; i < out; ++i) z[i] = x[places[i]];"; }
};

} // namespace tenon
