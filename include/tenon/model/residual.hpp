#pragma once

// A residual block (He et al., arXiv 1512.03385): what its layers give is added to what came in.

#include <tenon/core/because.hpp>
#include <tenon/model/layer_sequence.hpp>

namespace tenon::inline v0 {

/// Made by residual(layers…).
template <Layer... Layers>
struct residual_block {
    static constexpr std::string_view name = "residual";
    using inner = detail::layer_sequence<Layers...>;
    detail::stage_list<Layers...> layers;

    static std::string title() { return detail::concat({name, "(", inner::title(), ")"}); }
    static constexpr std::size_t width_out(std::size_t in) noexcept { return in; }
    static constexpr bool takes(std::size_t in) noexcept {
        return inner::takes(in) && inner::width_out(in) == in;
    }
    static constexpr std::size_t parameter_count(std::size_t in) noexcept {
        return inner::parameter_count(in);
    }
    static constexpr std::size_t constant_count(std::size_t in) noexcept { return inner::constant_count(in); }

    template <class T>
    void start(layer_values<T> l, layer_place place, philox& random) const {
        inner::start(layers, l, place.in, false, random);
    }
    template <std::size_t In, class T>
    static void forward_static(layer_values<const T> l, const T* x, T* z) noexcept {
        inner::template forward_from<0, In>(l, In, x, z);
        for (std::size_t i = 0; i < In; ++i) z[i] += x[i];
    }

    template <class T>
    using work = typename inner::template training<T>;
    template <class T>
    static void forward_rows(layer_values<const T> l, const layer_rows<T>& rows, work<T>& w, philox* random) {
        const T* const change = inner::forward_rows(l, rows.x, rows.rows, rows.in, w, random);
        for (std::size_t i = 0; i < rows.rows * rows.in; ++i) rows.z[i] = rows.x[i] + change[i];
    }
    template <class T>
    static void backward_rows(layer_values<const T> l, const layer_rows<T>& rows, const T* dz, T* dx,
                              std::span<T> dp, work<T>& w) {
        inner::backward_rows(l, rows.x, rows.rows, rows.in, dz, dx, dp, w);
        if (dx == nullptr) return;
        for (std::size_t i = 0; i < rows.rows * rows.in; ++i) dx[i] += dz[i];
    }
    template <class T>
    static void keep_statistics(std::span<T> constants, std::size_t in, const work<T>& w) {
        inner::keep_statistics(constants, in, w);
    }
};

/// x + layers(x); the last layer is as wide as what comes in: residual(dense<64>, relu, dense<64>).
template <class... L>
    requires(detail::LayerOrActivation<L> && ...)
constexpr auto residual(L... layers) {
    return residual_block<detail::layer_for<L>...>{
        detail::stage_list<detail::layer_for<L>...>(detail::as_layer(layers)...)};
}

template <class... L>
    requires(!(detail::LayerOrActivation<L> && ...))
refused<because::one_of_the_arguments_is_neither_a_Layer_nor_an_Activation> residual(const L&...);

} // namespace tenon
