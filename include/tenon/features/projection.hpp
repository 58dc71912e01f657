#pragma once

// What pca and truncated_svd fit to: a few directions onto which rows are projected, and how they are found.

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/fixed_string.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/core/widths.hpp>
#include <tenon/features/finite.hpp>
#include <tenon/features/scatter.hpp>
#include <tenon/features/symmetric_eigen.hpp>
#include <vector>

namespace tenon::inline v0 {

/// z_k = scale_k · Σ_i (x_i - mean_i) · component_k,i; without means and scales where it is not Centred.
template <fixed_string Name, bool Centred, std::size_t W, std::size_t K, class T>
struct fitted_projection {
    static constexpr std::string_view name = Name.view();
    static constexpr std::size_t in = W, out = K;
    using scalar = T;

    storage<T, Centred ? W : 0> mean;
    storage<T, multiply_widths(W, K)> components; ///< component k of column i at [i * K + k]
    storage<T, Centred ? K : 0> scale;            ///< 1, or what whitening makes it
    storage<T, K> explained_variance;             ///< of each output over the training rows
    storage<T, K> explained_variance_ratio;       ///< its share of the sum of all columns' variances

    std::size_t width_in() const noexcept { return components.size() / K; }
    static constexpr std::size_t width_out() noexcept { return K; }
    /// Of column i in component k.
    T loading(std::size_t k, std::size_t i) const noexcept { return components[i * K + k]; }

    void operator()(row<W, T> x, row_out<K, T> z) const noexcept {
        std::array<T, K> sum{};
        for (std::size_t i = 0; i < x.size(); ++i) {
            T v = x[i];
            if constexpr (Centred) v -= mean[i];
            const T* const loadings = components.data() + i * K;
            for (std::size_t k = 0; k < K; ++k) sum[k] += v * loadings[k];
        }
        for (std::size_t k = 0; k < K; ++k) {
            z[k] = sum[k];
            if constexpr (Centred) z[k] *= scale[k];
        }
    }
    /// The point of the K directions that z stands for; the row itself where K is all columns.
    void inverse(row<K, T> z, row_out<W, T> x) const noexcept {
        std::array<T, K> along{};
        for (std::size_t k = 0; k < K; ++k) {
            along[k] = z[k];
            if constexpr (Centred) along[k] /= scale[k];
        }
        for (std::size_t i = 0; i < x.size(); ++i) {
            T sum = 0;
            for (std::size_t k = 0; k < K; ++k) sum += along[k] * loading(k, i);
            if constexpr (Centred) sum += mean[i];
            x[i] = sum;
        }
    }

    /// pca0, pca1 …
    std::vector<column_info> describe(std::span<const column_info>) const {
        std::vector<column_info> all;
        for (std::size_t k = 0; k < K; ++k) all.push_back({detail::concat({name, k}), false, {}});
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        if constexpr (Centred) visit("mean", self.mean);
        visit("components", self.components);
        if constexpr (Centred) visit("scale", self.scale);
        visit("explained_variance", self.explained_variance);
        visit("explained_variance_ratio", self.explained_variance_ratio);
    }
    /// Whether the fields agree after loading.
    bool is_consistent() const noexcept {
        const std::size_t width = Centred ? mean.size() : width_in();
        return width > 0 && components.size() == width * K;
    }
    static std::string source() {
        return detail::concat({"scalar sum[out] = {};\n"
                               "for (int i = 0; i < in; ++i)\n"
                               "    for (int k = 0; k < out; ++k) sum[k] += ",
                               Centred ? "(x[i] - mean[i])" : "x[i]",
                               " * components[i * out + k];\n"
                               "for (int k = 0; k < out; ++k) z[k] = sum[k]",
                               Centred ? " * scale[k];" : ";"});
    }
};

namespace detail {

/// Throws data_error where K directions cannot be told from so few columns and rows.
template <class Lazy = void>
void check_projection(std::string_view stage, std::size_t k, std::size_t least_rows, std::size_t width,
                      double rows) {
    if (k > width) fail<data_error>({stage, ": asked for ", k, " components, there are ", width, " columns"});
    const std::size_t needed = k > least_rows ? k : least_rows;
    if (rows < static_cast<double>(needed))
        fail<data_error>(
            {stage, ": ", k, " components need at least ", needed, " rows, the data have ", rows});
}

/// Writes the directions of the K largest values, the largest loading of each positive (the first of equals).
template <class F>
void assign_components(F& f, const eigen_pairs& pairs) {
    for (std::size_t k = 0; k < F::out; ++k) {
        const std::span<const double> v = pairs.vectors.row(k);
        std::size_t largest = 0;
        for (std::size_t i = 0; i < v.size(); ++i)
            if (std::abs(v[i]) > std::abs(v[largest])) largest = i;
        const double sign = v[largest] < 0 ? -1 : 1;
        for (std::size_t i = 0; i < v.size(); ++i)
            f.components[i * F::out + k] = static_cast<typename F::scalar>(sign * v[i]);
    }
}

/// Writes the variance of output k, and its share of that of all columns; 0 where nothing varies.
template <class F>
void assign_variance(F& f, std::size_t k, double variance, double total) {
    using T = typename F::scalar;
    if (!(variance > 0)) variance = 0; // rounding
    f.explained_variance[k] = static_cast<T>(variance);
    f.explained_variance_ratio[k] = static_cast<T>(total > 0 ? variance / total : 0);
}

} // namespace detail

} // namespace tenon
