#include "support/catch.hpp"

#include <cfenv>
#include <cmath>
#include <limits>
#include <tenon/compress/int8.hpp>
#include <tenon/core/random.hpp>

using tenon::affine;
using tenon::as_fixed_point;
using tenon::fixed_point;
using tenon::quantize_value;
using tenon::requantize;
using tenon::round_half_even;

namespace {

__extension__ using wide = __int128;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Where single, double and float rounding are known to differ: single gives 7.
constexpr double known_factor = 0.05296124517917633 * 0.024093778803944588 / 0.11484327912330627;
static_assert(as_fixed_point(known_factor) == fixed_point{1527099593, -6});
static_assert(requantize(585, as_fixed_point(known_factor)) == 7);

/// ⌊sum · m · 2^-n + ½⌋ by a division.
std::int64_t rounded_quotient(std::int32_t sum, std::int32_t m, int n) {
    const wide divisor = wide{1} << (n + 1);
    const wide twice = wide{sum} * m * 2 + (wide{1} << n);
    const wide quotient = twice / divisor;
    return static_cast<std::int64_t>(twice % divisor < 0 ? quotient - 1 : quotient);
}

std::int32_t any_int(tenon::philox& random) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(random.bits()));
}

} // namespace

TEST_CASE("requantize rounds the exact product once, halves up") {
    tenon::philox random(1);
    std::size_t differing = 0;
    for (int k = 0; k < 1'000'000; ++k) {
        const std::int32_t sum = any_int(random) >> random.below(31);
        const auto m = static_cast<std::int32_t>((1 << 30) + random.below(1 << 30));
        const int n = 1 + static_cast<int>(random.below(62));
        differing += requantize(sum, m, n) != rounded_quotient(sum, m, n);
    }
    CHECK(differing == 0);

    for (const std::int32_t sum :
         {INT32_MIN, INT32_MIN + 1, -3, -2, -1, 0, 1, 2, 3, INT32_MAX - 1, INT32_MAX})
        for (const std::int32_t m : {0, 1 << 30, (1 << 30) + 1, INT32_MAX})
            for (int n = 1; n <= 62; ++n) CHECK(requantize(sum, m, n) == rounded_quotient(sum, m, n));

    CHECK(requantize(1, as_fixed_point(0.5)) == 1);
    CHECK(requantize(-1, as_fixed_point(0.5)) == 0);
    CHECK(requantize(-3, as_fixed_point(0.5)) == -1);
}

TEST_CASE("a factor becomes a multiplier and a shift") {
    tenon::philox random(2);
    for (int k = 0; k < 100'000; ++k) {
        const double factor = std::ldexp(0.5 + random.uniform() / 2, static_cast<int>(random.below(62)) - 31);
        const fixed_point f = as_fixed_point(factor);
        int exponent = 0;
        const double m = std::round(std::frexp(factor, &exponent) * 0x1p31);
        if (m == 0x1p31) continue; // below
        REQUIRE(f.multiplier == static_cast<std::int32_t>(m));
        REQUIRE(f.shift == exponent);
    }

    CHECK(as_fixed_point(1.0) == fixed_point{1 << 30, 1});
    CHECK(as_fixed_point(std::nextafter(1.0, 0.0)) == fixed_point{1 << 30, 1});
    CHECK(as_fixed_point(0x1p-32) == fixed_point{1 << 30, -31});
    CHECK(as_fixed_point(std::nextafter(0x1p30, 0.0)) == fixed_point{INT32_MAX, 30});

    SECTION("too large saturates") {
        for (const double factor : {0x1p30, 0x1p31, 1e300, infinite}) {
            CHECK(as_fixed_point(factor) == fixed_point{INT32_MAX, 30});
            CHECK(requantize(1, as_fixed_point(factor)) > 255 + 128);
            CHECK(requantize(-1, as_fixed_point(factor)) < -255 - 128);
        }
    }
    SECTION("too small is zero") {
        for (const double factor : {0.0, -1.0, 5e-324, 1e-300, std::nextafter(0x1p-32, 0.0), not_a_number})
            for (const std::int32_t sum : {INT32_MIN, -1, 1, INT32_MAX})
                CHECK(requantize(sum, as_fixed_point(factor)) == 0);
    }
}

TEST_CASE("round_half_even sends ties to the even neighbour, in any rounding mode") {
    CHECK(round_half_even(0.5) == 0);
    CHECK(round_half_even(-0.5) == 0);
    CHECK(round_half_even(1.5) == 2);
    CHECK(round_half_even(-1.5) == -2);
    CHECK(round_half_even(2.5) == 2);
    CHECK(round_half_even(std::nextafter(2.5, 3.0)) == 3);
    CHECK(round_half_even(std::nextafter(0.5, 0.0)) == 0);
    CHECK(round_half_even(-0.0) == 0);

    tenon::philox random(3);
    for (int k = 0; k < 100'000; ++k) {
        const double v = random.normal() * std::ldexp(1.0, static_cast<int>(random.below(40)));
        REQUIRE(round_half_even(v) == static_cast<std::int64_t>(std::nearbyint(v)));
    }

    const volatile double v = 2.25;
    std::fesetround(FE_UPWARD);
    const std::int64_t up = round_half_even(v);
    std::fesetround(FE_TONEAREST);
    CHECK(up == 2);
}

TEST_CASE("a value becomes a byte") {
    CHECK(quantize_value(0.0, 0.25, 100) == 100);
    CHECK(quantize_value(0.375, 0.25, 100) == 102); // 1.5
    CHECK(quantize_value(0.625, 0.25, 100) == 102); // 2.5
    CHECK(quantize_value(-0.375, 0.25, 100) == 98);
    CHECK(quantize_value(1e9, 0.25, 100) == 255);
    CHECK(quantize_value(-1e9, 0.25, 100) == 0);
    CHECK(quantize_value(infinite, 1.0, 128) == 255);
    CHECK(quantize_value(-infinite, 1.0, 128) == 0);
    CHECK(quantize_value(std::numeric_limits<double>::max(), tenon::smallest_scale, 128) == 255);
    CHECK(quantize_value(5e-324, tenon::largest_scale, 128) == 128);

    SECTION("a missing number is a real zero") {
        CHECK(quantize_value(not_a_number, 0.25, 100) == 100);
        CHECK(quantize_value(-not_a_number, 0.25, 300) == 255);
        CHECK(quantize_value(not_a_number, 0.25, -300) == 0);
    }
    SECTION("zero points far from the bytes") {
        CHECK(quantize_value(2000.0, 0.25, -8000 + 5) == 5);
        CHECK(quantize_value(1e300, 1e-3, -tenon::farthest_zero) == 255);
        CHECK(quantize_value(-1e300, 1e-3, tenon::farthest_zero) == 0);
    }
}

TEST_CASE("bytes cover a range and zero") {
    const affine a = tenon::affine_for(-1, 3);
    CHECK(a.scale == 3.0 / 255 + 1.0 / 255);
    CHECK(a.zero == 64);
    CHECK(quantize_value(-1, a.scale, a.zero) == 0);
    CHECK(quantize_value(3, a.scale, a.zero) == 255);

    CHECK(tenon::affine_for(2, 51).scale == 0.2); // widened to zero
    CHECK(tenon::affine_for(2, 51).zero == 0);
    CHECK(tenon::affine_for(-51, -2).zero == 255);

    SECTION("nothing to cover") {
        CHECK(tenon::affine_for(0, 0).scale == 1);
        CHECK(tenon::affine_for(0, 1e-310).scale == 1);
        CHECK(tenon::affine_for(infinite, -infinite).scale == 1); // no value seen
        CHECK(tenon::affine_for(not_a_number, not_a_number).scale == 1);
    }
    SECTION("more than a double holds") {
        const affine most = tenon::affine_for(-1.7e308, 1.7e308);
        CHECK(most.scale == tenon::largest_scale);
        CHECK((most.zero >= 0 && most.zero <= 255));
    }
}

TEST_CASE("a scale of 22 bits times any sum is exact") {
    tenon::philox random(4);
    for (int k = 0; k < 100'000; ++k) {
        const double v = random.normal() * std::ldexp(1.0, static_cast<int>(random.below(200)) - 100);
        const double scale = tenon::round_to_22_bits(v);
        REQUIRE(std::abs(scale - v) <= std::abs(v) * 0x1p-22);
        for (const std::int32_t sum : {any_int(random), INT32_MAX, INT32_MIN}) {
            const double product = scale * sum;
            REQUIRE(std::fma(scale, static_cast<double>(sum), -product) == 0);
        }
        REQUIRE(tenon::is_output_scale(scale));
    }
    CHECK(tenon::round_to_22_bits(0) == 0);
    CHECK(tenon::round_to_22_bits(-3) == -3);
    CHECK(tenon::is_output_scale(0));
    for (const double v : {1.0 / 3, 1e-300, -1e-300, 1e300, infinite, -infinite, not_a_number})
        CHECK_FALSE(tenon::is_output_scale(v));
}
