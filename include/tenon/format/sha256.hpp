#pragma once

// SHA-256 (FIPS 180-4) in plain portable C++: what seals an artifact and names the data a model was trained on.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace tenon::inline v0 {

/// A running SHA-256. Feed it pieces of any size; the digest depends only on their concatenation.
class sha256 {
public:
    using digest_type = std::array<std::byte, 32>;

    /// Appends bytes to the message (at most 2^61 in all).
    void update(std::span<const std::byte> bytes) noexcept {
        const std::byte* from = bytes.data();
        std::size_t left = bytes.size();
        length_ += left;
        while (left > 0) {
            const std::size_t room = block_.size() - filled_;
            const std::size_t n = left < room ? left : room;
            if (n == block_.size()) {
                compress(from);
            } else {
                std::memcpy(block_.data() + filled_, from, n);
                filled_ += n;
                if (filled_ == block_.size()) {
                    compress(block_.data());
                    filled_ = 0;
                }
            }
            from += n;
            left -= n;
        }
    }

    /// The digest of all bytes so far. The running hash is left as it is and may take more.
    digest_type digest() const noexcept {
        sha256 last = *this;
        last.pad();
        digest_type out;
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<std::byte>(last.state_[i / 4] >> (24 - 8 * (i % 4)));
        return out;
    }

    /// digest() as 64 lowercase hexadecimal digits.
    std::string hex() const {
        static constexpr char digits[] = "0123456789abcdef";
        std::string out;
        for (const std::byte b : digest()) {
            out += digits[std::to_integer<unsigned>(b) >> 4];
            out += digits[std::to_integer<unsigned>(b) & 15U];
        }
        return out;
    }

private:
    using word = std::uint32_t;

    static constexpr std::array<word, 64> constants{
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

    static constexpr word rotate(word x, int n) noexcept { return (x >> n) | (x << (32 - n)); }

    /// Takes one block of 64 bytes into the state.
    void compress(const std::byte* block) noexcept {
        std::array<word, 64> w;
        for (std::size_t i = 0; i < 16; ++i, block += 4) {
            w[i] = std::to_integer<word>(block[0]) << 24 | std::to_integer<word>(block[1]) << 16 |
                   std::to_integer<word>(block[2]) << 8 | std::to_integer<word>(block[3]);
        }
        for (std::size_t i = 16; i < 64; ++i) {
            const word a = w[i - 15], b = w[i - 2];
            w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ (a >> 3)) +
                   (rotate(b, 17) ^ rotate(b, 19) ^ (b >> 10));
        }
        auto [a, b, c, d, e, f, g, h] = state_;
        for (std::size_t i = 0; i < 64; ++i) {
            const word t = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (g ^ (e & (f ^ g))) +
                           constants[i] + w[i];
            const word u = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) | (c & (a | b)));
            h = g, g = f, f = e, e = d + t;
            d = c, c = b, b = a, a = t + u;
        }
        const std::array<word, 8> change{a, b, c, d, e, f, g, h};
        for (std::size_t i = 0; i < 8; ++i) state_[i] += change[i];
    }

    /// Ends the message: a one bit, zeros, and its length in bits, up to the end of a block.
    void pad() noexcept {
        const std::uint64_t bits = 8 * length_;
        std::array<std::byte, 72> tail{std::byte{0x80}};
        const std::size_t zeros = (119 - filled_) % 64;
        for (std::size_t i = 0; i < 8; ++i)
            tail[1 + zeros + i] = static_cast<std::byte>(bits >> (56 - 8 * i));
        update({tail.data(), zeros + 9});
    }

    std::array<word, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::byte, 64> block_{};
    std::size_t filled_ = 0;
    std::uint64_t length_ = 0;
};

/// The SHA-256 of bytes as 64 lowercase hexadecimal digits.
inline std::string sha256_hex(std::span<const std::byte> bytes) {
    sha256 running;
    running.update(bytes);
    return running.hex();
}

} // namespace tenon
