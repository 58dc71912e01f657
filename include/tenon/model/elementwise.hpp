#pragma once

// Layers that act on each value alone: any Activation, and those whose slope needs more than their output.

#include <numbers>
#include <tenon/model/activation.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/kernels.hpp>
#include <tenon/model/layer.hpp>

namespace tenon::inline v0 {

/// An Activation as a layer.
template <Activation Act>
struct activation_layer {
    static constexpr std::string_view name = Act::name;
    using activation = Act;
    static constexpr std::size_t width_out(std::size_t in) noexcept { return in; }

    template <class T, std::size_t Unit = detail::unit_register_bytes>
    static void forward(layer_values<const T>, std::span<const T> x, std::span<T> z) noexcept {
        std::memcpy(z.data(), x.data(), x.size() * sizeof(T));
        detail::activate_all<Act, T, Unit>(z.data(), x.size());
    }

    template <class T>
    using work = detail::no_work;
    template <class T>
    static void forward_rows(layer_values<const T>, const layer_rows<T>& rows, detail::no_work&, philox*) {
        const std::size_t n = rows.rows * rows.in;
        std::memcpy(rows.z, rows.x, n * sizeof(T));
        detail::activate_all<Act>(rows.z, n);
    }
    template <class T>
    static void backward_rows(layer_values<const T>, const layer_rows<T>& rows, const T* dz, T* dx,
                              std::span<T>, detail::no_work&) {
        if (dx == nullptr) return;
        const std::size_t n = rows.rows * rows.in;
        std::memcpy(dx, dz, n * sizeof(T));
        detail::pass_activation<Act>(dx, rows.z, n);
    }
};

namespace detail {

/// What layers of one value each share: F has value_with(const F*, x, option) in model/kernels/value_layers.inc, which x
/// becomes, and slope_of(x, z, option) likewise, for GCC vectors x and z.
template <class F>
struct value_layer {
    static constexpr std::size_t width_out(std::size_t in) noexcept { return in; }
    template <class T, std::size_t Unit = unit_register_bytes>
    static void forward(layer_values<const T> l, std::span<const T> x, std::span<T> z) noexcept {
        const T option = l.constants.empty() ? T{} : l.constants[0];
        with_widest<Unit>([&](auto k) __attribute__((always_inline)) {
            k.template values<F>(x.data(), x.size(), option, z.data());
        });
    }
    template <class T, std::size_t Bytes = register_bytes>
    static void backward(layer_values<const T> l, std::span<const T> x, std::span<const T> z,
                         std::span<const T> dz, std::span<T> dx, std::span<T>) noexcept {
        const T option = l.constants.empty() ? T{} : l.constants[0];
        for_lanes<Bytes>(x.data(), z.data(), x.size(), dx.data(),
                         [option](auto& v, const auto& out) { F::slope_of(v, out, option); });
        for (std::size_t i = 0; i < x.size(); ++i) dx[i] *= dz[i];
    }
};

/// The same with an option, which is the layer's one constant.
template <class F>
struct value_layer_with_option : value_layer<F> {
    static constexpr std::size_t constant_count(std::size_t) noexcept { return 1; }
    double option;
    constexpr explicit value_layer_with_option(double o) noexcept : option(o) {}
    template <class T>
    void start(layer_values<T> l, layer_place, philox&) const noexcept {
        l.constants[0] = static_cast<T>(option);
    }
};

} // namespace detail

/// v where it is positive, slope · v below: leaky_relu(0.01).
struct leaky_relu_layer : detail::value_layer_with_option<leaky_relu_layer> {
    static constexpr std::string_view name = "leaky_relu";
    static constexpr bool rectifies = true;
    using value_layer_with_option::value_layer_with_option;
    template <class V, class T>
    [[gnu::always_inline]] static void slope_of(V& x, const V&, T slope) noexcept {
        const V zero{}, one = 1 - zero, below = slope - zero;
        x = x > zero ? one : below;
    }
};

/// v where it is positive, alpha · (eᵛ - 1) below (Clevert et al., arXiv 1511.07289): elu().
struct elu_layer : detail::value_layer_with_option<elu_layer> {
    static constexpr std::string_view name = "elu";
    static constexpr bool rectifies = true;
    using value_layer_with_option::value_layer_with_option;
    template <class V, class T>
    [[gnu::always_inline]] static void slope_of(V& x, const V& z, T alpha) noexcept {
        const V zero{}, one = 1 - zero;
        x = x > zero ? one : z + alpha;
    }
};

/// v · Φ(v), Φ the distribution of a standard normal variable (Hendrycks and Gimpel, arXiv 1606.08415), within 8 + v²
/// units of rounding.
struct gelu_layer : detail::value_layer<gelu_layer> {
    static constexpr std::string_view name = "gelu";
    static constexpr bool rectifies = true;
    template <class V, class T>
    [[gnu::always_inline]] static void slope_of(V& x, const V&, T) noexcept {
        constexpr T density = std::numbers::inv_sqrtpi_v<T> / std::numbers::sqrt2_v<T>;
        V below{}, decay{};
        normal_distribution_of(x, below, decay);
        x = below + x * (decay * density);
    }
};

/// v / (1 + e⁻ᵛ), also called swish (Ramachandran et al., arXiv 1710.05941).
struct silu_layer : detail::value_layer<silu_layer> {
    static constexpr std::string_view name = "silu";
    static constexpr bool rectifies = true;
    template <class V, class T>
    [[gnu::always_inline]] static void slope_of(V& x, const V& z, T) noexcept {
        logistic_of(x);
        x = x + z * (1 - x);
    }
};

namespace detail {

/// What stands in a network: a layer, or an Activation, which becomes one.
template <class L>
concept LayerOrActivation = Layer<L> || Activation<L>;

/// A layer as it is, an Activation as the layer of it.
template <LayerOrActivation L>
constexpr auto as_layer(L layer) {
    if constexpr (Activation<L>)
        return activation_layer<L>{};
    else
        return layer;
}
template <class L>
using layer_for = decltype(as_layer(std::declval<L>()));

} // namespace detail

constexpr leaky_relu_layer leaky_relu(double slope = 0.01) noexcept {
    return leaky_relu_layer(slope);
}
constexpr elu_layer elu(double alpha = 1) noexcept {
    return elu_layer(alpha);
}
inline constexpr gelu_layer gelu{};
inline constexpr silu_layer silu{};

} // namespace tenon
