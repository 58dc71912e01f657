#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tenon/format/crc32.hpp>
#include <vector>

namespace {

std::uint32_t sum_of(std::string_view text) {
    return tenon::crc32(std::as_bytes(std::span(text)));
}

/// The definition: a register of 32 bits that takes one bit after the other.
std::uint32_t bit_by_bit(std::span<const std::byte> bytes) {
    std::uint32_t sum = 0xFFFFFFFF;
    for (const std::byte byte : bytes)
        for (unsigned bit = 0; bit < 8; ++bit) {
            const bool carry = ((sum ^ std::to_integer<std::uint32_t>(byte) >> bit) & 1) != 0;
            sum = (sum >> 1) ^ (carry ? 0xEDB88320 : 0);
        }
    return ~sum;
}

} // namespace

TEST_CASE("crc32 gives the published sums", "[crc32]") {
    CHECK(sum_of("") == 0);
    CHECK(sum_of("a") == 0xE8B7BE43);
    CHECK(sum_of("abc") == 0x352441C2);
    CHECK(sum_of("message digest") == 0x20159D7F);
    CHECK(sum_of("abcdefghijklmnopqrstuvwxyz") == 0x4C2750BD);
    CHECK(sum_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") == 0x1FC2E6D2);
    CHECK(sum_of("The quick brown fox jumps over the lazy dog") == 0x414FA339);
    CHECK(sum_of(std::string(32, '\0')) == 0x190A55AD);
    CHECK(sum_of(std::string(32, '\xff')) == 0xFF6CAB0B);
}

TEST_CASE("crc32 of bytes of any number, anywhere in memory, is that of the definition", "[crc32]") {
    std::vector<std::byte> bytes(60);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * i * 37 + 200);
    int wrong = 0;
    for (std::size_t from = 0; from < 9; ++from)
        for (std::size_t size = 0; from + size <= bytes.size(); ++size) {
            const auto some = std::span<const std::byte>(bytes).subspan(from, size);
            wrong += tenon::crc32(some) == bit_by_bit(some) ? 0 : 1;
        }
    CHECK(wrong == 0);
}

TEST_CASE("crc32 tells every single changed bit, and where zeros were added", "[crc32]") {
    const std::string text(19, '\0');
    const std::uint32_t whole = sum_of(text);
    int same = 0;
    for (std::size_t i = 0; i < 8 * text.size(); ++i) {
        std::string changed = text;
        changed[i / 8] = static_cast<char>(1U << i % 8);
        same += sum_of(changed) == whole ? 1 : 0;
    }
    CHECK(same == 0);
    CHECK(sum_of(text + '\0') != whole);
}
