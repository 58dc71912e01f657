#pragma once

// Backpropagation through dense layers, a batch at a time.

#include <Eigen/Core>
#include <tenon/model/dense_network.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

template <class T>
using eigen_rows = Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
template <class T>
using eigen_const_rows = Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

template <class T>
eigen_const_rows<T> rows_of(const T* data, std::size_t rows, std::size_t columns) {
    return {data, static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns)};
}
template <class T>
eigen_rows<T> rows_of(T* data, std::size_t rows, std::size_t columns) {
    return {data, static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns)};
}

/// out = x · weights + biases.
template <class T>
void layer_forward(const T* x, const dense_layer<T>& d, std::size_t rows, T* out) {
    auto z = rows_of(out, rows, d.outputs);
    z.noalias() = rows_of(x, rows, d.inputs) * rows_of(d.weights.data(), d.inputs, d.outputs);
    z.rowwise() += rows_of(d.biases.data(), 1, d.outputs).row(0);
}

/// The gradient of one layer's weights and biases from that of its outputs.
template <class T>
void layer_backward(const T* x, const T* delta, const dense_layer<T>& d, std::size_t rows, T* gradient) {
    rows_of(gradient, d.inputs, d.outputs).noalias() =
        rows_of(x, rows, d.inputs).transpose() * rows_of(delta, rows, d.outputs);
    rows_of(gradient + d.weights.size(), 1, d.outputs) = rows_of(delta, rows, d.outputs).colwise().sum();
}

/// delta · weightsᵀ: the gradient with respect to the layer's inputs.
template <class T>
void layer_pass_back(const T* delta, const dense_layer<T>& d, std::size_t rows, T* back) {
    rows_of(back, rows, d.inputs).noalias() =
        rows_of(delta, rows, d.outputs) * rows_of(d.weights.data(), d.inputs, d.outputs).transpose();
}

/// Mean loss over the rows of z and, in `delta`, its gradient with respect to z.
template <class T, class L, class Y>
double loss_of_rows(const L& loss, std::span<const T> z, std::span<const Y> y, std::size_t outputs,
                    std::span<T> delta) {
    double sum = 0;
    for (std::size_t r = 0; r < y.size(); ++r)
        sum += static_cast<double>(
            loss(z.subspan(r * outputs, outputs), y[r], delta.subspan(r * outputs, outputs)));
    const T share = T{1} / static_cast<T>(y.size());
    for (T& v : delta) v *= share;
    return sum / static_cast<double>(y.size());
}

} // namespace detail

/// Work areas of one thread's gradient; grow to the largest batch and are reused.
template <class Act, class Kind, class T, class Score, std::size_t W, std::size_t... Hidden>
struct dense_network<Act, Kind, T, Score, W, Hidden...>::scratch {
    std::vector<T> input;                           // the batch, where its rows are not contiguous
    std::array<std::vector<T>, layers> activations; // what each layer gives
    std::vector<T> delta, back;
};

template <class Act, class Kind, class T, class Score, std::size_t W, std::size_t... Hidden>
template <class L, class Y>
double dense_network<Act, Kind, T, Score, W, Hidden...>::gradient(const L& loss, matrix_view<const T> x,
                                                                  std::span<const Y> y, std::span<T> g,
                                                                  scratch& room) const {
    const std::size_t rows = x.rows();
    const T* input = x.data();
    if (x.column_stride() != 1 || x.row_stride() != static_cast<std::ptrdiff_t>(x.columns())) {
        room.input.resize(rows * x.columns());
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < x.columns(); ++c) room.input[r * x.columns() + c] = x(r, c);
        input = room.input.data();
    }
    const T* from = input;
    for (std::size_t l = 0; l < layers; ++l) {
        const dense_layer<T> d = layer(l);
        std::vector<T>& z = room.activations[l];
        z.resize(rows * d.outputs);
        detail::layer_forward(from, d, rows, z.data());
        if (l + 1 < layers)
            for (T& v : z) v = Act::apply(v);
        from = z.data();
    }
    room.delta.resize(rows * width_out());
    const double value = detail::loss_of_rows<T>(loss, std::span<const T>(room.activations[layers - 1]), y,
                                                 width_out(), std::span<T>(room.delta));
    if (g.empty()) return value;
    for (std::size_t l = layers; l-- > 0;) {
        const dense_layer<T> d = layer(l);
        const T* const below = l == 0 ? input : room.activations[l - 1].data();
        detail::layer_backward(below, room.delta.data(), d, rows, g.data() + offset(l));
        if (l == 0) break;
        room.back.resize(rows * d.inputs);
        detail::layer_pass_back(room.delta.data(), d, rows, room.back.data());
        for (std::size_t i = 0; i < room.back.size(); ++i) room.back[i] *= Act::slope(below[i]);
        room.delta.swap(room.back);
    }
    return value;
}

} // namespace tenon
