#pragma once

// quantile_transform: every column to a uniform or normal distribution, by the ranks of its values.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/power_source.hpp>
#include <tenon/prepare/quantile_source.hpp>
#include <tenon/prepare/tally.hpp>
#include <vector>

namespace tenon::inline v0 {

/// What a column becomes.
enum class quantile_output : std::uint8_t { uniform, normal };

/// z is the share of training values below x, between 0 and 1, or the normal quantile of that share, between -5.2 and
/// 5.2. Missing values stay missing.
template <std::size_t W, class T>
struct fitted_quantile_transform {
    static constexpr std::string_view name = "quantile_transform";
    static constexpr std::size_t in = W, out = W;
    using scalar = T;

    storage<T, dynamic>
        quantiles;           ///< of the first column from the smallest value to the largest, then the next
    std::uint8_t output = 0; ///< a quantile_output
    held_width<W> width;

    std::size_t width_in() const noexcept { return width(); }
    std::size_t width_out() const noexcept { return width(); }

    void operator()(row<W, T> x, row_out<W, T> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) {
            z[i] = x[i];
            if (x[i] != x[i]) continue;
            const double share = share_of(i, x[i]);
            z[i] = static_cast<T>(is_normal() ? normal_of(share) : share);
        }
    }
    /// Between the smallest and the largest training value, which stand for all that lies beyond them.
    void inverse(row<W, T> z, row_out<W, T> x) const noexcept {
        for (std::size_t i = 0; i < z.size(); ++i) {
            x[i] = z[i];
            if (z[i] == z[i]) x[i] = value_of(i, static_cast<double>(z[i]));
        }
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("quantiles", self.quantiles);
        visit("output", self.output);
        if constexpr (W == dynamic) visit("width", self.width.value);
    }
    /// Whether the fields agree after loading.
    bool is_consistent() const noexcept {
        if (output > 1 || width() == 0 || quantiles.size() == 0 || quantiles.size() % width() != 0)
            return false;
        const std::size_t n = count();
        for (std::size_t i = 1; i < quantiles.size(); ++i)
            if (i % n != 0 && !(quantiles[i - 1] <= quantiles[i])) return false;
        return true;
    }
    /// The text for the output that the options chose.
    std::string source() const {
        std::string text =
            detail::concat({"constexpr int count = ", count(), ";\n", detail::share_of_source});
        if (is_normal()) detail::append(text, {detail::log_of_source, detail::normal_of_source});
        detail::append(text, {"for (int i = 0; i < in; ++i) {\n"
                              "    const double share = share_of(quantiles + i * count, x[i]);\n"
                              "    z[i] = x[i] == x[i] ? static_cast<scalar>(",
                              is_normal() ? "normal_of(share)" : "share",
                              ") : x[i];\n"
                              "}"});
        return text;
    }

private:
    /// scipy's norm.ppf(1e-7): what lies nearer to the ends than a share of 1e-7 is clipped to it.
    static constexpr double normal_end = 5.199337582605575;

    bool is_normal() const noexcept { return output == static_cast<std::uint8_t>(quantile_output::normal); }
    std::size_t count() const noexcept { return quantiles.size() / width(); }

    /// The first of the n ascending values that is not below x (or, with `is_above`, that is above x).
    static std::size_t find(const T* values, std::size_t n, T x, bool is_above) noexcept {
        std::size_t first = 0;
        while (n > 0) {
            const std::size_t half = n / 2;
            const T v = values[first + half];
            if (v < x || (is_above && v == x)) {
                first += half + 1;
                n -= half + 1;
            } else {
                n = half;
            }
        }
        return first;
    }

    double share_of(std::size_t column, T x) const noexcept {
        const std::size_t n = count();
        const T* const values = quantiles.data() + column * n;
        if (x <= values[0]) return 0;
        if (x >= values[n - 1]) return 1;
        const std::size_t first = find(values, n, x, false), last = find(values, n, x, true);
        const auto steps = static_cast<double>(n - 1);
        // Equal quantiles: the middle of their shares, as interpolating up and down and taking the mean gives.
        if (first < last) return (static_cast<double>(first) + static_cast<double>(last - 1)) / 2 / steps;
        // Halves, so that no difference overflows.
        const double low = static_cast<double>(values[first - 1]) / 2;
        const double high = static_cast<double>(values[first]) / 2;
        const double part = (static_cast<double>(x) / 2 - low) / (high - low);
        return (static_cast<double>(first - 1) + part) / steps;
    }

    static double normal_of(double share) noexcept {
        if (share <= 1e-7) return -normal_end;
        if (share >= 1 - 1e-7) return normal_end;
        return detail::standard_normal_quantile(std::llround((share - 0.5) * 0x1p54));
    }

    T value_of(std::size_t column, double z) const noexcept {
        const std::size_t n = count();
        const T* const values = quantiles.data() + column * n;
        const double end = is_normal() ? normal_end : 1;
        if (z <= (is_normal() ? -end : 0)) return values[0];
        if (z >= end) return values[n - 1];
        const double share = is_normal() ? std::erfc(-z / std::sqrt(2.0)) / 2 : z;
        const double place = share * static_cast<double>(n - 1);
        const auto below = static_cast<std::size_t>(place);
        if (below + 1 >= n) return values[n - 1];
        return static_cast<T>(std::lerp(static_cast<double>(values[below]),
                                        static_cast<double>(values[below + 1]),
                                        place - static_cast<double>(below)));
    }
};

struct quantile_transform_options {
    std::size_t quantiles = 1000; ///< at most; never more than there are rows
    quantile_output output = quantile_output::uniform;
};

/// Made by quantile_transform(options).
struct quantile_transform_spec : stage<role::preprocessor> {
    quantile_transform_options options;
    explicit quantile_transform_spec(quantile_transform_options o = {}) : options(o) {}

    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_quantile_transform<In::width, typename In::scalar>;

    /// A mergeable fold over the columns' values, to the last bit.
    struct state {
        static constexpr bool keeps_all_values = true;
        explicit state(std::size_t width) : values(width) {}
        column_tallies values;
        std::size_t rows = 0;
    };
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        s.values.update(x);
        s.rows += x.rows();
    }
    static void merge(state& into, const state& other) {
        into.values.merge(other.values);
        into.rows += other.rows;
    }
    template <class F>
    F finish(std::type_identity<F>, const state& s, std::span<const column_info> columns) const {
        using T = typename F::scalar;
        const std::size_t width = s.values.width();
        const std::size_t count = options.quantiles < s.rows ? options.quantiles : s.rows;
        if (options.quantiles == 0)
            detail::fail<fit_error>({"quantile_transform: give 1 quantile or more, not 0"});
        F f{storage<T, dynamic>(width * count), static_cast<std::uint8_t>(options.output),
            held_width<F::in>(width)};
        for (std::size_t c = 0; c < width; ++c) {
            if (s.values[c].count() == 0)
                detail::fail<data_error>(
                    {"quantile_transform: column '", columns[c].name, "' has no value to learn from"});
            const std::vector<double> sorted = s.values[c].sorted();
            for (std::size_t k = 0; k < count; ++k)
                f.quantiles[c * count + k] = static_cast<T>(quantile_of(sorted, k, count));
        }
        return f;
    }

    template <class F, class T, class Y>
    F fit(std::type_identity<F> type, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        state s(x.columns());
        update(s, x);
        return finish(type, s, columns);
    }

private:
    /// Quantile k of `count` of ascending values. Its place is a fraction of integers: a rounded one would pull equal
    /// quantiles apart, and with them the shares between which the values of a tie lie.
    static double quantile_of(const std::vector<double>& sorted, std::uint64_t k, std::uint64_t count) {
        const std::uint64_t steps = count > 1 ? count - 1 : 1;
        const std::uint64_t place = k * (sorted.size() - 1);
        const double* const below = sorted.data() + place / steps;
        if (place % steps == 0) return *below;
        return std::lerp(below[0], below[1], static_cast<double>(place % steps) / static_cast<double>(steps));
    }
};

/// Every column through its own distribution function, to a uniform or a normal distribution: as scikit-learn's
/// QuantileTransformer without its subsample. Between the quantiles it interpolates; beyond them lie 0 and 1, or -5.2
/// and 5.2. A constant column becomes 0 (normal: -5.2). Missing values are left out of the statistics and stay missing;
/// data_error for a column without any value. For the normal output scikit-learn takes whatever lies within 1e-7 of a
/// column's ends for its ends, this whatever lies within 1e-7 of the share: small columns keep their shape. And its
/// quantiles of equal values may differ by rounding, which moves the shares of ties; these are equal.
///
///     quantile_transform({.quantiles = 100, .output = tenon::quantile_output::normal})
inline auto quantile_transform(quantile_transform_options options = {}) {
    return pipeline{quantile_transform_spec(options)};
}

} // namespace tenon
