#pragma once

// Datasets as files of their own: rows, targets, weights, names, levels and fingerprint in one safetensors file (Python
// opens it), every byte covered by SHA-256, read as if somebody wished us ill and checked against the program's schema.
//
//     tenon::save_dataset(data, "houses.rows");
//     auto data = tenon::load_dataset<house>("houses.rows");

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/version.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/fingerprint.hpp>
#include <tenon/deploy/artifact_info.hpp>
#include <tenon/deploy/schema_text.hpp>
#include <tenon/deploy/tensor_fields.hpp>
#include <tenon/format/file.hpp>
#include <tenon/format/safetensors.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// The version of dataset files that this tenon writes; it reads this one and those before.
inline constexpr std::uint64_t dataset_version = 1;

namespace detail {

/// Throws where a category or class is the index of none of its levels.
template <class T>
void check_levels(vector_view<const T> values, const column_info& column, bool may_be_missing,
                  const std::string& source) {
    const auto count = static_cast<double>(column.levels.size());
    for (std::size_t r = 0; r < values.size(); ++r) {
        const auto value = static_cast<double>(values[r]);
        if (may_be_missing && value != value) continue;
        if (!(value >= 0 && value < count) || static_cast<double>(static_cast<std::uint64_t>(value)) != value)
            fail<artifact_error>({source, ": column '", column.name, "', row ", r + 1, ": ", value,
                                  " is the index of none of its ", column.levels.size(), " levels"});
    }
}

/// Throws where the values of a dataset do not go with its names and levels.
template <Dataset D>
void check_dataset(const D& data, const std::string& source) {
    using S = typename D::schema_type;
    using T = typename S::scalar;
    const schema_info& info = data.info();
    for (std::size_t i = 0; i < info.columns.size(); ++i)
        if (info.columns[i].categorical)
            check_levels<T>(matrix_view<const T>(data.x()).column(i), info.columns[i], true, source);
    if constexpr (is_classification<typename S::kind>)
        check_levels<class_index>(data.y(), info.target, false, source);
}

/// The target of a schema without classes is never a category, and one of K classes says which.
template <Schema S>
void check_dataset_schema(const schema_info& info, const std::string& kind, const std::string& source) {
    check_schema<S>(info, kind, source);
    if (info.target.categorical != is_classification<typename S::kind>)
        fail<artifact_error>(
            {source, ": the target is ", (info.target.categorical ? "" : "not "), "a category in the file"});
    if constexpr (!requires { S::names; })
        for (const column_info& column : info.columns)
            if (column.categorical)
                fail<artifact_error>(
                    {source, ": column '", column.name, "' is a number here and a category in the file"});
}

/// One value a row, or rows × targets where they are several.
template <class Y>
void add_targets(tensor_list<>& tensors, const std::vector<Y>& y) {
    if constexpr (is_array_of_numbers<Y>)
        tensors.add(
            "y", std::span<const double>(y.empty() ? nullptr : y[0].data(), y.size() * std::tuple_size_v<Y>),
            {std::uint64_t{y.size()}, std::uint64_t{std::tuple_size_v<Y>}});
    else
        tensors.add("y", std::span<const Y>(y), {std::uint64_t{y.size()}});
}

template <Dataset D>
std::vector<std::byte> dataset_file_bytes(const D& data) {
    using S = typename D::schema_type;
    using T = typename S::scalar;
    using Y = target_value<typename S::kind>;
    const std::string source = "cannot save the dataset";
    const matrix_view<const T> from = data.x();
    const std::size_t rows = from.rows(), width = from.columns();
    check_dataset_schema<S>(data.info(), kind_text<typename S::kind>(), source);
    check_dataset(data, source);
    std::vector<T> gathered;
    std::span<const T> x(from.data(), rows * width);
    if (width != 0 &&
        (from.column_stride() != 1 || from.row_stride() != static_cast<std::ptrdiff_t>(width))) {
        gathered.resize(rows * width);
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < width; ++c) gathered[r * width + c] = from(r, c);
        x = gathered;
    }
    std::vector<Y> y;
    if constexpr (!std::is_same_v<typename S::kind, none>)
        for (std::size_t r = 0; r < rows; ++r) y.push_back(data.y()[r]);

    tensor_list<> tensors;
    tensors.add("x", x, {rows, width});
    if constexpr (!std::is_same_v<typename S::kind, none>) add_targets(tensors, y);
    std::vector<double> weights;
    const vector_view<const double> weighted = weights_of(data);
    for (std::size_t r = 0; r < weighted.size(); ++r) weights.push_back(weighted[r]);
    if (!weights.empty()) tensors.add("weights", std::span<const double>(weights), {std::uint64_t{rows}});
    return write_safetensors(tensors.all(),
                             {{"dataset_version", std::to_string(dataset_version)},
                              {"library_version", library_version()},
                              {"schema", schema_to_json(data.info(), kind_text<typename S::kind>())},
                              {"scalar", scalar_text<T>()},
                              {"rows", std::to_string(rows)},
                              {"fingerprint", fingerprint(data)}});
}

template <class Lazy = void>
void check_dataset_version(const safetensors_view& file, const std::string& source) {
    for (const auto& [key, text] : file.metadata)
        if (key == "artifact_version")
            fail<artifact_error>({source, " holds a fitted pipeline, not a dataset: read it with load"});
    if (const std::uint64_t version = metadata_count(file, "dataset_version", source);
        version > dataset_version)
        fail<artifact_error>(
            {source, " is a dataset of version ", version, ", this tenon reads up to ", dataset_version});
}

/// The tensor of that name and type; throws where its extents are not those that are expected.
template <class Lazy = void>
const tensor_info& dataset_tensor(const safetensors_view& file, std::string_view name, std::string_view dtype,
                                  const std::vector<std::uint64_t>& shape, const std::string& source) {
    const tensor_info* const tensor = file.find(name);
    if (tensor == nullptr || tensor->dtype != dtype || tensor->shape != shape)
        fail<artifact_error>({source, ": its tensor '", name, "' is missing, or not ", dtype,
                              " of the extents that its rows and columns make"});
    return *tensor;
}

template <class T>
void copy_values(const tensor_info& tensor, T* to) noexcept {
    if (!tensor.bytes.empty()) std::memcpy(to, tensor.bytes.data(), tensor.bytes.size());
}

/// The targets that add_targets wrote.
template <class Y>
std::vector<Y> read_targets(const safetensors_view& file, std::uint64_t rows, const std::string& source) {
    std::vector<Y> y;
    const auto take = [&](const tensor_info& tensor) {
        y.resize(static_cast<std::size_t>(rows));
        copy_values(tensor, y.data());
    };
    if constexpr (is_array_of_numbers<Y>)
        take(dataset_tensor(file, "y", dtype_of<double>(), {rows, std::uint64_t{std::tuple_size_v<Y>}},
                            source));
    else
        take(dataset_tensor(file, "y", dtype_of<Y>(), {rows}, source));
    return y;
}

/// Weights of rows; of rows that were taken from others all may be 0.
template <class Lazy = void>
std::vector<double> read_weights(const tensor_info& tensor, const std::string& source) {
    std::vector<double> weights(tensor.bytes.size() / sizeof(double));
    copy_values(tensor, weights.data());
    for (std::size_t r = 0; r < weights.size(); ++r)
        if (!(weights[r] >= 0 && weights[r] - weights[r] == 0))
            fail<artifact_error>({source, ": the weight of row ", r + 1, " is ", weights[r],
                                  ", expected a finite number, 0 or more"});
    return weights;
}

template <Schema S>
dataset<S> load_dataset_bytes(std::span<const std::byte> bytes, const std::string& source) {
    using T = typename S::scalar;
    using Y = target_value<typename S::kind>;
    constexpr bool has_target = !std::is_same_v<typename S::kind, none>;
    const safetensors_view file = read_safetensors(bytes, source);
    check_dataset_version(file, source);
    const json_value json = metadata_json(file, "schema", source);
    schema_info info = schema_from_json(json, source + ": schema");
    const std::uint64_t rows = metadata_count(file, "rows", source);
    check_dataset_schema<S>(info, member(json, "kind", source).as_string({source, ": schema: kind"}), source);
    if (const std::string& scalar = metadata_text(file, "scalar", source); scalar != scalar_text<T>())
        fail<artifact_error>(
            {source, ": values are ", scalar_text<T>(), " in this program, ", scalar, " in the file"});
    const bool has_weights = file.find("weights") != nullptr;
    if (file.tensors.size() != std::size_t{1} + (has_target ? 1 : 0) + (has_weights ? 1 : 0))
        fail<artifact_error>({source, " has ", file.tensors.size(), " tensors, expected ",
                              (has_target ? "x and y" : "only x"), " and perhaps weights"});

    const tensor_info& values = dataset_tensor(file, "x", dtype_of<T>(), {rows, info.columns.size()}, source);
    matrix<T> x(static_cast<std::size_t>(rows), info.columns.size());
    copy_values(values, x.data());
    std::vector<Y> y;
    if constexpr (has_target) y = read_targets<Y>(file, rows, source);
    std::vector<double> weights;
    if (has_weights) weights = read_weights(dataset_tensor(file, "weights", "F64", {rows}, source), source);
    dataset<S> data(std::move(x), std::move(y), std::move(info), std::move(weights));
    check_dataset(data, source);
    if (fingerprint(data) != metadata_text(file, "fingerprint", source))
        fail<artifact_error>({source, ": its rows are not those whose fingerprint it holds"});
    return data;
}

} // namespace detail

/// The bytes of the file that save_dataset writes: tensor "x" (rows x columns, F64, or F32 where the schema's scalar is
/// float; a category is the index of its level, a missing value NaN), tensor "y" (F64, or U32 for classes; rows x targets where they are several), tensor "weights" where there are any, and as text
/// the schema with all names and levels, the fingerprint, and versions. The same dataset always gives the same bytes.
template <Dataset D>
std::vector<std::byte> save_dataset_bytes(const D& data) {
    return detail::dataset_file_bytes(data);
}

/// Writes a dataset to a file; what was there is replaced only when the new file is complete. Throws artifact_error where
/// the file cannot be written, and for a value that is the index of no level.
template <Dataset D>
void save_dataset(const D& data, const std::string& path) {
    write_file<artifact_error>(path, save_dataset_bytes(data));
}

/// The dataset that save_dataset_bytes made; `source` begins the messages. Throws artifact_error for a file that is
/// damaged, of a newer format, or of another schema than S (the first name, kind, level or width that differs is named;
/// what S leaves open comes from the file), and for values that do not go with them.
template <Schema S>
dataset<S> load_dataset_bytes(std::span<const std::byte> bytes, const std::string& source = "the dataset") {
    return detail::load_dataset_bytes<S>(bytes, source);
}

/// The dataset in the file at path, as load_dataset_bytes reads it.
template <Schema S>
dataset<S> load_dataset(const std::string& path) {
    return detail::load_dataset_bytes<S>(read_bytes<artifact_error>(path), path);
}

} // namespace tenon
