#pragma once

// What an artifact says of itself, read without knowing the pipeline's type: versions, stages, schema, where the data
// came from, metrics. `inspect` answers "what is in this file?"; loading compares it with the program.

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/text.hpp>
#include <tenon/core/version.hpp>
#include <tenon/deploy/recipe_text.hpp>
#include <tenon/deploy/schema_text.hpp>
#include <tenon/format/file.hpp>
#include <tenon/format/json.hpp>
#include <tenon/format/safetensors.hpp>
#include <vector>

namespace tenon::inline v0 {

/// One number that was measured before saving; `model` is empty where only one was.
struct stored_metric {
    std::string model;
    std::string metric;
    double value = 0;
    friend bool operator==(const stored_metric&, const stored_metric&) = default;
};

/// What an artifact says of itself.
struct artifact_info {
    std::uint64_t format = 0;  ///< artifact_version of the program that wrote it
    std::string tenon_version; ///< of the library that wrote it
    std::vector<stage_text> stages;
    schema_info schema;
    std::string kind;   ///< of the target: "real", "reals" (several), "classes" or "none"
    std::string scalar; ///< in which rows are taken and prepared: "double" or "float"
    std::uint64_t rows = 0;
    std::uint64_t profiled_rows = 0;
    std::uint64_t seed = 0;
    std::string fingerprint;
    std::vector<stored_metric> metrics;
    std::string seal; ///< SHA-256 of the file; names this artifact and no other
};

namespace detail {

template <class T>
constexpr const char* scalar_text() noexcept {
    return sizeof(T) == 8 ? "double" : "float";
}

template <class Lazy = void>
std::string stages_to_json(std::span<const stage_text> stages) {
    std::string text = "[";
    for (const stage_text& stage : stages)
        append(text, {(text.size() == 1 ? R"({"name":)" : R"(,{"name":)"), json_quoted(stage.name),
                      R"(,"signature":)", json_quoted(stage.signature), R"(,"in":)", stage.in, R"(,"out":)",
                      stage.out, '}'});
    return text += ']';
}

template <class Lazy = void>
std::vector<stage_text> stages_from_json(const json_value& value, const std::string& where) {
    std::vector<stage_text> stages;
    for (const json_value& stage : value.as_array({where}))
        stages.push_back({member(stage, "name", where).as_string({where}),
                          member(stage, "signature", where).as_string({where}),
                          static_cast<std::size_t>(member(stage, "in", where).as_count({where})),
                          static_cast<std::size_t>(member(stage, "out", where).as_count({where}))});
    return stages;
}

/// A number, or a text where JSON has none: "nan", "inf", "-inf".
template <class Lazy = void>
std::string metric_to_json(double value) {
    return value - value == 0 ? json_number(value) : json_quoted(format_number(value));
}

template <class Lazy = void>
double metric_from_json(const json_value& value, const std::string& where) {
    if (!value.is_string()) return value.as_number({where});
    const std::string& text = value.as_string();
    if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (text == "inf") return std::numeric_limits<double>::infinity();
    if (text == "-inf") return -std::numeric_limits<double>::infinity();
    return value.as_number({where});
}

template <class Lazy = void>
std::string metrics_to_json(std::span<const stored_metric> metrics) {
    std::string text = "[";
    for (const stored_metric& m : metrics)
        append(text, {(text.size() == 1 ? R"({"model":)" : R"(,{"model":)"), json_quoted(m.model),
                      R"(,"metric":)", json_quoted(m.metric), R"(,"value":)", metric_to_json(m.value), '}'});
    return text += ']';
}

template <class Lazy = void>
std::vector<stored_metric> metrics_from_json(const json_value& value, const std::string& where) {
    std::vector<stored_metric> metrics;
    for (const json_value& m : value.as_array({where}))
        metrics.push_back({member(m, "model", where).as_string({where}),
                           member(m, "metric", where).as_string({where}),
                           metric_from_json(member(m, "value", where), where)});
    return metrics;
}

template <class Lazy = void>
tensor_metadata metadata_of(const artifact_info& info) {
    return {{"artifact_version", std::to_string(info.format)},
            {"library_version", info.tenon_version},
            {"stages", stages_to_json(info.stages)},
            {"schema", schema_to_json(info.schema, info.kind)},
            {"scalar", info.scalar},
            {"rows", std::to_string(info.rows)},
            {"profiled_rows", std::to_string(info.profiled_rows)},
            {"seed", std::to_string(info.seed)},
            {"fingerprint", info.fingerprint},
            {"metrics", metrics_to_json(info.metrics)}};
}

template <class Lazy = void>
const std::string& metadata_text(const safetensors_view& file, std::string_view key,
                                 const std::string& source) {
    for (const auto& [name, text] : file.metadata)
        if (name == key) return text;
    fail<artifact_error>({source, " says nothing of its ", key});
}

template <class Lazy = void>
std::uint64_t metadata_count(const safetensors_view& file, std::string_view key, const std::string& source) {
    const std::string& text = metadata_text(file, key, source);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        fail<artifact_error>({source, ": its ", key, " is no whole number"});
    return value;
}

template <class Lazy = void>
json_value metadata_json(const safetensors_view& file, std::string_view key, const std::string& source) {
    return json_value::parse(metadata_text(file, key, source), concat({source, ": ", key}));
}

/// Throws artifact_error for a file of a newer format and for one that lacks an entry.
template <class Lazy = void>
artifact_info info_of(const safetensors_view& file, const std::string& source) {
    artifact_info info;
    info.format = metadata_count(file, "artifact_version", source);
    info.tenon_version = metadata_text(file, "library_version", source);
    if (info.format > artifact_version)
        fail<artifact_error>({source, " was written by tenon ", info.tenon_version, " as artifact version ",
                              info.format, "; this is tenon ", library_version(), ", which reads up to ",
                              artifact_version});
    info.stages = stages_from_json(metadata_json(file, "stages", source), source + ": stages");
    const json_value schema = metadata_json(file, "schema", source);
    info.schema = schema_from_json(schema, source + ": schema");
    info.kind = member(schema, "kind", source + ": schema").as_string({source, ": schema: kind"});
    info.scalar = metadata_text(file, "scalar", source);
    info.rows = metadata_count(file, "rows", source);
    info.profiled_rows = metadata_count(file, "profiled_rows", source);
    info.seed = metadata_count(file, "seed", source);
    info.fingerprint = metadata_text(file, "fingerprint", source);
    info.metrics = metrics_from_json(metadata_json(file, "metrics", source), source + ": metrics");
    info.seal = file.seal;
    return info;
}

} // namespace detail

/// What the artifact at path says of itself. Throws artifact_error where it is none or is damaged.
template <class Lazy = void>
artifact_info inspect(const std::string& path) {
    const std::vector<std::byte> bytes = read_bytes<artifact_error>(path);
    return detail::info_of(read_safetensors(bytes, path), path);
}

} // namespace tenon
