#include "support/catch.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tenon/format/sha256.hpp>

namespace {

std::string hash(std::string_view text) {
    return tenon::sha256_hex(std::as_bytes(std::span(text)));
}

void feed(tenon::sha256& running, std::string_view text) {
    running.update(std::as_bytes(std::span(text)));
}

/// Bytes without a short period.
std::string noise(std::size_t size) {
    std::string text;
    unsigned state = 1;
    for (std::size_t i = 0; i < size; ++i) {
        state = state * 1664525U + 1013904223U;
        text += static_cast<char>(state >> 24);
    }
    return text;
}

} // namespace

TEST_CASE("sha256 agrees with the vectors of FIPS 180-4", "[sha256]") {
    CHECK(hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(
        hash(
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
            "mnopqrstnopqrstu") == "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    CHECK(hash(std::string(1'000'000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("sha256 ends the message rightly at every length around a block", "[sha256]") {
    // Reference: Python's hashlib over the hexadecimal digests, one behind the other, of '\0' * n for n from 0 to 199.
    tenon::sha256 all;
    for (std::size_t n = 0; n < 200; ++n) feed(all, hash(std::string(n, '\0')));
    CHECK(all.hex() == "ba0e721dc998238252c8b028f0ce4ea61910d7fcb8252e56492d919297596c14");
}

TEST_CASE("sha256 does not depend on how a message is cut", "[sha256]") {
    const std::string text = noise(300);
    const std::string expected = hash(text);
    SECTION("in two, at every place") {
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            tenon::sha256 running;
            feed(running, std::string_view(text).substr(0, cut));
            feed(running, std::string_view(text).substr(cut));
            REQUIRE(running.hex() == expected);
        }
    }
    SECTION("in pieces of every size") {
        for (std::size_t piece = 1; piece <= 130; ++piece) {
            tenon::sha256 running;
            for (std::size_t at = 0; at < text.size(); at += piece)
                feed(running, std::string_view(text).substr(at, piece));
            REQUIRE(running.hex() == expected);
        }
    }
}

TEST_CASE("sha256 may be asked in between and goes on", "[sha256]") {
    tenon::sha256 running;
    CHECK(running.hex() == hash(""));
    feed(running, "ab");
    CHECK(running.hex() == hash("ab"));
    CHECK(running.digest() == running.digest());
    feed(running, "c");
    CHECK(running.hex() == hash("abc"));
}

TEST_CASE("sha256 digests in bytes and in hexadecimal are the same", "[sha256]") {
    tenon::sha256 running;
    feed(running, "abc");
    CHECK(running.digest().front() == std::byte{0xba});
    CHECK(running.digest().back() == std::byte{0xad});
    CHECK(running.hex().substr(0, 2) == "ba");
}

TEST_CASE("sha256 changes with every single bit", "[sha256]") {
    std::string text = noise(80);
    const std::string expected = hash(text);
    for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
        text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << (bit % 8)));
        REQUIRE(hash(text) != expected);
        text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << (bit % 8)));
    }
}
