#pragma once

// Random numbers that are the same on every machine and for any number of threads: Philox4x32-10, a generator
// without hidden state (Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", 2011). Draw
// number n of a seed and stream is a function of the three, so whoever needs it can go there directly.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <tenon/core/lanes.hpp>
#include <type_traits>
#include <utility>

namespace tenon::inline v0 {

/// A seed as an argument: tenon::seed{7}. No integer turns into one unasked.
struct seed {
    std::uint64_t value = 0;
    friend constexpr bool operator==(seed, seed) = default;
};

/// Philox4x32-10 itself: four random words for each counter and key.
constexpr std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                  std::array<std::uint32_t, 2> key) noexcept {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0];
        const std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter[2];
        counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
                   static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
        key[0] += 0x9E3779B9;
        key[1] += 0xBB67AE85;
    }
    return counter;
}

namespace detail {
inline double standard_normal_quantile(std::int64_t odd) noexcept;
}

/// A stream of 2^64 random 32-bit words; a std::uniform_random_bit_generator. Copies go on alike and on their own.
///
/// Its whole state is key(), stream() and position(): store the three, and `philox(key, stream)` with
/// `skip_to(position)` goes on to the same bits. Give threads streams of their own, or positions of one stream.
class philox {
public:
    using result_type = std::uint32_t;

    constexpr explicit philox(std::uint64_t key, std::uint64_t stream = 0) noexcept
        : key_(key), stream_(stream) {}
    constexpr explicit philox(tenon::seed key, std::uint64_t stream = 0) noexcept
        : philox(key.value, stream) {}

    static constexpr std::uint32_t min() noexcept { return 0; }
    static constexpr std::uint32_t max() noexcept { return 0xFFFFFFFF; }

    constexpr std::uint64_t key() const noexcept { return key_; }
    constexpr std::uint64_t stream() const noexcept { return stream_; }
    /// How many words of the stream lie behind.
    constexpr std::uint64_t position() const noexcept { return position_; }

    /// The next word will be number `position` of the stream, counted from 0; forwards or backwards, at no cost.
    constexpr void skip_to(std::uint64_t position) noexcept {
        position_ = position;
        if (position_ % 4 != 0) make_words();
    }

    /// The next word.
    constexpr std::uint32_t operator()() noexcept {
        if (position_ % 4 == 0) make_words();
        return words_[position_++ % 4];
    }

    /// The next two words as one, the first the upper half.
    constexpr std::uint64_t bits() noexcept {
        const std::uint64_t upper = (*this)();
        return upper << 32 | (*this)();
    }

    /// A multiple of 2^-53 in [0, 1), all alike likely. Takes two words.
    constexpr double uniform() noexcept { return static_cast<double>(bits() >> 11) * 0x1p-53; }

    /// A number between low and high; as uniform(), it can be low, and high only by rounding.
    constexpr double uniform(double low, double high) noexcept { return low + (high - low) * uniform(); }

    /// A number of the normal distribution with mean 0 and deviation 1. Always takes two words, so that draw n begins
    /// at position 2n. The same to the last bits that the machine's log, sqrt and fused operations leave open.
    double normal() noexcept {
        // The quantile at (2k + 1)/2^54 for k < 2^53: never 0 or 1, and symmetric about the middle.
        const auto k = static_cast<std::int64_t>(bits() >> 11);
        return detail::standard_normal_quantile(2 * k + 1 - (std::int64_t{1} << 53));
    }

    /// A whole number from 0 to n - 1 as below(n), for n <= 2^32, from the words that a source gives. In front of what calls
    /// it: clang 16 evaluates no constant with a template that comes later.
    template <class Words>
    static constexpr std::uint64_t below(std::uint64_t n, Words& next) noexcept {
        // Lemire, "Fast Random Integer Generation in an Interval", 2019.
        constexpr std::uint64_t words = std::uint64_t{1} << 32;
        std::uint64_t product = next() * n;
        if (product % words < n)
            while (product % words < words % n) product = next() * n;
        return product / words;
    }
    /// A whole number from 0 to n - 1, all exactly alike likely (0 where n is 0). Takes one word or more, two at a
    /// time where n > 2^32.
    constexpr std::uint64_t below(std::uint64_t n) noexcept {
        if (n > std::uint64_t{1} << 32) return below_by_mask(n);
        return below(n, *this);
    }

    friend constexpr bool operator==(const philox& a, const philox& b) noexcept {
        return a.key_ == b.key_ && a.stream_ == b.stream_ && a.position_ == b.position_;
    }

private:
    constexpr void make_words() noexcept {
        const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
        const std::uint64_t block = position_ / 4;
        words_ = philox4x32({low(block), low(block >> 32), low(stream_), low(stream_ >> 32)},
                            {low(key_), low(key_ >> 32)});
    }

    constexpr std::uint64_t below_by_mask(std::uint64_t n) noexcept {
        std::uint64_t mask = n - 1;
        for (int shift = 1; shift < 64; shift *= 2) mask |= mask >> shift;
        for (;;)
            if (const std::uint64_t x = bits() & mask; x < n) return x;
    }

    std::uint64_t key_;
    std::uint64_t stream_;
    std::uint64_t position_ = 0;
    std::array<std::uint32_t, 4> words_{};
};

namespace detail {

/// The words of a stream, as many blocks of them made at a time as a register holds: several times as fast as one by one.
template <std::size_t Bytes = register_bytes>
class philox_words {
    static constexpr std::size_t blocks = Bytes / sizeof(std::uint64_t);
    using wide = lanes<std::uint64_t, blocks>;

public:
    constexpr explicit philox_words(const philox& from) noexcept : from_(from), position_(from.position()) {
        make(position_ / (4 * blocks));
    }
    std::uint64_t position() const noexcept { return position_; }

    std::uint64_t operator()() noexcept {
        const std::uint64_t place = position_++ % (4 * blocks);
        const std::uint64_t word = words_[place % 4 * blocks + place / 4];
        if (place + 1 == 4 * blocks) make(position_ / (4 * blocks));
        return word;
    }

private:
    /// As philox4x32; words are the lower halves of the lanes.
    void make(std::uint64_t group) noexcept {
        constexpr std::uint64_t low = 0xFFFFFFFF;
        wide a{}, b{}, c = wide{} + (from_.stream() & low), d = wide{} + (from_.stream() >> 32);
        for (std::size_t i = 0; i < blocks; ++i) a[i] = group * blocks + i;
        b = a >> 32;
        a &= low;
        std::uint64_t first = from_.key() & low, second = from_.key() >> 32;
        for (int round = 0; round < 10; ++round) {
            const wide left = a * 0xD2511F53, right = c * 0xCD9E8D57;
            a = (right >> 32) ^ b ^ first;
            b = right & low;
            c = (left >> 32) ^ d ^ second;
            d = left & low;
            first = (first + 0x9E3779B9) & low;
            second = (second + 0xBB67AE85) & low;
        }
        std::memcpy(words_, &a, Bytes);
        std::memcpy(words_ + blocks, &b, Bytes);
        std::memcpy(words_ + 2 * blocks, &c, Bytes);
        std::memcpy(words_ + 3 * blocks, &d, Bytes);
    }

    philox from_;
    std::uint64_t position_;
    std::uint64_t words_[4 * blocks]; // word k of block i at k · blocks + i
};

} // namespace detail

/// Puts values (a vector, an array, a span) into random order, every order alike likely (Fisher and Yates).
template <class Values>
    requires requires(Values& values) { std::span(values); }
constexpr void shuffle(Values&& values, philox& random) {
    const std::span all(values);
    const auto from = [&](auto& below) {
        for (std::size_t i = all.size(); i > 1; --i) {
            using std::swap;
            swap(all[i - 1], all[static_cast<std::size_t>(below(i))]);
        }
    };
    if (std::is_constant_evaluated() || all.size() < 16 || all.size() > 0xFFFFFFFF) {
        auto below = [&](std::size_t i) { return random.below(i); };
        from(below);
    } else {
        detail::philox_words<> words(random);
        auto below = [&](std::size_t i) { return philox::below(i, words); };
        from(below);
        random.skip_to(words.position());
    }
}

namespace detail {

/// The quotient of two polynomials of degree 7, coefficients from the constant up.
constexpr double rational(const std::array<double, 8>& above, const std::array<double, 8>& below,
                          double x) noexcept {
    double p = above[7], q = below[7];
    for (std::size_t i = 7; i-- > 0;) {
        p = p * x + above[i];
        q = q * x + below[i];
    }
    return p / q;
}

/// The quantile of the standard normal distribution at 1/2 + odd/2^54, for odd numbers between -2^53 and 2^53;
/// relative error below 4e-16 (Wichura, Algorithm AS 241, PPND16, 1988).
inline double standard_normal_quantile(std::int64_t odd) noexcept {
    constexpr std::array<double, 8> a{
        3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
        4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3};
    constexpr std::array<double, 8> b{1.0,
                                      4.2313330701600911252e1,
                                      6.8718700749205790830e2,
                                      5.3941960214247511077e3,
                                      2.1213794301586595867e4,
                                      3.9307895800092710610e4,
                                      2.8729085735721942674e4,
                                      5.2264952788528545610e3};
    constexpr std::array<double, 8> c{1.42343711074968357734e0,  4.63033784615654529590e0,
                                      5.76949722146069140550e0,  3.64784832476320460504e0,
                                      1.27045825245236838258e0,  2.41780725177450611770e-1,
                                      2.27238449892691845833e-2, 7.74545014278341407640e-4};
    constexpr std::array<double, 8> d{1.0,
                                      2.05319162663775882187e0,
                                      1.67638483018380384940e0,
                                      6.89767334985100004550e-1,
                                      1.48103976427480074590e-1,
                                      1.51986665636164571966e-2,
                                      5.47593808499534494600e-4,
                                      1.05075007164441684324e-9};
    constexpr std::array<double, 8> e{6.65790464350110377720e0,  5.46378491116411436990e0,
                                      1.78482653991729133580e0,  2.96560571828504891230e-1,
                                      2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                      2.71155556874348757815e-5, 2.01033439929228813265e-7};
    constexpr std::array<double, 8> f{1.0,
                                      5.99832206555887937690e-1,
                                      1.36929880922735805310e-1,
                                      1.48753612908506148525e-2,
                                      7.86869131145613259100e-4,
                                      1.84631831751005468180e-5,
                                      1.42151175831644588870e-7,
                                      2.04426310338993978564e-15};
    const double q = static_cast<double>(odd) * 0x1p-54;
    if (q >= -0.425 && q <= 0.425) return q * rational(a, b, 0.180625 - q * q);
    const std::int64_t from_end = (std::int64_t{1} << 53) - (odd < 0 ? -odd : odd);
    const double r = std::sqrt(-std::log(static_cast<double>(from_end) * 0x1p-54));
    const double size = r <= 5 ? rational(c, d, r - 1.6) : rational(e, f, r - 5);
    return odd < 0 ? -size : size;
}

} // namespace detail

} // namespace tenon
