#pragma once

// What a layer of a network is. A layer's type computes, its value only says how it starts: what training changes is in
// the network's parameters, what it is given or counts (a rate, running means) in the network's constants.

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <tenon/core/random.hpp>

namespace tenon::inline v0 {

/// A layer's part of the network's parameters and constants.
template <class T>
struct layer_values {
    std::span<T> parameters, constants;
};

/// What a layer may know when it starts: its inputs, its outputs, and whether relu or one of its kin comes next.
struct layer_place {
    std::size_t in, out;
    bool is_rectified;
};

/// Rows that go through a layer together: x is rows × in, z rows × out, row after row without gaps.
template <class T>
struct layer_rows {
    std::size_t rows, in, out;
    const T* x;
    T* z;

    std::span<const T> row(std::size_t r) const noexcept { return {x + r * in, in}; }
    std::span<T> row_out(std::size_t r) const noexcept { return {z + r * out, out}; }
};

/// A layer that computes each row alone. backward writes the gradient with respect to x and adds that with respect to
/// the parameters:
///
///     struct offset_layer { // z = x + parameters
///         static constexpr std::string_view name = "offset";
///         static constexpr std::size_t width_out(std::size_t in) { return in; }
///         static constexpr std::size_t parameter_count(std::size_t in) { return in; }
///         template <class T>
///         static void forward(layer_values<const T> l, std::span<const T> x, std::span<T> z) noexcept {
///             for (std::size_t i = 0; i < x.size(); ++i) z[i] = x[i] + l.parameters[i];
///         }
///         template <class T>
///         static void backward(layer_values<const T> l, std::span<const T> x, std::span<const T> z,
///                              std::span<const T> dz, std::span<T> dx, std::span<T> dp) noexcept {
///             for (std::size_t i = 0; i < x.size(); ++i) dp[i] += dx[i] = dz[i];
///         }
///     };
///
/// parameter_count and constant_count are 0 where a layer does not say; both are 0 at first, unless the layer has
/// `start(layer_values<T>, layer_place, philox&) const`.
template <class L>
concept RowLayer = requires(layer_values<const double> l, std::span<const double> in, std::span<double> out) {
    L::forward(l, in, out);
    L::backward(l, in, in, in, out, out);
};

/// A layer that wants the rows of a batch together while it is trained, for speed or because they are not independent.
/// `work<T>` is what it keeps from forward_rows to backward_rows.
template <class L>
concept BatchLayer =
    requires(layer_values<const double> l, layer_rows<double> rows, typename L::template work<double> work,
             philox* random, const double* from, double* to, std::span<double> dp) {
        L::forward_rows(l, rows, work, random); // random: null where nothing is trained
        L::backward_rows(l, rows, from, to, dp, work);
    };

template <class L>
concept Layer = std::copyable<L> && (RowLayer<L> || BatchLayer<L>)&&requires(std::size_t in) {
    { L::width_out(in) } -> std::same_as<std::size_t>;
    { L::name } -> std::convertible_to<std::string_view>;
};

namespace detail {

template <class L>
constexpr std::size_t parameter_count(std::size_t in) noexcept {
    if constexpr (requires { L::parameter_count(in); })
        return L::parameter_count(in);
    else
        return 0;
}
template <class L>
constexpr std::size_t constant_count(std::size_t in) noexcept {
    if constexpr (requires { L::constant_count(in); })
        return L::constant_count(in);
    else
        return 0;
}

struct no_work {};
template <class L, class T>
struct work_of {
    using type = no_work;
};
template <BatchLayer L, class T>
struct work_of<L, T> {
    using type = typename L::template work<T>;
};

template <class L, class T>
void forward_rows(layer_values<const T> l, const layer_rows<T>& rows, typename work_of<L, T>::type& work,
                  philox* random) {
    if constexpr (BatchLayer<L>)
        L::forward_rows(l, rows, work, random);
    else
        for (std::size_t r = 0; r < rows.rows; ++r) L::forward(l, rows.row(r), rows.row_out(r));
}

/// dx = nullptr where nobody asks for it.
template <class L, class T>
void backward_rows(layer_values<const T> l, const layer_rows<T>& rows, const T* dz, T* dx, std::span<T> dp,
                   typename work_of<L, T>::type& work) {
    if constexpr (BatchLayer<L>)
        L::backward_rows(l, rows, dz, dx, dp, work);
    else
        for (std::size_t r = 0; r < rows.rows; ++r)
            L::backward(l, rows.row(r), std::span<const T>(rows.row_out(r)),
                        std::span<const T>(dz + r * rows.out, rows.out),
                        std::span<T>(dx + r * rows.in, rows.in), dp);
}

} // namespace detail

} // namespace tenon
