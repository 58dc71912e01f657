// The parts of the AVX-512 kernels, each against plain loops. All kernels against each other: int8_kernel.cpp.

#include "support/catch.hpp"

#include "support/int8_rule.hpp"
#include <limits>
#include <tenon/compress/int8_kernel_avx512.hpp>
#include <tenon/core/processor.hpp>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__)

using namespace tenon::detail;
using bytes = std::vector<std::uint8_t>;
using ints = std::vector<std::int32_t>;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

bool runs_avx512() {
    if (!has_avx512_vnni()) WARN("this processor has no AVX-512 with VNNI: nothing is compared");
    return has_avx512_vnni();
}

/// Eight values at once, in steps of a quarter from a zero point of 100: the bytes, none where they are refused.
template <bool IsWhole>
bytes eight_bytes(const std::vector<double>& steps, std::uint8_t kept = 0xff) {
    std::vector<double> x{1e9}; // the first is not asked for
    for (const double v : steps) x.push_back(v / 4);
    const bytes shifts{0, 2, 2, 2, 2, 2, 2, 2, 2};
    const ints zeros{9, 100, 100, 100, 100, 100, 100, 100, 100};
    bytes out(9, 77);
    const tenon::int8_inputs in{1, shifts, zeros};
    const bool done =
        quantize_8_avx512<IsWhole>(in, std::bit_cast<long long>(0x1p20), kept, 1, x.data(), out.data());
    if (!done) out.clear();
    return out;
}

} // namespace

TEST_CASE("AVX-512 sums 128 and 32 outputs and one block, whatever the number of blocks") {
    if (!runs_avx512()) return;
    const auto on_all = [](auto part) {
        return [=](const tenon::int8_tile& t, auto... rest) { part(t, t.weights, rest...); };
    };
    CHECK(tenon_test::wrong_sums(on_all(accumulate_128_avx512), 4, 128) == 0);
    CHECK(tenon_test::wrong_sums(on_all(accumulate_32_avx512), 4, 32) == 0);
    CHECK(tenon_test::wrong_sums(on_all(accumulate_block_avx512<4>), 4, 16) == 0);
    CHECK(tenon_test::wrong_sums(on_all(accumulate_block_avx512<16>), 16, 4) == 0);
    CHECK(tenon_test::wrong_sums(on_all(accumulate_block_avx512<64>), 64, 1) == 0);
}

TEST_CASE("AVX-512 takes tiles of any width and depth apart") {
    if (!runs_avx512()) return;
    for (const std::size_t columns : {0U, 16U, 32U, 48U, 112U, 128U, 144U, 304U}) {
        INFO(columns << " columns");
        CHECK(tenon_test::wrong_sums(accumulate_avx512, 4, columns) == 0);
    }
    CHECK(tenon_test::wrong_sums(accumulate_avx512, 16, 4) == 0);
    CHECK(tenon_test::wrong_sums(accumulate_avx512, 64, 1) == 0);
}

TEST_CASE("AVX-512 makes eight bytes of eight values and refuses what it could round otherwise") {
    if (!runs_avx512()) return;
    const bytes expected{100, 101, 99, 102, 0, 255, 255, 0, 77};
    const std::vector<double> easy{-0.0, 0.75, -1.25, 2.4375, -100.25, 155.25, 0x1p40, -0x1p40};
    CHECK(eight_bytes<true>(easy) == expected);
    CHECK(eight_bytes<false>(easy) == expected);
    for (const double refused : {0.5, -2.5, std::nextafter(1.5, 2.0), std::nextafter(1.5, 1.0), 1e300,
                                 infinite, -infinite, infinite - infinite})
        for (std::size_t at = 0; at < 8; ++at) {
            std::vector<double> x = easy;
            x[at] = refused;
            CHECK(eight_bytes<true>(x).empty());
            CHECK(eight_bytes<false>(x).empty());
        }
}

TEST_CASE("AVX-512 looks at and writes no values but those in the mask") {
    if (!runs_avx512()) return;
    const std::vector<double> x{1, infinite, 3, 0.5, -infinite, 0.5, infinite - infinite, -8};
    CHECK(eight_bytes<false>(x, 0b1000'0101) == bytes{101, 77, 103, 77, 77, 77, 77, 92, 77});
    CHECK(eight_bytes<false>(x, 0) == bytes(9, 77));
    CHECK(eight_bytes<false>(x, 0b0000'1101).empty());
    CHECK(tenon_test::wrong_bytes(quantize_avx512) == 0);
}

TEST_CASE("AVX-512 rescales halves up, in 64 bits, and what is left over too") {
    if (!runs_avx512()) return;
    const ints sums{-3, -1, 1, 3, INT32_MIN, INT32_MAX, -1000, 1000, -1}, multipliers(9, 1 << 30);
    const bytes shifts{31, 31, 31, 31, 54, 54, 31, 31, 31};
    bytes out(10, 77);
    rescale_avx512({multipliers, shifts, 130, 0}, 0, 9, sums.data(), out.data());
    CHECK(out == bytes{129, 130, 131, 132, 2, 255, 0, 255, 130, 77});
    rescale_avx512({multipliers, shifts, 130, 130}, 0, 8, sums.data(), out.data());
    CHECK(out == bytes{130, 130, 131, 132, 130, 255, 130, 255, 130, 77});
    CHECK(tenon_test::wrong_rescaled(rescale_avx512) == 0);
}

#endif
