#pragma once

// softmax as a layer inside a network. A classifier needs none at its end: its scores are logits, and probabilities()
// applies it.

#include <tenon/core/lanes.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/exponential.hpp>
#include <tenon/model/layer.hpp>

namespace tenon::inline v0 {

/// z[i] = e^x[i] / Σ e^x[j] over the row.
struct softmax_layer {
    static constexpr std::string_view name = "softmax";
    static constexpr std::size_t width_out(std::size_t in) noexcept { return in; }
    template <class T, std::size_t Bytes = detail::register_bytes>
    static void forward(layer_values<const T>, std::span<const T> x, std::span<T> z) noexcept {
        constexpr std::size_t n = Bytes / sizeof(T);
        using wide = detail::lanes<T, n>;
        const std::size_t whole = x.size() - x.size() % n;
        wide some, mosts = x[0] - wide{}, sums{};
        for (std::size_t i = 0; i < whole; i += n) {
            detail::load_lanes(some, &x[i]);
            mosts = ((some > mosts) | (some != some)) ? some : mosts; // NaN comes through
        }
        T most = x[0], sum = 0;
        const auto see = [&most](T v) { most = v > most || v != v ? v : most; };
        for (std::size_t k = 0; k < n; ++k) see(mosts[k]);
        for (const T v : x.subspan(whole)) see(v);
        detail::for_lanes<Bytes>(x.data(), x.data(), x.size(), z.data(), [most](auto& v, const auto&) {
            v = v - most;
            exponential_of(v);
        });
        for (std::size_t i = 0; i < whole; i += n) {
            detail::load_lanes(some, &z[i]);
            sums += some;
        }
        for (std::size_t k = 0; k < n; ++k) sum += sums[k];
        for (const T v : z.subspan(whole)) sum += v;
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
