#pragma once

// Backpropagation through dense layers, a batch at a time.

#include <tenon/model/dense_network.hpp>
#include <tenon/model/layer_products.hpp>
#include <tenon/model/small_gradient.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Gradients with respect to n outputs of Act become those with respect to its inputs.
template <class Act, class T, std::size_t Bytes = register_bytes>
void pass_activation(T* gradient, const T* outputs, std::size_t n) {
    for_lanes<Bytes>(gradient, outputs, n, gradient,
                     [](auto& g, auto& out) { pass_back<Act, T, Bytes / sizeof(T)>(g, out); });
}

/// Gradients with respect to the inputs of a layer of one output, whose inputs are outputs of Act: one pass over them.
template <class Act, class T, std::size_t Bytes = register_bytes>
void pass_single(const T* delta, const T* weights, const T* below, std::size_t rows, std::size_t inputs,
                 T* back) {
    for (std::size_t r = 0; r < rows; ++r, below += inputs, back += inputs) {
        for_lanes<Bytes>(below, weights, inputs, back, [slope = delta[r]](auto& out, const auto& w) {
            lanes<T, Bytes / sizeof(T)> gradient = w * slope;
            pass_back<Act, T, Bytes / sizeof(T)>(gradient, out);
            out = gradient;
        });
    }
}

/// Mean loss over the rows of z and, in `delta`, its gradient with respect to z; each row's loss times its weight where
/// there are weights.
template <class T, class L, class Y>
double loss_of_rows(const L& loss, std::span<const T> z, std::span<const Y> y, std::size_t outputs,
                    std::span<T> delta, std::span<const T> weights) {
    double sum = 0;
    const T share = T{1} / static_cast<T>(y.size());
    for (std::size_t r = 0; r < y.size(); ++r) {
        const std::span<T> slopes = delta.subspan(r * outputs, outputs);
        const auto value = static_cast<double>(loss(z.subspan(r * outputs, outputs), y[r], slopes));
        const T weight = weights.empty() ? T{1} : weights[r];
        sum += weights.empty() ? value : value * static_cast<double>(weight);
        const T factor = weights.empty() ? share : share * weight;
        for (T& v : slopes) v *= factor;
    }
    return sum / static_cast<double>(y.size());
}

/// The rows without gaps: where they lie, or copied into `room`.
template <class T>
const T* packed_rows(matrix_view<const T> x, std::vector<T>& room) {
    if (x.column_stride() == 1 && x.row_stride() == static_cast<std::ptrdiff_t>(x.columns())) return x.data();
    T* const gathered = room_for(room, x.rows() * x.columns());
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c) gathered[r * x.columns() + c] = x(r, c);
    return gathered;
}

} // namespace detail

/// Work areas of one thread's gradient; grow to the largest batch and are reused.
template <class Act, class Kind, class T, class Score, std::size_t W, std::size_t... Hidden>
struct dense_network<Act, Kind, T, Score, W, Hidden...>::scratch {
    std::vector<T> input;                       // the batch, where its rows are not contiguous
    std::array<std::vector<T>, layers> outputs; // what each layer gives
    std::vector<T> delta, back;
    product_room<T> products;
    detail::small_room<T> small;

    /// Who helps with large products.
    void use(team* helpers) noexcept { products.use(helpers); }
};

template <class Act, class Kind, class T, class Score, std::size_t W, std::size_t... Hidden>
template <class L, class Y>
double dense_network<Act, Kind, T, Score, W, Hidden...>::gradient(const L& loss, matrix_view<const T> x,
                                                                  std::span<const Y> y, std::span<T> g,
                                                                  scratch& room,
                                                                  std::span<const T> weights) const {
    const std::size_t rows = x.rows();
    const T* const input = detail::packed_rows(x, room.input);
    if constexpr (has_small_gradient) {
        using small = detail::small_gradient<Act, W, Hidden..., T>;
        T* const z = detail::room_for(room.outputs[0], rows);
        T* const delta = detail::room_for(room.delta, rows);
        small::forward(parameters_.data(), input, rows, z, room.small);
        const double value = detail::loss_of_rows<T>(loss, std::span<const T>(z, rows), y, 1,
                                                     std::span<T>(delta, rows), weights);
        if (!g.empty()) small::backward(parameters_.data(), input, rows, delta, g.data(), room.small);
        return value;
    } else {
        const T* from = input;
        for (std::size_t l = 0; l < layers; ++l) {
            const dense_layer<T> d = layer(l);
            T* const z = detail::room_for(room.outputs[l], rows * d.outputs);
            layer_forward(from, rows, d.inputs, d.weights.data(), d.biases.data(), d.outputs, z,
                          room.products);
            if (l + 1 < layers) detail::activate_all<Act>(z, rows * d.outputs);
            from = z;
        }
        const std::size_t scores = rows * width_out();
        detail::room_for(room.delta, scores);
        const double value = detail::loss_of_rows<T>(loss, std::span<const T>(from, scores), y, width_out(),
                                                     std::span<T>(room.delta.data(), scores), weights);
        if (g.empty()) return value;
        for (std::size_t l = layers; l-- > 0;) {
            const dense_layer<T> d = layer(l);
            const T* const below = l == 0 ? input : room.outputs[l - 1].data();
            layer_backward(below, room.delta.data(), rows, d.inputs, d.outputs, g.data() + offset(l),
                           room.products);
            if (l == 0) break;
            T* const back = detail::room_for(room.back, rows * d.inputs);
            const T* const w = d.weights.data();
            if (d.outputs == 1)
                detail::pass_single<Act>(room.delta.data(), w, below, rows, d.inputs, back);
            else {
                layer_pass_back(room.delta.data(), rows, d.inputs, w, d.outputs, back, room.products);
                detail::pass_activation<Act>(back, below, rows * d.inputs);
            }
            room.delta.swap(room.back);
        }
        return value;
    }
}

} // namespace tenon
