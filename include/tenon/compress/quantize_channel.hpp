#pragma once

// How features and weights become bytes: scales and zero points for a row of features, and the weights and bias of one
// output, from ranges and a dense layer.

#include <tenon/compress/calibration.hpp>
#include <tenon/compress/int8.hpp>
#include <tenon/compress/int8_layout.hpp>
#include <tenon/model/dense_network.hpp>
#include <vector>

namespace tenon::inline v0::detail {

/// How the values in front of a layer are bytes: value i = scale / 2^shifts[i] · (byte - zeros[i]).
struct byte_row {
    double scale;
    std::vector<std::uint8_t> shifts;
    std::vector<std::int32_t> zeros;

    double scale_of(std::size_t i) const noexcept { return int8_inputs{scale, shifts, zeros}.scale_of(i); }
    /// The part of a zero point that lies within the bytes and is folded in integers; the rest joins the bias.
    std::int32_t center(std::size_t i) const noexcept {
        return zeros[i] < 0 ? 0 : zeros[i] > 255 ? 255 : zeros[i];
    }
};

/// How far from zero, in steps, the middle of a feature's range may lie.
inline constexpr double reach = farthest_zero / 2.0;

/// The step of bytes that cover a range: a constant is covered together with zero, and a narrow range far from zero is
/// widened until its zero point is in reach.
inline double step_over(value_range& range) noexcept {
    if (range.is_empty()) range = {0, 0};
    if (range.low == range.high) range.include(0);
    const double step = range.high / 255 - range.low / 255;
    const double least = (-range.low > range.high ? -range.low : range.high) / reach;
    return step > least ? step : least;
}

/// Each feature takes the finest scale that covers it, among the widest feature's divided by powers of two.
inline byte_row bytes_of_features(std::vector<value_range> features) {
    const std::size_t n = features.size();
    byte_row x{0, std::vector<std::uint8_t>(n), std::vector<std::int32_t>(n)};
    std::vector<double> steps(n);
    for (std::size_t i = 0; i < n; ++i) {
        steps[i] = step_over(features[i]);
        x.scale = steps[i] > x.scale ? steps[i] : x.scale;
    }
    if (!(x.scale > smallest_scale)) x.scale = 1;
    if (x.scale > largest_scale) x.scale = largest_scale;
    for (std::size_t i = 0; i < n; ++i) {
        double scale = x.scale;
        for (; steps[i] > 0 && scale / 2 >= steps[i] && x.shifts[i] < 255; ++x.shifts[i]) scale /= 2;
        const double middle = (features[i].low / 2 + features[i].high / 2) / scale;
        const double reached = middle < -reach ? -reach : middle > reach ? reach : middle;
        x.zeros[i] = static_cast<std::int32_t>(round_half_even(127.5 - reached));
    }
    return x;
}

inline byte_row bytes_of_activations(affine bytes, std::size_t n) {
    return {bytes.scale, std::vector<std::uint8_t>(n), std::vector<std::int32_t>(n, bytes.zero)};
}

/// The weights into one output as bytes.
struct int8_channel {
    std::vector<std::int8_t> weights;
    double unit = 1;         ///< what 1 in the sum is worth
    double constant = 0;     ///< the bias, with the parts of zero points that lie beyond the bytes
    std::int64_t folded = 0; ///< Σ center · weight, which the bias takes off
    std::int64_t most = 0;   ///< the largest sum without the bias
};

/// `output_step` is what a step of the output's bytes is worth. Where the bias is part of the sum, the scale is widened
/// until it fits.
template <class T>
int8_channel quantize_channel(const dense_layer<T>& d, std::size_t o, const byte_row& x, double output_step,
                              bool sums_bias) {
    int8_channel channel;
    channel.constant = static_cast<double>(d.biases[o]);
    std::vector<double> scaled(d.inputs);
    double widest = 0;
    for (std::size_t i = 0; i < d.inputs; ++i) {
        const double w = static_cast<double>(d.weights[i * d.outputs + o]), scale = x.scale_of(i);
        scaled[i] = w * (scale / x.scale);
        widest = scaled[i] > widest ? scaled[i] : -scaled[i] > widest ? -scaled[i] : widest;
        channel.constant += w * scale * (x.center(i) - x.zeros[i]);
    }
    double step = widest / 127;
    if (!(step * x.scale > smallest_scale * smallest_scale))
        step = output_step / x.scale; // all zero: a factor of 1
    if (sums_bias) {
        const double room = INT32_MAX - 255.0 * 127.0 * static_cast<double>(d.inputs);
        const double least = (channel.constant < 0 ? -channel.constant : channel.constant) / room / x.scale;
        step = least > step ? least : step;
    }
    channel.unit = x.scale * step;
    for (std::size_t i = 0; i < d.inputs; ++i) {
        const std::int64_t q = round_half_even(scaled[i] / step);
        const std::int64_t w = q < -127 ? -127 : q > 127 ? 127 : q;
        channel.weights.push_back(static_cast<std::int8_t>(w));
        channel.folded += w * x.center(i);
        channel.most += 255 * (w < 0 ? -w : w);
    }
    return channel;
}

/// The bias of a sum; it saturates before a sum can leave int32.
inline std::int32_t quantize_bias(const int8_channel& channel) noexcept {
    const double most = static_cast<double>(INT32_MAX - channel.most), bias = channel.constant / channel.unit;
    const double bounded = bias < -most ? -most : bias > most ? most : bias;
    return static_cast<std::int32_t>(round_half_even(bounded) - channel.folded);
}

} // namespace tenon::inline v0::detail
