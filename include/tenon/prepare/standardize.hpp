#pragma once

// standardize: every column to mean 0 and standard deviation 1.

#include <cmath>
#include <string>
#include <string_view>
#include <tenon/core/matrix.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/moments.hpp>

namespace tenon::inline v0 {

/// z = (x - mean) · inverse_scale, column by column.
template <std::size_t W, class T>
struct fitted_standardize {
    static constexpr std::string_view name = "standardize";
    static constexpr std::size_t in = W, out = W;
    using scalar = T;

    storage<T, W> mean;
    storage<T, W> inverse_scale;

    std::size_t width_in() const noexcept { return mean.size(); }
    std::size_t width_out() const noexcept { return mean.size(); }

    void operator()(row<W, T> x, row_out<W, T> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) z[i] = (x[i] - mean[i]) * inverse_scale[i];
    }
    void inverse(row<W, T> z, row_out<W, T> x) const noexcept {
        for (std::size_t i = 0; i < z.size(); ++i) x[i] = z[i] / inverse_scale[i] + mean[i];
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("mean", self.mean);
        visit("inverse_scale", self.inverse_scale);
    }
    /// Whether the fields agree after loading.
    bool is_consistent() const noexcept { return mean.size() == inverse_scale.size(); }
    /// C++ for the generated header: from x[in] to z[out].
    static std::string source() {
        return "for (int i = 0; i < in; ++i) z[i] = (x[i] - mean[i]) * inverse_scale[i];";
    }
};

/// Made by standardize().
struct standardize_spec : stage<role::preprocessor> {
    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_standardize<In::width, typename In::scalar>;

    /// The statistics are a mergeable fold: any split of the rows, merged in any order, gives the single pass.
    using state = column_moments;
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        s.update(x);
    }
    static void merge(state& into, const state& other) { into.merge(other); }
    template <class F>
    static F finish(std::type_identity<F>, const state& s) {
        using T = typename F::scalar;
        F f{storage<T, F::in>(s.width()), storage<T, F::in>(s.width())};
        for (std::size_t c = 0; c < s.width(); ++c) {
            f.mean[c] = static_cast<T>(s.mean(c));
            f.inverse_scale[c] = static_cast<T>(s.is_constant(c) ? 1.0 : 1.0 / std::sqrt(s.variance(c)));
        }
        return f;
    }

    template <class F, class T, class Y>
    F fit(std::type_identity<F> type, matrix_view<const T> x, vector_view<const Y>) const {
        state s(x.columns());
        update(s, x);
        return finish(type, s);
    }
};

/// Every column to mean 0 and standard deviation 1 (of the training rows, divided by n as in scikit-learn).
/// Constant columns are only centred. Missing values are left out of the statistics and stay missing.
inline auto standardize() {
    return pipeline{standardize_spec{}};
}

} // namespace tenon
