#pragma once

// How much a single column tells about the target: the scores by which k_best chooses, with scikit-learn's values.
//
// A score is a small value that says which targets it accepts and, called with the features, the target and the
// columns' names, gives one number a column; the larger, the better.

#include <concepts>
#include <limits>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/target.hpp>
#include <tenon/features/finite.hpp>
#include <tenon/prepare/moments.hpp>
#include <type_traits>
#include <vector>

namespace tenon::inline v0 {

/// `accepts<Kind>` of a score is because::nothing, or a reason.
template <class S>
concept ColumnScore = std::copyable<S> && requires {
    typename S::template accepts<real>;
    typename S::template accepts<classes<2>>;
};

/// A score that can be called with columns of T and this kind of target.
template <class S, class T, class Y>
concept ColumnScoreFor =
    ColumnScore<S> && requires(const S score, matrix_view<const T> x, vector_view<const Y> y,
                               std::span<const column_info> columns) {
        { score(x, y, columns) } -> std::same_as<std::vector<double>>;
    };

/// The F statistic of a straight line through each column and a real target: r² / (1 - r²) · (n - 2), where r is their
/// correlation. The largest double for a perfect correlation; 0 for a constant column or target. Throws data_error for
/// fewer than 3 rows.
struct f_regression_score {
    static constexpr std::string_view name = "f_regression";
    template <class Kind>
    using accepts = std::conditional_t<std::is_same_v<Kind, real>, because::nothing,
                                       because::this_score_does_not_suit_the_target<f_regression_score>>;

    template <class T>
    std::vector<double> operator()(matrix_view<const T> x, vector_view<const double> y,
                                   std::span<const column_info> columns) const {
        const auto n = static_cast<double>(x.rows());
        if (x.rows() < 3)
            detail::fail<data_error>({name, " needs at least 3 rows, the data have ", x.rows()});
        column_moments of_x(x.columns()), of_y(1);
        of_x.update(x);
        of_y.update(matrix_view<const double>(y.data(), y.size(), 1, y.stride(), 1));
        if (!detail::is_finite(of_y.variance(0)))
            detail::fail<data_error>(
                {name, ": the target's values are so large that their squares overflow"});
        std::vector<double> scores(x.columns()); // at first the sums of products
        for (std::size_t r = 0; r < x.rows(); ++r) {
            const double away = y[r] - of_y.mean(0);
            for (std::size_t c = 0; c < x.columns(); ++c)
                scores[c] += away * (static_cast<double>(x(r, c)) - of_x.mean(c));
        }
        for (std::size_t c = 0; c < x.columns(); ++c) {
            const double product = scores[c] / n;
            const double r2 = product / of_x.variance(c) * (product / of_y.variance(0));
            const bool is_constant = of_x.is_constant(c) || of_y.is_constant(0);
            if (!detail::is_finite(of_x.variance(c)) || !detail::is_finite(product) ||
                (!is_constant && !detail::is_finite(r2)))
                detail::fail_not_finite(name, x, columns);
            scores[c] = is_constant ? 0
                        : r2 < 1    ? r2 / (1 - r2) * (n - 2)
                                    : std::numeric_limits<double>::max();
        }
        return scores;
    }
};

namespace detail {

/// Rows and sums of columns, class by class.
struct class_sums {
    std::vector<double> rows; ///< of each class
    matrix<double> sums;      ///< classes × columns
    std::size_t present = 0;  ///< classes with at least one row

    template <class T>
    class_sums(matrix_view<const T> x, vector_view<const class_index> y) {
        std::size_t count = 0;
        for (std::size_t r = 0; r < y.size(); ++r) count = y[r] < count ? count : y[r] + std::size_t{1};
        rows.resize(count);
        sums = matrix<double>(count, x.columns());
        for (std::size_t r = 0; r < x.rows(); ++r) {
            present += rows[y[r]] == 0 ? 1 : 0;
            rows[y[r]] += 1;
            const std::span<double> sum = sums.row(y[r]);
            for (std::size_t c = 0; c < x.columns(); ++c) sum[c] += static_cast<double>(x(r, c));
        }
    }
};

} // namespace detail

/// The F statistic of a one-way analysis of variance: how far the means of the classes lie apart, beside the spread
/// within them. Infinite where a column is constant in every class; 0 for a constant column (scikit-learn: NaN, which
/// it ranks last too). Throws data_error for one class only and for no more rows than classes.
struct f_classif_score {
    static constexpr std::string_view name = "f_classif";
    template <class Kind>
    using accepts = std::conditional_t<is_classification<Kind>, because::nothing,
                                       because::this_score_does_not_suit_the_target<f_classif_score>>;

    template <class T>
    std::vector<double> operator()(matrix_view<const T> x, vector_view<const class_index> y,
                                   std::span<const column_info> columns) const {
        detail::class_sums by_class(x, y);
        if (by_class.present < 2 || x.rows() <= by_class.present)
            detail::fail<data_error>(
                {name, " needs at least two classes and more rows than classes; the data have ", x.rows(),
                 " rows of ", by_class.present, " classes"});
        column_moments all(x.columns());
        all.update(x);
        matrix<double>& means = by_class.sums;
        std::vector<double> between(x.columns()), within(x.columns());
        for (std::size_t k = 0; k < means.rows(); ++k)
            for (std::size_t c = 0; by_class.rows[k] > 0 && c < x.columns(); ++c) {
                means(k, c) /= by_class.rows[k];
                const double away = means(k, c) - all.mean(c);
                between[c] += by_class.rows[k] * away * away;
            }
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < x.columns(); ++c) {
                const double away = static_cast<double>(x(r, c)) - means(y[r], c);
                within[c] += away * away;
            }
        const auto more = static_cast<double>(by_class.present - 1);
        const auto free = static_cast<double>(x.rows() - by_class.present);
        for (std::size_t c = 0; c < x.columns(); ++c) {
            if (!detail::is_finite(between[c]) || !detail::is_finite(within[c]))
                detail::fail_not_finite(name, x, columns);
            between[c] = all.is_constant(c) ? 0 : between[c] / more / (within[c] / free);
        }
        return between;
    }
};

/// The χ² statistic between each column and the classes, for counts and frequencies: how far the column's sum in each
/// class is from its share of the rows. 0 for a column of zeros (scikit-learn: NaN). Throws data_error for a negative
/// value.
struct chi2_score {
    static constexpr std::string_view name = "chi2";
    template <class Kind>
    using accepts = std::conditional_t<is_classification<Kind>, because::nothing,
                                       because::this_score_does_not_suit_the_target<chi2_score>>;

    template <class T>
    std::vector<double> operator()(matrix_view<const T> x, vector_view<const class_index> y,
                                   std::span<const column_info> columns) const {
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < x.columns(); ++c)
                if (x(r, c) < 0)
                    detail::fail<data_error>({name, ": column '", columns[c].name, "', row ", r + 1, " is ",
                                              static_cast<double>(x(r, c)),
                                              "; it takes counts and frequencies, which are not negative"});
        const detail::class_sums by_class(x, y);
        std::vector<double> scores(x.columns());
        for (std::size_t c = 0; c < x.columns(); ++c) {
            double total = 0;
            for (std::size_t k = 0; k < by_class.rows.size(); ++k) total += by_class.sums(k, c);
            if (!detail::is_finite(total)) detail::fail_not_finite(name, x, columns);
            for (std::size_t k = 0; total > 0 && k < by_class.rows.size(); ++k) {
                const double expected = total * (by_class.rows[k] / static_cast<double>(x.rows()));
                const double away = by_class.sums(k, c) - expected;
                if (by_class.rows[k] > 0) scores[c] += away / expected * away;
            }
        }
        return scores;
    }
};

/// For a target that is a number.
inline constexpr f_regression_score f_regression{};
/// For classes.
inline constexpr f_classif_score f_classif{};
/// For classes and columns of counts.
inline constexpr chi2_score chi2{};

} // namespace tenon
