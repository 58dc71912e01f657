#pragma once

// One fitted stage as a struct of the generated header: its fields as constants and its text as a function.

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/compress/int8_source.hpp>
#include <tenon/core/text.hpp>
#include <tenon/deploy/field_view.hpp>
#include <tenon/deploy/recipe_text.hpp>
#include <tenon/format/cpp_text.hpp>
#include <tenon/model/dense_source.hpp>
#include <tenon/model/network_source.hpp>
#include <tuple>
#include <vector>

namespace tenon::inline v0 {

/// A fitted stage that describes itself for the generated header, by a member source() or by source_of(stage) beside it.
///
/// The text is the body of a function from `const scalar* x` to `scalar* z` (of a model: `score* z`). It may use the
/// stage's fields by name, `in` and `out` (int), and `not_a_number` (a scalar); nothing else but memcpy.
template <class F>
concept Described = requires(const F& stage) {
    { stage.source() } -> std::convertible_to<std::string>;
} || requires(const F& stage) {
    { source_of(stage) } -> std::convertible_to<std::string>;
};

namespace detail {

/// All that a generated header needs to know of a fitted stage, which must outlive it.
struct stage_source {
    stage_text words;
    std::string_view scalar; ///< of the columns it takes
    std::string_view score;  ///< of what a model gives; empty for a transform
    std::string body;
    std::vector<field_view> fields;
    std::vector<stage_source> parts; ///< of a stage made of stages; the body calls part_0, part_1 …
};

template <Described F>
stage_source stage_source_of(const F& stage) {
    stage_source source{text_of(stage), cpp_type<typename F::scalar>(), {}, {}, fields_of(stage), {}};
    if constexpr (requires { typename F::score; }) source.score = cpp_type<typename F::score>();
    if constexpr (requires { stage.source(); })
        source.body = stage.source();
    else
        source.body = source_of(stage);
    if constexpr (requires { stage.parts(); })
        std::apply([&](const auto&... part) { source.parts = {stage_source_of(part)...}; }, stage.parts());
    return source;
}

/// "stage_3_polynomial"
template <class Lazy = void>
std::string struct_name(std::size_t i, std::string_view name) {
    std::string text = concat({"stage_", i, "_"});
    for (const char c : name) text += is_name_character(c) ? c : '_';
    return text;
}

template <class Lazy = void>
std::string field_constant(const field_view& field) {
    if (!field.is_sequence)
        return concat(
            {"static constexpr ", field.type, " ", field.name, " = ", constant_of(field, 0), ";\n"});
    list_lines values("        ");
    for (std::size_t i = 0; i < field.size; ++i) values.add(constant_of(field, i), i + 1 == field.size);
    return concat({"static constexpr ", field.type, " ", field.name, "[", field.size == 0 ? 1 : field.size,
                   "] = ", values.closed(), ";\n"});
}

/// A stage as a struct.
template <class Lazy = void>
std::string stage_struct(const std::string& name, const stage_source& stage) {
    constexpr std::string_view pattern = R"(/// $title
struct $name {
    using scalar = $scalar;
$score    static constexpr int in = $in, out = $out;
$fields$parts
    static void apply(const scalar* x, $result* z) noexcept {
$missing$text    }
};

)";
    std::string fields, score, parts;
    for (std::size_t i = 0; i < stage.parts.size(); ++i)
        parts += cpp_indented(stage_struct(concat({"part_", i}), stage.parts[i]), "    ");
    for (const field_view& field : stage.fields)
        if (mentions(stage.body, field.name)) append(fields, {"    ", field_constant(field)});
    if (!stage.score.empty()) score = concat({"    using score = ", stage.score, ";\n"});
    const char* const missing =
        mentions(stage.body, "not_a_number")
            ? "        const scalar not_a_number = static_cast<scalar>(quiet_nan());\n"
            : "";
    return cpp_filled(pattern, {{"title", stage.words.title()},
                                {"name", name},
                                {"scalar", stage.scalar},
                                {"score", score},
                                {"in", stage.words.in},
                                {"out", stage.words.out},
                                {"fields", fields},
                                {"parts", parts},
                                {"result", stage.score.empty() ? "scalar" : "score"},
                                {"missing", missing},
                                {"text", cpp_indented(stage.body, "        ")}});
}

} // namespace detail

} // namespace tenon
