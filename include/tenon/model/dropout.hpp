#pragma once

// Dropout (Srivastava et al., JMLR 2014).

#include <cstdint>
#include <tenon/core/error.hpp>
#include <tenon/model/layer.hpp>
#include <vector>

namespace tenon::inline v0 {

/// While it is trained, each value is zero with probability `rate` and divided by 1 - rate else; in prediction all pass.
struct dropout_layer {
    static constexpr std::string_view name = "dropout";
    static constexpr std::size_t width_out(std::size_t in) noexcept { return in; }
    static constexpr std::size_t constant_count(std::size_t) noexcept { return 1; }
    double rate;

    template <class T>
    void start(layer_values<T> l, layer_place, philox&) const {
        if (!(rate >= 0 && rate < 1))
            detail::fail<fit_error>({"dropout: the rate is from 0 to below 1, not ", rate});
        l.constants[0] = static_cast<T>(rate);
    }
    template <class T>
    static void forward(layer_values<const T>, std::span<const T> x, std::span<T> z) noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) z[i] = x[i];
    }

    template <class T>
    using work = std::vector<T>; // by what each value was multiplied
    template <class T>
    static void forward_rows(layer_values<const T> l, const layer_rows<T>& rows, std::vector<T>& factors,
                             philox* random) {
        const std::size_t n = rows.rows * rows.in;
        const double rate = static_cast<double>(l.constants[0]);
        const T kept = static_cast<T>(1 / (1 - rate));
        const auto threshold = static_cast<std::uint64_t>(rate * 4294967296.0);
        if (factors.size() < n) factors.resize(n);
        for (std::size_t i = 0; i < n; ++i) {
            factors[i] = random == nullptr ? T{1} : (*random)() < threshold ? T{0} : kept;
            rows.z[i] = rows.x[i] * factors[i];
        }
    }
    template <class T>
    static void backward_rows(layer_values<const T>, const layer_rows<T>& rows, const T* dz, T* dx,
                              std::span<T>, std::vector<T>& factors) {
        if (dx == nullptr) return;
        for (std::size_t i = 0; i < rows.rows * rows.in; ++i) dx[i] = dz[i] * factors[i];
    }
};

/// A layer that leaves out each value with this probability, in training only: dropout(0.2).
constexpr dropout_layer dropout(double rate) noexcept {
    return {rate};
}

} // namespace tenon
