#pragma once

// MurmurHash3, the 32-bit variant: the hash by which other libraries, too, give words to columns. Not for keys or
// signatures; the same on every machine.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tenon::inline v0::detail {

/// The hash of the bytes byte_at(0) … byte_at(size - 1). Source: Austin Appleby's MurmurHash3_x86_32.
template <class ByteAt>
constexpr std::uint32_t murmur3_of(std::size_t size, ByteAt byte_at, std::uint32_t seed = 0) noexcept {
    const auto rotated = [](std::uint32_t v, int by) { return (v << by) | (v >> (32 - by)); };
    const auto scrambled = [&](std::uint32_t v) { return rotated(v * 0xcc9e2d51u, 15) * 0x1b873593u; };
    const auto little_endian = [&](std::size_t from, std::size_t count) {
        std::uint32_t v = 0;
        for (std::size_t i = 0; i < count; ++i)
            v |= std::uint32_t{static_cast<unsigned char>(byte_at(from + i))} << (8 * i);
        return v;
    };
    std::uint32_t hash = seed;
    std::size_t at = 0;
    for (; size - at >= 4; at += 4)
        hash = rotated(hash ^ scrambled(little_endian(at, 4)), 13) * 5 + 0xe6546b64u;
    hash ^= scrambled(little_endian(at, size - at)); // scrambled(0) is 0
    hash ^= static_cast<std::uint32_t>(size);
    hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
    hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
    return hash ^ (hash >> 16);
}

/// The hash of the bytes of text.
constexpr std::uint32_t murmur3(std::string_view text, std::uint32_t seed = 0) noexcept {
    return murmur3_of(
        text.size(), [&](std::size_t i) { return text[i]; }, seed);
}

} // namespace tenon::inline v0::detail
