#pragma once

// The int8 kernels in plain C++: what defines the answers, and runs where nothing faster is known.

#include <tenon/compress/int8.hpp>
#include <tenon/compress/int8_layout.hpp>

namespace tenon::inline v0::detail {

/// sums[o] = start[o] + Σ x[i] · weight(i, o) over the tile, modulo 2^32 as all machines add; start may be sums.
inline void accumulate_scalar(const int8_tile& t, const std::uint8_t* x, const std::int32_t* start,
                              std::int32_t* sums) noexcept {
    for (std::size_t o = 0; o < t.columns; ++o) sums[o] = start[o];
    for (std::size_t b = 0; b < t.blocks; ++b) {
        const std::int8_t* w = t.weights + b * t.stride;
        for (std::size_t o = 0; o < t.columns; ++o, w += t.depth) {
            std::int32_t sum = 0; // of at most 64 products of 16 bits
            for (std::size_t k = 0; k < t.depth; ++k) sum += std::int32_t{x[k]} * std::int32_t{w[k]};
            sums[o] = static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[o]) +
                                                static_cast<std::uint32_t>(sum));
        }
        x += t.depth;
    }
}

/// sums[o] = start[o] + those of the 16 parts in a kernel's vector that belong to output o.
template <std::size_t Depth>
void add_parts(const std::uint32_t* parts, const std::int32_t* start, std::int32_t* sums) noexcept {
    constexpr std::size_t outputs = 64 / Depth, each = 16 / outputs;
    for (std::size_t o = 0; o < outputs; ++o) {
        auto sum = static_cast<std::uint32_t>(start[o]);
        for (std::size_t p = 0; p < each; ++p) sum += parts[o * each + p];
        sums[o] = static_cast<std::int32_t>(sum);
    }
}

/// The values x[first] … as bytes.
inline void quantize_scalar(const int8_inputs& in, std::size_t first, std::size_t count, const double* x,
                            std::uint8_t* bytes) noexcept {
    for (std::size_t i = first; i < first + count; ++i)
        *bytes++ = quantize_value(x[i], in.scale_of(i), in.zeros[i]);
}

/// Sums of the outputs first … as bytes.
inline void rescale_scalar(const int8_rescaling& r, std::size_t first, std::size_t count,
                           const std::int32_t* sums, std::uint8_t* bytes) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t y =
            requantize(sums[i], r.multipliers[first + i], r.right_shifts[first + i]) + r.zero;
        bytes[i] = static_cast<std::uint8_t>(y < r.low ? r.low : y > r.high ? r.high : y);
    }
}

} // namespace tenon::detail
