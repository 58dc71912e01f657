#pragma once

// One fitted stage as a struct of the generated header: its fields as constants and its text as a function.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tenon/compress/int8_source.hpp>
#include <tenon/core/stage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/deploy/recipe_text.hpp>
#include <tenon/deploy/tensor_fields.hpp>
#include <tenon/format/cpp_text.hpp>
#include <tenon/model/dense_source.hpp>
#include <type_traits>

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

template <Described F>
std::string source_text(const F& stage) {
    if constexpr (requires { stage.source(); })
        return stage.source();
    else
        return source_of(stage);
}

/// "stage_3_polynomial"
inline std::string struct_name(std::size_t i, std::string_view name) {
    std::string text = concat({"stage_", i, "_"});
    for (const char c : name) text += is_name_character(c) ? c : '_';
    return text;
}

template <class Field>
std::string field_constant(const char* name, const Field& field) {
    const auto values = values_of(field);
    using T = std::remove_cv_t<typename decltype(values)::element_type>;
    std::string text = concat({"static constexpr ", cpp_type<T>(), " ", name});
    if constexpr (SequenceField<Field>)
        append(text, {"[", values.empty() ? 1 : values.size(),
                      "] = ", cpp_list(std::span<const T>(values), "        "), ";\n"});
    else
        append(text, {" = ", cpp_number(T(field)), ";\n"});
    return text;
}

/// The struct of stage i, in the namespace `stages`.
template <class F>
std::string stage_struct(std::size_t i, const F& stage) {
    constexpr bool is_model = requires { typename F::score; };
    constexpr std::string_view pattern = R"(/// $title
struct $name {
    using scalar = $scalar;
$score    static constexpr int in = $in, out = $out;
$fields
    static void apply(const scalar* x, $result* z) noexcept {
$missing$text    }
};

)";
    const stage_text widths = text_of(stage);
    const std::string text = source_text(stage);
    std::string fields, score;
    visit_fields(stage, [&](const char* name, const auto& field) {
        if (mentions(text, name)) append(fields, {"    ", field_constant(name, field)});
    });
    if constexpr (is_model) score = concat({"    using score = ", cpp_type<typename F::score>(), ";\n"});
    const char* const missing =
        mentions(text, "not_a_number")
            ? "        const scalar not_a_number = static_cast<scalar>(quiet_nan());\n"
            : "";
    return cpp_filled(pattern, {{"title", widths.title()},
                                {"name", struct_name(i, widths.name)},
                                {"scalar", cpp_type<typename F::scalar>()},
                                {"score", score},
                                {"in", widths.in},
                                {"out", widths.out},
                                {"fields", fields},
                                {"result", is_model ? "score" : "scalar"},
                                {"missing", missing},
                                {"text", cpp_indented(text, "        ")}});
}

} // namespace detail

} // namespace tenon
