#pragma once

// target_encode: a category becomes the mean target of the rows that have its level, drawn towards the mean of all. The
// rows it is fitted on get means of other rows only, or the model behind it would see its own targets.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/fit_transforms.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/data/schema.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Columns that a category becomes: one for a number or two classes, else one a class.
template <class Kind>
inline constexpr std::size_t means_of_target = 1;
template <std::size_t K>
    requires(K != 2)
inline constexpr std::size_t means_of_target<classes<K>> = K;

template <class In>
consteval std::size_t target_encoded_width() {
    std::size_t width = 0;
    for (std::size_t i = 0; i < In::width; ++i)
        width = add_widths(width, In::categories(i) == 0 ? 1 : means_of_target<typename In::kind>);
    return width;
}

} // namespace detail

/// Numbers pass; a category becomes the means of its level, in place. A value that is the index of no level (NaN among them)
/// gives NaN.
template <std::size_t W, std::size_t Out, class T>
struct fitted_target_encode {
    static constexpr std::string_view name = "target_encode";
    static constexpr std::size_t in = W, out = Out;
    using scalar = T;

    storage<std::uint32_t, W> levels; ///< levels of each column, 0 for a number
    storage<T, dynamic> means;        ///< column after column, level after level
    std::uint64_t width = 0;          ///< columns that a category becomes

    std::size_t width_in() const noexcept { return levels.size(); }
    std::size_t width_out() const noexcept {
        std::size_t n = 0;
        for (const std::uint32_t l : levels) n += l == 0 ? 1 : static_cast<std::size_t>(width);
        return n;
    }

    void operator()(row<W, T> x, row_out<Out, T> z) const noexcept {
        const auto n = static_cast<std::size_t>(width);
        std::size_t k = 0, first = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (levels[i] == 0) {
                z[k++] = x[i];
                continue;
            }
            // The first level is read where there is none, and its mean is not used: no branch, and no place outside.
            const bool known = x[i] >= 0 && x[i] < static_cast<T>(levels[i]);
            const std::size_t level = known ? static_cast<std::size_t>(x[i]) : 0;
            const bool whole = known && static_cast<T>(level) == x[i];
            for (std::size_t c = 0; c < n; ++c)
                z[k++] = whole ? means[first + level * n + c] : std::numeric_limits<T>::quiet_NaN();
            first += levels[i] * n;
        }
    }

    std::vector<column_info> describe(std::span<const column_info> columns) const {
        std::vector<column_info> all;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (levels[i] == 0)
                all.push_back(columns[i]);
            else if (width == 1)
                all.push_back({"mean target of " + columns[i].name, false, {}});
            for (std::size_t c = 0; c < width && width > 1 && levels[i] != 0; ++c)
                all.push_back({detail::concat({"share of class ", c, " in ", columns[i].name}), false, {}});
        }
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("levels", self.levels);
        visit("means", self.means);
        visit("width", self.width);
    }
    /// Whether the fields agree after loading, with each other and with the columns that come in.
    bool is_consistent(std::span<const column_info> columns) const noexcept {
        std::size_t sum = 0;
        for (std::size_t i = 0; i < columns.size() && i < levels.size(); ++i) {
            if (levels[i] != (columns[i].categorical ? columns[i].levels.size() : 0)) return false;
            sum += levels[i];
        }
        return columns.size() == levels.size() && width >= 1 && width <= means.size() + 1 &&
               (sum == 0 ? means.size() == 0 : means.size() % sum == 0 && means.size() / sum == width) &&
               (Out == dynamic || width_out() == Out);
    }
    std::string source() const {
        return "int k = 0, first = 0;\n"
               "for (int i = 0; i < in; ++i) {\n"
               "    const int count = static_cast<int>(levels[i]), n = static_cast<int>(width);\n"
               "    if (count == 0) {\n"
               "        z[k++] = x[i];\n"
               "        continue;\n"
               "    }\n"
               "    const bool known = x[i] >= 0 && x[i] < static_cast<scalar>(count);\n"
               "    const int level = known ? static_cast<int>(x[i]) : 0;\n"
               "    const bool whole = known && !(static_cast<scalar>(level) < x[i]);\n"
               "    for (int c = 0; c < n; ++c) z[k++] = whole ? means[first + level * n + c] : "
               "not_a_number;\n"
               "    first += count * n;\n"
               "}";
    }
};

/// How target_encode smooths, and how it keeps a row's own target out of its encoding.
struct target_encode_options {
    double smooth = 10;     ///< rows that the mean of all weighs as much as
    std::size_t folds = 5;  ///< parts of the training rows; each is encoded by the others
    std::uint64_t seed = 0; ///< of the parts
};

/// Made by target_encode(options).
struct target_encode_spec : stage<role::preprocessor> {
    template <class In>
    using objection = std::conditional_t<
        std::is_same_v<typename In::kind, none>, because::target_encode_needs_a_target,
        std::conditional_t<is_several_numbers<typename In::kind>,
                           because::this_takes_one_target__the_schema_has_several, because::nothing>>;
    template <class In>
    using out = columns<detail::target_encoded_width<In>(), typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_target_encode<In::width, detail::target_encoded_width<In>(), typename In::scalar>;

    target_encode_options options;

    /// The means of all rows.
    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y> y,
          std::span<const column_info> columns) const {
        std::vector<bool> all(x.rows(), true);
        return fit_rows<F>(x, y, columns, all);
    }

    /// The same, and the training rows encoded by means that their own targets are not in.
    template <class F, class T, class Y>
    std::pair<F, matrix<T>> fit_transform(std::type_identity<F> type, matrix_view<const T> x,
                                          vector_view<const Y> y,
                                          std::span<const column_info> columns) const {
        if (options.folds < 2 || options.folds > x.rows())
            detail::fail<fit_error>({"target_encode: .folds = ", options.folds, " of ", x.rows(), " rows"});
        std::pair<F, matrix<T>> result{fit(type, x, y, columns), {}};
        result.second = matrix<T>(x.rows(), result.first.width_out());
        std::vector<std::size_t> order(x.rows());
        for (std::size_t r = 0; r < order.size(); ++r) order[r] = r;
        philox random(options.seed, 3);
        shuffle(order, random);
        std::vector<T> room(x.columns());
        for (std::size_t fold = 0; fold < options.folds; ++fold) {
            std::vector<bool> counts(x.rows(), true);
            for (std::size_t i = fold; i < order.size(); i += options.folds) counts[order[i]] = false;
            const F by_others = fit_rows<F>(x, y, columns, counts);
            for (std::size_t i = fold; i < order.size(); i += options.folds) {
                const std::span<const T> sample = contiguous_row(x, order[i], std::span<T>(room));
                const std::span<T> z = result.second.row(order[i]);
                by_others(row<F::in, T>(sample.data(), sample.size()),
                          row_out<F::out, T>(z.data(), z.size()));
            }
        }
        return result;
    }

private:
    template <class F, class T, class Y>
    F fit_rows(matrix_view<const T> x, vector_view<const Y> y, std::span<const column_info> columns,
               const std::vector<bool>& counts) const {
        if (!(options.smooth >= 0))
            detail::fail<fit_error>({"target_encode: .smooth is 0 or more, not ", options.smooth});
        constexpr bool classifies = std::is_same_v<Y, class_index>;
        std::size_t width = 1;
        if constexpr (classifies) { // the columns of F say how many classes there are, or the targets do
            std::size_t class_count = 0;
            for (std::size_t r = 0; r < y.size(); ++r)
                class_count = y[r] + 1u > class_count ? y[r] + 1u : class_count;
            width = width_of<F>(columns, class_count);
        }
        const auto value = [&](std::size_t r, std::size_t c) {
            if constexpr (classifies)
                return y[r] == (width == 1 ? 1 : c) ? 1.0 : 0.0;
            else
                return static_cast<double>(y[r]);
        };
        std::vector<double> whole(width);
        double rows = 0;
        for (std::size_t r = 0; r < x.rows(); ++r) rows += counts[r] ? 1 : 0;
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < width && counts[r]; ++c) whole[c] += value(r, c) / rows;

        F f{storage<std::uint32_t, F::in>(columns.size()), {}, width};
        std::vector<T> all;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (!columns[i].categorical) continue;
            const std::size_t levels = columns[i].levels.size();
            f.levels[i] = static_cast<std::uint32_t>(levels);
            std::vector<double> sums(levels * width), sizes(levels);
            for (std::size_t r = 0; r < x.rows(); ++r) {
                if (!counts[r] || !(x(r, i) == x(r, i))) continue;
                const auto level = static_cast<std::size_t>(x(r, i));
                ++sizes[level];
                for (std::size_t c = 0; c < width; ++c) sums[level * width + c] += value(r, c);
            }
            for (std::size_t k = 0; k < sums.size(); ++k) {
                const double n = sizes[k / width] + options.smooth;
                const double of_all = whole[k % width];
                all.push_back(static_cast<T>(n > 0 ? (sums[k] + options.smooth * of_all) / n : of_all));
            }
        }
        f.means.resize(all.size());
        for (std::size_t k = 0; k < all.size(); ++k) f.means[k] = all[k];
        return f;
    }

    /// Columns a category becomes in F, where its type says so; else for so many classes.
    template <class F>
    static std::size_t width_of(std::span<const column_info> columns, std::size_t class_count) {
        std::size_t categories = 0;
        for (const column_info& column : columns) categories += column.categorical ? 1 : 0;
        if (F::out == dynamic || categories == 0) return class_count == 2 ? 1 : class_count;
        return (F::out - (columns.size() - categories)) / categories;
    }
};

/// Categorical columns become the mean target of their level (for K > 2 classes: the share of each), numeric ones pass:
/// (sum + smooth · mean of all) / (count + smooth). A level without rows gets the mean of all. The training rows are
/// encoded out of fold; NaN stays NaN. After scikit-learn's TargetEncoder with a fixed smooth (Micci-Barreca 2001).
///
///     on<"city">(target_encode({.smooth = 20}))
inline auto target_encode(target_encode_options options = {}) {
    return pipeline{target_encode_spec{{}, options}};
}

} // namespace tenon
