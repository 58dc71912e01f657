#pragma once

// The three matrix products of backpropagation through a dense layer, in parts where several threads share them.

#include <cstddef>
#include <tenon/core/team.hpp>
#include <tenon/model/dense_products.hpp>
#include <tenon/model/kernels.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Work areas of the products of one thread; they grow to what the largest needs. With helpers, large products are split
/// among them, to the same bits.
template <class T>
struct product_room {
    std::vector<T> panels, turned;
    team* helpers = nullptr;
    std::vector<product_room> others; ///< of the helpers

    void use(team* some) noexcept { helpers = some; }
};

namespace detail {

/// part(first, last, room) for the rows 0 … rows - 1 of a product with so many multiplications a row, in parts where it is
/// large enough to wake others for.
template <class T, class Part>
void product_in_parts(product_room<T>& room, std::size_t rows, std::size_t a_row, Part&& part) {
    constexpr std::size_t worth_it = 100'000;
    team* const helpers = rows * a_row < worth_it ? nullptr : room.helpers;
    if (helpers != nullptr && room.others.size() < helpers->size()) room.others.resize(helpers->size());
    in_parts(helpers, rows, 8, [&](std::size_t i, std::size_t first, std::size_t last) {
        part(first, last, i == 0 ? room : room.others[i]);
    });
}

/// The sum of each column, few of them.
template <class T>
void sum_columns(const T* x, std::size_t rows, std::size_t columns, T* sums) noexcept {
    for (std::size_t c = 0; c < columns; ++c) sums[c] = 0;
    for (std::size_t from = 0; from < rows; from += inner_block) {
        const std::size_t end = rows - from < inner_block ? rows : from + inner_block;
        for (std::size_t c = 0; c < columns; ++c) {
            T sum = 0;
            for (std::size_t r = from; r < end; ++r) sum += x[r * columns + c];
            sums[c] += sum;
        }
    }
}

} // namespace detail

/// out = x · weights + biases. x is rows × inputs, weights inputs × outputs.
template <class T>
void layer_forward(const T* x, std::size_t rows, std::size_t inputs, const T* weights, const T* biases,
                   std::size_t outputs, T* out, product_room<T>& room) {
    const auto wide = static_cast<std::ptrdiff_t>(inputs), few = static_cast<std::ptrdiff_t>(outputs);
    detail::with_widest([&](auto k) {
        if (outputs == 1) return k.dots(x, rows, inputs, weights, biases[0], out);
        detail::product_in_parts(room, rows, inputs * outputs,
                                 [&](std::size_t r, std::size_t end, auto& mine) {
                                     k.product({x + r * inputs, wide, 1}, end - r, inputs, {weights, few, 1},
                                               outputs, biases, out + r * outputs, mine.panels);
                                 });
    });
}

/// The gradient of a layer's weights (xᵀ · delta) and, behind it, of its biases (the sums of delta's columns).
template <class T>
void layer_backward(const T* x, const T* delta, std::size_t rows, std::size_t inputs, std::size_t outputs,
                    T* gradient, product_room<T>& room) {
    const auto wide = static_cast<std::ptrdiff_t>(inputs), few = static_cast<std::ptrdiff_t>(outputs);
    const T* const zero = nullptr;
    T* const biases = gradient + inputs * outputs;
    detail::with_widest([&](auto k) {
        if (outputs >= k.bytes / sizeof(T)) {
            const T one = 1;
            detail::product_in_parts(room, inputs, rows * outputs,
                                     [&](std::size_t i, std::size_t end, auto& mine) {
                                         k.product({x + i, 1, wide}, end - i, rows, {delta, few, 1}, outputs,
                                                   zero, gradient + i * outputs, mine.panels);
                                     });
            k.product({&one, 0, 0}, 1, rows, {delta, few, 1}, outputs, zero, biases, room.panels);
            return;
        }
        // Fewer outputs than a register holds: the inputs lie side by side, and the result is turned.
        T* const turned = outputs == 1 ? gradient : detail::room_for(room.turned, inputs * outputs);
        k.product({delta, 1, few}, outputs, rows, {x, wide, 1}, inputs, zero, turned, room.panels);
        if (outputs > 1) detail::transpose(turned, outputs, inputs, gradient);
        detail::sum_columns(delta, rows, outputs, biases);
    });
}

/// back = delta · weightsᵀ: the gradient with respect to the layer's inputs.
template <class T>
void layer_pass_back(const T* delta, std::size_t rows, std::size_t inputs, const T* weights,
                     std::size_t outputs, T* back, product_room<T>& room) {
    const auto few = static_cast<std::ptrdiff_t>(outputs);
    const T* const zero = nullptr;
    detail::with_widest([&](auto k) {
        detail::product_in_parts(
            room, rows, inputs * outputs, [&](std::size_t r, std::size_t end, auto& mine) {
                k.product({delta + r * outputs, few, 1}, end - r, outputs, {weights, 1, few}, inputs, zero,
                          back + r * inputs, mine.panels);
            });
    });
}

} // namespace tenon
