// The parts of the AVX2 kernels, each against plain loops. All kernels against each other: int8_kernel.cpp.

#include "support/catch.hpp"

#include "support/int8_rule.hpp"
#include <limits>
#include <tenon/compress/int8_kernel_avx2.hpp>
#include <tenon/core/processor.hpp>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__)

using namespace tenon::detail;
using bytes = std::vector<std::uint8_t>;
using ints = std::vector<std::int32_t>;

namespace {

bool runs_avx2() {
    if (!has_avx2()) WARN("this processor has no AVX2: nothing is compared");
    return has_avx2();
}

} // namespace

TEST_CASE("AVX2 sums 32 outputs at once, where 16 bits would not hold two products") {
    if (!runs_avx2()) return;
    const std::vector<std::int8_t> weights(128, 127);
    const bytes x(4, 255);
    const ints start(32, -1);
    ints sums(33, 7), expected(33, 4 * 255 * 127 - 1);
    expected[32] = 7;
    accumulate_32_avx2({weights.data(), 1, 128, 32, 4}, weights.data(), x.data(), start.data(), sums.data());
    CHECK(sums == expected);
    const auto accumulate = [](const tenon::int8_tile& t, auto... rest) {
        accumulate_32_avx2(t, t.weights, rest...);
    };
    CHECK(tenon_test::wrong_sums(accumulate, 4, 32) == 0);
}

TEST_CASE("AVX2 sums one block of 16, 4 or 1 outputs") {
    if (!runs_avx2()) return;
    const auto block_of = [](auto depth) {
        return [=](const tenon::int8_tile& t, auto... rest) {
            accumulate_block_avx2<decltype(depth)::value>(t, t.weights, rest...);
        };
    };
    CHECK(tenon_test::wrong_sums(block_of(std::integral_constant<std::size_t, 4>{}), 4, 16) == 0);
    CHECK(tenon_test::wrong_sums(block_of(std::integral_constant<std::size_t, 16>{}), 16, 4) == 0);
    CHECK(tenon_test::wrong_sums(block_of(std::integral_constant<std::size_t, 64>{}), 64, 1) == 0);
}

TEST_CASE("AVX2 takes tiles of any width apart") {
    if (!runs_avx2()) return;
    for (const std::size_t columns : {0U, 16U, 32U, 48U, 64U, 144U}) {
        INFO(columns << " columns");
        CHECK(tenon_test::wrong_sums(accumulate_avx2, 4, columns) == 0);
    }
    CHECK(tenon_test::wrong_sums(accumulate_avx2, 16, 4) == 0);
    CHECK(tenon_test::wrong_sums(accumulate_avx2, 64, 1) == 0);
}

TEST_CASE("AVX2 makes four bytes of four values, hard ones and easy ones") {
    if (!runs_avx2()) return;
    const double scale = 0.3, infinite = std::numeric_limits<double>::infinity();
    const bytes shifts{9, 0, 1, 2, 3};
    const ints zeros{9, 10, 0, 255, -300};
    const auto four = [&](const std::vector<double>& x) {
        bytes out(5, 77);
        quantize_4_avx2({scale, shifts, zeros}, std::bit_cast<long long>(1 / scale), 1, x.data(), out.data());
        return out;
    };
    // 3, 2.6, -1.2 and 400.4 steps of 0.3 / 2^shift
    CHECK(four({0, 3 * 0.3, 2.6 * 0.15, -1.2 * 0.075, 400.4 * 0.0375}) == bytes{13, 3, 254, 100, 77});
    // A tie, what is no number, a zero below zero, and what is beyond an integer.
    CHECK(four({0, 2.5 * 0.3, infinite - infinite, -0.0, infinite}) == bytes{12, 0, 255, 255, 77});
    CHECK(four({0, -1e300, infinite, -0x1p31, 0x1p30}) == bytes{0, 255, 0, 255, 77});
}

TEST_CASE("AVX2 makes the same bytes of rows and parts of rows") {
    if (!runs_avx2()) return;
    CHECK(tenon_test::wrong_bytes(quantize_avx2) == 0);
}

TEST_CASE("AVX2 rescales halves up, in 64 bits, and what is left over too") {
    if (!runs_avx2()) return;
    const ints sums{-3, -1, 1, INT32_MIN, INT32_MAX},
        multipliers{1 << 30, 1 << 30, 1 << 30, INT32_MAX, INT32_MAX};
    const bytes shifts{31, 31, 31, 55, 56};
    bytes out(6, 77);
    rescale_avx2({multipliers, shifts, 200, 0}, 0, 5, sums.data(), out.data());
    CHECK(out == bytes{199, 200, 201, 72, 255, 77}); // 200 - 128, and 264
    rescale_avx2({multipliers, shifts, 200, 200}, 0, 4, sums.data(), out.data());
    CHECK(out == bytes{200, 200, 201, 200, 255, 77});
    CHECK(tenon_test::wrong_rescaled(rescale_avx2) == 0);
}

#endif
