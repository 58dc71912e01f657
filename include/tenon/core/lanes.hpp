#pragma once

// Vectors of numbers side by side, as wide as the unit's flags allow: what all kernels are written in.

#include <cstddef>
#include <cstring>
#include <utility>

namespace tenon::inline v0::detail {

/// Bytes of the widest vector register that the unit is compiled for. A template argument of all that depends on it,
/// so that units of different flags have functions of different names. Inside a set of instructions that is chosen at run
/// time (model/kernels.hpp) `register_bytes` are the set's.
#if defined(__AVX512F__)
inline constexpr std::size_t register_bytes = 64;
#elif defined(__AVX__)
inline constexpr std::size_t register_bytes = 32;
#else
inline constexpr std::size_t register_bytes = 16;
#endif

inline constexpr std::size_t unit_register_bytes = register_bytes;

/// N values of T side by side. A GCC and clang extension: portable over processors, no intrinsics to include.
template <class T, std::size_t N>
struct vector_of {
    // An alias cannot carry the attribute in clang 16's templates.
    typedef T type __attribute__((vector_size(N * sizeof(T)))); // NOLINT(modernize-use-using)
};
template <class T, std::size_t N>
using lanes = typename vector_of<T, N>::type;

#include <tenon/core/lanes.inc>

} // namespace tenon::detail
