#pragma once

// Which values the features and the activations of a network take on the training rows: what their bytes must cover.

#include <limits>
#include <span>
#include <tenon/core/matrix.hpp>
#include <vector>

namespace tenon::inline v0 {

/// The smallest and the largest of some values; what is not finite is passed over.
struct value_range {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    constexpr bool is_empty() const noexcept { return low > high; }
    constexpr void include(double v) noexcept {
        if (!(v - v == 0)) return;
        low = v < low ? v : low;
        high = v > high ? v : high;
    }
};

/// The ranges met on some rows.
struct calibration {
    std::vector<value_range> features; ///< one a feature
    std::vector<value_range> before;   ///< of each hidden layer before its activation
    std::vector<value_range> after;    ///< and behind it
};

namespace detail {

/// Rows that go through a layer together, so that each weight is read once for all of them.
inline constexpr std::size_t rows_at_once = 16;

/// Weights times rows, plus biases.
template <class Layer, class T>
void run_dense_layer(const Layer& d, const matrix<T>& x, std::size_t rows, matrix<T>& out) {
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t o = 0; o < d.outputs; ++o) out(r, o) = d.biases[o];
    for (std::size_t i = 0; i < d.inputs; ++i) {
        const T* const w = d.weights.data() + i * d.outputs;
        for (std::size_t r = 0; r < rows; ++r) {
            const T v = x(r, i);
            T* const sums = out.row(r).data();
            for (std::size_t o = 0; o < d.outputs; ++o) sums[o] += v * w[o];
        }
    }
}

} // namespace detail

/// Runs all rows of x through the hidden layers of m (a dense network) and notes the ranges.
template <class M>
calibration calibrate(const M& m, matrix_view<const typename M::scalar> x) {
    using T = typename M::scalar;
    constexpr std::size_t hidden = M::layers - 1;
    calibration ranges;
    ranges.features.resize(m.inputs());
    ranges.before.resize(hidden);
    ranges.after.resize(hidden);
    for (std::size_t first = 0; first < x.rows(); first += detail::rows_at_once) {
        const std::size_t left = x.rows() - first;
        const std::size_t rows = left < detail::rows_at_once ? left : detail::rows_at_once;
        matrix<T> values(rows, m.inputs());
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t i = 0; i < m.inputs(); ++i) {
                values(r, i) = x(first + r, i);
                ranges.features[i].include(static_cast<double>(values(r, i)));
            }
        for (std::size_t l = 0; l < hidden; ++l) {
            const auto d = m.layer(l);
            matrix<T> next(rows, d.outputs);
            detail::run_dense_layer(d, values, rows, next);
            for (std::size_t k = 0; k < rows * d.outputs; ++k) {
                T& v = next.data()[k];
                ranges.before[l].include(static_cast<double>(v));
                v = M::activation::apply(v);
                ranges.after[l].include(static_cast<double>(v));
            }
            values = std::move(next);
        }
    }
    return ranges;
}

/// What is left of a range when the parts at its ends go over which Act stays within `step` of its value at that end, as
/// tanh does far from zero: bytes are better spent on the rest. Contains zero.
template <class Act>
value_range where_it_bends(value_range whole, double step) {
    const auto inwards = [&](double end) {
        double last = end;
        for (int k = 0; k < 1000; ++k) {
            const double next = 0.98 * last;
            const double moved = Act::apply(next) - Act::apply(end);
            if (moved > step || moved < -step) break;
            last = next;
        }
        return last;
    };
    return {inwards(whole.low < 0 ? whole.low : 0), inwards(whole.high > 0 ? whole.high : 0)};
}

} // namespace tenon::inline v0
