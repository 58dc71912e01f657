#pragma once

// ordinal: a categorical column becomes a number, the index of the level.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/categories.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// The columns of In, all of them numbers.
template <class In>
struct as_numbers {
    static constexpr std::size_t width = In::width;
    using kind = typename In::kind;
    using scalar = typename In::scalar;
    static constexpr auto names = In::names;
    static constexpr std::size_t categories(std::size_t) noexcept { return 0; }
};

template <class In>
consteval auto columns_as_numbers() {
    if constexpr (requires { In::names; })
        return as_numbers<In>{};
    else
        return In{};
}

} // namespace detail

/// Numbers pass, and so does the index of a level. A value that is the index of no level becomes NaN.
template <std::size_t W, class T>
struct fitted_ordinal {
    static constexpr std::string_view name = "ordinal";
    static constexpr std::size_t in = W, out = W;
    using scalar = T;

    storage<std::uint32_t, W> levels; ///< levels of each column, 0 for a number

    std::size_t width_in() const noexcept { return levels.size(); }
    std::size_t width_out() const noexcept { return levels.size(); }

    void operator()(row<W, T> x, row_out<W, T> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) {
            const bool passes = levels[i] == 0 || detail::level_of(x[i], levels[i]) < levels[i];
            z[i] = passes ? x[i] : std::numeric_limits<T>::quiet_NaN();
        }
    }
    void inverse(row<W, T> z, row_out<W, T> x) const noexcept {
        for (std::size_t i = 0; i < z.size(); ++i) x[i] = z[i];
    }

    /// Every column stays in its place.
    static constexpr std::size_t follow(std::size_t place) noexcept { return place; }
    std::vector<column_info> describe(std::span<const column_info> columns) const {
        std::vector<column_info> all;
        for (const column_info& column : columns) all.push_back({column.name, false, {}});
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("levels", self.levels);
    }
    /// Whether the levels are those of the columns, after loading.
    bool is_consistent(std::span<const column_info> columns) const noexcept {
        return detail::are_level_counts({levels.data(), levels.size()}, columns);
    }
    static std::string source() {
        return detail::concat({"for (int i = 0; i < in; ++i) {\n    ", detail::level_source,
                               "    z[i] = count == 0 || level < count ? x[i] : not_a_number;\n}"});
    }
};

/// Made by ordinal().
struct ordinal_spec : stage<role::preprocessor> {
    static constexpr bool learns_nothing = true;
    template <class In>
    using out = decltype(detail::columns_as_numbers<In>());
    template <class In>
    using fitted = fitted_ordinal<In::width, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T>, vector_view<const Y>,
          std::span<const column_info> columns) const {
        return F{detail::level_counts<F::in>("ordinal", columns)};
    }
};

/// Categorical columns become numbers: 0 for the first level of the schema (or of the data, in sorted order, where the
/// schema names none), 1 for the second …; numeric columns pass, every column keeps its name. For levels that have an
/// order, and for trees. A missing value stays missing (an impute may stand behind), one that is the index of no level
/// becomes NaN. Throws data_error for a category that has no level in the data.
inline auto ordinal() {
    return pipeline{ordinal_spec{}};
}

} // namespace tenon
