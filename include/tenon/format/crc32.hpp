#pragma once

// CRC-32 as zip and gzip have it (polynomial 0x04C11DB7, reflected), eight bytes at a step.

#include <cstddef>
#include <cstdint>
#include <span>

namespace tenon::inline v0 {

namespace detail {

/// Row k: what a byte does to the sum that k more bytes follow.
struct crc32_table {
    crc32_table() noexcept {
        for (std::uint32_t byte = 0; byte < 256; ++byte) {
            std::uint32_t sum = byte;
            for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ ((sum & 1) != 0 ? 0xEDB88320u : 0u);
            rows[0][byte] = sum;
        }
        for (std::size_t k = 1; k < 8; ++k)
            for (std::size_t byte = 0; byte < 256; ++byte)
                rows[k][byte] = rows[k - 1][byte] >> 8 ^ rows[0][rows[k - 1][byte] & 255];
    }

    std::uint32_t rows[8][256];
};

} // namespace detail

/// The CRC-32 of bytes: 0xCBF43926 of "123456789".
inline std::uint32_t crc32(std::span<const std::byte> bytes) {
    static const detail::crc32_table table;
    const auto& rows = table.rows;
    const auto byte = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
    std::uint32_t sum = 0xFFFFFFFF;
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
        sum ^= byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24;
        sum = rows[7][sum & 255] ^ rows[6][sum >> 8 & 255] ^ rows[5][sum >> 16 & 255] ^ rows[4][sum >> 24] ^
              rows[3][byte(i + 4)] ^ rows[2][byte(i + 5)] ^ rows[1][byte(i + 6)] ^ rows[0][byte(i + 7)];
    }
    for (; i < bytes.size(); ++i) sum = sum >> 8 ^ rows[0][(sum ^ byte(i)) & 255];
    return ~sum;
}

} // namespace tenon
