#pragma once

// A fixed stream of numbers for weights and inputs, the same with every standard library, and how well an answer
// agrees with what it should be.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tenon_benchmark {

/// splitmix64 as uniform numbers, none of them zero or close to it.
class numbers {
public:
    explicit numbers(std::uint64_t seed) : state_(seed) {}

    /// In (-size, size), at least size / 1000 in magnitude.
    float next(float size) {
        const float x = 2.0F * static_cast<float>(bits() >> 40) * 0x1p-24F - 1.0F;
        return size * (x < 0.0F ? x - 0.001F : x + 0.001F) / 1.001F;
    }

    /// Deviation 1, mean 0: the sum of twelve uniform numbers is close enough to normal for noise.
    double noise() {
        double sum = -6.0;
        for (int i = 0; i < 12; ++i) sum += static_cast<double>(bits() >> 11) * 0x1p-53;
        return sum;
    }

    template <class Range>
    void fill(Range& range, float size) {
        for (auto& value : range) value = next(size);
    }

private:
    std::uint64_t bits() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }

    std::uint64_t state_;
};

/// R², the share of the variance of what is expected that the answers hold: 1 where they are exact.
inline double r_squared(const std::vector<double>& expected, const std::vector<double>& answers) {
    double mean = 0.0, missed = 0.0, varied = 0.0;
    for (const double e : expected) mean += e / static_cast<double>(expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        missed += (expected[i] - answers[i]) * (expected[i] - answers[i]);
        varied += (expected[i] - mean) * (expected[i] - mean);
    }
    return 1.0 - missed / varied;
}

} // namespace tenon_benchmark
