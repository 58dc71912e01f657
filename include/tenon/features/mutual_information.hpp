#pragma once

// mutual_information: how much knowing a column tells about the target, whatever the shape of the dependence, in nats. From
// the distances to nearest neighbours where there are numbers (Kraskov, Stögbauer and Grassberger, "Estimating Mutual
// Information", 2004; Ross, "Mutual Information between Discrete and Continuous Data Sets", 2014), from counts elsewhere.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <tenon/core/ascending.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/random.hpp>
#include <tenon/features/finite.hpp>
#include <tenon/features/scores.hpp>
#include <tenon/prepare/moments.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// The digamma function of a whole number from 1 up: the harmonic numbers less Euler's constant.
template <class Lazy = void>
double digamma(std::size_t n) noexcept {
    double x = static_cast<double>(n), steps = 0;
    for (; x < 16; ++x) steps += 1 / x;
    const double s = 1 / (x * x);
    return std::log(x) - 1 / (2 * x) -
           s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s / 132)))) - steps;
}

/// Ascending values, and how many of them are closer to v than a distance, v itself among them.
template <class Lazy = void>
class close_values {
public:
    explicit close_values(std::vector<double> values) : values_(std::move(values)) {
        sort_ascending(values_);
    }
    const std::vector<double>& values() const noexcept { return values_; }

    std::size_t count(double v, double distance) const noexcept {
        const auto first_where = [&](auto is_behind) {
            std::size_t low = 0, high = values_.size();
            while (low < high) {
                const std::size_t middle = low + (high - low) / 2;
                if (is_behind(values_[middle]))
                    high = middle;
                else
                    low = middle + 1;
            }
            return low;
        };
        return first_where([&](double w) { return w > v && !(w - v < distance); }) -
               first_where([&](double w) { return w >= v || v - w < distance; });
    }

private:
    std::vector<double> values_;
};

/// For each i the larger of the two distances to its k-th nearest neighbour in (a, b).
template <class Lazy = void>
std::vector<double> distances_in_plane(const std::vector<double>& a, const std::vector<double>& b,
                                       std::size_t k) {
    const std::vector<std::size_t> order = ascending_places(a.size(), [&](std::size_t i) { return a[i]; });
    std::vector<double> found(a.size()), nearest(k);
    for (std::size_t at = 0; at < order.size(); ++at) {
        const std::size_t i = order[at];
        for (double& d : nearest) d = std::numeric_limits<double>::infinity();
        // Outwards along a, the nearer side first, until a alone is farther away than the k-th so far.
        for (std::size_t low = at, high = at + 1; low > 0 || high < order.size();) {
            const double below = low > 0 ? a[i] - a[order[low - 1]] : std::numeric_limits<double>::infinity();
            const double above =
                high < order.size() ? a[order[high]] - a[i] : std::numeric_limits<double>::infinity();
            const double along = below < above ? below : above;
            if (!(along < nearest[k - 1])) break;
            const std::size_t j = below < above ? order[--low] : order[high++];
            const double across = std::abs(b[i] - b[j]);
            double d = across > along ? across : along;
            for (double& known : nearest)
                if (d < known) {
                    const double pushed = known;
                    known = d;
                    d = pushed;
                }
        }
        found[i] = nearest[k - 1];
    }
    return found;
}

/// Between two columns of numbers.
template <class Lazy = void>
double information_of_numbers(const std::vector<double>& a, const std::vector<double>& b, std::size_t k) {
    const std::vector<double> distances = distances_in_plane(a, b, k);
    const close_values<> of_a(a), of_b(b);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += digamma(of_a.count(a[i], distances[i])) + digamma(of_b.count(b[i], distances[i]));
    const double n = static_cast<double>(a.size());
    const double value = digamma(a.size()) + digamma(k) - sum / n;
    return value > 0 ? value : 0;
}

/// Between a column of numbers and classes. Values that are alone in their class are left out.
template <class Lazy = void>
double information_of_classes(const std::vector<double>& a, const std::vector<std::uint32_t>& classes,
                              std::size_t k) {
    std::size_t count = 0;
    for (const std::uint32_t c : classes) count = c < count ? count : c + std::size_t{1};
    std::vector<std::vector<double>> by_class(count);
    for (std::size_t i = 0; i < a.size(); ++i) by_class[classes[i]].push_back(a[i]);
    std::vector<double> kept;
    for (const auto& members : by_class)
        if (members.size() > 1) kept.insert(kept.end(), members.begin(), members.end());
    if (kept.empty()) return 0;
    const close_values<> all(kept);
    double sum = 0;
    for (auto& members : by_class) {
        if (members.size() < 2) continue;
        sort_ascending(members);
        const std::size_t near = k < members.size() ? k : members.size() - 1;
        for (std::size_t i = 0; i < members.size(); ++i) {
            // Of all runs of near + 1 neighbours that hold i, the one whose farther end is nearest.
            double distance = std::numeric_limits<double>::infinity();
            for (std::size_t first = i < near ? 0 : i - near; first <= i && first + near < members.size();
                 ++first) {
                const double below = members[i] - members[first], above = members[first + near] - members[i];
                const double farther = below > above ? below : above;
                distance = farther < distance ? farther : distance;
            }
            sum += digamma(near) - digamma(members.size()) - digamma(all.count(members[i], distance));
        }
    }
    const double value = digamma(kept.size()) + sum / static_cast<double>(kept.size());
    return value > 0 ? value : 0;
}

/// Between two columns of classes.
template <class Lazy = void>
double information_of_counts(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
    std::size_t rows = 0, columns = 0;
    for (const std::uint32_t v : a) rows = v < rows ? rows : v + std::size_t{1};
    for (const std::uint32_t v : b) columns = v < columns ? columns : v + std::size_t{1};
    std::vector<double> cells(rows * columns), of_a(rows), of_b(columns);
    for (std::size_t i = 0; i < a.size(); ++i) {
        cells[a[i] * columns + b[i]] += 1;
        of_a[a[i]] += 1;
        of_b[b[i]] += 1;
    }
    const double n = static_cast<double>(a.size());
    double value = 0;
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c)
            if (const double cell = cells[r * columns + c]; cell > 0)
                value += cell / n * std::log(cell / of_a[r] * (n / of_b[c]));
    return value > 0 ? value : 0;
}

} // namespace detail

/// Estimated mutual information of each column and the target, in nats: 0 says that they are independent. A number is held
/// against a number or a class by the distances to its 3 nearest neighbours, a categorical column (its levels as indices)
/// by counts where the target is a class. As scikit-learn's mutual_info_regression and mutual_info_classif with the
/// categorical columns as discrete_features.
///
/// Numbers are divided by their standard deviations and, so that equal ones have distances at all, moved by a random
/// 1e-10 of their mean size; which way depends on `seed` (scikit-learn's random_state draws others), and so do the last digits
/// of the estimate, or more where many values are equal. Constant columns and targets score 0 (in scikit-learn what the noise
/// makes of them); distances are exact also in classes of seven rows and fewer (where scikit-learn rounds them to 1e-8 and
/// comes out higher if values are equal). Throws data_error for fewer than 4 rows and for values that are missing.
struct mutual_information_score {
    static constexpr std::string_view name = "mutual_information";
    static constexpr std::size_t neighbours = 3;
    template <class Kind>
    using accepts = std::conditional_t<std::is_same_v<Kind, none> || is_several_numbers<Kind>,
                                       because::this_score_does_not_suit_the_target<mutual_information_score>,
                                       because::nothing>;

    std::uint64_t seed = 0;

    template <class T, class Y>
    std::vector<double> operator()(matrix_view<const T> x, vector_view<const Y> y,
                                   std::span<const column_info> columns) const {
        if (x.rows() <= neighbours)
            detail::fail<data_error>(
                {name, " needs at least ", neighbours + 1, " rows, the data have ", x.rows()});
        constexpr bool classifies = std::is_same_v<Y, class_index>;
        std::vector<std::uint32_t> classes;
        std::vector<double> target;
        if constexpr (classifies) {
            for (std::size_t r = 0; r < y.size(); ++r) classes.push_back(y[r]);
        } else {
            std::vector<double> values(y.size());
            for (std::size_t r = 0; r < y.size(); ++r) values[r] = y[r];
            if (!scale(values, 0))
                detail::fail<data_error>(
                    {name, ": the target's values are so large that their squares overflow"});
            target = std::move(values);
        }
        std::vector<double> scores(x.columns());
        for (std::size_t c = 0; c < x.columns(); ++c) {
            std::vector<double> values(x.rows());
            for (std::size_t r = 0; r < x.rows(); ++r) {
                values[r] = static_cast<double>(x(r, c));
                if (!detail::is_finite(values[r])) detail::fail_not_finite(name, x, columns);
            }
            if (columns[c].categorical) {
                const std::vector<std::uint32_t> levels = levels_of(values, columns[c]);
                scores[c] = classifies       ? detail::information_of_counts(levels, classes)
                            : target.empty() ? 0
                                             : detail::information_of_classes(target, levels, neighbours);
                continue;
            }
            if (!scale(values, c + 1)) detail::fail_not_finite(name, x, columns);
            if (values.empty() || (!classifies && target.empty())) continue;
            scores[c] = classifies ? detail::information_of_classes(values, classes, neighbours)
                                   : detail::information_of_numbers(values, target, neighbours);
        }
        return scores;
    }

private:
    /// To standard deviation 1, and a little noise; empty where they are all the same. False where squares overflow.
    bool scale(std::vector<double>& values, std::uint64_t stream) const {
        column_moments moments(1);
        moments.update(matrix_view<const double>(values.data(), values.size(), 1));
        const double variance = moments.variance(0);
        if (!detail::is_finite(variance) || !detail::is_finite(moments.mean(0))) return false;
        if (moments.is_constant(0) || variance == 0) {
            values.clear();
            return true;
        }
        double size = 0;
        for (double& v : values) {
            v /= std::sqrt(variance);
            size += std::abs(v) / static_cast<double>(values.size());
        }
        const double noise = 1e-10 * (size > 1 ? size : 1);
        philox random(seed, stream);
        for (double& v : values) v += noise * random.normal();
        return true;
    }

    static std::vector<std::uint32_t> levels_of(const std::vector<double>& values,
                                                const column_info& column) {
        std::vector<std::uint32_t> levels;
        for (const double v : values) {
            if (!(v >= 0 && v < static_cast<double>(column.levels.size())))
                detail::fail<data_error>({name, ": column '", column.name, "' has ", column.levels.size(),
                                          " levels, none with the index ", v});
            levels.push_back(static_cast<std::uint32_t>(v));
        }
        return levels;
    }
};

/// For numbers and classes.
inline constexpr mutual_information_score mutual_information{};

} // namespace tenon
