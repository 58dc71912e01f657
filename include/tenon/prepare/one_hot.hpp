#pragma once

// one_hot: a categorical column becomes one 0/1 column a level.

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/data/schema.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Columns behind a one_hot over In: a number stays one column, a category becomes one a level.
template <class In>
consteval std::size_t one_hot_width() {
    if constexpr (!requires { In::names; })
        return In::width;
    else {
        std::size_t width = 0;
        for (std::size_t i = 0; i < In::width; ++i)
            width = add_widths(width, In::categories(i) == 0 ? 1 : In::categories(i));
        return width;
    }
}

} // namespace detail

/// What one_hot makes of a value that is the index of no level, NaN among them.
enum class unknown_level : std::uint8_t {
    fails,  ///< NaN in all columns of the category: an unparsed row cannot pass for a valid one
    ignored ///< 0 in all of them
};

/// What one_hot can be told.
struct one_hot_options {
    unknown_level unknown = unknown_level::fails;
};

/// Numbers pass, each category becomes its levels in order.
template <std::size_t W, std::size_t Out, class T>
struct fitted_one_hot {
    static constexpr std::string_view name = "one_hot";
    static constexpr std::size_t in = W, out = Out;
    using scalar = T;

    storage<std::uint32_t, W> levels; ///< levels of each column, 0 for a number
    held_width<Out> width;
    std::uint8_t ignores_unknown = 0; ///< 1: zeros, not NaN, for a value that is the index of no level

    std::size_t width_in() const noexcept { return levels.size(); }
    std::size_t width_out() const noexcept { return width(); }

    void operator()(row<W, T> x, row_out<Out, T> z) const noexcept {
        std::size_t k = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (levels[i] == 0) {
                z[k++] = x[i];
                continue;
            }
            bool known = ignores_unknown != 0;
            for (std::uint32_t level = 0; level < levels[i]; ++level) {
                const bool here = x[i] == static_cast<T>(level);
                z[k + level] = here ? T{1} : T{0};
                known |= here;
            }
            for (std::uint32_t level = 0; level < levels[i] && !known; ++level)
                z[k + level] = std::numeric_limits<T>::quiet_NaN();
            k += levels[i];
        }
    }
    void inverse(row<Out, T> z, row_out<W, T> x) const noexcept {
        std::size_t k = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (levels[i] == 0) {
                x[i] = z[k++];
                continue;
            }
            x[i] = std::numeric_limits<T>::quiet_NaN();
            for (std::uint32_t level = 0; level < levels[i]; ++level)
                if (z[k + level] > T{0.5}) x[i] = static_cast<T>(level);
            k += levels[i];
        }
    }

    std::vector<column_info> describe(std::span<const column_info> columns) const {
        std::vector<column_info> all;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (levels[i] == 0) all.push_back(column_info(columns[i]));
            for (std::uint32_t level = 0; level < levels[i]; ++level)
                all.push_back({columns[i].name + "=" + columns[i].levels[level], false, {}});
        }
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("levels", self.levels);
        if constexpr (Out == dynamic) visit("width", self.width.value);
        visit("ignores_unknown", self.ignores_unknown);
    }
    /// Whether the fields agree after loading, with each other and with the columns that come in.
    bool is_consistent(std::span<const column_info> columns) const noexcept {
        std::size_t made = 0;
        for (std::size_t i = 0; i < columns.size() && i < levels.size(); ++i) {
            if (levels[i] != (columns[i].categorical ? columns[i].levels.size() : 0)) return false;
            made += levels[i] == 0 ? 1 : levels[i];
        }
        return columns.size() == levels.size() && made == width() && ignores_unknown <= 1;
    }
    static std::string source() {
        return "int k = 0;\n"
               "for (int i = 0; i < in; ++i) {\n"
               "    if (levels[i] == 0) {\n"
               "        z[k++] = x[i];\n"
               "        continue;\n"
               "    }\n"
               "    const int count = static_cast<int>(levels[i]);\n"
               "    bool known = ignores_unknown != 0;\n"
               "    for (int l = 0; l < count; ++l) {\n"
               "        const bool here = x[i] == static_cast<scalar>(l);\n"
               "        z[k + l] = here ? 1 : 0;\n"
               "        known = known || here;\n"
               "    }\n"
               "    for (int l = 0; l < count && !known; ++l) z[k + l] = not_a_number;\n"
               "    k += count;\n"
               "}";
    }
};

/// Made by one_hot().
struct one_hot_spec : stage<role::preprocessor> {
    static constexpr bool learns_nothing = true;
    one_hot_options options;

    template <class In>
    using out = columns<detail::one_hot_width<In>(), typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_one_hot<In::width, detail::one_hot_width<In>(), typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        F f{storage<std::uint32_t, F::in>(x.columns()), {}, options.unknown == unknown_level::ignored};
        std::size_t width = 0;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            f.levels[i] = columns[i].categorical ? static_cast<std::uint32_t>(columns[i].levels.size()) : 0;
            width += f.levels[i] == 0 ? 1 : f.levels[i];
        }
        f.width = held_width<F::out>(width);
        return f;
    }
};

/// Categorical columns become one column a level (1 where the row has it, else 0); numeric columns pass. The levels
/// are those of the schema, or of the data where the schema names none.
///
/// fit and parse refuse missing and unknown levels, so put an impute in front where the data have gaps. What is given
/// unparsed can still be the index of no level: it makes all columns of its category NaN, or 0 with
///
///     one_hot({.unknown = unknown_level::ignored})
inline auto one_hot(one_hot_options options = {}) {
    return pipeline{one_hot_spec{{}, options}};
}

} // namespace tenon
