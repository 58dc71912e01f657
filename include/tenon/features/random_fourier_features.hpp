#pragma once

// random_fourier_features<D>(gamma, seed): D columns whose inner products are close to the kernel exp(-gamma · |x - y|²), so
// that a linear model behind them is one of that kernel (Rahimi and Recht, "Random Features for Large-Scale Kernel Machines",
// NIPS 2007).

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/features/turns.hpp>
#include <vector>

namespace tenon::inline v0 {

/// z_k = √(2/D) · cos(2π · (Σ_i x_i · weight_i,k + offset_k)): angles are in turns.
template <std::size_t W, std::size_t D, class T>
struct fitted_random_fourier_features {
    static constexpr std::string_view name = "random_fourier_features";
    static constexpr std::size_t in = W, out = D;
    using scalar = T;

    storage<T, multiply_widths(W, D)> weights; ///< of column i in feature k at [i * D + k]
    storage<T, D> offsets;
    double scale = 1; ///< √(2/D)

    std::size_t width_in() const noexcept { return weights.size() / D; }
    static constexpr std::size_t width_out() noexcept { return D; }

    void operator()(row<W, T> x, row_out<D, T> z) const noexcept {
        for (std::size_t k = 0; k < D; ++k) z[k] = offsets[k];
        for (std::size_t i = 0; i < x.size(); ++i) {
            const T* const weight = weights.data() + i * D;
            for (std::size_t k = 0; k < D; ++k) z[k] += x[i] * weight[k];
        }
        for (std::size_t k = 0; k < D; ++k)
            z[k] = static_cast<T>(scale * detail::of_turns(static_cast<double>(z[k])).cosine);
    }

    /// random0, random1 …
    std::vector<column_info> describe(std::span<const column_info>) const {
        std::vector<column_info> all;
        for (std::size_t k = 0; k < D; ++k) all.push_back({detail::concat({"random", k}), false, {}});
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("weights", self.weights);
        visit("offsets", self.offsets);
        visit("scale", self.scale);
    }
    /// Whether every column has its weights, after loading.
    bool is_consistent() const noexcept { return weights.size() > 0 && weights.size() % D == 0; }
    static std::string source() {
        return detail::concat({detail::of_turns_source,
                               "for (int k = 0; k < out; ++k) z[k] = offsets[k];\n"
                               "for (int i = 0; i < in; ++i)\n"
                               "    for (int k = 0; k < out; ++k) z[k] += x[i] * weights[i * out + k];\n"
                               "for (int k = 0; k < out; ++k) {\n"
                               "    double s = 0, c = 0;\n"
                               "    of_turns(static_cast<double>(z[k]), s, c);\n"
                               "    z[k] = static_cast<scalar>(scale * c);\n"
                               "}"});
    }
};

/// Made by random_fourier_features<D>(gamma, seed).
template <std::size_t D>
struct random_fourier_features_spec : stage<role::expander> {
    static_assert(D > 0, "random_fourier_features<D>: ask for at least one feature");
    static constexpr bool learns_nothing = true;
    double gamma;
    tenon::seed seed;
    random_fourier_features_spec(double g, tenon::seed s) : gamma(g), seed(s) {}

    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = columns<D, typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_random_fourier_features<In::width, D, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y>) const {
        if (!(gamma > 0 && gamma - gamma == 0))
            detail::fail<fit_error>({F::name, ": gamma is a positive number, not ", gamma});
        F f{storage<T, multiply_widths(F::in, D)>(x.columns() * D), storage<T, D>(D),
            std::sqrt(2 / static_cast<double>(D))};
        constexpr double a_turn = 6.283185307179586477;
        philox of_weights(seed, 0), of_offsets(seed, 1);
        const double deviation = std::sqrt(2 * gamma) / a_turn;
        for (T& w : f.weights) w = static_cast<T>(deviation * of_weights.normal());
        for (T& b : f.offsets) b = static_cast<T>(of_offsets.uniform());
        return f;
    }
};

/// The rows become D random cosines: weights w ~ N(0, 2 · gamma), offsets b uniform over a circle, √(2/D) · cos(w·x + b), as
/// scikit-learn's RBFSampler (its numbers come from another generator). The inner product of two rows is exp(-gamma · |x - y|²)
/// on average, with a standard error of at most 1/√D. Nothing but the number of columns is learned from the data, so put
/// standardize() before it where units differ. Missing and infinite values make all D columns NaN. Throws fit_error for a
/// gamma that is not positive.
///
///     standardize() | random_fourier_features<200>(0.1, tenon::seed{7})
template <std::size_t D>
auto random_fourier_features(double gamma, seed of = {}) {
    return pipeline{random_fourier_features_spec<D>(gamma, of)};
}

} // namespace tenon
