#pragma once

// write_header: a fitted pipeline as one C++17 header without Eigen, heap or library, for programs and chips that
// have none of them. It answers as the pipeline does: int8 to the same bits, float up to the rounding errors of fused
// operations, a missing value likewise.

#include <string>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/version.hpp>
#include <tenon/deploy/stage_struct.hpp>
#include <tenon/format/cpp_text.hpp>
#include <tenon/format/file.hpp>
#include <type_traits>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

template <class P>
inline constexpr bool all_described = false;
template <class S, class... F>
inline constexpr bool all_described<fitted_pipeline<S, F...>> = (Described<F> && ...);

template <class P>
consteval auto objection_to_header() {
    if constexpr (!requires { typename P::fitted_stages; })
        return because::the_first_argument_is_not_fitted__call_fit_first{};
    else if constexpr (!all_described<P>)
        return because::a_Stage_of_this_pipeline_has_no_source_for_write_header{};
    else
        return because::nothing{};
}

/// The names of columns or levels as an array of strings.
inline std::string name_array(const std::string& name, const std::string& size,
                              const std::vector<std::string>& words) {
    return "inline constexpr const char* " + name + "[" + size +
           "] = " + cpp_list(std::span<const std::string>(words), "    ") + ";\n";
}

inline std::vector<std::string> names_of(const std::vector<column_info>& columns) {
    std::vector<std::string> names;
    for (const column_info& column : columns) names.push_back(column.name);
    return names;
}

/// What the header says of its columns, classes and types.
template <class P>
std::string header_vocabulary(const P& fitted) {
    const schema_info& schema = fitted.record().schema;
    std::string text = "using scalar = " + std::string(cpp_type<typename P::scalar>()) + "; ///< of a row\n";
    text += "inline constexpr std::size_t columns = " + std::to_string(schema.columns.size()) + ";\n";
    text += name_array("column_names", "columns", names_of(schema.columns));
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
        const std::vector<std::string>& levels = schema.columns[i].levels;
        if (!levels.empty())
            text +=
                "/// A row holds the index of one of these in column " + std::to_string(i) + ".\n" +
                name_array("levels_of_column_" + std::to_string(i), std::to_string(levels.size()), levels);
    }
    if constexpr (!P::has_model) {
        text += "\ninline constexpr std::size_t features = " + std::to_string(fitted.feature_count()) +
                ";\n" + name_array("feature_names", "features", names_of(fitted.features()));
    } else {
        text += "\nusing score = " + std::string(cpp_type<typename P::score>()) + ";\n";
        if constexpr (is_classification<typename P::schema_type::kind>)
            text +=
                "using answer = std::uint32_t; ///< the index of a class\n"
                "inline constexpr std::size_t classes = " +
                std::to_string(fitted.output_count()) + ";\n" +
                name_array("class_names", "classes", schema.target.levels) +
                "inline constexpr answer no_class = 0xffffffffu; ///< where a value was missing that nothing "
                "fills\n";
        else
            text += "using answer = score;\n";
    }
    return text;
}

/// The call of each stage in turn, from x to z, each with room of its own on the stack.
template <class P>
std::string stage_calls(const P& fitted) {
    std::string text, from = "x";
    std::size_t i = 0;
    const std::size_t last = std::tuple_size_v<typename P::fitted_stages> - 1;
    auto one = [&]<class F>(const F& stage) {
        const stage_text words = text_of(stage);
        const std::string name = "stages::" + struct_name(i, words.name);
        if (!std::is_same_v<typename F::scalar,
                            typename P::scalar>) { // only a model computes in another scalar
            const std::string n = std::to_string(words.in), type(cpp_type<typename F::scalar>());
            text += type + " features[" + n + "];\nfor (int i = 0; i < " + n +
                    "; ++i) features[i] = static_cast<" + type + ">(" + from + "[i]);\n";
            from = "features";
        }
        const std::string to = i == last ? "z" : "z" + std::to_string(i);
        if (i != last) text += "scalar " + to + "[" + std::to_string(words.out) + "];\n";
        text += name + "::apply(" + from + ", " + to + ");\n";
        from = to;
        ++i;
    };
    std::apply([&](const auto&... stage) { (one(stage), ...); }, fitted.stages());
    return cpp_indented(text, "    ");
}

/// The functions that a program calls.
template <class P>
std::string header_functions(const P& fitted) {
    if constexpr (!P::has_model) {
        return "/// A row through all stages: from x[columns] to z[features].\n"
               "inline void transform(const scalar* x, scalar* z) noexcept {\n" +
               stage_calls(fitted) + "}\n";
    } else {
        constexpr bool classifies = is_classification<typename P::schema_type::kind>;
        const std::string count = classifies ? "classes" : "1";
        std::string text = "/// From a row x[columns] to " +
                           std::string(classifies ? "one score a class" : "the answer") + ", z[" + count +
                           "].\ninline void scores(const scalar* x, score* z) noexcept {\n" +
                           stage_calls(fitted) +
                           "}\n\n/// The answer for a row.\n"
                           "inline answer predict(const scalar (&x)[columns]) noexcept {\n    score z[" +
                           count + "];\n    scores(x, z);\n";
        if (!classifies) return text + "    return z[0];\n}\n";
        return text + "    answer best = 0;\n"
                      "    for (answer k = 0; k < classes; ++k) {\n"
                      "        if (z[k] != z[k]) return no_class;\n"
                      "        if (z[k] > z[best]) best = k;\n"
                      "    }\n"
                      "    return best;\n}\n";
    }
}

template <class P>
std::string stage_structs(const P& fitted) {
    std::string text;
    std::size_t i = 0;
    std::apply([&](const auto&... stage) { ((text += stage_struct(i++, stage)), ...); }, fitted.stages());
    return text;
}

inline std::string quiet_nan_source(std::string_view type) {
    const bool is_double = type == "double";
    return "inline " + std::string(type) + " quiet_nan() noexcept {\n    const std::uint" +
           (is_double ? "64_t bits = 0x7ff8000000000000u" : "32_t bits = 0x7fc00000u") + ";\n    " +
           std::string(type) +
           " value = 0;\n    std::memcpy(&value, &bits, sizeof value);\n    return value;\n}\n\n";
}

} // namespace detail

/// A fitted pipeline as the text of one C++17 header, in the namespace `name`: `columns`, `column_names`, `classes`,
/// `class_names`, `scores(x, z)` and `predict(x)`; without a model `transform(x, z)`. It needs <cstdint>, <cstddef>
/// and memcpy, no more. Throws artifact_error where `name` is no C++ name.
template <class P>
    requires no_objection<decltype(detail::objection_to_header<P>())>
std::string header_text(const P& fitted, std::string_view name) {
    if (!is_cpp_name(name))
        TENON_THROW(artifact_error, "cannot write a header: '" + std::string(name) + "' is no C++ name");
    std::string recipe, guard = "TENON_HEADER_";
    for (const stage_text& stage : detail::texts_of(fitted.stages()))
        recipe += (recipe.empty() ? "" : " | ") + stage.title();
    for (const char c : name) guard += c == ':' ? '_' : c;

    const std::string functions = detail::header_functions(fitted);
    std::string structs = detail::stage_structs(fitted);
    if (mentions(structs, "quiet_nan"))
        structs = detail::quiet_nan_source(cpp_type<typename P::scalar>()) + structs;
    return "// Generated by tenon " + detail::library_version() + " from " + recipe +
           ".\n// C++17; no heap, no exceptions, no library but memcpy and memset. Not for "
           "-ffast-math.\n#ifndef " +
           guard + "\n#define " + guard + "\n\n#include <cstddef>\n#include <cstdint>\n" +
           (mentions(structs, "memcpy") ? "#include <cstring>\n" : "") + "\nnamespace " + std::string(name) +
           " {\n\n" + detail::header_vocabulary(fitted) + "\nnamespace stages {\n\n" + structs +
           "} // namespace stages\n\n" + functions + "\n} // namespace " + std::string(name) + "\n\n#endif\n";
}

/// Writes header_text to a file. Throws artifact_error where the file cannot be written.
///
///     write_header(model, "houses.hpp", "houses");   // then: houses::predict(row)
template <class P>
    requires no_objection<decltype(detail::objection_to_header<P>())>
void write_header(const P& fitted, const std::string& path, std::string_view name) {
    write_file<artifact_error>(path, std::string_view(header_text(fitted, name)));
}

template <class P, class Why = decltype(detail::objection_to_header<P>())>
    requires(!no_objection<Why>)
Why header_text(const P&, std::string_view) = delete;
template <class P, class Why = decltype(detail::objection_to_header<P>())>
    requires(!no_objection<Why>)
Why write_header(const P&, const std::string&, std::string_view) = delete;

} // namespace tenon
