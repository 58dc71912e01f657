#pragma once

// yeo_johnson: every column through the power that makes it look most like a normal distribution (Yeo and Johnson,
// "A new family of power transformations to improve normality or symmetry", Biometrika 87, 2000).

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/moments.hpp>
#include <tenon/prepare/power_source.hpp>
#include <tenon/prepare/yeo_johnson_fit.hpp>
#include <vector>

namespace tenon::inline v0 {

/// z = (y - mean) · inverse_scale with y = ((1 + x)^lambda - 1) / lambda for x >= 0 and
/// -((1 - x)^(2 - lambda) - 1) / (2 - lambda) below, logarithms where an exponent is 0. Missing values stay missing.
/// Computed in double.
template <std::size_t W, class T>
struct fitted_yeo_johnson {
    static constexpr std::string_view name = "yeo_johnson";
    static constexpr std::size_t in = W, out = W;
    using scalar = T;

    storage<T, W> lambda;
    storage<T, W> mean;
    storage<T, W> inverse_scale;

    std::size_t width_in() const noexcept { return lambda.size(); }
    std::size_t width_out() const noexcept { return lambda.size(); }

    void operator()(row<W, T> x, row_out<W, T> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double y =
                detail::yeo_johnson_of(static_cast<double>(x[i]), static_cast<double>(lambda[i]));
            z[i] = static_cast<T>((y - static_cast<double>(mean[i])) * static_cast<double>(inverse_scale[i]));
        }
    }
    /// What no x can give (where the exponent bounds y) has no way back: NaN, or infinity on the bound.
    void inverse(row<W, T> z, row_out<W, T> x) const noexcept {
        for (std::size_t i = 0; i < z.size(); ++i) {
            const double y = static_cast<double>(z[i]) / static_cast<double>(inverse_scale[i]) +
                             static_cast<double>(mean[i]);
            x[i] = static_cast<T>(detail::yeo_johnson_back(y, static_cast<double>(lambda[i])));
        }
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("lambda", self.lambda);
        visit("mean", self.mean);
        visit("inverse_scale", self.inverse_scale);
    }
    /// Whether the fields agree after loading.
    bool is_consistent() const noexcept {
        return mean.size() == lambda.size() && inverse_scale.size() == lambda.size();
    }
    static std::string source() {
        return detail::concat(
            {detail::log_of_source, detail::log_1p_source, detail::exp_m1_source,
             "for (int i = 0; i < in; ++i) {\n"
             "    const double p = x[i] >= 0 ? lambda[i] : 2.0 - lambda[i];\n"
             "    const double u = log_1p(x[i] < 0 ? -x[i] : x[i]);\n"
             "    const double size = p > -2.3e-16 && p < 2.3e-16 ? u : exp_m1(p * u) / p;\n"
             "    z[i] = static_cast<scalar>(((x[i] < 0 ? -size : size) - mean[i]) * inverse_scale[i]);\n"
             "}"});
    }
};

struct yeo_johnson_options {
    bool standardize = true; ///< give what comes out mean 0 and deviation 1
};

/// Made by yeo_johnson(options).
struct yeo_johnson_spec : stage<role::preprocessor> {
    yeo_johnson_options options;
    explicit yeo_johnson_spec(yeo_johnson_options o = {}) : options(o) {}

    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_yeo_johnson<In::width, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        const std::size_t width = x.columns();
        F f{storage<T, F::in>(width), storage<T, F::in>(width), storage<T, F::in>(width)};
        std::vector<double> values;
        for (std::size_t c = 0; c < width; ++c) {
            values.clear();
            for (std::size_t r = 0; r < x.rows(); ++r)
                if (x(r, c) == x(r, c)) values.push_back(static_cast<double>(x(r, c)));
            f.lambda[c] = static_cast<T>(lambda_of<T>(values, columns[c]));
            f.inverse_scale[c] = 1;
            if (!options.standardize) continue;
            const column_moments moments = moments_with(values, static_cast<double>(f.lambda[c]));
            f.mean[c] = static_cast<T>(moments.mean(0));
            if (!moments.is_constant(0))
                f.inverse_scale[c] = static_cast<T>(1 / std::sqrt(moments.variance(0)));
        }
        return f;
    }

private:
    static column_moments moments_of(const std::vector<double>& values) {
        column_moments moments(1);
        moments.update(matrix_view<const double>(values.data(), values.size(), 1));
        return moments;
    }
    /// Of the transformed values.
    static column_moments moments_with(std::vector<double> values, double lambda) {
        for (double& v : values) v = detail::yeo_johnson_of(v, lambda);
        return moments_of(values);
    }

    template <class T>
    static double lambda_of(const std::vector<double>& values, const column_info& column) {
        if (values.empty())
            detail::fail<data_error>({"yeo_johnson: column '", column.name, "' has no value to learn from"});
        double low = values[0], high = values[0];
        for (const double v : values) {
            low = v < low ? v : low;
            high = v > high ? v : high;
        }
        const double largest = -low > high ? -low : high;
        if (largest < 1e-140 || is_constant(values, largest)) return 1;
        const auto range = detail::yeo_johnson_limits<T>(largest, low < 0, high >= 0);
        if (!(range.low < range.high))
            detail::fail<data_error>({"yeo_johnson: column '", column.name, "' reaches from ", low, " to ",
                                      high, ", too far to both sides of 0 for a power of it"});
        detail::yeo_johnson_slope slope(values);
        double lambda = detail::zero_of_falling(slope, range.low, range.high);
        // A power that makes one number of different values helps no one, however likely.
        const double mildest = 1 < range.low ? range.low : 1 > range.high ? range.high : 1;
        for (int step = 0; step < 60 && !keeps_apart<T>(values, lambda); ++step)
            lambda = mildest + (lambda - mildest) / 2;
        return lambda;
    }

    /// Whether the values differ by no more than rounding.
    static bool is_constant(std::vector<double> values, double largest) {
        for (double& v : values) v /= largest; // so that no square overflows
        return moments_of(values).is_constant(0);
    }

    /// Whether the transformed values differ in more than the last 13 binary digits of T.
    template <class T>
    static bool keeps_apart(const std::vector<double>& values, double lambda) {
        const column_moments moments = moments_with(values, lambda);
        const double noise =
            0x1p13 * static_cast<double>(std::numeric_limits<T>::epsilon()) * moments.mean(0);
        return moments.variance(0) >= noise * noise;
    }
};

/// Every column through the Yeo-Johnson transform with the exponent `lambda` that is most likely for its training
/// values, then, unless `.standardize = false`, to mean 0 and standard deviation 1: as scikit-learn's PowerTransformer.
///
/// Missing values are left out of the statistics and stay missing; data_error for a column without any value. Constant
/// columns, and those without a value above 1e-140 in size, keep the exponent 1, which changes nothing. Values up to 20
/// times the largest training value do not overflow, nor do their squares; columns with large values on both sides of
/// 0 (above 1e145 in double, 1e14 in float) are a data_error. Where the likeliest exponent would bring the values so
/// close together that they differ in their last 13 binary digits only (a deviation of 2e-12 of their mean, in float of
/// 1e-3), it is moved towards 1 until they no longer do; scikit-learn then standardizes rounding errors.
///
///     yeo_johnson()   yeo_johnson({.standardize = false})
inline auto yeo_johnson(yeo_johnson_options options = {}) {
    return pipeline{yeo_johnson_spec(options)};
}

} // namespace tenon
