#pragma once

// Vectors of numbers side by side, as wide as the unit's flags allow: what all kernels are written in.

#include <cstddef>
#include <cstring>

namespace tenon::inline v0::detail {

/// Bytes of the widest vector register that the unit is compiled for. A template argument of all that depends on it,
/// so that units of different flags have functions of different names.
#if defined(__AVX512F__)
inline constexpr std::size_t register_bytes = 64;
#elif defined(__AVX__)
inline constexpr std::size_t register_bytes = 32;
#else
inline constexpr std::size_t register_bytes = 16;
#endif

/// N values of T side by side. A GCC and clang extension: portable over processors, no intrinsics to include.
template <class T, std::size_t N>
struct vector_of {
    // An alias cannot carry the attribute in clang 16's templates.
    typedef T type __attribute__((vector_size(N * sizeof(T)))); // NOLINT(modernize-use-using)
};
template <class T, std::size_t N>
using lanes = typename vector_of<T, N>::type;

template <class V, class T>
inline void load_lanes(V& v, const T* from) noexcept {
    std::memcpy(&v, from, sizeof v);
}

/// Else g++ loads the vector again as a memory operand wherever it is used.
template <class V>
[[gnu::always_inline]] inline void stay_in_register([[maybe_unused]] V& v) noexcept {
#if defined(__SSE2__)
    if constexpr (sizeof(V) <= register_bytes) asm("" : "+v"(v));
#endif
}

/// Count vectors, each a member of its own: g++ keeps an array of vectors in memory and takes this apart into registers.
template <class V, std::size_t Count>
struct bundle {
    V head{};
    bundle<V, Count - 1> rest;

    template <std::size_t K>
    V& at() noexcept {
        if constexpr (K == 0)
            return head;
        else
            return rest.template at<K - 1>();
    }
};
template <class V>
struct bundle<V, 0> {};

} // namespace tenon::detail
