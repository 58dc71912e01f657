// What int8 kernels should answer, by the definitions in plain loops, and how often one answers something else. One that
// reads behind its numbers, or writes behind the sums, is stopped.
#pragma once

#include "support/walled.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <tenon/compress/int8_layout.hpp>
#include <tenon/core/random.hpp>
#include <vector>

namespace tenon_test {

/// nearbyint rounds ties to even; what a double cannot hold exactly lies far outside of the bytes.
inline std::uint8_t byte_by_rule(double x, double scale, std::int32_t zero) {
    const double steps = std::isnan(x) ? 0 : std::nearbyint(x / scale);
    return static_cast<std::uint8_t>(std::clamp(steps + zero, 0.0, 255.0));
}

/// ⌊sum · multiplier / 2^right_shift + ½⌋ by quotient and remainder.
inline std::int64_t quotient_by_rule(std::int32_t sum, std::int32_t multiplier, int right_shift) {
    const std::int64_t product = std::int64_t{sum} * multiplier, divisor = std::int64_t{1} << right_shift;
    std::int64_t quotient = product / divisor, rest = product % divisor;
    if (rest < 0) --quotient, rest += divisor;
    return rest >= divisor - rest ? quotient + 1 : quotient;
}

/// Tiles of 0 to 9 blocks inside a wider layer on which a kernel is wrong, apart or in place. Most
/// numbers are extremes, whose products no 16 bits hold two of.
template <class Kernel>
std::size_t wrong_sums(Kernel accumulate, std::size_t depth, std::size_t columns) {
    tenon::philox random(depth, columns);
    const std::size_t stride = (columns + 16) * depth;
    std::size_t wrong = 0;
    for (std::size_t blocks = 0; blocks < 10; ++blocks) {
        // Of the last block no more than the tile's part is there.
        walled<std::int8_t> weights(blocks == 0 ? 0 : (blocks - 1) * stride + columns * depth);
        walled<std::uint8_t> x(blocks * depth);
        walled<std::int32_t> start(columns), sums(columns), apart(columns);
        for (auto& w : weights) w = static_cast<std::int8_t>(random.below(3) == 0 ? random.below(256) : 128);
        for (auto& b : x) b = static_cast<std::uint8_t>(random.below(3) == 0 ? random.below(256) : 255);
        for (auto& s : start) s = static_cast<std::int32_t>(static_cast<std::uint32_t>(random.bits()));
        std::copy(start.begin(), start.end(), sums.begin());
        std::vector<std::int32_t> expected(columns);
        for (std::size_t o = 0; o < columns; ++o) {
            std::int64_t sum = start[o];
            for (std::size_t i = 0; i < blocks * depth; ++i)
                sum += x[i] * weights[i / depth * stride + o * depth + i % depth];
            expected[o] = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum)); // modulo 2^32
        }
        const tenon::int8_tile tile{weights.data(), blocks, stride, columns, depth};
        accumulate(tile, x.data(), start.data(), apart.data());
        accumulate(tile, x.data(), sums.data(), sums.data());
        wrong += !std::equal(expected.begin(), expected.end(), apart.begin());
        wrong += !std::equal(expected.begin(), expected.end(), sums.begin());
    }
    return wrong;
}

/// Values in steps that are hard to make bytes of (ties, what lies beside them, huge ones, none at all) and a stretch of
/// easy ones, which kernels make bytes of together.
inline std::vector<double> many_steps() {
    const double infinite = std::numeric_limits<double>::infinity();
    const double not_a_number = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> steps{0.0,   -0.0,  5e-324,   1e300,     -1e300,
                              255.5, 254.5, infinite, -infinite, not_a_number};
    for (double half = -4.5; half < 5; ++half)
        for (const double v : {std::nextafter(half, -9.0), half, std::nextafter(half, 9.0), half + 0.5})
            steps.push_back(v);
    for (const int power : {29, 30, 31, 42, 43, 52, 63})
        for (const double v : {std::ldexp(1.0, power), -std::ldexp(1.0, power)}) steps.push_back(v);
    for (int k = 0; k < 24; ++k) steps.push_back(0.8 * k - 5.2);
    return steps;
}

/// Rows and parts of rows of which a kernel makes other bytes, or too many.
template <class Kernel>
std::size_t wrong_bytes(Kernel quantize) {
    const std::vector<double> steps = many_steps();
    const std::size_t n = steps.size();
    std::size_t wrong = 0;
    for (const double scale : {0.5, 0.3, 1e-100, 1e100})
        for (const std::int32_t zero : {0, 128, 255, 1 << 29, -(1 << 29)}) {
            walled<std::int32_t> zeros(n);
            walled<std::uint8_t> shifts(n);
            walled<double> x(n);
            std::vector<std::uint8_t> expected(n);
            for (std::size_t i = 0; i < n; ++i) {
                zeros[i] = zero;
                shifts[i] = static_cast<std::uint8_t>(i % 5 == 4 ? 255 : i % 5);
                const double step = std::ldexp(scale, -shifts[i]);
                x[i] = (i % 2 == 0 ? steps[i] - zero : steps[i]) * step; // one in two among the bytes
                expected[i] = byte_by_rule(x[i], step, zero);
            }
            for (std::size_t first = 0; first < n; ++first)
                for (const std::size_t count : {n - first, std::min<std::size_t>(n - first, first % 12)}) {
                    std::vector<std::uint8_t> bytes(n, 77), part(n, 77);
                    std::copy_n(expected.data() + first, count, part.data());
                    quantize({scale, shifts, zeros}, first, count, x.data(), bytes.data());
                    wrong += bytes != part;
                }
        }
    return wrong;
}

/// Rows of sums, multipliers and shifts from end to end of their ranges that a kernel rescales to other bytes, or to too
/// many.
template <class Kernel>
std::size_t wrong_rescaled(Kernel rescale) {
    const std::int32_t some_sums[] = {INT32_MIN, -1000, -3, -1, 0, 1, 3, 1000, INT32_MAX};
    const std::int32_t some_multipliers[] = {0, 1 << 30, INT32_MAX};
    const std::uint8_t some_shifts[] = {1, 30, 31, 32, 38, 62};
    constexpr std::size_t n = 9 * 3 * 6;
    walled<std::int32_t> sums(n), multipliers(n);
    walled<std::uint8_t> shifts(n);
    for (std::size_t o = 0; o < n; ++o) {
        sums[o] = some_sums[o / 18];
        multipliers[o] = some_multipliers[o / 6 % 3];
        shifts[o] = some_shifts[o % 6];
    }
    std::size_t wrong = 0;
    for (const std::int32_t zero : {0, 100, 255})
        for (const std::int32_t low : {0, zero})
            for (std::size_t first = 0; first < n; ++first) {
                std::vector<std::uint8_t> bytes(n - first + 1, 77), expected = bytes;
                for (std::size_t o = first; o < n; ++o)
                    expected[o - first] = static_cast<std::uint8_t>(std::clamp<std::int64_t>(
                        quotient_by_rule(sums[o], multipliers[o], shifts[o]) + zero, low, 255));
                rescale({multipliers, shifts, zero, low}, first, n - first, sums.data() + first,
                        bytes.data());
                wrong += bytes != expected;
            }
    return wrong;
}

} // namespace tenon_test
