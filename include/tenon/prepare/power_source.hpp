#pragma once

// log(x), log(1 + x) and exp(x) - 1 in the C++ of a generated header, which has no library: within a few units in the
// last place of double, near zero too.

namespace tenon::inline v0::detail {

/// `log_of(sum, lost)`: the logarithm of sum + lost, where lost is less than a rounding of sum. With the mantissa m of
/// the sum, log m = 2 atanh((m - 1) / (m + 1)). Needs memcpy.
inline constexpr const char* log_of_source = R"(const auto log_of = [](double sum, double lost) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &sum, sizeof bits);
    int exponent = static_cast<int>(bits >> 52) - 1023;
    bits = (bits & 0xfffffffffffffu) | 0x3ff0000000000000u;
    double m = 0;
    std::memcpy(&m, &bits, sizeof m);
    if (m > 1.4142135623730951) {
        m /= 2;
        ++exponent;
    }
    const double s = (m - 1) / (m + 1);
    double tail = 0;
    for (int k = 21; k > 1; k -= 2) tail = s * s * (1.0 / k + tail);
    const double small = lost / sum + exponent * 1.90821492927058770002e-10;
    return exponent * 0.693147180369123816490 + (2 * s + (2 * s * tail + small));
};
)";

/// `log_1p(x)` for x > -1. Needs log_of.
inline constexpr const char* log_1p_source = R"(const auto log_1p = [&](double v) {
    if (v - v != 0) return v;
    const double sum = 1 + v;
    return log_of(sum, v > 1 ? 1 - (sum - v) : v - (sum - 1));
};
)";

/// `exp_m1(x)`: with x = n log 2 + r the series of exp(r) - 1 and a power of two. Needs memcpy.
inline constexpr const char* exp_m1_source = R"(const auto exp_m1 = [](double v) {
    if (v != v || (v > -1e-17 && v < 1e-17)) return v;
    if (v < -40) return -1.0;
    if (v > 709.782712893384) return __builtin_huge_val();
    const double n = (v * 1.4426950408889634 + 6755399441055744.0) - 6755399441055744.0;
    const double r = (v - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
    double series = 0;
    for (int k = 14; k > 0; --k) series = r / k * (1 + series);
    const std::uint64_t bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(n) + 1022) << 52;
    double half = 0; // of the power: the power itself may be too large
    std::memcpy(&half, &bits, sizeof half);
    return (half * series + (half - 0.5)) * 2;
};
)";

} // namespace tenon::inline v0::detail
