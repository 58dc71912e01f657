#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <tenon/compress/int8_kernel.hpp>
#include <tenon/core/random.hpp>
#include <vector>

using tenon::int8_shape;
using tenon::detail::int8_kernels;

namespace {

struct named_kernels {
    std::string name;
    int8_kernels kernels;
};

/// Those that this machine can run.
std::vector<named_kernels> all_kernels() {
    std::vector<named_kernels> all{{"scalar", tenon::detail::scalar_kernels},
                                   {"chosen", tenon::detail::int8_kernels_here()}};
#if defined(__x86_64__) && defined(__GNUC__)
    if (tenon::detail::has_avx2()) all.push_back({"avx2", tenon::detail::avx2_kernels});
    if (tenon::detail::has_avx512_vnni()) all.push_back({"avx512", tenon::detail::avx512_kernels});
#endif
    return all;
}

std::int32_t any_int(tenon::philox& random) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(random.bits()));
}

/// A layer's weights and inputs, and its sums by the definition.
struct layer_case {
    int8_shape shape;
    std::vector<std::int8_t> weights;
    std::vector<std::int32_t> biases;
    std::vector<std::uint8_t> bytes;

    explicit layer_case(int8_shape s)
        : shape(s), weights(s.weights()), biases(s.padded_outputs()), bytes(s.padded_inputs()) {}

    void fill(int weight, int byte) {
        for (std::size_t o = 0; o < shape.outputs; ++o)
            for (std::size_t i = 0; i < shape.inputs; ++i)
                weights[shape.index(i, o)] = static_cast<std::int8_t>(weight);
        for (std::size_t i = 0; i < shape.inputs; ++i) bytes[i] = static_cast<std::uint8_t>(byte);
    }
    void randomize(tenon::philox& random) {
        for (std::size_t o = 0; o < shape.outputs; ++o) {
            biases[o] = any_int(random);
            for (std::size_t i = 0; i < shape.inputs; ++i)
                weights[shape.index(i, o)] = static_cast<std::int8_t>(random.below(256));
        }
        // What lies behind the inputs must not matter.
        for (std::uint8_t& b : bytes) b = static_cast<std::uint8_t>(random.below(256));
    }

    tenon::int8_tile tile() const {
        return {weights.data(), shape.padded_inputs() / shape.depth(), shape.depth() * shape.padded_outputs(),
                shape.padded_outputs(), shape.depth()};
    }
    std::vector<std::int32_t> expected() const {
        std::vector<std::int32_t> sums(biases);
        for (std::size_t o = 0; o < shape.outputs; ++o) {
            auto sum = static_cast<std::int64_t>(biases[o]);
            for (std::size_t i = 0; i < shape.inputs; ++i)
                sum += std::int64_t{bytes[i]} * weights[shape.index(i, o)];
            sums[o] = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum)); // modulo 2^32
        }
        return sums;
    }
};

const int8_shape shapes[] = {{1, 1},    {2, 64},    {3, 5},     {64, 1},  {65, 1},   {16, 32},
                             {17, 3},   {33, 4},    {5, 16},    {31, 17}, {100, 48}, {7, 144},
                             {784, 10}, {257, 130}, {129, 300}, {1000, 2}};

} // namespace

TEST_CASE("weights lie in blocks of 64, padded with zeros") {
    for (const int8_shape shape : shapes) {
        std::vector<int> uses(shape.weights());
        for (std::size_t o = 0; o < shape.outputs; ++o)
            for (std::size_t i = 0; i < shape.inputs; ++i) ++uses.at(shape.index(i, o));
        std::size_t used = 0;
        for (const int n : uses) {
            REQUIRE(n <= 1);
            used += static_cast<std::size_t>(n);
        }
        CHECK(used == shape.inputs * shape.outputs);
        CHECK(shape.weights() % 64 == 0);
    }
    CHECK(int8_shape{784, 10}.weights() == 784 * 16);
    CHECK(int8_shape{64, 1}.weights() == 64);
    CHECK(int8_shape{64, 3}.weights() == 256);
}

TEST_CASE("all kernels sum to the same bits") {
    tenon::philox random(1);
    for (const auto& [name, kernels] : all_kernels()) {
        INFO(name);
        for (const int8_shape shape : shapes) {
            INFO(shape.inputs << " to " << shape.outputs);
            layer_case layer(shape);
            std::vector<std::int32_t> sums(shape.padded_outputs(), -1);
            for (int k = 0; k < 5; ++k) {
                layer.randomize(random);
                kernels.accumulate(layer.tile(), layer.bytes.data(), layer.biases.data(), sums.data());
                REQUIRE(sums == layer.expected());
            }
            for (const int weight : {-128, -127, 127})
                for (const int byte : {0, 1, 255}) {
                    layer.fill(weight, byte);
                    kernels.accumulate(layer.tile(), layer.bytes.data(), layer.biases.data(), sums.data());
                    REQUIRE(sums == layer.expected());
                }
        }
    }
}

TEST_CASE("all kernels sum in place and in pieces") {
    tenon::philox random(2);
    layer_case layer({520, 80});
    layer.randomize(random);
    for (const auto& [name, kernels] : all_kernels()) {
        INFO(name);
        std::vector<std::int32_t> sums(80);
        for (std::size_t o = 0; o < 80; o += 16) {
            tenon::int8_tile tile = layer.tile();
            tile.columns = 16;
            const std::int32_t* start = layer.biases.data() + o;
            for (std::size_t i = 0; i < 520; i += 104) {
                tile.weights = layer.weights.data() + layer.shape.index(i, o);
                tile.blocks = 26;
                kernels.accumulate(tile, layer.bytes.data() + i, start, sums.data() + o);
                start = sums.data() + o;
            }
        }
        CHECK(sums == layer.expected());
    }
}

TEST_CASE("all kernels rescale sums to the same bytes") {
    tenon::philox random(3);
    for (const std::size_t n : {1U, 3U, 4U, 5U, 7U, 8U, 9U, 16U, 23U, 48U, 256U}) {
        std::vector<std::int32_t> sums(n), multipliers(n);
        std::vector<std::uint8_t> right_shifts(n);
        for (int k = 0; k < 2000; ++k) {
            for (std::size_t o = 0; o < n; ++o) {
                sums[o] = any_int(random) >> random.below(32);
                if (random.below(20) == 0) sums[o] = random.below(2) == 0 ? INT32_MIN : INT32_MAX;
                multipliers[o] = static_cast<std::int32_t>((1 << 30) + random.below(1 << 30));
                if (random.below(20) == 0) multipliers[o] = random.below(2) == 0 ? 0 : INT32_MAX;
                right_shifts[o] = static_cast<std::uint8_t>(1 + random.below(62));
            }
            const auto zero = static_cast<std::int32_t>(random.below(256));
            const tenon::int8_rescaling how{multipliers, right_shifts, zero, random.below(2) == 0 ? zero : 0};
            std::vector<std::uint8_t> expected(n), bytes(n);
            for (std::size_t o = 0; o < n; ++o) {
                const std::int64_t y =
                    tenon::requantize(sums[o], multipliers[o], right_shifts[o]) + std::int64_t{zero};
                expected[o] = static_cast<std::uint8_t>(
                    std::min(std::int64_t{255}, std::max(y, std::int64_t{how.low})));
            }
            for (const auto& [name, kernels] : all_kernels()) {
                INFO(name << ", " << n);
                kernels.rescale(how, 0, n, sums.data(), bytes.data());
                REQUIRE(bytes == expected);
                // A part that begins in the middle.
                if (n < 16) continue;
                std::vector<std::uint8_t> part(n - 16);
                kernels.rescale(how, 16, n - 16, sums.data() + 16, part.data());
                REQUIRE(part == std::vector<std::uint8_t>(expected.begin() + 16, expected.end()));
            }
        }
    }
}

namespace {

/// Features of many scales and zero points, and rows that hit what is hard: halves, their neighbours, huge values, NaN.
struct row_case {
    double scale;
    std::vector<std::uint8_t> shifts;
    std::vector<std::int32_t> zeros;
    std::vector<double> x;

    row_case(double base, std::size_t n) : scale(base), shifts(n), zeros(n), x(n) {}

    tenon::int8_inputs how() const { return {scale, shifts, zeros}; }

    void randomize(tenon::philox& random, bool is_hard) {
        for (std::size_t i = 0; i < x.size(); ++i) {
            shifts[i] = static_cast<std::uint8_t>(random.below(random.below(4) == 0 ? 256 : 4));
            zeros[i] = static_cast<std::int32_t>(random.below(256));
            if (random.below(8) == 0)
                zeros[i] = static_cast<std::int32_t>(random.below(1 << 30)) - tenon::farthest_zero;
            const double step = how().scale_of(i), place = random.uniform() * 280 - 12 - zeros[i];
            x[i] = step * place;
            if (is_hard) x[i] = hard_value(random, step, place);
        }
    }

    static double hard_value(tenon::philox& random, double step, double place) {
        const double half = (std::floor(place) + 0.5) * step;
        const double more = std::numeric_limits<double>::infinity();
        switch (random.below(10)) {
        case 0:
            return half;
        case 1:
            return std::nextafter(half, more);
        case 2:
            return std::nextafter(half, -more);
        case 3:
            return half * (1 + 1e-7);
        case 4:
            return half * (1 - 1e-14);
        case 5:
            return random.normal() * 1e300;
        case 6:
            return random.below(2) == 0 ? more : -more;
        case 7:
            return std::numeric_limits<double>::quiet_NaN();
        case 8:
            return random.below(2) == 0 ? 5e-324 : -0.0;
        default:
            return random.normal() * 1e10 * step;
        }
    }
};

} // namespace

TEST_CASE("all kernels quantize a row to the same bytes") {
    tenon::philox random(4);
    for (const double scale : {1.0, 1.0 / 255, 0.3, 1e-100, 1e100, 3e-9})
        for (const std::size_t n : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 12U, 15U, 31U, 100U}) {
            row_case row(scale, n);
            for (int k = 0; k < 300; ++k) {
                row.randomize(random, k % 2 == 0);
                std::vector<std::uint8_t> expected(n);
                for (std::size_t i = 0; i < n; ++i)
                    expected[i] =
                        tenon::quantize_value(row.x[i], std::ldexp(scale, -row.shifts[i]), row.zeros[i]);
                for (const auto& [name, kernels] : all_kernels()) {
                    INFO(name << ", scale " << scale << ", row " << k);
                    std::vector<std::uint8_t> bytes(n);
                    kernels.quantize(row.how(), 0, n, row.x.data(), bytes.data());
                    REQUIRE(bytes == expected);
                    std::vector<std::uint8_t> rest(n - n / 2);
                    kernels.quantize(row.how(), n / 2, n - n / 2, row.x.data(), rest.data());
                    REQUIRE(std::equal(rest.begin(), rest.end(),
                                       expected.end() - static_cast<std::ptrdiff_t>(rest.size())));
                }
            }
        }
}

TEST_CASE("all kernels take one value that is hard among others that are not") {
    const double infinite = std::numeric_limits<double>::infinity();
    std::vector<double> hard{0, 5e-324, infinite, 1e300, std::numeric_limits<double>::quiet_NaN()};
    // Where products in 64 or 32 bits, or their sums with a zero point, come to an end.
    for (const int power : {29, 30, 31, 32, 41, 42, 43, 44, 52, 62, 63})
        for (const double more : {-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5}) {
            const double v = std::ldexp(1.0, power) + more;
            for (const double w : {std::nextafter(v, 0.0), v, std::nextafter(v, infinite)}) hard.push_back(w);
        }
    constexpr std::size_t n = 19;
    const std::vector<std::uint8_t> shifts(n, 1);
    for (const std::int32_t zero : {0, 128, 255, tenon::farthest_zero, -tenon::farthest_zero}) {
        const std::vector<std::int32_t> zeros(n, zero);
        for (std::size_t at = 0; at < n; ++at)
            for (const double size : hard)
                for (const double v : {size, -size}) {
                    std::vector<double> x(n, 0.75 - zero);
                    x[at] = v;
                    std::vector<std::uint8_t> expected(n, 1);
                    expected[at] = tenon::quantize_value(v, 1.0, zero);
                    for (const auto& [name, kernels] : all_kernels()) {
                        INFO(name << ", " << v << " at " << at << ", zero " << zero);
                        std::vector<std::uint8_t> bytes(n);
                        kernels.quantize({2.0, shifts, zeros}, 0, n, x.data(), bytes.data());
                        REQUIRE(bytes == expected);
                    }
                }
    }
}

TEST_CASE("kernels write as many bytes as they are asked for, wherever these lie") {
    tenon::philox random(5);
    row_case row(0.1, 40);
    row.randomize(random, false);
    std::vector<std::int32_t> sums(40), multipliers(40, 1 << 30);
    for (std::int32_t& sum : sums) sum = any_int(random);
    const std::vector<std::uint8_t> right_shifts(40, 53);
    const tenon::int8_rescaling how{multipliers, right_shifts, 100, 0};
    const std::vector<std::uint8_t> untouched(80, 77);
    for (const auto& [name, kernels] : all_kernels())
        for (std::size_t first = 0; first < 9; ++first)
            for (std::size_t count = 0; count < 20; ++count) {
                INFO(name << ", " << count << " from " << first);
                std::vector<std::uint8_t> expected = untouched, bytes = untouched;
                tenon::detail::quantize_scalar(row.how(), first, count, row.x.data(),
                                               expected.data() + 20 + first);
                kernels.quantize(row.how(), first, count, row.x.data(), bytes.data() + 20 + first);
                REQUIRE(bytes == expected);
                expected = bytes = untouched;
                tenon::detail::rescale_scalar(how, first, count, sums.data() + first,
                                              expected.data() + 20 + first);
                kernels.rescale(how, first, count, sums.data() + first, bytes.data() + 20 + first);
                REQUIRE(bytes == expected);
            }
}
