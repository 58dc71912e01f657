#pragma once

// Layers that bring values to mean 0 and variance 1, then scale and shift them by parameters.

#include <cmath>
#include <tenon/core/error.hpp>
#include <tenon/model/layer.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Over each row (Ba et al., arXiv 1607.06450), epsilon 1e-5 beside the variance. Parameters: scales (1 at first), then
/// shifts.
struct layer_norm_layer {
    static constexpr std::string_view name = "layer_norm";
    static constexpr double epsilon = 1e-5;
    static constexpr std::size_t width_out(std::size_t in) noexcept { return in; }
    static constexpr std::size_t parameter_count(std::size_t in) noexcept { return 2 * in; }

    template <class T>
    static void start(layer_values<T> l, layer_place place, philox&) noexcept {
        for (T& scale : l.parameters.first(place.in)) scale = 1;
    }
    template <class T>
    static void forward(layer_values<const T> l, std::span<const T> x, std::span<T> z) noexcept {
        const moments<T> m(x);
        for (std::size_t i = 0; i < x.size(); ++i)
            z[i] = (x[i] - m.mean) * m.inverse * l.parameters[i] + l.parameters[x.size() + i];
    }
    template <class T>
    static void backward(layer_values<const T> l, std::span<const T> x, std::span<const T>,
                         std::span<const T> dz, std::span<T> dx, std::span<T> dp) noexcept {
        const std::size_t n = x.size();
        const moments<T> m(x);
        T sum = 0, product = 0; // of dz · scale, alone and with the standardized value
        for (std::size_t i = 0; i < n; ++i) {
            const T standard = (x[i] - m.mean) * m.inverse, pulled = dz[i] * l.parameters[i];
            dp[i] += dz[i] * standard;
            dp[n + i] += dz[i];
            sum += pulled;
            product += pulled * standard;
        }
        const T share = T{1} / static_cast<T>(n);
        for (std::size_t i = 0; i < n; ++i) {
            const T standard = (x[i] - m.mean) * m.inverse;
            dx[i] = m.inverse * (dz[i] * l.parameters[i] - share * (sum + standard * product));
        }
    }

private:
    template <class T>
    struct moments {
        explicit moments(std::span<const T> x) noexcept {
            const T share = T{1} / static_cast<T>(x.size());
            T squares = 0;
            for (const T v : x) mean += v * share;
            for (const T v : x) squares += (v - mean) * (v - mean) * share;
            inverse = 1 / std::sqrt(squares + static_cast<T>(epsilon));
        }
        T mean = 0, inverse = 1;
    };
};

/// Over each column of a batch (Ioffe and Szegedy, arXiv 1502.03167), epsilon 1e-5 beside the variance. In prediction by
/// running means and variances, which move a tenth of the way to each batch's (PyTorch's momentum 0.1; the running
/// variance is the unbiased one). Parameters: scales (1 at first), then shifts; constants: running means, then variances.
struct batch_norm_layer {
    static constexpr std::string_view name = "batch_norm";
    static constexpr double epsilon = 1e-5, momentum = 0.1;
    static constexpr std::size_t width_out(std::size_t in) noexcept { return in; }
    static constexpr std::size_t parameter_count(std::size_t in) noexcept { return 2 * in; }
    static constexpr std::size_t constant_count(std::size_t in) noexcept { return 2 * in; }

    template <class T>
    static void start(layer_values<T> l, layer_place place, philox&) noexcept {
        for (T& scale : l.parameters.first(place.in)) scale = 1;
        for (T& variance : l.constants.last(place.in)) variance = 1;
    }
    template <class T>
    static void forward(layer_values<const T> l, std::span<const T> x, std::span<T> z) noexcept {
        const std::size_t n = x.size();
        for (std::size_t i = 0; i < n; ++i)
            z[i] = (x[i] - l.constants[i]) / std::sqrt(l.constants[n + i] + static_cast<T>(epsilon)) *
                       l.parameters[i] +
                   l.parameters[n + i];
    }

    template <class T>
    struct work {
        std::vector<T> mean, variance, inverse; // of the batch, by column
        std::size_t rows = 0;
        bool is_trained = false;
    };
    template <class T>
    static void forward_rows(layer_values<const T> l, const layer_rows<T>& rows, work<T>& w, philox* random) {
        const std::size_t n = rows.in;
        w.is_trained = random != nullptr;
        w.rows = rows.rows;
        w.mean.assign(l.constants.begin(), l.constants.begin() + static_cast<std::ptrdiff_t>(n));
        w.variance.assign(l.constants.begin() + static_cast<std::ptrdiff_t>(n), l.constants.end());
        if (w.is_trained) {
            const T share = T{1} / static_cast<T>(rows.rows);
            for (std::size_t c = 0; c < n; ++c) w.mean[c] = w.variance[c] = 0;
            for (std::size_t r = 0; r < rows.rows; ++r)
                for (std::size_t c = 0; c < n; ++c) w.mean[c] += rows.x[r * n + c] * share;
            for (std::size_t r = 0; r < rows.rows; ++r)
                for (std::size_t c = 0; c < n; ++c) {
                    const T away = rows.x[r * n + c] - w.mean[c];
                    w.variance[c] += away * away * share;
                }
        }
        w.inverse.resize(n);
        for (std::size_t c = 0; c < n; ++c)
            w.inverse[c] = 1 / std::sqrt(w.variance[c] + static_cast<T>(epsilon));
        for (std::size_t r = 0; r < rows.rows; ++r)
            for (std::size_t c = 0; c < n; ++c)
                rows.z[r * n + c] =
                    (rows.x[r * n + c] - w.mean[c]) * w.inverse[c] * l.parameters[c] + l.parameters[n + c];
    }
    template <class T>
    static void backward_rows(layer_values<const T> l, const layer_rows<T>& rows, const T* dz, T* dx,
                              std::span<T> dp, work<T>& w) {
        const std::size_t n = rows.in;
        T* const products = dp.data(); // Σ dz · standardized value, and behind them Σ dz
        for (std::size_t c = 0; c < 2 * n; ++c) products[c] = 0;
        for (std::size_t r = 0; r < rows.rows; ++r)
            for (std::size_t c = 0; c < n; ++c) {
                const T slope = dz[r * n + c];
                products[c] += slope * (rows.x[r * n + c] - w.mean[c]) * w.inverse[c];
                products[n + c] += slope;
            }
        if (dx == nullptr) return;
        const T share = w.is_trained ? T{1} / static_cast<T>(rows.rows) : T{0};
        for (std::size_t r = 0; r < rows.rows; ++r)
            for (std::size_t c = 0; c < n; ++c) {
                const T standard = (rows.x[r * n + c] - w.mean[c]) * w.inverse[c];
                dx[r * n + c] = l.parameters[c] * w.inverse[c] *
                                (dz[r * n + c] - share * (products[n + c] + standard * products[c]));
            }
    }
    /// Moves the running statistics towards those of the batch that was trained on last.
    template <class T>
    static void keep_statistics(std::span<T> constants, const work<T>& w) noexcept {
        const std::size_t n = w.mean.size();
        const T part = static_cast<T>(momentum);
        const T unbiased = w.rows > 1 ? static_cast<T>(w.rows) / static_cast<T>(w.rows - 1) : T{1};
        for (std::size_t c = 0; c < n; ++c) {
            constants[c] += part * (w.mean[c] - constants[c]);
            constants[n + c] += part * (w.variance[c] * unbiased - constants[n + c]);
        }
    }
};

inline constexpr layer_norm_layer layer_norm{};
inline constexpr batch_norm_layer batch_norm{};

} // namespace tenon
