#pragma once

// What on<"a", "b">(stages) fits to: the stages, and which columns go through them.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <tenon/core/chain.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/named_columns.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

template <class T, std::size_t W, bool InPlace, class Places, class... F>
struct fitted_on;

/// The transforms F… for the columns at Places of W. Where they keep their columns (InPlace) each stays where it is;
/// where they make others, those stand behind the columns that pass.
template <class T, std::size_t W, bool InPlace, std::size_t... Places, class... F>
struct fitted_on<T, W, InPlace, std::index_sequence<Places...>, F...> {
    using chain = detail::chain<T, F...>;
    using places = detail::column_places<W, Places...>;
    static constexpr std::string_view name = "on";
    static constexpr std::size_t named = places::named, others = places::others;
    static constexpr std::size_t made = chain::out_or(named);
    static constexpr std::size_t in = W, out = InPlace ? W : add_widths(others, made);
    using scalar = T;

    std::tuple<F...> stages;

    static constexpr std::size_t width_in() noexcept { return W; }
    std::size_t width_out() const noexcept {
        return InPlace ? W : others + chain::feature_count(stages, named);
    }

    /// Allocates only where the width behind one of the stages is known at run time alone.
    void operator()(row<W, T> x, row_out<out, T> z) const noexcept {
        const std::array<T, named> chosen{x[Places]...};
        if constexpr (InPlace) {
            std::array<T, named> changed;
            chain::transform(stages, row<named, T>(chosen), row_out<named, T>(changed));
            for (std::size_t i = 0; i < W; ++i) z[i] = x[i];
            put_named(changed, z);
        } else {
            for (std::size_t i = 0; i < others; ++i) z[i] = x[places::of_others[i]];
            if constexpr (chain::is_static)
                chain::transform(stages, row<named, T>(chosen), z.template last<made>());
            else {
                typename chain::workspace room;
                const std::span<const T> values = chain::transform(stages, std::span<const T>(chosen), room);
                for (std::size_t i = 0; i < values.size(); ++i) z[others + i] = values[i];
            }
        }
    }
    void inverse(row<out, T> z, row_out<W, T> x) const noexcept
        requires(chain::is_static && chain::has_inverse)
    {
        std::array<T, named> chosen;
        if constexpr (InPlace) {
            const std::array<T, named> changed{z[Places]...};
            chain::inverse(stages, row<named, T>(changed), row_out<named, T>(chosen));
            for (std::size_t i = 0; i < W; ++i) x[i] = z[i];
        } else {
            chain::inverse(stages, z.template last<made>(), row_out<named, T>(chosen));
            for (std::size_t i = 0; i < others; ++i) x[places::of_others[i]] = z[i];
        }
        put_named(chosen, x);
    }

    /// Row r of x with what the stages made of it, as operator() gives it.
    static void put(matrix_view<const T> x, matrix_view<const T> changed, std::size_t r, std::span<T> z) {
        if constexpr (InPlace) {
            for (std::size_t i = 0; i < W; ++i) z[i] = x(r, i);
            for (std::size_t i = 0; i < named; ++i) z[places::of_named[i]] = changed(r, i);
        } else {
            for (std::size_t i = 0; i < others; ++i) z[i] = x(r, places::of_others[i]);
            for (std::size_t i = 0; i < changed.columns(); ++i) z[others + i] = changed(r, i);
        }
    }

    /// Where a column is behind this stage.
    static constexpr std::size_t follow(std::size_t place) noexcept {
        const std::size_t at = places::among_named(place);
        if (at == named) return InPlace ? place : places::among_others(place);
        const std::size_t behind = chain::follow(at);
        if (behind == detail::settled || behind == detail::mixed) return behind;
        return InPlace ? places::of_named[behind] : others + behind;
    }
    std::vector<column_info> describe(std::span<const column_info> columns) const {
        const std::vector<column_info> changed =
            chain::columns(stages, detail::columns_at(columns, places::of_named));
        std::vector<column_info> all(columns.begin(), columns.end());
        if constexpr (InPlace) {
            for (std::size_t i = 0; i < named; ++i) all[places::of_named[i]] = changed[i];
        } else {
            for (std::size_t i = 0; i < others; ++i) all[i] = columns[places::of_others[i]];
            all.resize(others);
            all.insert(all.end(), changed.begin(), changed.end());
        }
        return all;
    }

    /// The fields of all stages, each behind its stage's place and name.
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        std::size_t i = 0;
        auto one = [&](auto& stage) {
            visit_fields(stage, [&](const char* field, auto& value) {
                visit(detail::concat({i, "_", stage.name, "_", field}).c_str(), value);
            });
            ++i;
        };
        std::apply([&](auto&... stage) { (one(stage), ...); }, self.stages);
    }
    /// Whether each stage takes what the one before it gives, and its fields agree, after loading.
    bool is_consistent(std::span<const column_info> columns) const {
        std::vector<column_info> here = detail::columns_at(columns, places::of_named);
        auto one = [&](const auto& stage) {
            const std::span<const column_info> taken(here);
            if (stage.width_in() != here.size()) return false;
            if constexpr (requires { stage.is_consistent(taken); })
                if (!stage.is_consistent(taken)) return false;
            if constexpr (requires { stage.is_consistent(); })
                if (!stage.is_consistent()) return false;
            if constexpr (requires { stage.describe(taken); }) here = stage.describe(taken);
            return here.size() == stage.width_out();
        };
        return columns.size() == W &&
               std::apply([&](const F&... stage) { return (one(stage) && ...); }, stages);
    }
    /// "0 2: impute, one_hot"
    static std::string signature() {
        std::string text;
        for (const std::size_t place : places::of_named)
            detail::append(text, {(text.empty() ? "" : " "), place});
        const char* separator = ": ";
        auto one = [&]<class G>(std::type_identity<G>) {
            detail::append(text, {separator, G::name});
            separator = ", ";
            if constexpr (requires { G::signature(); }) detail::append(text, {" ", G::signature()});
        };
        (one(std::type_identity<F>{}), ...);
        return text;
    }

    /// The stages, for the generated header: part_0, part_1 …
    const std::tuple<F...>& parts() const noexcept { return stages; }
    std::string source() const {
        std::string text = detail::concat({"scalar part_in[", named, "];\n"});
        for (std::size_t i = 0; i < named; ++i)
            detail::append(text, {"part_in[", i, "] = x[", places::of_named[i], "];\n"});
        std::string from = "part_in";
        std::size_t i = 0, width = named;
        auto one = [&](const auto& stage) {
            width = stage.width_out();
            const std::string to = detail::concat({"part_out_", i});
            detail::append(text,
                           {"scalar ", to, "[", width, "];\npart_", i, "::apply(", from, ", ", to, ");\n"});
            from = to;
            ++i;
        };
        std::apply([&](const F&... stage) { (one(stage), ...); }, stages);
        if constexpr (InPlace) {
            text += "for (int i = 0; i < in; ++i) z[i] = x[i];\n";
            for (i = 0; i < named; ++i)
                detail::append(text, {"z[", places::of_named[i], "] = ", from, "[", i, "];\n"});
        } else {
            for (i = 0; i < others; ++i)
                detail::append(text, {"z[", i, "] = x[", places::of_others[i], "];\n"});
            detail::append(text,
                           {"for (int i = 0; i < ", width, "; ++i) z[", others, " + i] = ", from, "[i];\n"});
        }
        return text;
    }

private:
    template <class To>
    static void put_named(const std::array<T, named>& values, To to) noexcept {
        for (std::size_t i = 0; i < named; ++i) to[places::of_named[i]] = values[i];
    }
};

} // namespace tenon
