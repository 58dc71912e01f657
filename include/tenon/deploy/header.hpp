#pragma once

// write_header: a fitted pipeline as one C++17 header without Eigen, heap or library, for programs and chips that
// have none of them. It answers as the pipeline does: int8 to the same bits, float up to the rounding errors of fused
// operations, a missing value likewise.

#include <string>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/list_of.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/text.hpp>
#include <tenon/core/version.hpp>
#include <tenon/deploy/header_words.hpp>
#include <tenon/deploy/stage_struct.hpp>
#include <tenon/format/cpp_text.hpp>
#include <tenon/format/file.hpp>
#include <tuple>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Whether a stage, and each of those it is made of, describes itself.
template <class F>
consteval bool is_described() {
    if constexpr (requires(const F& stage) { stage.parts(); })
        return []<class... G>(std::type_identity<std::tuple<G...>>) {
            return (is_described<G>() && ...);
        }(std::type_identity<std::remove_cvref_t<decltype(std::declval<const F&>().parts())>>{});
    else
        return Described<F>;
}

template <class P>
inline constexpr bool all_described = false;
template <class S, class... F>
inline constexpr bool all_described<fitted_pipeline<S, F...>> = (is_described<F>() && ...);

template <class P>
consteval auto objection_to_header() {
    if constexpr (!requires { typename P::fitted_stages; })
        return because::the_first_argument_is_not_fitted__call_fit_first{};
    else if constexpr (!all_described<P>)
        return because::a_Stage_of_this_pipeline_has_no_source_for_write_header{};
    else
        return because::nothing{};
}

/// A fitted pipeline in words, for the text of a header.
struct header_source {
    std::string_view scalar; ///< of a row
    const schema_info& schema;
    std::vector<stage_source> stages;
    std::string_view score;            ///< of a model's answers; empty without a model
    std::size_t scores = 0;            ///< one a class; 0 where the answer is a number
    std::string answers;               ///< what the header says of several
    std::vector<column_info> features; ///< without a model
    header_texts texts;
};

template <class P>
header_source header_source_of(const P& fitted) {
    const auto sources = [](const auto&... stage) {
        return list_of<stage_source>(stage_source_of(stage)...);
    };
    header_source header{cpp_type<typename P::scalar>(),
                         fitted.record().schema,
                         std::apply(sources, fitted.stages()),
                         {},
                         0,
                         {},
                         {},
                         {}};
    using S = typename P::schema_type;
    if constexpr (has_texts<S>)
        for (const field_places& field : schema_fields<S>)
            if (field.is_text()) {
                header.texts.names.emplace_back(S::names[field.first]);
                header.texts.places.push_back(field);
            }
    if constexpr (P::has_model) {
        header.score = cpp_type<typename P::score>();
        if (is_classification<typename P::schema_type::kind>) header.scores = fitted.output_count();
        if constexpr (is_several_numbers<typename P::schema_type::kind>)
            header.answers = several_answers(header.score, header.schema);
    } else
        header.features = fitted.features();
    return header;
}

/// What the header says of its columns.
template <class Lazy = void>
std::string column_vocabulary(const header_source& header) {
    const schema_info& schema = header.schema;
    std::string text = concat({"using scalar = ", header.scalar, "; ///< of a row\n"});
    append(text, {"inline constexpr std::size_t columns = ", schema.columns.size(), ";\n"});
    text += name_array("column_names", "columns", names_of(schema.columns));
    for (std::size_t i = 0; i < schema.columns.size(); ++i) {
        const std::vector<std::string>& levels = schema.columns[i].levels;
        if (levels.empty()) continue;
        append(text, {"/// A row holds the index of one of these in column ", i, ".\n",
                      name_array(concat({"levels_of_column_", i}), concat({levels.size()}), levels)});
    }
    text += '\n';
    return text += text_vocabulary(header.texts);
}

/// What the header says of its answers.
template <class Lazy = void>
std::string answer_vocabulary(const header_source& header) {
    if (header.score.empty())
        return concat({"inline constexpr std::size_t features = ", header.features.size(), ";\n",
                       name_array("feature_names", "features", names_of(header.features))});
    if (!header.answers.empty()) return header.answers;
    if (header.scores == 0) return concat({"using score = ", header.score, ";\nusing answer = score;\n"});
    constexpr std::string_view pattern = R"(using score = $score;
using answer = std::uint32_t; ///< the index of a class
inline constexpr std::size_t classes = $classes;
$names/// The answer where a value was missing that nothing fills.
inline constexpr answer no_class = 0xffffffffu;
)";
    return cpp_filled(pattern,
                      {{"score", header.score},
                       {"classes", header.scores},
                       {"names", name_array("class_names", "classes", header.schema.target.levels)}});
}

/// The call of each stage in turn, from x to z, each with room of its own on the stack.
template <class Lazy = void>
std::string stage_calls(const header_source& header) {
    constexpr std::string_view conversion = // only a model computes in another scalar than the rows'
        "$scalar features[$in];\nfor (int i = 0; i < $in; ++i) features[i] = "
        "static_cast<$scalar>($from[i]);\n";
    std::string text, from = "x";
    for (std::size_t i = 0; i < header.stages.size(); ++i) {
        const stage_source& stage = header.stages[i];
        if (stage.scalar != header.scalar) {
            text +=
                cpp_filled(conversion, {{"scalar", stage.scalar}, {"in", stage.words.in}, {"from", from}});
            from = "features";
        }
        const bool is_last = i + 1 == header.stages.size();
        const std::string to = is_last ? "z" : concat({"z", i});
        if (!is_last) append(text, {"scalar ", to, "[", stage.words.out, "];\n"});
        append(text, {"stages::", struct_name(i, stage.words.name), "::apply(", from, ", ", to, ");\n"});
        from = to;
    }
    return cpp_indented(text, "    ");
}

/// The functions that a program calls.
template <class Lazy = void>
std::string header_functions(const header_source& header) {
    constexpr std::string_view transformer = R"(/// A row through all stages: from x[columns] to z[features].
inline void transform(const scalar* x, scalar* z) noexcept {
$calls}
)";
    constexpr std::string_view regression = R"(/// From a row x[columns] to the answer, z[1].
inline void scores(const scalar* x, score* z) noexcept {
$calls}

/// The answer for a row.
inline answer predict(const scalar (&x)[columns]) noexcept {
    score z[1];
    scores(x, z);
    return z[0];
}
)";
    constexpr std::string_view several = R"(/// From a row x[columns] to one answer a target, z[targets].
inline void scores(const scalar* x, score* z) noexcept {
$calls}

/// The answers for a row.
inline answer predict(const scalar (&x)[columns]) noexcept {
    answer z;
    scores(x, z.values);
    return z;
}
)";
    constexpr std::string_view classification = R"(/// From a row x[columns] to one score a class, z[classes].
inline void scores(const scalar* x, score* z) noexcept {
$calls}

/// The class with the largest score, the first of equals.
inline answer predict(const scalar (&x)[columns]) noexcept {
    score z[classes];
    scores(x, z);
    answer best = 0;
    for (answer k = 0; k < classes; ++k) {
        if (z[k] != z[k]) return no_class;
        if (z[k] > z[best]) best = k;
    }
    return best;
}
)";
    return cpp_filled(header.score.empty()      ? transformer
                      : !header.answers.empty() ? several
                      : header.scores == 0      ? regression
                                                : classification,
                      {{"calls", stage_calls(header)}});
}

template <class Lazy = void>
std::string quiet_nan_source(std::string_view scalar) {
    constexpr std::string_view pattern = R"(inline $scalar quiet_nan() noexcept {
    const $bits;
    $scalar value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

)";
    return cpp_filled(pattern, {{"scalar", scalar},
                                {"bits", scalar == "double" ? "std::uint64_t bits = 0x7ff8000000000000u"
                                                            : "std::uint32_t bits = 0x7fc00000u"}});
}

/// The whole header.
template <class Lazy = void>
std::string header_text_of(const header_source& header, std::string_view name) {
    if (!is_cpp_name(name)) fail<artifact_error>({"cannot write a header: '", name, "' is no C++ name"});
    std::string recipe, structs, guard = "TENON_HEADER_";
    for (std::size_t i = 0; i < header.stages.size(); ++i) {
        append(recipe, {(i == 0 ? "" : " | "), header.stages[i].words.title()});
        structs += stage_struct(struct_name(i, header.stages[i].words.name), header.stages[i]);
    }
    for (const char c : name) guard += c == ':' ? '_' : c;
    if (mentions(structs, "quiet_nan")) structs.insert(0, quiet_nan_source(header.scalar));
    constexpr std::string_view pattern = R"(// Generated by tenon $version from $recipe.
// C++17; no heap, no exceptions, no library but memcpy and memset. Not for -ffast-math.
#ifndef $guard
#define $guard

#include <cstddef>
#include <cstdint>
$memcpy
namespace $name {

$columns$answers
namespace stages {

$structs} // namespace stages

$functions
} // namespace $name

#endif
)";
    return cpp_filled(pattern, {{"version", library_version()},
                                {"recipe", recipe},
                                {"guard", guard},
                                {"memcpy", mentions(structs, "memcpy") ? "#include <cstring>\n" : ""},
                                {"name", name},
                                {"columns", column_vocabulary(header)},
                                {"answers", answer_vocabulary(header)},
                                {"structs", structs},
                                {"functions", header_functions(header)}});
}

} // namespace detail

/// A fitted pipeline as the text of one C++17 header, in the namespace `name`: `columns`, `column_names`, `classes`,
/// `class_names` (or `targets`, `target_names` where there are several), `count_words(text, x, places)` where there are texts, `scores(x, z)` and `predict(x)`; without a model `transform(x, z)`. It needs <cstdint>, <cstddef>
/// and memcpy, no more. Throws artifact_error where `name` is no C++ name.
template <class P>
    requires no_objection<decltype(detail::objection_to_header<P>())>
std::string header_text(const P& fitted, std::string_view name) {
    return detail::header_text_of(detail::header_source_of(fitted), name);
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
refused<Why> header_text(const P&, std::string_view);
template <class P, class Why = decltype(detail::objection_to_header<P>())>
    requires(!no_objection<Why>)
refused<Why> write_header(const P&, const std::string&, std::string_view);

} // namespace tenon
