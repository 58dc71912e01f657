#pragma once

// A schema in an artifact: as JSON, and compared with the schema that a program is compiled for. What a type fixes
// must agree and is named where it does not; what it leaves to the data (levels, widths) comes from the file.

#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/target.hpp>
#include <tenon/core/text.hpp>
#include <tenon/core/widths.hpp>
#include <tenon/format/json.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// "real", "reals", "classes" or "none".
template <class Kind>
constexpr const char* kind_text() noexcept {
    if (is_classification<Kind>) return "classes";
    if (is_several_numbers<Kind>) return "reals";
    return std::is_same_v<Kind, none> ? "none" : "real";
}

/// The value of a key in an object; `where` begins the message where this is none or has no such key.
template <class Lazy = void>
const json_value& member(const json_value& object, std::string_view key, const std::string& where) {
    if (const json_value* const value = object.find(key)) return *value;
    object.as_object({where});
    fail<artifact_error>({where, " lacks \"", key, "\""});
}

template <class Lazy = void>
std::string column_to_json(const column_info& column) {
    std::string text = concat({R"({"name":)", json_quoted(column.name)});
    if (column.categorical) text += R"(,"levels":[)";
    for (const std::string& level : column.levels)
        append(text, {(&level == column.levels.data() ? "" : ","), json_quoted(level)});
    return text += column.categorical ? "]}" : "}";
}

template <class Lazy = void>
column_info column_from_json(const json_value& value, const std::string& where) {
    column_info column{member(value, "name", where).as_string({where}), false, {}};
    const json_value* const levels = value.find("levels");
    if (levels == nullptr) return column;
    column.categorical = true;
    for (const json_value& level : levels->as_array({where, ": levels"}))
        column.levels.push_back(level.as_string({where, ": levels"}));
    return column;
}

/// {"kind": …, "columns": [{"name": …, "levels": […]}, …], "target": {…}}; numbers have no levels. Where there are several
/// targets, those behind the first are "more_targets": [{…}, …].
template <class Lazy = void>
std::string schema_to_json(const schema_info& schema, std::string_view kind) {
    std::string text = concat({R"({"kind":)", json_quoted(kind), R"(,"columns":[)"});
    for (const column_info& column : schema.columns)
        append(text, {(&column == schema.columns.data() ? "" : ","), column_to_json(column)});
    append(text, {R"(],"target":)", column_to_json(schema.target)});
    for (const column_info& column : schema.more_targets)
        append(text, {(&column == schema.more_targets.data() ? R"(,"more_targets":[)" : ","),
                      column_to_json(column)});
    return text += schema.more_targets.empty() ? "}" : "]}";
}

template <class Lazy = void>
schema_info schema_from_json(const json_value& value, const std::string& where) {
    schema_info schema;
    for (const json_value& column : member(value, "columns", where).as_array({where}))
        schema.columns.push_back(column_from_json(column, where));
    schema.target = column_from_json(member(value, "target", where), where);
    if (const json_value* const more = value.find("more_targets"))
        for (const json_value& column : more->as_array({where}))
            schema.more_targets.push_back(column_from_json(column, where));
    return schema;
}

template <class Lazy = void>
std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) append(text, {(text.empty() ? "" : ", "), word});
    return text.empty() ? "none" : text;
}

/// Throws where the two differ; levels are compared where the program's type fixes them.
template <class Lazy = void>
void check_column(const column_info& program, const column_info& file, bool levels_are_fixed,
                  const std::string& place) {
    if (program.name != file.name)
        fail<artifact_error>({place, " is '", program.name, "' here and '", file.name, "' in the file"});
    const auto type = [](const column_info& c) { return c.categorical ? "a category" : "a number"; };
    if (program.categorical != file.categorical)
        fail<artifact_error>(
            {place, " '", program.name, "' is ", type(program), " here and ", type(file), " in the file"});
    if (levels_are_fixed && program.levels != file.levels)
        fail<artifact_error>({place, " '", program.name, "' has other levels: ", listed(program.levels),
                              " here, ", listed(file.levels), " in the file"});
}

template <class Lazy = void>
void check_column_count(std::size_t program, std::size_t file, const std::string& source) {
    if (file == 0) fail<artifact_error>({source, ": the file has no feature columns"});
    if (program != dynamic && program != file)
        fail<artifact_error>({source, ": ", program, " feature columns here, ", file, " in the file"});
}

/// As many targets as the program's, of which only one can be a category.
template <class Lazy = void>
void check_target_count(std::size_t program, const schema_info& file, const std::string& source) {
    const std::size_t more = program > 1 ? program - 1 : 0;
    bool is_right = file.more_targets.size() == more && !(more > 0 && file.target.categorical);
    for (const column_info& column : file.more_targets) is_right = is_right && !column.categorical;
    if (!is_right)
        fail<artifact_error>({source, ": ", program, " targets that are numbers here, in the file ",
                              file.more_targets.size() + 1, " that are not all such"});
}

/// Throws artifact_error that names the first difference between the schema type S and that of a file.
template <class S>
void check_schema(const schema_info& file, const std::string& kind, const std::string& source) {
    using target_kind = typename S::kind;
    if (kind != kind_text<target_kind>())
        fail<artifact_error>({source, ": the target is of the kind ", kind_text<target_kind>(), " here, ",
                              kind, " in the file"});
    constexpr std::size_t scores = outputs_of<target_kind>;
    const std::size_t levels = file.target.levels.size();
    if (is_classification<target_kind> && (levels == 0 || (scores != dynamic && levels != scores)))
        fail<artifact_error>({source, ": the target has ",
                              (scores == dynamic ? "classes" : std::to_string(scores) + " classes"),
                              " here, ", levels, " in the file"});
    check_target_count(target_columns<target_kind>, file, source);
    if constexpr (requires { S::names; }) {
        const schema_info program = S::info();
        for (std::size_t i = 0; i < program.columns.size() && i < file.columns.size(); ++i)
            check_column(program.columns[i], file.columns[i], S::categories(i) != dynamic,
                         concat({source, ": column ", i}));
        check_column_count(program.columns.size(), file.columns.size(), source);
        check_column(program.target, file.target, scores != dynamic, concat({source, ": the target"}));
        for (std::size_t k = 0; k < program.more_targets.size(); ++k)
            check_column(program.more_targets[k], file.more_targets[k], true,
                         concat({source, ": target ", k + 1}));
    } else {
        check_column_count(S::width, file.columns.size(), source);
    }
}

} // namespace tenon::detail
