#pragma once

// Words to level indices: of levels that are given, or of levels found while reading.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tenon/format/number.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// The places of levels in their final order: as numbers where all of them are numbers ("2" before "10"), else as text.
inline std::vector<std::size_t> order_of_levels(const std::vector<std::string>& levels) {
    std::vector<std::size_t> order(levels.size());
    std::vector<double> values(levels.size());
    bool are_numbers = true;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        order[i] = i;
        are_numbers = are_numbers && parse_number(levels[i], values[i]);
    }
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return are_numbers && values[a] != values[b] ? values[a] < values[b] : levels[a] < levels[b];
    });
    return order;
}

} // namespace detail

/// The levels of one column. Without levels at first it takes every word as a level, and tells at the end which
/// index each of them has in sorted order.
class level_table {
public:
    static constexpr std::uint32_t unknown = 0xffff'ffffu;

    explicit level_table(const std::vector<std::string>& levels) : finds_(levels.empty()) {
        for (const std::string& level : levels) add(level);
    }

    /// Whether levels are those found, so that indices are final only after sorted().
    bool finds() const noexcept { return finds_; }

    /// The index of a word that is a level already; else `unknown`.
    std::uint32_t find(std::string_view word) const noexcept {
        return slots_.empty() ? unknown : slots_[slot_of(word)];
    }

    /// The index of a word; `unknown` where the levels are given and it is none of them.
    std::uint32_t index(std::string_view word) {
        const std::uint32_t found = find(word);
        return found == unknown && finds_ ? add(word) : found;
    }

    /// The words so far, each at its index.
    const std::vector<std::string>& words() const noexcept { return words_; }

    /// The levels found, in their final order, and at place i the final index of what index() called i.
    struct found_levels {
        std::vector<std::string> levels;
        std::vector<std::uint32_t> final_index;
    };
    found_levels sorted() const {
        found_levels all;
        all.final_index.resize(words_.size());
        for (const std::size_t place : detail::order_of_levels(words_)) {
            all.final_index[place] = static_cast<std::uint32_t>(all.levels.size());
            all.levels.push_back(words_[place]);
        }
        return all;
    }

private:
    /// Where a word stands in the slots, or the free slot where it would.
    std::size_t slot_of(std::string_view word) const noexcept {
        std::size_t slot = std::hash<std::string_view>{}(word) & (slots_.size() - 1);
        while (slots_[slot] != unknown && words_[slots_[slot]] != word)
            slot = (slot + 1) & (slots_.size() - 1);
        return slot;
    }
    std::uint32_t add(std::string_view word) {
        const auto index = static_cast<std::uint32_t>(words_.size());
        words_.push_back(std::string(word));
        if (2 * words_.size() > slots_.size()) { // at least half of the slots stay free
            slots_.assign(slots_.empty() ? 16 : 2 * slots_.size(), unknown);
            for (std::uint32_t i = 0; i < index; ++i) enter(i);
        }
        enter(index);
        return index;
    }
    /// Of equal words the first one counts.
    void enter(std::uint32_t index) noexcept {
        std::uint32_t& slot = slots_[slot_of(words_[index])];
        if (slot == unknown) slot = index;
    }

    bool finds_;
    std::vector<std::string> words_;
    std::vector<std::uint32_t> slots_; ///< a hash table of places in words_, as many as a power of two
};

} // namespace tenon
