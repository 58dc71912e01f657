#pragma once

// The three matrix products of backpropagation through a dense layer, in parts where several threads share them.

#include <cstddef>
#include <cstdint>
#include <tenon/core/storage.hpp>
#include <tenon/core/team.hpp>
#include <tenon/model/dense_products.hpp>
#include <tenon/model/kernels.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Work areas of the products of one thread; they grow to what the largest needs. With helpers, large products are split
/// among them, to the same bits.
template <class T>
struct product_room {
    detail::aligned_vector<T> panels, turned, sums;
    team* helpers = nullptr;
    std::vector<product_room> others; ///< of the helpers

    void use(team* some) noexcept { helpers = some; }
};

namespace detail {

/// Products by the widest set of instructions, chosen at each: whoever splits them up is compiled once, not once a set.
template <class T, std::size_t Unit>
struct widest_products {
    std::size_t bytes = with_widest<Unit>([](auto k) { return std::size_t{k.bytes}; });

    void product(const strided<T>& a, std::size_t rows, std::size_t inner, const strided<T>& b,
                 std::size_t columns, const T* start, T* out, aligned_vector<T>& room) const {
        with_widest<Unit>([&](auto k) {
            k.product({a.data, a.row_step, a.column_step, a.rows, a.columns}, rows, inner,
                      {b.data, b.row_step, b.column_step, b.rows, b.columns}, columns, start, out, room);
        });
    }
    void dots(const T* x, std::size_t rows, std::size_t inner, const T* w, T start, T* out) const noexcept {
        with_widest<Unit>([&](auto k) { k.dots(x, rows, inner, w, start, out); });
    }
};

/// The helpers of a product with so many multiplications, if it is large enough to wake them for.
template <class T>
team* helpers_of(product_room<T>& room, std::size_t multiplications) {
    constexpr std::size_t worth_it = 50'000;
    team* const helpers = multiplications < worth_it ? nullptr : room.helpers;
    if (helpers != nullptr && room.others.size() < helpers->size()) room.others.resize(helpers->size());
    return helpers;
}
/// The work areas of part i.
template <class T>
product_room<T>& room_of_part(product_room<T>& room, std::size_t i) noexcept {
    return i == 0 ? room : room.others[i];
}

/// Where part i of a layer's inputs begins: the weights of a part are read, and changed, by one thread alone, as far as it
/// can be. Whole blocks where there are enough of them.
constexpr std::size_t inputs_begin(std::size_t inputs, std::size_t i, std::size_t parts) noexcept {
    return blocks_of(inputs) < parts ? part_begin(inputs, 8, i, parts)
                                     : block_begin(inputs, part_begin(blocks_of(inputs), 1, i, parts));
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

/// Rows of a layer's inputs: one behind the other or, where there are places, row r at the place places[r].
template <class T>
struct input_rows {
    const T* x;
    std::ptrdiff_t step; ///< from one row to the next
    const std::uint32_t* places = nullptr;
};

namespace detail {

/// layer_forward by threads that share the inputs: each sums what its own give, and then all add up the sums.
template <std::size_t Unit, class T, class Kernels>
void forward_by_inputs(Kernels k, const input_rows<T>& in, std::size_t rows, std::size_t inputs,
                       const T* weights, const T* biases, std::size_t outputs, T* out, product_room<T>& room,
                       team* helpers) {
    const auto few = static_cast<std::ptrdiff_t>(outputs);
    const std::size_t blocks = blocks_of(inputs), size = rows * outputs;
    T* const sums = room_for(room.sums, (blocks - 1) * size); // of the blocks behind the first
    in_parts(helpers, blocks, 1, [&](std::size_t i, std::size_t first, std::size_t last) {
        for (std::size_t b = first; b < last; ++b) {
            const std::size_t begin = block_begin(inputs, b), end = block_begin(inputs, b + 1);
            k.product({in.x + begin, in.step, 1, in.places}, rows, end - begin,
                      {weights + begin * outputs, few, 1}, outputs, b == 0 ? biases : nullptr,
                      b == 0 ? out : sums + (b - 1) * size, room_of_part(room, i).panels);
        }
    });
    in_parts(helpers, size, 64 / sizeof(T), [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t b = 0; b + 1 < blocks; ++b)
            for_lanes<Unit>(out + first, sums + b * size + first, last - first, out + first,
                            [](auto& sum, const auto& more) { sum += more; });
    });
}

} // namespace detail

/// out = x · weights + biases. x is rows × inputs, weights inputs × outputs. With places, more than one output.
template <class T, std::size_t Unit = detail::unit_register_bytes>
void layer_forward(input_rows<T> in, std::size_t rows, std::size_t inputs, const T* weights, const T* biases,
                   std::size_t outputs, T* out, product_room<T>& room) {
    const auto few = static_cast<std::ptrdiff_t>(outputs);
    team* const helpers = detail::helpers_of(room, rows * inputs * outputs);
    const detail::widest_products<T, Unit> k;
    if (outputs == 1) return k.dots(in.x, rows, inputs, weights, biases[0], out);
    if (helpers != nullptr && rows <= detail::inner_block && detail::blocks_of(inputs) >= helpers->size())
        return detail::forward_by_inputs<Unit>(k, in, rows, inputs, weights, biases, outputs, out, room,
                                               helpers);
    detail::in_parts(helpers, rows, 8, [&](std::size_t i, std::size_t first, std::size_t end) {
        const bool is_placed = in.places != nullptr;
        const T* const x = is_placed ? in.x : in.x + static_cast<std::ptrdiff_t>(first) * in.step;
        k.product({x, in.step, 1, is_placed ? in.places + first : nullptr}, end - first, inputs,
                  {weights, few, 1}, outputs, biases, out + first * outputs,
                  detail::room_of_part(room, i).panels);
    });
}
template <class T, std::size_t Unit = detail::unit_register_bytes>
void layer_forward(const T* x, std::size_t rows, std::size_t inputs, const T* weights, const T* biases,
                   std::size_t outputs, T* out, product_room<T>& room) {
    layer_forward<T, Unit>(input_rows<T>{x, static_cast<std::ptrdiff_t>(inputs)}, rows, inputs, weights,
                           biases, outputs, out, room);
}

/// The gradient of a layer's weights (xᵀ · delta) and, behind it, of its biases (the sums of delta's columns).
template <class T, std::size_t Unit = detail::unit_register_bytes>
void layer_backward(input_rows<T> in, const T* delta, std::size_t rows, std::size_t inputs,
                    std::size_t outputs, T* gradient, product_room<T>& room) {
    const auto few = static_cast<std::ptrdiff_t>(outputs);
    const T* const zero = nullptr;
    T* const biases = gradient + inputs * outputs;
    const detail::widest_products<T, Unit> k;
    if (outputs >= k.bytes / sizeof(T)) {
        const T one = 1;
        k.product({&one, 0, 0}, 1, rows, {delta, few, 1}, outputs, zero, biases, room.panels);
        const auto part = [&](std::size_t i, std::size_t first, std::size_t end) {
            k.product({in.x + first, 1, in.step, nullptr, in.places}, end - first, rows, {delta, few, 1},
                      outputs, zero, gradient + first * outputs, detail::room_of_part(room, i).panels);
        };
        team* const helpers = detail::helpers_of(room, rows * inputs * outputs);
        if (helpers == nullptr) return part(0, 0, inputs);
        return helpers->run([&](std::size_t i) {
            const std::size_t first = detail::inputs_begin(inputs, i, helpers->size()),
                              end = detail::inputs_begin(inputs, i + 1, helpers->size());
            if (first < end) part(i, first, end);
        });
    }
    // Fewer outputs than a register holds: the inputs lie side by side, and the result is turned.
    T* const turned = outputs == 1 ? gradient : detail::room_for(room.turned, inputs * outputs);
    k.product({delta, 1, few}, outputs, rows, {in.x, in.step, 1, in.places}, inputs, zero, turned,
              room.panels);
    if (outputs > 1) detail::transpose(turned, outputs, inputs, gradient);
    detail::sum_columns(delta, rows, outputs, biases);
}
template <class T, std::size_t Unit = detail::unit_register_bytes>
void layer_backward(const T* x, const T* delta, std::size_t rows, std::size_t inputs, std::size_t outputs,
                    T* gradient, product_room<T>& room) {
    layer_backward<T, Unit>(input_rows<T>{x, static_cast<std::ptrdiff_t>(inputs)}, delta, rows, inputs,
                            outputs, gradient, room);
}

/// back = delta · weightsᵀ: the gradient with respect to the layer's inputs.
template <class T, std::size_t Unit = detail::unit_register_bytes>
void layer_pass_back(const T* delta, std::size_t rows, std::size_t inputs, const T* weights,
                     std::size_t outputs, T* back, product_room<T>& room) {
    const auto few = static_cast<std::ptrdiff_t>(outputs);
    const T* const zero = nullptr;
    team* const helpers = detail::helpers_of(room, rows * inputs * outputs);
    const detail::widest_products<T, Unit> k;
    detail::in_parts(helpers, rows, 8, [&](std::size_t i, std::size_t first, std::size_t end) {
        k.product({delta + first * outputs, few, 1}, end - first, outputs, {weights, 1, few}, inputs, zero,
                  back + first * inputs, detail::room_of_part(room, i).panels);
    });
}

} // namespace tenon
