#pragma once

// One sample through one dense layer of static sizes, in vectors as wide as the unit's flags allow.

#include <cstddef>
#include <cstring>
#include <tenon/core/lanes.hpp>
#include <type_traits>
#include <utility>

namespace tenon::inline v0 {

namespace detail {

/// Sums that may be under way at once: enough to hide the latency of a fused multiply-add.
inline constexpr std::size_t sums_in_flight = 8;

/// Always inline: an argument by reference would keep the sums beside it in memory.
template <class Act, class T, std::size_t N>
[[gnu::always_inline]] inline void activate(lanes<T, N>& v) noexcept {
    if constexpr (requires { Act::apply_to(v); })
        Act::apply_to(v);
    else {
        alignas(sizeof(v)) T values[N];
        std::memcpy(values, &v, sizeof v);
        for (T& one : values) one = Act::apply(one);
        std::memcpy(&v, values, sizeof v);
    }
}

/// A gradient with respect to outputs of Act becomes that with respect to its inputs; the outputs are used up.
template <class Act, class T, std::size_t N>
[[gnu::always_inline]] inline void pass_back(lanes<T, N>& gradient, lanes<T, N>& out) noexcept {
    if constexpr (requires { Act::pass_back(gradient, out); })
        Act::pass_back(gradient, out);
    else {
        if constexpr (requires { Act::slope_to(out); })
            Act::slope_to(out);
        else
            for (std::size_t i = 0; i < N; ++i) out[i] = Act::slope(out[i]);
        gradient *= out;
    }
}

/// `Vectors` · N neighbouring outputs of a layer with `Out` outputs, handed vector by vector to `take`. Sums stay in
/// registers while the weights stream by; where there are few outputs the inputs are dealt out over several sums of each.
template <class Act, std::size_t In, std::size_t Out, std::size_t N, std::size_t Vectors, class T, class Take>
[[gnu::always_inline]] inline void forward_block(const T* weights, const T* biases, const T* x,
                                                 Take&& take) noexcept {
    constexpr std::size_t chains = [] {
        std::size_t c = sums_in_flight / Vectors;
        while (c > 1 && 2 * c > In) c /= 2;
        return c > 1 ? c : std::size_t{1};
    }();
    bundle<lanes<T, N>, chains * Vectors> sums;
    auto over = []<std::size_t... K>(std::index_sequence<K...>, auto&& one) {
        (one(std::integral_constant<std::size_t, K>{}), ...);
    };
    auto add = [&](std::size_t i, auto k) {
        lanes<T, N> w;
        load_lanes(w, weights + (i + k / Vectors) * Out + k % Vectors * N);
        sums.template at<k>() += w * x[i + k / Vectors];
    };
    constexpr std::make_index_sequence<Vectors> vectors{};
    over(vectors, [&](auto k) { load_lanes(sums.template at<k>(), biases + k * N); });
    constexpr std::size_t even = In - In % chains;
    for (std::size_t i = 0; i < even; i += chains)
        over(std::make_index_sequence<chains * Vectors>{}, [&](auto k) { add(i, k); });
    for (std::size_t i = even; i < In; ++i) over(vectors, [&](auto k) { add(i, k); });
    over(std::make_index_sequence<(chains - 1) * Vectors>{},
         [&](auto k) { sums.template at<k % Vectors>() += sums.template at<k + Vectors>(); });
    over(vectors, [&](auto k) {
        activate<Act, T, N>(sums.template at<k>());
        take(k, sums.template at<k>());
    });
}

/// The sum of all N lanes, halves first. Lane by lane, because compilers know such a list for half of a register.
template <std::size_t N, class T, std::size_t... I>
inline T sum_of_lanes(const lanes<T, N>& v, std::index_sequence<I...>) noexcept {
    if constexpr (N * sizeof(T) > 16) {
        const lanes<T, N / 2> half = lanes<T, N / 2>{v[I]...} + lanes<T, N / 2>{v[I + N / 2]...};
        return sum_of_lanes<N / 2, T>(half, std::make_index_sequence<N / 4>{});
    } else if constexpr (N == 4) {
        const lanes<T, 4> pairs = v + __builtin_shufflevector(v, v, 2, 3, 2, 3);
        return (pairs + __builtin_shufflevector(pairs, pairs, 1, 1, 1, 1))[0];
    } else
        return v[0] + v[1];
}

/// One output: a dot product, its weights side by side, in two sums.
template <std::size_t In, std::size_t N, class T>
inline T forward_single(const T* weights, T bias, const T* x) noexcept {
    constexpr std::size_t pairs = In - In % (2 * N), whole = In - In % N;
    T total = 0;
    if constexpr (In >= N) {
        lanes<T, N> even{}, odd{};
        auto add = [&](lanes<T, N>& sum, std::size_t i) {
            lanes<T, N> w, v;
            load_lanes(w, weights + i);
            load_lanes(v, x + i);
            sum += w * v;
        };
        for (std::size_t i = 0; i < pairs; i += 2 * N) {
            add(even, i);
            add(odd, i + N);
        }
        if constexpr (pairs < whole) add(even, pairs);
        even += odd;
        total = sum_of_lanes<N, T>(even, std::make_index_sequence<N / 2>{});
    }
    for (std::size_t i = whole; i < In; ++i) total += weights[i] * x[i];
    return total + bias;
}

/// The outputs from First on, in the widest blocks that fit. `take` gets the number of the first output, that of the
/// vector in its block, and the vector.
template <class Act, std::size_t In, std::size_t Out, std::size_t N, std::size_t First, class T, class Take>
[[gnu::always_inline]] inline void forward_outputs(const T* weights, const T* biases, const T* x,
                                                   Take&& take) noexcept {
    constexpr std::size_t block = N * sums_in_flight, blocks = (Out - First) / block;
    constexpr std::size_t vectors = (Out - First) % block / N, behind = Out - (Out - First) % N;
    auto one = [&](std::size_t o, auto count) __attribute__((always_inline)) {
        forward_block<Act, In, Out, N, count>(weights + o, biases + o, x,
                                              [&](auto k, const auto& z) { take(o + k * N, k, z); });
    };
    for (std::size_t b = 0; b < blocks; ++b)
        one(First + b * block, std::integral_constant<std::size_t, sums_in_flight>{});
    if constexpr (vectors > 0) one(First + blocks * block, std::integral_constant<std::size_t, vectors>{});
    if constexpr (behind < Out) forward_outputs<Act, In, Out, N / 2, behind>(weights, biases, x, take);
}

} // namespace detail

/// z[o] = Act(biases[o] + Σ x[i] · weights[i·Out + o]). z may not overlap the rest.
template <class Act, std::size_t In, std::size_t Out, class T, std::size_t Bytes = detail::register_bytes>
inline void dense_forward(const T* weights, const T* biases, const T* x, T* z) noexcept {
    if constexpr (Out == 1)
        z[0] = Act::apply(detail::forward_single<In, Bytes / sizeof(T)>(weights, biases[0], x));
    else
        detail::forward_outputs<Act, In, Out, Bytes / sizeof(T), 0>(
            weights, biases, x,
            [&](std::size_t o, auto, const auto& v) { std::memcpy(z + o, &v, sizeof v); });
}

/// Two layers, the second of one output and without activation: each vector of the first is weighted while it is in a
/// register. `behind` are the second's weights and bias.
template <class Act, std::size_t In, std::size_t Mid, class T, std::size_t Bytes = detail::register_bytes>
inline T dense_forward_single(const T* weights, const T* biases, const T* x, const T* behind) noexcept {
    constexpr std::size_t n = Bytes / sizeof(T), whole = Mid - Mid % n;
    using wide = detail::lanes<T, n>;
    wide even{behind[Mid]}, odd{};
    T total = 0;
    detail::forward_outputs<Act, In, Mid, n, 0>(weights, biases, x,
                                                [&](std::size_t o, auto k, const auto& z) {
                                                    std::remove_cvref_t<decltype(z)> w;
                                                    detail::load_lanes(w, behind + o);
                                                    if constexpr (sizeof z < Bytes)
                                                        for (std::size_t i = 0; i < sizeof z / sizeof(T); ++i)
                                                            total += w[i] * z[i];
                                                    else if constexpr (k % 2 == 0)
                                                        even += w * z;
                                                    else
                                                        odd += w * z;
                                                });
    const T sum = detail::sum_of_lanes<n, T>(even + odd, std::make_index_sequence<n / 2>{});
    return whole == Mid ? sum : sum + total;
}

} // namespace tenon
