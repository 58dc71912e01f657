#pragma once

// Backpropagation through the smallest networks, In → Hidden → 1 of static sizes with few inputs: their weights, and then
// the gradient of these, stay in registers while the rows of a batch pass. The general products of
// model/dense_products.hpp would spend more time on finding their way than on arithmetic.

#include <cstddef>
#include <cstring>
#include <span>
#include <tenon/core/lanes.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/model/kernels.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// Work areas; they grow to the largest batch and are reused.
template <class T>
struct small_room {
    aligned_vector<T> hidden, partial, padded;
};

/// Forwards and backwards for Hidden units with activation Act, in vectors of Bytes. Parameters lie as in dense_network:
/// a row of first weights for each input, first biases, second weights, second bias. Hidden units are filled up with
/// zeros to whole vectors.
template <class Act, std::size_t In, std::size_t Hidden, class T, std::size_t Bytes = register_bytes>
class small_gradient {
    static constexpr std::size_t n = Bytes / sizeof(T), width = (Hidden + n - 1) / n * n;
    using wide = lanes<T, n>;
    /// Vectors of units at a time: of each, all weights and a gradient of them leave registers for the rest.
    static constexpr std::size_t most = (Bytes == 64 ? 24 : 12) / (In + 3);
    static constexpr std::size_t vectors = most > 4 ? 4 : most > 0 ? most : 1;

public:
    /// z, one a row, of `rows` rows of In inputs each; leaves the hidden units' outputs in `room`.
    static void forward(const T* parameters, const T* x, std::size_t rows, T* z, small_room<T>& room) {
        const T* const p = in_whole_vectors(parameters, room);
        T* const hidden = room_for(room.hidden, rows * width);
        T* const partial = room_for(room.partial, rows * n);
        each_panel([&]<std::size_t V>(std::integral_constant<std::size_t, V>, std::size_t at) {
            forward_panel<V>(p + at, x, rows, hidden + at, partial, at == 0);
        });
        const T bias = parameters[(In + 2) * Hidden];
        for (std::size_t r = 0; r < rows; ++r) {
            wide sum;
            load_lanes(sum, partial + r * n);
            stay_in_register(sum); // else g++ loads the halves lane by lane
            z[r] = sum_of_lanes<n, T>(sum, std::make_index_sequence<n / 2>{}) + bias;
        }
    }

    /// The gradient with respect to the parameters, from `delta`, that with respect to z of the last forward.
    static void backward(const T* parameters, const T* x, std::size_t rows, const T* delta, T* gradient,
                         small_room<T>& room) {
        const T* const weights = second_weights(parameters, room);
        T* const g = width == Hidden ? gradient : room.padded.data();
        each_panel([&]<std::size_t V>(std::integral_constant<std::size_t, V>, std::size_t at) {
            backward_panel<V>(weights + at, x, rows, delta, room.hidden.data() + at, g + at);
        });
        if constexpr (width != Hidden)
            for (std::size_t k = 0; k < In + 2; ++k)
                std::memcpy(gradient + k * Hidden, g + k * width, Hidden * sizeof(T));
        T sum = 0;
        for (std::size_t r = 0; r < rows; ++r) sum += delta[r];
        gradient[(In + 2) * Hidden] = sum;
    }

private:
    /// The parameters with room for whole vectors in each row. Behind them is a row of second weights that stays when
    /// backward writes its gradient over the rest.
    static const T* in_whole_vectors(const T* parameters, small_room<T>& room) {
        if constexpr (width == Hidden)
            return parameters;
        else {
            T* const padded = room_for(room.padded, (In + 3) * width);
            for (std::size_t k = 0; k < In + 3; ++k) {
                std::memcpy(padded + k * width, parameters + (k < In + 2 ? k : In + 1) * Hidden,
                            Hidden * sizeof(T));
                std::memset(padded + k * width + Hidden, 0, (width - Hidden) * sizeof(T));
            }
            return padded;
        }
    }
    static const T* second_weights(const T* parameters, const small_room<T>& room) noexcept {
        return width == Hidden ? parameters + (In + 1) * Hidden : room.padded.data() + (In + 2) * width;
    }

    /// panel(number of vectors, first unit) for all units.
    template <class Panel>
    static void each_panel(Panel&& panel) {
        constexpr std::size_t whole = width / (vectors * n), rest = width / n % vectors;
        for (std::size_t i = 0; i < whole; ++i)
            panel(std::integral_constant<std::size_t, vectors>{}, i * vectors * n);
        if constexpr (rest > 0) panel(std::integral_constant<std::size_t, rest>{}, whole * vectors * n);
    }

    /// one(k) for k = 0 … N - 1, each a constant.
    template <std::size_t N, class One>
    [[gnu::always_inline]] static void over(One&& one) {
        [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
            (one(std::integral_constant<std::size_t, K>{}), ...);
        }
        (std::make_index_sequence<N>{});
    }

    template <std::size_t V>
    [[gnu::noinline]] static void forward_panel(const T* p, const T* x, std::size_t rows, T* hidden,
                                                T* partial, bool is_first) noexcept {
        bundle<wide, (In + 2) * V> weights; // as the rows of parameters
        over<(In + 2) * V>([&](auto k) __attribute__((always_inline)) {
            load_lanes(weights.template at<k>(), p + k / V * width + k % V * n);
        });
        for (std::size_t r = 0; r < rows; ++r, x += In, hidden += width, partial += n) {
            wide dot{};
            if (!is_first) load_lanes(dot, partial);
            over<V>([&](auto v) __attribute__((always_inline)) {
                wide unit = weights.template at<In * V + v>();
                over<In>([&](auto i) __attribute__((always_inline)) {
                    unit += weights.template at<i * V + v>() * x[i];
                });
                activate<Act, T, n>(unit);
                std::memcpy(hidden + v * n, &unit, Bytes);
                dot += weights.template at<(In + 1) * V + v>() * unit;
            });
            std::memcpy(partial, &dot, Bytes);
        }
    }

    template <std::size_t V>
    [[gnu::noinline]] static void backward_panel(const T* second, const T* x, std::size_t rows,
                                                 const T* delta, const T* hidden, T* gradient) noexcept {
        bundle<wide, V> weights;
        over<V>([&](auto v)
                    __attribute__((always_inline)) { load_lanes(weights.template at<v>(), second + v * n); });
        bundle<wide, (In + 2) * V> sums;
        for (std::size_t r = 0; r < rows; ++r, x += In, hidden += width) {
            const T slope = delta[r];
            over<V>([&](auto v) __attribute__((always_inline)) {
                wide unit, back;
                load_lanes(unit, hidden + v * n);
                sums.template at<(In + 1) * V + v>() += unit * slope;
                back = weights.template at<v>() * slope;
                pass_back<Act, T, n>(back, unit);
                sums.template at<In * V + v>() += back;
                over<In>([&](auto i) __attribute__((always_inline)) {
                    sums.template at<i * V + v>() += back * x[i];
                });
            });
        }
        over<(In + 2) * V>([&](auto k) __attribute__((always_inline)) {
            std::memcpy(gradient + k / V * width + k % V * n, &sums.template at<k>(), Bytes);
        });
    }
};

} // namespace tenon::detail
