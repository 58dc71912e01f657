#include "support/catch.hpp"

#include "support/int8_rule.hpp"
#include <array>
#include <limits>
#include <numeric>
#include <tenon/compress/int8_kernel_scalar.hpp>
#include <vector>

using namespace tenon::detail;
using bytes = std::vector<std::uint8_t>;
using ints = std::vector<std::int32_t>;

TEST_CASE("the plain kernel multiplies bytes without sign and weights with sign") {
    // Two outputs of four inputs, in two blocks with a gap of 3 between them.
    const std::int8_t gap = 99;
    const std::vector<std::int8_t> weights{-128, 3, -2, 77, 127, 1, 0, -1, gap, gap,
                                           gap,  1, 1,  1,  1,   0, 0, 0,  -5};
    const bytes x{255, 1, 2, 0, 10, 20, 30, 200};
    const ints start{10, -20};
    ints sums{1, 2, 3};
    accumulate_scalar({weights.data(), 2, 11, 2, 4}, x.data(), start.data(), sums.data());
    // 10 - 32640 + 3 - 4 + 260, and -20 + 32385 + 1 - 1000
    CHECK(sums == ints{-32371, 31366, 3});
}

TEST_CASE("the plain kernel sums tiles of any size as the definition does") {
    for (const std::size_t columns : {0U, 1U, 2U, 16U, 33U})
        for (const std::size_t depth : {4U, 16U, 64U}) {
            INFO(columns << " columns of depth " << depth);
            CHECK(tenon_test::wrong_sums(accumulate_scalar, depth, columns) == 0);
        }
}

TEST_CASE("plain sums go round at the ends of an int32") {
    const std::int8_t weights[] = {1, 0, 0, 0, -1, 0, 0, 0};
    const std::uint8_t x[] = {1, 0, 0, 0};
    ints sums{INT32_MAX, INT32_MIN};
    accumulate_scalar({weights, 1, 8, 2, 4}, x, sums.data(), sums.data());
    CHECK(sums == ints{INT32_MIN, INT32_MAX});
    accumulate_scalar({weights, 0, 8, 2, 4}, x, sums.data(), sums.data());
    CHECK(sums == ints{INT32_MIN, INT32_MAX}); // no block adds nothing
}

TEST_CASE("the parts of a vector are summed by output") {
    std::array<std::uint32_t, 16> parts;
    std::iota(parts.begin(), parts.end(), 1U);
    ints start(16, 100), sums(17, -7);
    SECTION("sixteen outputs have one each") {
        add_parts<4>(parts.data(), start.data(), sums.data());
        for (int o = 0; o < 16; ++o) CHECK(sums[static_cast<std::size_t>(o)] == 101 + o);
        CHECK(sums[16] == -7);
    }
    SECTION("four outputs have four each") {
        add_parts<16>(parts.data(), start.data(), sums.data());
        CHECK(ints(sums.begin(), sums.begin() + 5) == ints{110, 126, 142, 158, -7});
    }
    SECTION("one output has all of them") {
        add_parts<64>(parts.data(), start.data(), sums.data());
        CHECK(ints(sums.begin(), sums.begin() + 2) == ints{236, -7});
    }
    SECTION("modulo 2^32") {
        parts.fill(UINT32_MAX); // -1
        add_parts<64>(parts.data(), (start[0] = INT32_MIN, start.data()), sums.data());
        CHECK(sums[0] == INT32_MAX - 15);
    }
}

TEST_CASE("the plain kernel makes bytes of real values: ties to even, then the zero point, then the ends") {
    const double infinite = std::numeric_limits<double>::infinity();
    const std::vector<double> x{0.25, 0.75, -0.25, -0.75, -0.0, 63.75, 63.5, 1e300, -infinite, -infinite * 0};
    const bytes shifts{0, 0, 0, 0, 0, 0, 1, 0, 0, 0};
    const ints zeros{128, 128, 128, 128, 9, 127, 1, -255, 255, -1};
    bytes out(10, 77);
    quantize_scalar({0.5, shifts, zeros}, 0, 10, x.data(), out.data());
    CHECK(out == bytes{128, 130, 128, 126, 9, 255, 255, 255, 0, 0});
    quantize_scalar({0.5, shifts, zeros}, 3, 2, x.data(), out.data());
    CHECK(out == bytes{126, 9, 128, 126, 9, 255, 255, 255, 0, 0}); // to the front, and no more than two
    CHECK(tenon_test::wrong_bytes(quantize_scalar) == 0);
}

TEST_CASE("the plain kernel rescales sums: halves up, then the zero point, then the ends") {
    const ints sums{-3, -1, 1, 3, 500, -500, INT32_MIN, INT32_MAX}, multipliers(9, 1 << 30);
    const bytes shifts{62, 31, 31, 31, 31, 31, 31, 31, 31}; // the first is not asked for: ×½ for all others
    bytes out(9, 77);
    rescale_scalar({multipliers, shifts, 10, 0}, 1, 8, sums.data(), out.data());
    CHECK(out == bytes{9, 10, 11, 12, 255, 0, 0, 255, 77});
    rescale_scalar({multipliers, shifts, 10, 10}, 1, 8, sums.data(), out.data());
    CHECK(out == bytes{10, 10, 11, 12, 255, 10, 10, 255, 77});
    CHECK(tenon_test::wrong_rescaled(rescale_scalar) == 0);
}
