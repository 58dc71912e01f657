#pragma once

// group_rare: levels that few rows have become one level, "other".

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

/// The columns of In; which levels its categories have left is known to the data alone.
template <class In>
struct with_found_levels {
    static constexpr std::size_t width = In::width;
    using kind = typename In::kind;
    using scalar = typename In::scalar;
    static constexpr auto names = In::names;
    static constexpr std::size_t categories(std::size_t i) noexcept {
        return In::categories(i) == 0 ? 0 : dynamic;
    }
};

template <class In>
consteval auto columns_with_found_levels() {
    if constexpr (requires { In::names; })
        return with_found_levels<In>{};
    else
        return In{};
}

} // namespace detail

/// Numbers pass, the index of a level becomes its index among the levels that are left. A value that is the index of no
/// level becomes NaN.
template <std::size_t W, class T>
struct fitted_group_rare {
    static constexpr std::string_view name = "group_rare";
    static constexpr std::size_t in = W, out = W;
    using scalar = T;

    storage<std::uint32_t, W> levels; ///< levels of each column, 0 for a number
    storage<std::uint32_t, W> other; ///< the index of "other" behind, or how many levels are left without one
    storage<std::uint32_t, dynamic> left; ///< the index behind of each level, column after column

    std::size_t width_in() const noexcept { return levels.size(); }
    std::size_t width_out() const noexcept { return levels.size(); }

    void operator()(row<W, T> x, row_out<W, T> z) const noexcept {
        std::size_t first = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const std::uint32_t level = detail::level_of(x[i], levels[i]);
            if (levels[i] == 0)
                z[i] = x[i];
            else if (level < levels[i])
                z[i] = static_cast<T>(left[first + level]);
            else
                z[i] = std::numeric_limits<T>::quiet_NaN();
            first += levels[i];
        }
    }

    /// Every column stays in its place.
    static constexpr std::size_t follow(std::size_t place) noexcept { return place; }
    std::vector<column_info> describe(std::span<const column_info> columns) const {
        std::vector<column_info> all(columns.begin(), columns.end());
        std::size_t first = 0;
        for (std::size_t i = 0; i < columns.size(); first += levels[i], ++i) {
            all[i].levels.assign(left_of(i, first), "other");
            for (std::uint32_t level = 0; level < levels[i]; ++level)
                if (left[first + level] != other[i])
                    all[i].levels[left[first + level]] = columns[i].levels[level];
        }
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("levels", self.levels);
        visit("other", self.other);
        visit("left", self.left);
    }
    /// Whether the fields agree after loading, with each other and with the columns that come in: in each column the
    /// levels that are not "other" stand at places of their own, without a gap.
    bool is_consistent(std::span<const column_info> columns) const {
        if (!detail::are_level_counts({levels.data(), levels.size()}, columns)) return false;
        std::size_t first = 0;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (left.size() - first < levels[i]) return false;
            std::vector<std::uint32_t> standing(levels[i]);
            std::size_t places = 0;
            for (std::uint32_t level = 0; level < levels[i]; ++level) {
                const std::uint32_t place = left[first + level];
                if (place >= levels[i] || (standing[place]++ > 0 && place != other[i])) return false;
                places += standing[place] == 1 ? 1 : 0;
            }
            for (std::size_t place = 0; place < places; ++place)
                if (standing[place] == 0) return false;
            if (other[i] > places) return false;
            first += levels[i];
        }
        return first == left.size();
    }
    static std::string source() {
        return detail::concat({"std::uint32_t first = 0;\n"
                               "for (int i = 0; i < in; ++i) {\n    ",
                               detail::level_source,
                               "    z[i] = count == 0 ? x[i] : not_a_number;\n"
                               "    if (level < count) z[i] = static_cast<scalar>(left[first + level]);\n"
                               "    first += count;\n"
                               "}"});
    }

private:
    /// How many levels column i has left; its first one stands at `first` in `left`.
    std::size_t left_of(std::size_t i, std::size_t first) const noexcept {
        std::size_t count = 0;
        for (std::uint32_t level = 0; level < levels[i]; ++level)
            if (left[first + level] >= count) count = left[first + level] + std::size_t{1};
        return count;
    }
};

/// When a level is rare: fewer rows have it than `least`, or than `share` of all rows, those with gaps among them.
struct rare_options {
    std::size_t least = 0;
    double share = 0;
};

/// Made by group_rare(options).
struct group_rare_spec : stage<role::preprocessor> {
    rare_options options;

    template <class In>
    using out = decltype(detail::columns_with_found_levels<In>());
    template <class In>
    using fitted = fitted_group_rare<In::width, typename In::scalar>;

    /// Rows of each level: a mergeable fold.
    struct state {
        explicit state(std::span<const column_info> columns) {
            for (const column_info& column : columns) counts.emplace_back(column.levels.size());
        }
        std::vector<std::vector<std::uint64_t>> counts;
        std::uint64_t rows = 0;
    };
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        s.rows += x.rows();
        for (std::size_t c = 0; c < x.columns(); ++c) {
            const auto count = static_cast<std::uint32_t>(s.counts[c].size());
            for (std::size_t r = 0; r < x.rows() && count > 0; ++r) {
                const std::uint32_t level = detail::level_of(x(r, c), count);
                if (level < count) ++s.counts[c][level];
            }
        }
    }
    static void merge(state& into, const state& more) {
        into.rows += more.rows;
        for (std::size_t c = 0; c < into.counts.size(); ++c)
            for (std::size_t level = 0; level < into.counts[c].size(); ++level)
                into.counts[c][level] += more.counts[c][level];
    }
    template <class F>
    F finish(std::type_identity<F>, const state& s, std::span<const column_info> columns) const {
        if (!(options.share >= 0 && options.share <= 1) || (options.least == 0 && options.share == 0))
            detail::fail<fit_error>({"group_rare: expected .least, in rows, or .share, from 0 to 1; not ",
                                     options.least, " and ", options.share});
        F f{detail::level_counts<F::in>("group_rare", columns),
            storage<std::uint32_t, F::in>(columns.size()),
            {}};
        std::size_t size = 0;
        for (const std::uint32_t n : f.levels) size += n;
        f.left.resize(size);
        std::uint32_t* left = f.left.data();
        for (std::size_t i = 0; i < columns.size(); left += f.levels[i], ++i)
            f.other[i] = place_levels(s, i, columns[i], left);
        return f;
    }

    template <class F, class T, class Y>
    F fit(std::type_identity<F> type, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        state s(columns);
        update(s, x);
        return finish(type, s, columns);
    }

private:
    bool is_rare(const state& s, std::uint64_t count) const noexcept {
        return count < options.least ||
               static_cast<double>(count) < options.share * static_cast<double>(s.rows);
    }
    /// Places the levels of column i that are left, in their order; those that are rare at "other", behind all.
    std::uint32_t place_levels(const state& s, std::size_t i, const column_info& column,
                               std::uint32_t* left) const noexcept {
        const auto stays = [&](std::size_t level) {
            return column.levels[level] != "other" && !is_rare(s, s.counts[i][level]);
        };
        std::uint32_t other = 0;
        for (std::size_t level = 0; level < column.levels.size(); ++level) other += stays(level) ? 1u : 0u;
        std::uint32_t next = 0;
        for (std::size_t level = 0; level < column.levels.size(); ++level)
            left[level] = stays(level) ? next++ : other;
        return other;
    }
};

/// Levels that few of the training rows have become one level "other", behind those that are left, which keep their
/// order; numeric columns pass. A level that is called "other" already takes the rare ones in. Since the data tell which
/// levels are left, widths behind a later one_hot are tenon::dynamic. Missing values stay missing, and what is the
/// index of no level becomes NaN. Throws fit_error for options out of range, and data_error for a category that has
/// no level in the data.
///
///     group_rare({.least = 10}) | one_hot()
///     group_rare({.share = 0.01}) | one_hot()
inline auto group_rare(rare_options options) {
    return pipeline{group_rare_spec{{}, options}};
}

} // namespace tenon
