#pragma once

// Many samples forwards through dense layers of static sizes: one matrix product a layer, all on the stack.

#include <cstddef>
#include <tenon/model/kernels.hpp>

namespace tenon::inline v0::detail {

/// How many rows a network of so many bytes of parameters, whose layers have at most `widest` outputs, takes at a time
/// without asking for memory; 0: one by one, which is as fast where the parameters stay in the first-level cache. At
/// most 48 rows, which fill tall tiles; what they leave in front of the next layer takes no more than that cache.
template <class T>
constexpr std::size_t rows_at_a_time(std::size_t bytes, std::size_t widest) noexcept {
    if (bytes <= first_level / 2) return 0;
    const std::size_t rows = first_level / (widest * sizeof(T)) / 8 * 8;
    return rows > 48 ? 48 : rows > 8 ? rows : 8;
}

/// z = Act(x · weights + biases) for up to Most rows, weights read as they lie, nothing asked for.
template <class Act, std::size_t In, std::size_t Out, std::size_t Most, class T>
[[gnu::always_inline]] inline void batch_forward(const T* weights, const T* biases, const T* x,
                                                 std::size_t rows, T* z) noexcept {
    with_widest([&](auto k) __attribute__((always_inline)) {
        k.template rows<Act, In, Out, Most>(weights, biases, x, rows, z);
    });
}

/// Act on each of n values.
template <class Act, class T, std::size_t Unit = unit_register_bytes>
[[gnu::always_inline]] inline void activate_all(T* z, std::size_t n) noexcept {
    with_widest<Unit>([&](auto k) __attribute__((always_inline)) { k.template activate_all<Act>(z, n); });
}

} // namespace tenon::detail
