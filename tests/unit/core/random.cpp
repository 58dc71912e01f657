#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <tenon/core/random.hpp>
#include <type_traits>
#include <vector>

using tenon::philox;

static_assert(std::uniform_random_bit_generator<philox>);
static_assert(std::is_trivially_copyable_v<philox>);
static_assert(!std::is_convertible_v<int, philox>);
static_assert(!std::is_convertible_v<int, tenon::seed>);
static_assert(!std::is_convertible_v<std::uint64_t, tenon::seed>);
static_assert(!std::is_convertible_v<tenon::seed, std::uint64_t>);
static_assert(philox(7).below(1000) < 1000 && philox(7).uniform() < 1); // in constant expressions too
static_assert(tenon::seed{7}.value == 7);
static_assert(tenon::seed{7} == tenon::seed{7} && tenon::seed{7} != tenon::seed{8});

namespace {

constexpr std::size_t draws = 1'000'000;

/// Whether mean is within 5 standard errors of the expected one: a false alarm in 1.7 million seeds.
bool near(double mean, double expected, double deviation, std::size_t n) {
    return std::abs(mean - expected) < 5 * deviation / std::sqrt(static_cast<double>(n));
}

/// Pearson's chi-square of counts that should all be alike, in standard deviations from what is expected of it.
double excess_chi_square(const std::vector<std::size_t>& counts) {
    const double n = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
    const double expected = n / static_cast<double>(counts.size());
    double sum = 0;
    for (const std::size_t count : counts)
        sum += std::pow(static_cast<double>(count) - expected, 2) / expected;
    const double freedom = static_cast<double>(counts.size()) - 1;
    return (sum - freedom) / std::sqrt(2 * freedom);
}

double correlation(philox a, philox b, std::size_t n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += (a.uniform() - 0.5) * (b.uniform() - 0.5);
    return 12 * sum / static_cast<double>(n);
}

} // namespace

TEST_CASE("philox4x32-10 gives the known answers of Random123", "[random]") {
    using words = std::array<std::uint32_t, 4>;
    STATIC_REQUIRE(tenon::philox4x32({0, 0, 0, 0}, {0, 0}) ==
                   words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    STATIC_REQUIRE(tenon::philox4x32({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}) ==
                   words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    STATIC_REQUIRE(
        tenon::philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("philox walks the counter: position in the lower half, stream in the upper, seed in the key",
          "[random]") {
    philox random(0xA4093822'00000007, 0x0000000B'0000000D);
    for (std::uint32_t block = 0; block < 5; ++block)
        for (const std::uint32_t word : tenon::philox4x32({block, 0, 0xD, 0xB}, {7, 0xA4093822}))
            CHECK(random() == word);
    random.skip_to(std::uint64_t{1} << 34);
    CHECK(random() == tenon::philox4x32({0, 1, 0xD, 0xB}, {7, 0xA4093822})[0]);
}

TEST_CASE("the first draws of a seed never change", "[random]") {
    philox random(7);
    CHECK(random.uniform() == 0.9545971261687);
    CHECK_THAT(random.uniform(-1, 3), tenon_test::WithinRel(-0.5432905535347223, 1e-14));
    CHECK_THAT(random.normal(), tenon_test::WithinRel(-0.23537097893134348, 1e-14));
    CHECK_THAT(random.normal(), tenon_test::WithinRel(-0.94708131891886968, 1e-14));
    CHECK(random.below(1000) == 6);
    CHECK(random.position() == 9);
    CHECK(philox(tenon::seed{7}) == philox(7));
}

TEST_CASE("a philox goes to any position and on to the same bits", "[random]") {
    philox one_by_one(42, 3);
    std::vector<std::uint32_t> stream(64);
    for (std::uint32_t& word : stream) word = one_by_one();
    CHECK(one_by_one.position() == 64);
    for (std::size_t n = stream.size(); n-- > 0;) {
        philox random(42, 3);
        random.skip_to(n);
        CHECK(random.position() == n);
        for (std::size_t i = n; i < std::min(n + 9, stream.size()); ++i) REQUIRE(random() == stream[i]);
    }
    philox random(42, 3);
    random();
    random.skip_to(0);
    CHECK(random() == stream[0]);
}

TEST_CASE("a philox stored as seed, stream and position goes on to the same bits", "[random]") {
    philox random(1, 2);
    for (int i = 0; i < 7; ++i) random.normal();
    random.below(10);
    philox restored(random.key(), random.stream());
    restored.skip_to(random.position());
    CHECK(restored == random);
    for (int i = 0; i < 20; ++i) REQUIRE(restored.normal() == random.normal());
}

TEST_CASE("copies of a philox go on alike and on their own", "[random]") {
    philox a(5);
    a();
    philox b = a;
    CHECK(a == b);
    const std::uint32_t next = a();
    CHECK_FALSE(a == b);
    CHECK(b() == next);
    CHECK(a == b);
    CHECK_FALSE(philox(5) == philox(6));
    CHECK_FALSE(philox(5, 0) == philox(5, 1));
}

TEST_CASE("uniform draws have the moments of the uniform distribution", "[random]") {
    philox random(11);
    double sum = 0, squares = 0, least = 1, most = 0;
    for (std::size_t i = 0; i < draws; ++i) {
        const double u = random.uniform();
        sum += u;
        squares += (u - 0.5) * (u - 0.5);
        least = std::min(least, u);
        most = std::max(most, u);
    }
    const double n = static_cast<double>(draws);
    CHECK(near(sum / n, 0.5, std::sqrt(1.0 / 12), draws));
    CHECK(near(squares / n, 1.0 / 12, std::sqrt(1.0 / 180), draws));
    CHECK(least >= 0);
    CHECK(least < 2e-5);
    CHECK(most < 1);
    CHECK(most > 1 - 2e-5);
    CHECK(random.position() == 2 * draws);
}

TEST_CASE("uniform draws use 53 bits and keep to their bounds", "[random]") {
    philox random(12);
    bool lowest_bit = false;
    for (int i = 0; i < 100; ++i) {
        const double u = random.uniform() * 0x1p53;
        REQUIRE(u == std::floor(u));
        lowest_bit = lowest_bit || std::fmod(u, 2) == 1;
        const double v = random.uniform(-3, -2);
        REQUIRE(v >= -3);
        REQUIRE(v <= -2);
    }
    CHECK(lowest_bit);
    CHECK(random.uniform(4, 4) == 4);
}

TEST_CASE("normal draws have the moments and tails of the normal distribution", "[random]") {
    philox random(13);
    std::array<double, 4> sums{};
    std::size_t beyond_one = 0, beyond_three = 0;
    for (std::size_t i = 0; i < draws; ++i) {
        const double z = random.normal();
        double power = 1;
        for (double& sum : sums) sum += power *= z;
        beyond_one += std::abs(z) > 1 ? 1 : 0;
        beyond_three += std::abs(z) > 3 ? 1 : 0;
    }
    const double n = static_cast<double>(draws);
    // The deviation of z^k is the root of E z^2k - (E z^k)^2.
    CHECK(near(sums[0] / n, 0, 1, draws));
    CHECK(near(sums[1] / n, 1, std::sqrt(2.0), draws));
    CHECK(near(sums[2] / n, 0, std::sqrt(15.0), draws));
    CHECK(near(sums[3] / n, 3, std::sqrt(96.0), draws));
    const double p1 = 0.31731050786291415, p3 = 0.0026997960632601866;
    CHECK(near(static_cast<double>(beyond_one) / n, p1, std::sqrt(p1 * (1 - p1)), draws));
    CHECK(near(static_cast<double>(beyond_three) / n, p3, std::sqrt(p3 * (1 - p3)), draws));
}

TEST_CASE("the normal quantile is right at its ends, its seams and between", "[random]") {
    // Reference: mpmath with 50 digits, at 1/2 + odd/2^54.
    const struct {
        std::int64_t odd;
        double quantile;
    } known[] = {
        {1, 1.39145821233588346e-16},
        {3, 4.17437463700765038e-16},
        {1000000001, 1.39145821372734616e-7},
        {2251799813685249, 0.318639363964375309},
        {7656119366529843, 1.43953147093845584},
        {7656119366529845, 1.43953147093845662},
        {4503599627370497, 0.674489750196081918},
        {6755399441055745, 1.15034938037600845},
        {8007199254740993, 1.59361495659147461},
        {9006199254740993, 3.86514702304890339},
        {9007199254490809, 6.65790461721083234},
        {9007199254490811, 6.65790579248256165},
        {9007199254490813, 6.65790696776348737},
        {9007199254640991, 6.79143524931021086},
        {9007199254739991, 7.42694645065895654},
        {9007199254740989, 8.16070784085858318},
        {9007199254740991, 8.29236107581359554},
    };
    for (const auto& [odd, quantile] : known) {
        INFO(odd);
        CHECK_THAT(tenon::detail::standard_normal_quantile(odd), tenon_test::WithinRel(quantile, 1e-15));
        CHECK(tenon::detail::standard_normal_quantile(-odd) == -tenon::detail::standard_normal_quantile(odd));
    }
}

TEST_CASE("below gives every number alike", "[random]") {
    for (const std::uint64_t n : {2U, 3U, 7U, 10U, 256U, 1000U}) {
        philox random(17, n);
        std::vector<std::size_t> counts(n);
        for (std::size_t i = 0; i < 200'000; ++i) ++counts.at(random.below(n));
        INFO(n);
        CHECK(std::abs(excess_chi_square(counts)) < 5);
    }
}

TEST_CASE("below is unbiased where a multiple of n does not fill the range", "[random]") {
    // word % n would give the lowest third twice as often as the others, and word * n >> 32 without rejection one in
    // every three neighbours twice as often as the other two.
    const std::uint64_t n = std::uint64_t{3} << 30;
    philox random(19);
    std::vector<std::size_t> by_rest(3), by_third(3);
    for (std::size_t i = 0; i < 300'000; ++i) {
        const std::uint64_t x = random.below(n);
        REQUIRE(x < n);
        ++by_rest[x % 3];
        ++by_third[x >> 30];
    }
    CHECK(std::abs(excess_chi_square(by_rest)) < 5);
    CHECK(std::abs(excess_chi_square(by_third)) < 5);
    CHECK(random.position() > 300'000);
}

TEST_CASE("below takes every n", "[random]") {
    philox random(23);
    for (int i = 0; i < 100; ++i) REQUIRE(random.below(1) == 0);
    CHECK(random.below(0) == 0);
    for (const std::uint64_t n : {std::uint64_t{1} << 32, (std::uint64_t{1} << 32) + 1,
                                  std::uint64_t{5} << 40, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
        double sum = 0;
        for (int i = 0; i < 10'000; ++i) {
            const std::uint64_t x = random.below(n);
            REQUIRE(x < n);
            sum += static_cast<double>(x) / static_cast<double>(n);
        }
        INFO(n);
        CHECK(near(sum / 10'000, 0.5, std::sqrt(1.0 / 12), 10'000));
    }
}

TEST_CASE("shuffle permutes", "[random]") {
    philox random(29);
    for (const std::size_t n : {0U, 1U, 2U, 100U}) {
        std::vector<std::size_t> values(n);
        std::iota(values.begin(), values.end(), 0U);
        const std::vector<std::size_t> before = values;
        tenon::shuffle(values, random);
        CHECK((n < 100 || values != before));
        std::sort(values.begin(), values.end());
        CHECK(values == before);
    }
}

TEST_CASE("shuffle takes vectors, arrays and spans, and moves what cannot be copied", "[random]") {
    std::vector<int> vector{1, 2, 3, 4, 5, 6, 7, 8};
    std::array<int, 8> array{1, 2, 3, 4, 5, 6, 7, 8};
    int plain[] = {1, 2, 3, 4, 5, 6, 7, 8};
    std::vector<std::string> texts{"1", "2", "3", "4", "5", "6", "7", "8"};
    philox a(31), b(31), c(31), d(31);
    tenon::shuffle(vector, a);
    tenon::shuffle(array, b);
    tenon::shuffle(std::span(plain), c);
    tenon::shuffle(texts, d);
    CHECK(std::equal(vector.begin(), vector.end(), array.begin()));
    CHECK(std::equal(vector.begin(), vector.end(), std::begin(plain)));
    CHECK(texts[0] == std::to_string(vector[0]));
    CHECK(a == d);
}

TEST_CASE("shuffle makes every order alike likely", "[random]") {
    philox random(37);
    std::vector<std::size_t> orders(24);
    for (int i = 0; i < 120'000; ++i) {
        std::array<std::size_t, 4> values{0, 1, 2, 3};
        tenon::shuffle(values, random);
        // The rank of the permutation: how many smaller ones stand behind each.
        std::size_t rank = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const auto smaller = std::count_if(values.begin() + static_cast<std::ptrdiff_t>(j), values.end(),
                                               [&](std::size_t v) { return v < values[j]; });
            rank = rank * (4 - j) + static_cast<std::size_t>(smaller);
        }
        ++orders.at(rank);
    }
    CHECK(std::abs(excess_chi_square(orders)) < 5);
}

TEST_CASE("shuffle brings every value to every place alike", "[random]") {
    constexpr std::size_t n = 20;
    philox random(41);
    std::vector<std::size_t> counts(n * n);
    for (int i = 0; i < 50'000; ++i) {
        std::array<std::size_t, n> values{};
        std::iota(values.begin(), values.end(), 0U);
        tenon::shuffle(values, random);
        for (std::size_t place = 0; place < n; ++place) ++counts[place * n + values[place]];
    }
    CHECK(std::abs(excess_chi_square(counts)) < 5);
}

TEST_CASE("streams and neighbouring seeds are independent", "[random]") {
    constexpr std::size_t n = 200'000;
    const double limit = 5 / std::sqrt(static_cast<double>(n));
    CHECK(correlation(philox(1, 0), philox(1, 0), n) > 0.99);
    CHECK(std::abs(correlation(philox(1, 0), philox(1, 1), n)) < limit);
    CHECK(std::abs(correlation(philox(1, 0), philox(1, std::uint64_t{1} << 32), n)) < limit);
    CHECK(std::abs(correlation(philox(1, 0), philox(2, 0), n)) < limit);
    CHECK(std::abs(correlation(philox(1, 0), philox(std::uint64_t{1} << 32 | 1, 0), n)) < limit);
    philox one_on(1, 0);
    one_on.skip_to(2);
    CHECK(std::abs(correlation(philox(1, 0), one_on, n)) < limit);
}

TEST_CASE("a philox serves the distributions of the standard library", "[random]") {
    philox random(43);
    std::vector<int> values(50);
    std::iota(values.begin(), values.end(), 0);
    const std::vector<int> before = values;
    std::shuffle(values.begin(), values.end(), random);
    CHECK(values != before);
    CHECK(std::is_permutation(values.begin(), values.end(), before.begin()));
}
