#pragma once

// The int8 kernels that this machine runs, chosen once. All of them give the same bits: integers have no rounding, and
// what is rounded is rounded under one rule.

#include <tenon/compress/int8_kernel_avx2.hpp>
#include <tenon/compress/int8_kernel_avx512.hpp>
#include <tenon/compress/int8_kernel_scalar.hpp>
#include <tenon/core/processor.hpp>

namespace tenon::inline v0::detail {

/// The three loops of an int8 layer.
struct int8_kernels {
    void (*quantize)(const int8_inputs&, std::size_t first, std::size_t count, const double* x,
                     std::uint8_t* bytes) noexcept;
    void (*accumulate)(const int8_tile&, const std::uint8_t* x, const std::int32_t* start,
                       std::int32_t* sums) noexcept;
    void (*rescale)(const int8_rescaling&, std::size_t first, std::size_t count, const std::int32_t* sums,
                    std::uint8_t* bytes) noexcept;
};

inline constexpr int8_kernels scalar_kernels{quantize_scalar, accumulate_scalar, rescale_scalar};

#if defined(__x86_64__) && defined(__GNUC__)
inline constexpr int8_kernels avx2_kernels{quantize_avx2, accumulate_avx2, rescale_avx2};
inline constexpr int8_kernels avx512_kernels{quantize_avx512, accumulate_avx512, rescale_avx512};

inline int8_kernels choose_int8_kernels() noexcept {
    return has_avx512_vnni() ? avx512_kernels : has_avx2() ? avx2_kernels : scalar_kernels;
}
#else
inline int8_kernels choose_int8_kernels() noexcept {
    return scalar_kernels;
}
#endif

/// The fastest kernels of this machine.
inline const int8_kernels& int8_kernels_here() noexcept {
    static const int8_kernels here = choose_int8_kernels();
    return here;
}

} // namespace tenon::detail
