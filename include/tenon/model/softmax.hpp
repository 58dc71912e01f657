#pragma once

// softmax as a layer inside a network. A classifier needs none at its end: its scores are logits, and probabilities()
// applies it.

#include <tenon/model/elementary.hpp>
#include <tenon/model/layer.hpp>

namespace tenon::inline v0 {

/// z[i] = e^x[i] / Σ e^x[j] over the row.
struct softmax_layer {
    static constexpr std::string_view name = "softmax";
    static constexpr std::size_t width_out(std::size_t in) noexcept { return in; }
    template <class T>
    static void forward(layer_values<const T>, std::span<const T> x, std::span<T> z) noexcept {
        T most = x[0], sum = 0;
        for (const T v : x) most = v > most || v != v ? v : most;
        for (std::size_t i = 0; i < x.size(); ++i) sum += z[i] = exponential_function(x[i] - most);
        for (T& v : z) v /= sum;
    }
    template <class T>
    static void backward(layer_values<const T>, std::span<const T>, std::span<const T> z,
                         std::span<const T> dz, std::span<T> dx, std::span<T>) noexcept {
        T pull = 0;
        for (std::size_t i = 0; i < z.size(); ++i) pull += z[i] * dz[i];
        for (std::size_t i = 0; i < z.size(); ++i) dx[i] = z[i] * (dz[i] - pull);
    }
};
inline constexpr softmax_layer softmax{};

} // namespace tenon
