#pragma once

// one_hot_drop_first: one 0/1 column a level but the first, so that the columns of a category do not add up to 1.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/categories.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Columns behind a one_hot_drop_first over In.
template <class In>
consteval std::size_t drop_first_width() {
    if constexpr (!requires { In::names; })
        return In::width;
    else {
        std::size_t width = 0;
        for (std::size_t i = 0; i < In::width; ++i) {
            const std::size_t levels = In::categories(i);
            width = add_widths(width, levels == 0 ? 1 : levels == dynamic ? dynamic : levels - 1);
        }
        return width;
    }
}

} // namespace detail

/// Numbers pass, each category becomes its levels from the second on. A value that is the index of no level gives NaN
/// in all columns of its category.
template <std::size_t W, std::size_t Out, class T>
struct fitted_one_hot_drop_first {
    static constexpr std::string_view name = "one_hot_drop_first";
    static constexpr std::size_t in = W, out = Out;
    using scalar = T;

    storage<std::uint32_t, W> levels; ///< levels of each column, 0 for a number
    held_width<Out> width;

    std::size_t width_in() const noexcept { return levels.size(); }
    std::size_t width_out() const noexcept { return width(); }

    void operator()(row<W, T> x, row_out<Out, T> z) const noexcept {
        std::size_t k = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (levels[i] == 0) {
                z[k++] = x[i];
                continue;
            }
            const std::uint32_t level = detail::level_of(x[i], levels[i]);
            const T other = level < levels[i] ? T{0} : std::numeric_limits<T>::quiet_NaN();
            for (std::uint32_t l = 1; l < levels[i]; ++l) z[k++] = l == level ? T{1} : other;
        }
    }
    /// The first level where no column stands out; NaN where one is NaN.
    void inverse(row<Out, T> z, row_out<W, T> x) const noexcept {
        std::size_t k = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = levels[i] == 0 ? z[k++] : T{0};
            for (std::uint32_t l = 1; l < levels[i]; ++l, ++k) {
                if (z[k] != z[k]) x[i] = z[k];
                if (z[k] > T{0.5}) x[i] = static_cast<T>(l);
            }
        }
    }

    std::vector<column_info> describe(std::span<const column_info> columns) const {
        std::vector<column_info> all;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (levels[i] == 0) all.push_back(columns[i]);
            for (std::uint32_t l = 1; l < levels[i]; ++l)
                all.push_back({detail::concat({columns[i].name, "=", columns[i].levels[l]}), false, {}});
        }
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("levels", self.levels);
        if constexpr (Out == dynamic) visit("width", self.width.value);
    }
    /// Whether the fields agree after loading, with each other and with the columns that come in.
    bool is_consistent(std::span<const column_info> columns) const noexcept {
        return detail::are_level_counts({levels.data(), levels.size()}, columns) && made() == width();
    }
    static std::string source() {
        return detail::concat(
            {"int k = 0;\n"
             "for (int i = 0; i < in; ++i) {\n    ",
             detail::level_source,
             "    if (count == 0) z[k++] = x[i];\n"
             "    const scalar other = level < count ? 0 : not_a_number;\n"
             "    for (std::uint32_t l = 1; l < count; ++l) z[k++] = l == level ? 1 : other;\n"
             "}"});
    }

    /// The columns that these levels make.
    std::size_t made() const noexcept {
        std::size_t count = 0;
        for (const std::uint32_t n : levels) count += n == 0 ? 1 : n - 1;
        return count;
    }
};

/// Made by one_hot_drop_first().
struct one_hot_drop_first_spec : stage<role::preprocessor> {
    static constexpr bool learns_nothing = true;
    template <class In>
    using out = columns<detail::drop_first_width<In>(), typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_one_hot_drop_first<In::width, detail::drop_first_width<In>(), typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T>, vector_view<const Y>,
          std::span<const column_info> columns) const {
        F f{detail::level_counts<F::in>("one_hot_drop_first", columns), {}};
        if (f.made() == 0)
            detail::fail<data_error>({"one_hot_drop_first leaves no column: each category has one level, '",
                                      columns[0].name, "' among them"});
        f.width = held_width<F::out>(f.made());
        return f;
    }
};

/// one_hot without the column of each category's first level, which is the row where all others are 0: a linear model
/// with an intercept then has one answer. A category of one level has no column at all. Levels as in one_hot; a
/// missing value, or one that is the index of no level, gives NaN in the columns of its category. Throws data_error
/// for a category that has no level in the data, and where no column at all would be left.
inline auto one_hot_drop_first() {
    return pipeline{one_hot_drop_first_spec{}};
}

} // namespace tenon
