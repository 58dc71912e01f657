#pragma once

// hashing<N>: all categorical columns become N columns of signed counts, chosen by a hash of each level's word.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/murmur.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/categories.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// The numeric columns of In; dynamic where In has no names and no width.
template <class In>
consteval std::size_t count_numbers() {
    if constexpr (!requires { In::names; })
        return In::width;
    else {
        std::size_t count = 0;
        for (std::size_t i = 0; i < In::width; ++i) count += In::categories(i) == 0 ? 1 : 0;
        return count;
    }
}

} // namespace detail

/// Numbers pass in front. Each level of a category adds its sign to one of the N columns behind them. A value that is the
/// index of no level makes all N NaN.
template <std::size_t W, std::size_t Numbers, std::size_t N, class T>
struct fitted_hashing {
    static constexpr std::string_view name = "hashing";
    static constexpr std::size_t in = W, out = add_widths(Numbers, N);
    using scalar = T;

    storage<std::uint32_t, W> levels;      ///< levels of each column, 0 for a number
    storage<std::uint32_t, dynamic> place; ///< which of the N columns each level adds to, column after column
    storage<std::int8_t, dynamic> addition; ///< what it adds: 1 or -1

    std::size_t width_in() const noexcept { return levels.size(); }
    std::size_t width_out() const noexcept { return numbers() + N; }

    void operator()(row<W, T> x, row_out<out, T> z) const noexcept {
        const std::size_t behind = numbers();
        for (std::size_t k = 0; k < N; ++k) z[behind + k] = T{0};
        std::size_t first = 0, next = 0;
        bool known = true;
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (levels[i] == 0) {
                z[next++] = x[i];
                continue;
            }
            const std::uint32_t level = detail::level_of(x[i], levels[i]);
            if (level < levels[i])
                z[behind + place[first + level]] += static_cast<T>(addition[first + level]);
            else
                known = false;
            first += levels[i];
        }
        for (std::size_t k = 0; k < N && !known; ++k) z[behind + k] = std::numeric_limits<T>::quiet_NaN();
    }

    std::vector<column_info> describe(std::span<const column_info> columns) const {
        std::vector<column_info> all;
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (levels[i] == 0) all.push_back(columns[i]);
        for (std::size_t k = 0; k < N; ++k) all.push_back({detail::concat({"hash ", k}), false, {}});
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("levels", self.levels);
        visit("place", self.place);
        visit("addition", self.addition);
    }
    /// What a file or report calls this type, beyond its name.
    static std::string signature() { return detail::concat({"to ", N}); }
    /// Whether the fields agree after loading, with each other and with the columns that come in.
    bool is_consistent(std::span<const column_info> columns) const noexcept {
        if (!detail::are_level_counts({levels.data(), levels.size()}, columns)) return false;
        std::size_t size = 0;
        for (const std::uint32_t n : levels) size += n;
        if (place.size() != size || addition.size() != size) return false;
        for (std::size_t k = 0; k < size; ++k)
            if (place[k] >= N || (addition[k] != 1 && addition[k] != -1)) return false;
        return Numbers == dynamic || numbers() == Numbers;
    }
    std::string source() const {
        return detail::concat(
            {"scalar* const sums = z + ", numbers(), ";\nfor (int k = 0; k < ", N,
             "; ++k) sums[k] = 0;\n"
             "int next = 0;\n"
             "std::uint32_t first = 0;\n"
             "bool known = true;\n"
             "for (int i = 0; i < in; ++i) {\n    ",
             detail::level_source,
             "    if (count == 0)\n"
             "        z[next++] = x[i];\n"
             "    else if (level < count)\n"
             "        sums[place[first + level]] += static_cast<scalar>(addition[first + level]);\n"
             "    else\n"
             "        known = false;\n"
             "    first += count;\n"
             "}\n"
             "for (int k = 0; k < ",
             N, " && !known; ++k) sums[k] = not_a_number;"});
    }

private:
    std::size_t numbers() const noexcept {
        if constexpr (Numbers != dynamic) return Numbers;
        std::size_t count = 0;
        for (const std::uint32_t n : levels) count += n == 0 ? 1 : 0;
        return count;
    }
};

/// Made by hashing<N>().
template <std::size_t N>
struct hashing_spec : stage<role::preprocessor> {
    static constexpr bool learns_nothing = true;
    static_assert(N > 0 && N <= 0x7fff'ffff, "hashing<N>: N is 1 or more columns, below 2^31");
    template <class In>
    using out = columns<add_widths(detail::count_numbers<In>(), N), typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_hashing<In::width, detail::count_numbers<In>(), N, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T>, vector_view<const Y>,
          std::span<const column_info> columns) const {
        F f{detail::level_counts<F::in>("hashing", columns), {}, {}};
        std::size_t size = 0;
        for (const std::uint32_t n : f.levels) size += n;
        f.place.resize(size);
        f.addition.resize(size);
        std::size_t k = 0;
        for (const column_info& column : columns)
            for (std::size_t level = 0; level < column.levels.size(); ++level, ++k) {
                const std::uint32_t bits =
                    detail::murmur3(detail::concat({column.name, "=", column.levels[level]}));
                const bool is_negative = bits >> 31 != 0;
                f.place[k] = static_cast<std::uint32_t>((is_negative ? std::uint32_t{0} - bits : bits) % N);
                f.addition[k] = is_negative ? std::int8_t{-1} : std::int8_t{1};
            }
        return f;
    }
};

/// All categorical columns become N columns that they share: the level of a row adds 1 or -1 to one of them. Which, and
/// with what sign, is the 32-bit MurmurHash3 (seed 0) of "column=level", as in scikit-learn's FeatureHasher, so the
/// order of levels does not matter. Numeric columns pass in front. For categories of many levels: the width is
/// static, also where the data name the levels; levels that meet in one column are not told apart.
///
/// A missing value, or one that is the index of no level, makes all N columns NaN: an unparsed row cannot pass for a
/// valid one. Throws data_error for a category that has no level in the data.
/// Source: Weinberger et al., Feature Hashing for Large Scale Multitask Learning, ICML 2009.
template <std::size_t N>
auto hashing() {
    return pipeline{hashing_spec<N>{}};
}

} // namespace tenon
