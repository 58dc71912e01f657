#pragma once

// Words to level indices: of levels that are given, or of levels found while reading.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tenon/format/number.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Levels in order: as numbers where all of them are numbers ("2" before "10"), else as text.
inline void sort_levels(std::vector<std::string>& levels) {
    std::sort(levels.begin(), levels.end());
    std::vector<double> values(levels.size());
    for (std::size_t i = 0; i < levels.size(); ++i)
        if (!parse_number(levels[i], values[i])) return;
    std::vector<std::size_t> order(levels.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<std::string> sorted(levels.size());
    for (std::size_t i = 0; i < order.size(); ++i) sorted[i].swap(levels[order[i]]);
    levels.swap(sorted);
}

} // namespace detail

/// The levels of one column. Without levels at first it takes every word as a level, and tells at the end which
/// index each of them has in sorted order.
class level_table {
public:
    static constexpr std::uint32_t unknown = 0xffff'ffffu;

    explicit level_table(const std::vector<std::string>& levels) : finds_(levels.empty()) {
        for (std::size_t i = 0; i < levels.size(); ++i)
            indices_.emplace(levels[i], static_cast<std::uint32_t>(i));
    }

    /// Whether levels are those found, so that indices are final only after sorted().
    bool finds() const noexcept { return finds_; }

    /// The index of a word; `unknown` where the levels are given and it is none of them.
    std::uint32_t index(std::string_view word) {
        const auto found = indices_.find(word);
        if (found != indices_.end()) return found->second;
        if (!finds_) return unknown;
        const auto next = static_cast<std::uint32_t>(indices_.size());
        indices_.emplace(word, next);
        return next;
    }

    /// The levels found, in their final order, and at place i the final index of what index() called i.
    struct found_levels {
        std::vector<std::string> levels;
        std::vector<std::uint32_t> final_index;
    };
    found_levels sorted() const {
        found_levels all;
        for (const auto& [word, index] : indices_) all.levels.push_back(word);
        detail::sort_levels(all.levels);
        all.final_index.resize(all.levels.size());
        for (std::size_t i = 0; i < all.levels.size(); ++i)
            all.final_index[indices_.find(all.levels[i])->second] = static_cast<std::uint32_t>(i);
        return all;
    }

private:
    struct less {
        using is_transparent = void; // find takes a string_view as it is
        bool operator()(std::string_view a, std::string_view b) const noexcept { return a < b; }
    };

    bool finds_;
    std::map<std::string, std::uint32_t, less> indices_;
};

} // namespace tenon
