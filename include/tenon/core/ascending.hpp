#pragma once

// Numbers in ascending order by radix sort: linear in their count, stable, and without <algorithm>, which alone would be
// a tenth of what <tenon/predict.hpp> costs to include.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tenon::inline v0::detail {

/// An unsigned number that compares as v does. NaN comes behind infinity, -0 before 0.
constexpr std::uint64_t ordered_bits(double v) noexcept {
    constexpr std::uint64_t sign = std::uint64_t{1} << 63;
    const auto bits = std::bit_cast<std::uint64_t>(v);
    return (bits & sign) != 0 ? ~bits : bits | sign;
}

/// Sorts by key(item), least byte first; bytes that all keys share cost no pass. Equal keys keep their order.
template <class Item, class Key>
void radix_sort(std::vector<Item>& items, Key key) {
    if (items.size() <= 64) { // counting would cost more than inserting
        for (std::size_t i = 1; i < items.size(); ++i) {
            const Item item = items[i];
            std::size_t at = i;
            for (; at > 0 && key(items[at - 1]) > key(item); --at) items[at] = items[at - 1];
            items[at] = item;
        }
        return;
    }
    constexpr std::size_t bytes = sizeof(std::uint64_t), buckets = 256;
    std::vector<std::size_t> counts(bytes * buckets);
    const auto byte_of = [](std::uint64_t k, std::size_t byte) { return k >> (8 * byte) & 0xffu; };
    for (const Item& item : items)
        for (std::size_t byte = 0; byte < bytes; ++byte) ++counts[byte * buckets + byte_of(key(item), byte)];
    std::vector<Item> other(items.size());
    for (std::size_t byte = 0; byte < bytes; ++byte) {
        std::size_t* const places = counts.data() + byte * buckets;
        if (places[byte_of(key(items[0]), byte)] == items.size()) continue;
        std::size_t next = 0;
        for (std::size_t b = 0; b < buckets; ++b) {
            const std::size_t count = places[b];
            places[b] = next;
            next += count;
        }
        for (const Item& item : items) other[places[byte_of(key(item), byte)]++] = item;
        items.swap(other);
    }
}

template <class Lazy = void>
void sort_ascending(std::vector<double>& values) {
    radix_sort(values, ordered_bits);
}

/// The places 0 … n - 1 in ascending order of value(place); equal values in the order of their places.
template <class Value>
std::vector<std::size_t> ascending_places(std::size_t n, Value value) {
    struct entry {
        std::uint64_t key;
        std::size_t place;
    };
    std::vector<entry> entries(n);
    for (std::size_t i = 0; i < n; ++i) entries[i] = {ordered_bits(static_cast<double>(value(i)) + 0.0), i};
    radix_sort(entries, [](const entry& e) { return e.key; });
    std::vector<std::size_t> places(n);
    for (std::size_t i = 0; i < n; ++i) places[i] = entries[i].place;
    return places;
}

} // namespace tenon::detail
