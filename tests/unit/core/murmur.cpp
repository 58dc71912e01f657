#include "support/catch.hpp"

#include <array>
#include <string>
#include <tenon/core/murmur.hpp>

using tenon::detail::murmur3;
using tenon::detail::murmur3_of;

namespace {

constexpr std::string_view fox = "The quick brown fox jumps over the lazy dog";
constexpr std::uint32_t seed = 0x9747b28c; // of the published vectors below

} // namespace

TEST_CASE("murmur3 passes the verification of SMHasher, where it was published", "[murmur]") {
    // The hashes of the keys {}, {0}, {0, 1} … with seeds 256, 255 …, then the hash of all of them.
    std::string key, hashes;
    for (std::uint32_t i = 0; i < 256; ++i) {
        const std::uint32_t hash = murmur3(key, 256 - i);
        for (std::uint32_t byte = 0; byte < 4; ++byte)
            hashes.push_back(static_cast<char>(hash >> (8 * byte) & 0xffu));
        key.push_back(static_cast<char>(i));
    }
    REQUIRE(hashes.size() == 1024);
    CHECK(murmur3(hashes) == 0xb0f57ee3u);
}

TEST_CASE("texts whose last bytes fill a word, or not, have their published hashes", "[murmur]") {
    CHECK(murmur3("a", seed) == 0x7fa09ea6u);
    CHECK(murmur3("aa", seed) == 0x5d211726u);
    CHECK(murmur3("aaa", seed) == 0x283e0130u);
    CHECK(murmur3("aaaa", seed) == 0x5a97808au);
    CHECK(murmur3("test") == 0xba6bd213u);
    CHECK(murmur3(fox) == 0x2e4ff723u);
    CHECK(murmur3(fox, seed) == 0x2fa826cdu);
    CHECK(murmur3(std::string(256, 'a'), seed) == 0x37405bdcu);
}

TEST_CASE("the order of bytes is little endian on every machine", "[murmur]") {
    CHECK(murmur3("\x21\x43\x65\x87") == 0xf55b516bu);
    CHECK(murmur3("\x21\x43\x65\x87", 0x5082edee) == 0x2362f9deu); // the seed takes the first word away
    CHECK(murmur3("\x21\x43\x65") == 0x7e4a8634u);
    CHECK(murmur3("\x21\x43") == 0xa0f7b07au);
    CHECK(murmur3("\x21") == 0x72661cf4u);
}

TEST_CASE("zeros are bytes as others are, and a char may be negative", "[murmur]") {
    constexpr std::string_view zeros("\0\0\0\0", 4);
    CHECK(murmur3(zeros) == 0x2362f9deu);
    CHECK(murmur3(zeros.substr(1)) == 0x85f0b427u);
    CHECK(murmur3(zeros.substr(2)) == 0x30f4c306u);
    CHECK(murmur3(zeros.substr(3)) == 0x514e28b7u);
    CHECK(murmur3("", 0xffffffff) == 0x81f16f39u);
    CHECK(murmur3("\xcf\x80\xcf\x80\xcf\x80\xcf\x80\xcf\x80\xcf\x80\xcf\x80\xcf\x80", seed) == 0xd58063c1u);
}

TEST_CASE("bytes need not lie in one text, and each is asked for once", "[murmur]") {
    std::array<int, fox.size()> asked{};
    const std::uint32_t hash = murmur3_of(
        fox.size(),
        [&](std::size_t i) {
            ++asked.at(i);
            return static_cast<unsigned char>(fox[i]);
        },
        seed);
    CHECK(hash == 0x2fa826cdu);
    for (const int times : asked) CHECK(times == 1);
    STATIC_REQUIRE(murmur3("hello") == 0x248bfa47); // in constant expressions too
}
