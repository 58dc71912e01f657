#pragma once

// Backpropagation through dense layers, a batch at a time.

#include <tenon/core/storage.hpp>
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

/// `rows` rows of x, those at `places` where there are any, without gaps: where they lie, or copied into `room`.
template <class T>
const T* packed_rows(matrix_view<const T> x, std::size_t rows, std::span<const std::uint32_t> places,
                     detail::aligned_vector<T>& room) {
    const std::size_t columns = x.columns();
    if (places.empty() && x.column_stride() == 1 && x.row_stride() == static_cast<std::ptrdiff_t>(columns))
        return x.data();
    T* const gathered = room_for(room, rows * columns);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c)
            gathered[r * columns + c] = x(places.empty() ? r : places[r], c);
    return gathered;
}

} // namespace detail

/// Work areas of one thread's gradient; grow to the largest batch and are reused.
template <class Act, class Kind, class T, class Score, std::size_t W, std::size_t... Hidden>
struct dense_network<Act, Kind, T, Score, W, Hidden...>::scratch {
    detail::aligned_vector<T> input;                       // the batch, where its rows are not contiguous
    std::array<detail::aligned_vector<T>, layers> outputs; // what each layer gives
    detail::aligned_vector<T> delta, back;
    product_room<T> products;
    detail::small_room<T> small;

    /// Who helps with large products.
    void use(team* helpers) noexcept { products.use(helpers); }
};

template <class Act, class Kind, class T, class Score, std::size_t W, std::size_t... Hidden>
template <class L, class Y>
double dense_network<Act, Kind, T, Score, W, Hidden...>::gradient(
    const L& loss, matrix_view<const T> x, std::span<const Y> y, std::span<T> g, scratch& room,
    std::span<const T> weights, std::span<const std::uint32_t> places) const {
    const std::size_t rows = y.size();
    if constexpr (has_small_gradient) {
        const T* const input = detail::packed_rows(x, rows, places, room.input);
        using small = detail::small_gradient<Act, W, Hidden..., T>;
        T* const z = detail::room_for(room.outputs[0], rows);
        T* const delta = detail::room_for(room.delta, rows);
        small::forward(parameters_.data(), input, rows, z, room.small);
        const double value = detail::loss_of_rows<T>(loss, std::span<const T>(z, rows), y, 1,
                                                     std::span<T>(delta, rows), weights);
        if (g.empty()) return value;
        small::backward(parameters_.data(), input, rows, delta, g.data(), room.small);
        return value;
    } else {
        input_rows<T> input{x.data(), x.row_stride(), places.empty() ? nullptr : places.data()};
        if (!reads_places || x.column_stride() != 1)
            input = {detail::packed_rows(x, rows, places, room.input),
                     static_cast<std::ptrdiff_t>(x.columns())};
        input_rows<T> from = input;
        for (std::size_t l = 0; l < layers; ++l) {
            const dense_layer<T> d = layer(l);
            T* const z = detail::room_for(room.outputs[l], rows * d.outputs);
            layer_forward(from, rows, d.inputs, d.weights.data(), d.biases.data(), d.outputs, z,
                          room.products);
            if (l + 1 < layers) detail::activate_all<Act>(z, rows * d.outputs);
            from = {z, static_cast<std::ptrdiff_t>(d.outputs)};
        }
        const std::size_t scores = rows * width_out();
        detail::room_for(room.delta, scores);
        const double value = detail::loss_of_rows<T>(loss, std::span<const T>(from.x, scores), y, width_out(),
                                                     std::span<T>(room.delta.data(), scores), weights);
        if (g.empty()) return value;
        for (std::size_t l = layers; l-- > 0;) {
            const dense_layer<T> d = layer(l);
            if (l == 0) {
                layer_backward(input, room.delta.data(), rows, d.inputs, d.outputs, g.data(), room.products);
                break;
            }
            const T* const below = room.outputs[l - 1].data();
            T* const back = detail::room_for(room.back, rows * d.inputs);
            const T* const w = d.weights.data();
            if (d.outputs == 1)
                detail::pass_single<Act>(room.delta.data(), w, below, rows, d.inputs, back);
            else {
                layer_pass_back(room.delta.data(), rows, d.inputs, w, d.outputs, back, room.products);
                detail::pass_activation<Act>(back, below, rows * d.inputs);
            }
            layer_backward(below, room.delta.data(), rows, d.inputs, d.outputs, g.data() + offset(l),
                           room.products);
            room.delta.swap(room.back);
        }
        return value;
    }
}

template <class Act, class Kind, class T, class Score, std::size_t W, std::size_t... Hidden>
template <class Run>
void dense_network<Act, Kind, T, Score, W, Hidden...>::parameters_of_part(std::size_t i, std::size_t parts,
                                                                          Run&& run) const {
    for (std::size_t l = 0; l < layers; ++l) {
        const std::size_t wide = sizes_[l], out = sizes_[l + 1];
        const std::size_t first = detail::inputs_begin(wide, i, parts),
                          last = i + 1 == parts ? wide + 1
                                                : detail::inputs_begin(wide, i + 1, parts); // biases too
        if (first < last) run(offset(l) + first * out, (last - first) * out);
    }
}

} // namespace tenon
