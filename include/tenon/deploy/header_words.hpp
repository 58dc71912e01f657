#pragma once

// Names and answers as text of the generated header.

#include <string>
#include <string_view>
#include <tenon/core/record.hpp>
#include <tenon/core/text.hpp>
#include <tenon/format/cpp_text.hpp>
#include <vector>

namespace tenon::inline v0::detail {

/// The names of columns or levels as an array of strings.
template <class Lazy = void>
std::string name_array(std::string_view name, std::string_view size, const std::vector<std::string>& words) {
    return concat(
        {"inline constexpr const char* ", name, "[", size, "] = ", cpp_names(words, "    "), ";\n"});
}

template <class Lazy = void>
std::vector<std::string> names_of(const std::vector<column_info>& columns) {
    std::vector<std::string> names;
    names.reserve(columns.size());
    for (const column_info& column : columns) names.push_back(column.name);
    return names;
}

/// What a header says of the answers of a regression of several outputs: a struct of them.
template <class Lazy = void>
std::string several_answers(std::string_view score, const schema_info& schema) {
    constexpr std::string_view pattern = R"(using score = $score;
inline constexpr std::size_t targets = $targets;
$names/// One number a target.
struct answer {
    score values[targets];
    const score& operator[](std::size_t k) const noexcept { return values[k]; }
};
)";
    std::vector<std::string> names{schema.target.name};
    for (const column_info& column : schema.more_targets) names.push_back(column.name);
    return cpp_filled(pattern, {{"score", score},
                                {"targets", names.size()},
                                {"names", name_array("target_names", "targets", names)}});
}

} // namespace tenon::inline v0::detail
