#pragma once

// Layers one behind the other, on types alone: widths, places of their parameters and constants, a row or a batch forwards,
// a batch backwards.

#include <array>
#include <cstddef>
#include <string>
#include <tenon/core/stage_list.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/core/widths.hpp>
#include <tenon/model/dense_units.hpp>
#include <tenon/model/elementwise.hpp>
#include <tenon/model/layer.hpp>
#include <tuple>
#include <vector>

namespace tenon::inline v0::detail {

template <class L>
concept IsDense = requires { requires L::is_dense; };

/// Whether He's start suits the layer in front.
template <class L>
consteval bool rectifies() {
    if constexpr (requires { typename L::activation; })
        return std::is_same_v<typename L::activation, relu_activation>;
    else if constexpr (requires { L::rectifies; })
        return L::rectifies;
    else
        return false;
}

/// What a table or a file calls a layer.
template <class L>
std::string layer_title() {
    if constexpr (requires { L::title(); })
        return L::title();
    else if constexpr (IsDense<L>)
        return concat({L::name, " ", L::width_out(1)});
    else
        return std::string(L::name);
}

/// Where the parts of a layer begin.
struct layer_offset {
    std::size_t width, parameters, constants;
};

template <Layer... Layers>
struct layer_sequence {
    static constexpr std::size_t size = sizeof...(Layers);
    template <std::size_t I>
    using at = std::tuple_element_t<I, std::tuple<Layers...>>;

    /// In front of layer I, counted from 0; size: behind the last.
    static constexpr layer_offset offset(std::size_t in, std::size_t i) noexcept {
        layer_offset o{in, 0, 0};
        const auto pass = [&]<class L>(const L*) {
            if (i-- == 0) return false;
            o.parameters += detail::parameter_count<L>(o.width);
            o.constants += detail::constant_count<L>(o.width);
            o.width = L::width_out(o.width);
            return true;
        };
        (pass(static_cast<const Layers*>(nullptr)) && ...);
        return o;
    }
    static constexpr std::size_t width_out(std::size_t in) noexcept { return offset(in, size).width; }
    /// The most outputs that a layer has.
    static constexpr std::size_t widest(std::size_t in) noexcept {
        std::size_t most = 0;
        for (std::size_t i = 1; i <= size; ++i)
            most = offset(in, i).width > most ? offset(in, i).width : most;
        return most;
    }
    /// Whether every layer can stand behind the one in front of it.
    static constexpr bool takes(std::size_t in) noexcept {
        const auto one = [&]<class L>(const L*) {
            const std::size_t width = in;
            in = L::width_out(in);
            if constexpr (requires { L::takes(width); })
                return L::takes(width);
            else
                return true;
        };
        return (one(static_cast<const Layers*>(nullptr)) && ...);
    }
    static constexpr std::size_t parameter_count(std::size_t in) noexcept {
        return offset(in, size).parameters;
    }
    static constexpr std::size_t constant_count(std::size_t in) noexcept {
        return offset(in, size).constants;
    }

    /// What layer I has of the whole's parameters and constants.
    template <std::size_t I, class T>
    static layer_values<T> values_of(layer_values<T> all, std::size_t in) noexcept {
        const layer_offset o = offset(in, I);
        return {all.parameters.subspan(o.parameters, detail::parameter_count<at<I>>(o.width)),
                all.constants.subspan(o.constants, detail::constant_count<at<I>>(o.width))};
    }

    template <class T>
    static void start(const stage_list<Layers...>& layers, layer_values<T> all, std::size_t in,
                      bool is_rectified, philox& random) {
        const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
            const layer_offset o = offset(in, I);
            bool next = is_rectified;
            if constexpr (I + 1 < size) next = rectifies<at<I + 1>>();
            if constexpr (requires(const at<I> l) { l.start(all, layer_place{}, random); })
                layers.template at<I>().start(values_of<I>(all, in),
                                              layer_place{o.width, at<I>::width_out(o.width), next}, random);
        };
        each(one);
    }

    /// One row from layer I on, every width known but that of the first layer where W is dynamic, on the stack; an
    /// activation behind a dense layer is applied in its registers. `in` is the first layer's width.
    template <std::size_t I, std::size_t W, class T>
    [[gnu::always_inline]] static void forward_from(layer_values<const T> all, std::size_t in, const T* x,
                                                    T* z) noexcept {
        using L = at<I>;
        // Where W is dynamic the first layer is dense, whose outputs do not depend on it.
        constexpr std::size_t first = W == dynamic ? 1 : W;
        constexpr std::size_t width = I == 0 ? W : offset(first, I).width,
                              out = L::width_out(I == 0 ? first : width);
        constexpr bool is_fused = IsDense<L> && width != dynamic && acts_behind<I>();
        constexpr std::size_t next = is_fused ? I + 2 : I + 1;
        if constexpr (next == size)
            forward_one<I, width, is_fused>(all, in, x, z);
        else {
            alignas(64) std::array<T, out> between;
            forward_one<I, width, is_fused>(all, in, x, between.data());
            forward_from<next, W>(all, in, between.data(), z);
        }
    }

    /// The same for up to Most rows side by side, row after row without gaps.
    template <std::size_t I, std::size_t W, std::size_t Most, class T>
    static void rows_from(layer_values<const T> all, const T* x, std::size_t rows, T* z) noexcept {
        using L = at<I>;
        constexpr std::size_t width = offset(W, I).width, out = L::width_out(width);
        constexpr bool is_fused = IsDense<L> && acts_behind<I>();
        constexpr std::size_t next = is_fused ? I + 2 : I + 1;
        const auto pass = [&](T* to) {
            if constexpr (is_fused)
                L::template forward_batch<typename at<I + 1>::activation, width, Most>(values_of<I>(all, W),
                                                                                       x, rows, to);
            else if constexpr (IsDense<L>)
                L::template forward_batch<identity_activation, width, Most>(values_of<I>(all, W), x, rows,
                                                                            to);
            else
                for (std::size_t r = 0; r < rows; ++r)
                    forward_one<I, width, false>(all, W, x + r * width, to + r * out);
        };
        if constexpr (next == size)
            pass(z);
        else {
            alignas(64) std::array<T, out * Most> between;
            pass(between.data());
            rows_from<next, W, Most>(all, between.data(), rows, z);
        }
    }

    /// What a batch needs while it is on its way: what each layer gave, and what it keeps for itself.
    template <class T>
    struct training {
        std::tuple<typename work_of<Layers, T>::type...> works;
        std::array<aligned_vector<T>, size> outputs;
        aligned_vector<T> slopes, back;

        void use(team* helpers) noexcept {
            const auto one = [&](auto& work) {
                if constexpr (requires { work.use(helpers); }) work.use(helpers);
            };
            std::apply([&](auto&... work) { (one(work), ...); }, works);
        }
    };

    /// Returns the last layer's outputs. `random` is null where nothing is trained.
    template <class T>
    static const T* forward_rows(layer_values<const T> all, const T* x, std::size_t rows, std::size_t in,
                                 training<T>& t, philox* random) {
        const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
            const std::size_t from = offset(in, I).width, out = at<I>::width_out(from);
            T* const z = room_for(t.outputs[I], rows * out);
            detail::forward_rows<at<I>, T>(values_of<I>(all, in), {rows, from, out, x, z},
                                           std::get<I>(t.works), random);
            x = z;
        };
        each(one);
        return x;
    }

    /// From the gradient with respect to the outputs of the last forward_rows to that with respect to the parameters,
    /// which is overwritten, and to x where dx is not null.
    template <class T>
    static void backward_rows(layer_values<const T> all, const T* x, std::size_t rows, std::size_t in,
                              const T* dz, T* dx, std::span<T> dp, training<T>& t) {
        const auto one = [&]<std::size_t Back>(std::integral_constant<std::size_t, Back>) {
            constexpr std::size_t I = size - 1 - Back;
            const layer_offset o = offset(in, I);
            const std::size_t out = at<I>::width_out(o.width);
            const std::span<T> slopes = dp.subspan(o.parameters, detail::parameter_count<at<I>>(o.width));
            if constexpr (!BatchLayer<at<I>>)
                for (T& s : slopes) s = 0;
            T* to = dx;
            if constexpr (I > 0)
                to = room_for(t.back, rows * o.width);
            else if constexpr (!BatchLayer<at<I>>)
                if (to == nullptr) to = room_for(t.back, rows * o.width);
            const T* from = x;
            if constexpr (I > 0) from = t.outputs[I - 1].data();
            detail::backward_rows<at<I>, T>(values_of<I>(all, in),
                                            {rows, o.width, out, from, t.outputs[I].data()}, dz, to, slopes,
                                            std::get<I>(t.works));
            if constexpr (I > 0) {
                t.back.swap(t.slopes);
                dz = t.slopes.data();
            }
        };
        each(one);
    }

    /// After a step: layers that keep statistics of their batches take them over.
    template <class T>
    static void keep_statistics(std::span<T> constants, std::size_t in, const training<T>& t) {
        const auto one = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
            const layer_offset o = offset(in, I);
            const auto mine = constants.subspan(o.constants, detail::constant_count<at<I>>(o.width));
            if constexpr (requires { at<I>::keep_statistics(mine, std::get<I>(t.works)); })
                at<I>::keep_statistics(mine, std::get<I>(t.works));
        };
        each(one);
    }

    /// "dense 64, relu, dense 1"
    static std::string title() {
        std::string text;
        (detail::append(text, {text.empty() ? "" : ", ", layer_title<Layers>()}), ...);
        return text;
    }

    template <class Each>
    static constexpr void each(Each&& one) {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (one(std::integral_constant<std::size_t, I>{}), ...);
        }(std::make_index_sequence<size>{});
    }

private:
    /// Whether layer I + 1 is an Activation.
    template <std::size_t I>
    static consteval bool acts_behind() {
        if constexpr (I + 1 < size)
            return requires { typename at<I + 1>::activation; };
        else
            return false;
    }

    template <std::size_t I, std::size_t In, bool IsFused, class T>
    [[gnu::always_inline]] static void forward_one(layer_values<const T> all, std::size_t in, const T* x,
                                                   T* z) noexcept {
        using L = at<I>;
        const layer_values<const T> mine = values_of<I>(all, in);
        if constexpr (IsFused)
            L::template forward_static<typename at<I + 1>::activation, In>(mine, x, z);
        else if constexpr (IsDense<L> && In != dynamic)
            L::template forward_static<identity_activation, In>(mine, x, z);
        else if constexpr (requires { L::template forward_static<In>(mine, x, z); })
            L::template forward_static<In>(mine, x, z);
        else {
            const std::size_t width = offset(in, I).width;
            L::forward(mine, std::span<const T>(x, width), std::span<T>(z, L::width_out(width)));
        }
    }
};

} // namespace tenon::detail
