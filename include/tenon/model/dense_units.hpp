#pragma once

// dense<N>: a fully connected layer of a network.

#include <cmath>
#include <cstddef>
#include <tenon/model/dense_batch.hpp>
#include <tenon/model/dense_forward.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/layer.hpp>

namespace tenon::inline v0 {

/// z = weightsᵀ · x + biases. Parameters: in × N weights (row i holds what input i gives to each output), then N biases.
/// Weights start uniform in ±√(6 / in) in front of relu and its kin (He et al. 2015), in ±√(6 / (in + N)) else (Glorot and
/// Bengio 2010); biases at zero.
template <std::size_t N>
struct dense_units {
    static_assert(N > 0, "dense<N>: a layer has at least one output");
    static constexpr std::string_view name = "dense";
    static constexpr bool is_dense = true;
    static constexpr std::size_t width_out(std::size_t) noexcept { return N; }
    static constexpr std::size_t parameter_count(std::size_t in) noexcept { return (in + 1) * N; }

    template <class T>
    static void start(layer_values<T> l, layer_place place, philox& random) noexcept {
        const double fan = static_cast<double>(place.is_rectified ? place.in : place.in + N);
        const double limit = std::sqrt(6.0 / fan);
        for (T& w : l.parameters.first(place.in * N)) w = static_cast<T>((2 * random.uniform() - 1) * limit);
    }

    template <class T>
    static void forward(layer_values<const T> l, std::span<const T> x, std::span<T> z) noexcept {
        const T* weights = l.parameters.data();
        for (std::size_t o = 0; o < N; ++o) z[o] = weights[x.size() * N + o];
        for (const T v : x)
            for (std::size_t o = 0; o < N; ++o) z[o] += v * *weights++;
    }
    /// One row of static width, Act applied to the outputs while they are in registers.
    template <class Act, std::size_t In, class T>
    [[gnu::always_inline]] static void forward_static(layer_values<const T> l, const T* x, T* z) noexcept {
        const T* const w = l.parameters.data();
        dense_forward<Act, In, N>(w, w + In * N, x, z);
    }

    /// Up to Most rows.
    template <class Act, std::size_t In, std::size_t Most, class T>
    static void forward_batch(layer_values<const T> l, const T* x, std::size_t rows, T* z) noexcept {
        const T* const w = l.parameters.data();
        detail::batch_forward<Act, In, N, Most>(w, w + In * N, x, rows, z);
    }

    template <class T>
    using work = product_room<T>;
    template <class T>
    static void forward_rows(layer_values<const T> l, const layer_rows<T>& rows, work<T>& room, philox*) {
        const T* const w = l.parameters.data();
        layer_forward(rows.x, rows.rows, rows.in, w, w + rows.in * N, N, rows.z, room);
    }
    template <class T>
    static void backward_rows(layer_values<const T> l, const layer_rows<T>& rows, const T* dz, T* dx,
                              std::span<T> dp, work<T>& room) {
        layer_backward(rows.x, dz, rows.rows, rows.in, N, dp.data(), room);
        if (dx != nullptr) layer_pass_back(dz, rows.rows, rows.in, l.parameters.data(), N, dx, room);
    }
};

/// A fully connected layer of N outputs: network(dense<64>, relu, dense<1>).
template <std::size_t N>
inline constexpr dense_units<N> dense{};

} // namespace tenon
