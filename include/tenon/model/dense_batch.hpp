#pragma once

// Many samples forwards through dense layers of static sizes: one matrix product a layer, all on the stack.

#include <array>
#include <cstddef>
#include <cstring>
#include <tenon/core/lanes.hpp>
#include <tenon/model/activation.hpp>
#include <tenon/model/dense_forward.hpp>
#include <tenon/model/dense_products.hpp>
#include <type_traits>

namespace tenon::inline v0::detail {

/// How many rows a network of so many bytes of parameters, whose layers have at most `widest` outputs, takes at a time
/// without asking for memory; 0: one by one, which is as fast where the parameters stay in the first-level cache.
template <class T>
constexpr std::size_t rows_at_a_time(std::size_t bytes, std::size_t widest) noexcept {
    constexpr std::size_t level = 16384;
    if (bytes <= level) return 0;
    const std::size_t rows = level / (widest * sizeof(T)) / 8 * 8;
    return rows > 32 ? 32 : rows > 8 ? rows : 8;
}

/// Calls each(a, b) for vectors of two arrays of n values, the last one padded with zeros; what it leaves in a goes `to`.
template <std::size_t Bytes, class T, class Each>
void for_lanes(const T* a, const T* b, std::size_t n, T* to, Each&& each) {
    lanes<T, Bytes / sizeof(T)> left, right;
    std::size_t i = 0;
    for (; i + Bytes / sizeof(T) <= n; i += Bytes / sizeof(T)) {
        load_lanes(left, a + i);
        load_lanes(right, b + i);
        each(left, right);
        std::memcpy(to + i, &left, Bytes);
    }
    if (i == n) return;
    T some[2][Bytes / sizeof(T)] = {};
    for (std::size_t k = 0; i + k < n; ++k) {
        some[0][k] = a[i + k];
        some[1][k] = b[i + k];
    }
    load_lanes(left, some[0]);
    load_lanes(right, some[1]);
    each(left, right);
    std::memcpy(some[0], &left, Bytes);
    for (std::size_t k = 0; i + k < n; ++k) to[i + k] = some[0][k];
}

/// Act on each of n values.
template <class Act, class T, std::size_t Bytes = register_bytes>
void activate_all(T* z, std::size_t n) {
    for_lanes<Bytes>(z, z, n, z, [](auto& v, const auto&) { activate<Act, T, Bytes / sizeof(T)>(v); });
}

/// z = Act(x · weights + biases) for up to Most rows, weights read as they lie, nothing asked for.
template <class Act, std::size_t In, std::size_t Out, std::size_t Most, class T,
          std::size_t Bytes = register_bytes>
void batch_forward(const T* weights, const T* biases, const T* x, std::size_t rows, T* z) noexcept {
    if constexpr (Out == 1)
        dot_rows<T, Bytes>(x, rows, In, weights, biases[0], z);
    else {
        constexpr std::size_t n = Bytes / sizeof(T), deep = In < inner_block ? In : inner_block;
        std::array<T, Out % n == 0 ? 1 : (deep + Most) * n> edges;
        multiply_with<T, Bytes>({x, In, 1}, rows, In, {weights, Out, 1}, Out, biases, z, false, n,
                                edges.data());
    }
    if constexpr (!std::is_same_v<Act, identity_activation>) activate_all<Act, T, Bytes>(z, rows * Out);
}

} // namespace tenon::detail
