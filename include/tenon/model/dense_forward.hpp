#pragma once

// One sample through one dense layer of static sizes, in vectors that the compiler splits to the registers it has.

#include <cstddef>
#include <cstring>
#include <utility>

namespace tenon::inline v0 {

namespace detail {

/// N values of T side by side. A GCC and clang extension: portable over processors, no intrinsics to include.
template <class T, std::size_t N>
struct vector_of {
    typedef T type __attribute__((vector_size(N * sizeof(T))));
};
template <class T, std::size_t N>
using lanes = typename vector_of<T, N>::type;

template <class V, class T>
inline void load_lanes(V& v, const T* from) noexcept {
    std::memcpy(&v, from, sizeof v);
}

/// Sums that may be under way at once: enough to hide the latency of a fused multiply-add.
inline constexpr std::size_t sums_in_flight = 8;

/// `Vectors` · N neighbouring outputs of a layer with `Out` outputs. Sums stay in registers while the weights stream by;
/// where there are few outputs the inputs are dealt out over several sums of each.
template <std::size_t In, std::size_t Out, std::size_t N, std::size_t Vectors, class T>
inline void forward_block(const T* weights, const T* biases, const T* x, T* z) noexcept {
    constexpr std::size_t chains = [] {
        std::size_t c = sums_in_flight / Vectors;
        while (c > 1 && c > In) c /= 2;
        return c > 1 ? c : std::size_t{1};
    }();
    constexpr auto all = std::make_index_sequence<chains * Vectors>{};
    lanes<T, N> sum[chains * Vectors]{};
    [&]<std::size_t... K>(std::index_sequence<K...>) {
        (load_lanes(sum[K], biases + K * N), ...);
    }(std::make_index_sequence<Vectors>{});
    auto add = [&]<std::size_t K>(std::size_t i, std::integral_constant<std::size_t, K>) {
        lanes<T, N> w;
        load_lanes(w, weights + (i + K / Vectors) * Out + K % Vectors * N);
        sum[K] += w * x[i + K / Vectors];
    };
    std::size_t i = 0;
    for (; i + chains <= In; i += chains)
        [&]<std::size_t... K>(std::index_sequence<K...>) {
            (add(i, std::integral_constant<std::size_t, K>{}), ...);
        }(all);
    for (; i < In; ++i)
        [&]<std::size_t... K>(std::index_sequence<K...>) {
            (add(i, std::integral_constant<std::size_t, K>{}), ...);
        }(std::make_index_sequence<Vectors>{});
    for (std::size_t k = Vectors; k < chains * Vectors; ++k) sum[k % Vectors] += sum[k];
    std::memcpy(z, sum, Vectors * sizeof sum[0]);
}

/// One output: a dot product, its weights side by side.
template <std::size_t In, class T>
inline T forward_single(const T* weights, T bias, const T* x) noexcept {
    constexpr std::size_t n = 64 / sizeof(T);
    T total = bias;
    std::size_t i = 0;
    if constexpr (In >= n) {
        lanes<T, n> even{}, odd{}, w, v;
        for (; i + 2 * n <= In; i += 2 * n) {
            load_lanes(w, weights + i);
            load_lanes(v, x + i);
            even += w * v;
            load_lanes(w, weights + i + n);
            load_lanes(v, x + i + n);
            odd += w * v;
        }
        if constexpr (In % (2 * n) >= n) {
            load_lanes(w, weights + i);
            load_lanes(v, x + i);
            even += w * v;
            i += n;
        }
        even += odd;
        lanes<T, n / 2> half, upper;
        std::memcpy(&half, &even, sizeof half);
        std::memcpy(&upper, reinterpret_cast<const char*>(&even) + sizeof half, sizeof half);
        half += upper;
        lanes<T, n / 4> quarter, second;
        std::memcpy(&quarter, &half, sizeof quarter);
        std::memcpy(&second, reinterpret_cast<const char*>(&half) + sizeof quarter, sizeof quarter);
        quarter += second;
        for (std::size_t k = 0; k < n / 4; ++k) total += quarter[k];
    }
    for (; i < In; ++i) total += weights[i] * x[i];
    return total;
}

/// The outputs from First on, in the widest blocks that fit.
template <std::size_t In, std::size_t Out, std::size_t N, std::size_t First, class T>
inline void forward_outputs(const T* weights, const T* biases, const T* x, T* z) noexcept {
    constexpr std::size_t left = Out - First;
    if constexpr (left >= N) {
        constexpr std::size_t vectors = left / N < sums_in_flight ? left / N : sums_in_flight;
        forward_block<In, Out, N, vectors>(weights + First, biases + First, x, z + First);
        forward_outputs<In, Out, N, First + vectors * N>(weights, biases, x, z);
    } else if constexpr (N > 1) {
        forward_outputs<In, Out, N / 2, First>(weights, biases, x, z);
    }
}

} // namespace detail

/// z[o] = biases[o] + Σ x[i] · weights[i·Out + o]. z may not overlap the rest.
template <std::size_t In, std::size_t Out, class T>
inline void dense_forward(const T* weights, const T* biases, const T* x, T* z) noexcept {
    if constexpr (Out == 1)
        z[0] = detail::forward_single<In>(weights, biases[0], x);
    else
        detail::forward_outputs<In, Out, 64 / sizeof(T), 0>(weights, biases, x, z);
}

} // namespace tenon
