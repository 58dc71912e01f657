#pragma once

// Columns as a type. A schema names its columns and, where it can, the levels of its categories, so that widths
// are static and a misspelt column does not compile.
//
//     struct house : schema<numeric<"area">, categorical<"kind", "flat", "house">, target<"price">> {};
//     struct review : schema<text<"words", 256>, label<"opinion", "bad", "good">> {};

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/fixed_string.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/target.hpp>
#include <tenon/core/text.hpp>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// A feature that is a number; T (double or float) is the scalar it is kept and prepared in.
template <fixed_string Name, class T = double>
struct numeric {
    using scalar = T;
    static constexpr bool is_target = false;
    static constexpr std::size_t categories = 0;
    static constexpr std::string_view name = Name.view();
    static column_info info() { return {std::string(name), false, {}}; }
};

/// A feature that is one of some words. Without Levels they are found in the data, and the widths behind a one_hot
/// are tenon::dynamic. Its value in a row is the index of its level.
template <fixed_string Name, fixed_string... Levels>
struct categorical {
    using scalar = void;
    static constexpr bool is_target = false;
    static constexpr std::size_t categories = (sizeof...(Levels) > 0) ? sizeof...(Levels) : dynamic;
    static constexpr std::string_view name = Name.view();
    static column_info info() { return {std::string(name), true, {std::string(Levels.view())...}}; }
};

/// A feature that is text: N numeric columns, how often its words occur in the places that their hashes name, as
/// hashed_counts<N> counts them. The text itself is not kept. It is one field of a file and one value of parse(…); on,
/// select and drop take all N by its name, and at run time they are called "review[0]", "review[1]" …
///
///     on<"review">(tf_idf())
template <fixed_string Name, std::size_t N, class T = double>
struct text {
    static_assert(N > 1 && N <= 4096, "text<name, N>: N is 2 to 4096 columns");
    using scalar = T;
    static constexpr bool is_target = false;
    static constexpr std::size_t categories = 0;
    static constexpr std::size_t columns_made = N;
    static constexpr std::string_view name = Name.view();
    static column_info info() { return {std::string(name), false, {}}; } ///< of them all
};

/// The target of a regression, or one of its targets: a schema may have several.
template <fixed_string Name>
struct target {
    using kind = real;
    static constexpr bool is_target = true;
    static constexpr std::string_view name = Name.view();
    static column_info info() { return {std::string(name), false, {}}; }
};

/// The target of a classification; without Classes they are found in the data.
template <fixed_string Name, fixed_string... Classes>
struct label {
    using kind = classes<(sizeof...(Classes) > 0) ? sizeof...(Classes) : dynamic>;
    static constexpr bool is_target = true;
    static constexpr std::string_view name = Name.view();
    static column_info info() { return {std::string(name), true, {std::string(Classes.view())...}}; }
};

namespace detail {

template <class... C>
struct kind_of_target {
    using type = none;
};
template <class C, class... Rest>
struct kind_of_target<C, Rest...> : kind_of_target<Rest...> {};
template <class C, class... Rest>
    requires C::is_target
struct kind_of_target<C, Rest...> {
    static constexpr std::size_t count = (std::size_t{1} + ... + std::size_t(Rest::is_target));
    using type = std::conditional_t<(count > 1), reals<count>, typename C::kind>;
};

/// Whether a column is a label, which no other target may stand beside.
template <class C>
consteval bool is_label() {
    if constexpr (C::is_target)
        return is_classification<typename C::kind>;
    else
        return false;
}

template <std::size_t N>
consteval bool names_differ(const std::array<std::string_view, N>& names) {
    for (std::size_t i = 0; i < N; ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (names[i] == names[j]) return false;
    return true;
}

/// How many columns of a row C makes.
template <class C>
consteval std::size_t columns_made() {
    if constexpr (requires { C::columns_made; })
        return C::columns_made;
    else
        return C::is_target ? 0 : 1;
}
/// Levels of a feature C.
template <class C>
consteval std::size_t levels_of() {
    if constexpr (C::is_target)
        return 0;
    else
        return C::categories;
}

/// What each of C columns has, for each of the W places of a row that they make.
template <std::size_t W, class V, std::size_t C>
consteval std::array<V, W> for_places(const std::array<V, C>& of_columns,
                                      const std::array<std::size_t, C>& made) {
    std::array<V, W> all{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < C; ++i)
        for (std::size_t k = 0; k < made[i]; ++k) all[at++] = of_columns[i];
    return all;
}

/// Appends a feature, or the places of a text.
template <class Lazy = void>
void append_columns(std::vector<column_info>& columns, column_info&& column, std::size_t count) {
    if (count == 1) return columns.push_back(std::move(column));
    for (std::size_t i = 0; i < count; ++i)
        columns.push_back({concat({column.name, "[", i, "]"}), false, {}});
}

template <class C>
consteval bool is_double_column() {
    if constexpr (C::is_target)
        return false;
    else
        return std::is_same_v<typename C::scalar, double>;
}
template <class C>
consteval bool is_float_column() {
    if constexpr (C::is_target)
        return false;
    else
        return std::is_same_v<typename C::scalar, float>;
}

} // namespace detail

/// Named columns: features in the order written, and at most one label, or targets. Of two targets and more the kind is
/// reals<N>: a row's target is the array of them in the order written.
template <class... Columns>
struct schema {
    static_assert((0 + ... + int(Columns::is_target)) <= 1 || !(detail::is_label<Columns>() || ...),
                  "a schema has one label at most, or targets that are numbers");
    static_assert(detail::names_differ<sizeof...(Columns)>({Columns::name...}),
                  "two columns of a schema have one name");

    static constexpr std::size_t width = (std::size_t{0} + ... + detail::columns_made<Columns>());
    using kind = typename detail::kind_of_target<Columns...>::type;
    /// float where every number is a numeric<…, float>, else double.
    using scalar = std::conditional_t<(detail::is_float_column<Columns>() || ...) &&
                                          !(detail::is_double_column<Columns>() || ...),
                                      float, double>;

    /// The feature columns' names; all places of a text have its name.
    static constexpr std::array<std::string_view, width> names =
        detail::for_places<width, std::string_view, sizeof...(Columns)>({Columns::name...},
                                                                        {detail::columns_made<Columns>()...});

    /// Levels of feature i: 0 for a number, dynamic where only the data know.
    static constexpr std::size_t categories(std::size_t i) noexcept { return level_counts[i]; }

    /// The run-time face.
    static schema_info info() {
        schema_info all;
        ((Columns::is_target
              ? void(add_target(all, Columns::info()))
              : detail::append_columns(all.columns, Columns::info(), detail::columns_made<Columns>())),
         ...);
        return all;
    }

private:
    static void add_target(schema_info& all, column_info&& column) {
        if constexpr (is_several_numbers<kind>)
            if (!all.target.name.empty()) return all.more_targets.push_back(std::move(column));
        all.target = std::move(column);
    }
    static constexpr std::array<std::size_t, width> level_counts =
        detail::for_places<width, std::size_t, sizeof...(Columns)>({detail::levels_of<Columns>()...},
                                                                   {detail::columns_made<Columns>()...});
};

/// W numeric columns without names; W may be tenon::dynamic. For images, sensor frames, files unknown to the compiler.
template <std::size_t W, class Kind = real, class T = double>
struct columns {
    static constexpr std::size_t width = W;
    using kind = Kind;
    using scalar = T;
    static constexpr std::size_t categories(std::size_t) noexcept { return 0; }

    /// Columns x0, x1 … and target y (y0, y1 … of reals<N>); `n` matters where W is dynamic, `class_count` where the
    /// classes are.
    static schema_info info(std::size_t n = W == dynamic ? 0 : W, std::size_t class_count = 0) {
        schema_info all;
        for (std::size_t i = 0; i < n; ++i) all.columns.push_back({detail::concat({"x", i}), false, {}});
        if constexpr (!std::is_same_v<Kind, none>) all.target = {"y", is_classification<Kind>, {}};
        if constexpr (is_several_numbers<Kind>) {
            all.target.name = "y0";
            for (std::size_t k = 1; k < outputs_of<Kind>; ++k)
                all.more_targets.push_back({detail::concat({"y", k}), false, {}});
        }
        if constexpr (is_classification<Kind>) {
            if constexpr (outputs_of<Kind> != dynamic) class_count = outputs_of<Kind>;
            for (std::size_t k = 0; k < class_count; ++k) all.target.levels.push_back(std::to_string(k));
        }
        return all;
    }
};

namespace detail {

/// The first categorical column of In, or In's width; unnamed columns are all numeric.
template <class In>
consteval std::size_t first_categorical() {
    if constexpr (requires { In::names; }) {
        for (std::size_t i = 0; i < In::width; ++i)
            if (In::categories(i) != 0) return i;
    }
    return In::width;
}

/// The name of column I as a template argument.
template <class In, std::size_t I>
consteval auto column_name() {
    fixed_string<In::names[I].size() + 1> name;
    for (std::size_t i = 0; i < In::names[I].size(); ++i) name.text[i] = In::names[I][i];
    return name;
}

template <class In>
consteval auto objection_to_categories() {
    constexpr std::size_t i = first_categorical<In>();
    if constexpr (i == In::width)
        return because::nothing{};
    else
        return because::a_categorical_column_must_be_encoded_first__put_one_hot_before_this<
            column_name<In, i>()>{};
}

} // namespace detail

/// The objection of stages that compute with numbers: a categorical column that nothing has encoded yet.
template <class In>
using needs_numbers = decltype(detail::objection_to_categories<In>());

} // namespace tenon
