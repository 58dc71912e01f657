#pragma once

// Where the range of a column is cut, into bins or between knots: by_width and by_quantile.

#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>

namespace tenon::inline v0 {

/// Edge i of `parts` parts (0 to parts) and knot i of `knots` knots (from 0), of the ascending values of a column.
struct by_width_rule {
    static double edge(std::span<const double> values, std::size_t i, std::size_t parts) noexcept {
        if (i == parts) return values.back();
        const double step = (values.back() - values.front()) / static_cast<double>(parts);
        return values.front() + static_cast<double>(i) * step;
    }
    static double knot(std::span<const double> values, std::size_t i, std::size_t knots) noexcept {
        return edge(values, i, knots - 1);
    }
};
struct by_quantile_rule {
    /// Half-way between neighbours where i parts are exactly so many values, else the value itself.
    static double edge(std::span<const double> values, std::size_t i, std::size_t parts) noexcept {
        const std::size_t n = values.size(), at = i * n / parts;
        if (i == 0) return values.front();
        if (i == parts) return values.back();
        return i * n % parts == 0 ? values[at - 1] / 2 + values[at] / 2 : values[at];
    }
    /// Interpolated between neighbours.
    static double knot(std::span<const double> values, std::size_t i, std::size_t knots) noexcept {
        const std::size_t steps = i * (values.size() - 1), below = steps / (knots - 1);
        const double weight = static_cast<double>(steps % (knots - 1)) / static_cast<double>(knots - 1);
        return weight == 0 ? values[below] : std::lerp(values[below], values[below + 1], weight);
    }
};

/// Parts of equal width.
inline constexpr by_width_rule by_width{};
/// Parts that hold about equally many training values.
inline constexpr by_quantile_rule by_quantile{};

template <class R>
concept CutRule = requires(std::span<const double> values, std::size_t n) {
    { R::edge(values, n, n) } -> std::convertible_to<double>;
    { R::knot(values, n, n) } -> std::convertible_to<double>;
};

} // namespace tenon
