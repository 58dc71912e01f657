#pragma once

// The fields of fitted types as tensors of a file and back. A storage is a tensor of one dimension, a number one
// without any; sizes that the program fixes must be the file's, others are the file's, and no field may hold NaN.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/text.hpp>
#include <tenon/deploy/field_view.hpp>
#include <tenon/format/safetensors.hpp>
#include <vector>

namespace tenon::inline v0::detail {

/// "3.polynomial.width"
template <class Lazy = void>
std::string field_name(std::size_t stage, std::string_view name, std::string_view field) {
    return concat({stage, ".", name, ".", field});
}

/// The tensors of a file to be written, in memory that must outlive it.
template <class Lazy = void>
class tensor_list {
public:
    template <class T>
    void add(std::string_view name, std::span<const T> values, std::initializer_list<std::uint64_t> shape) {
        add_bytes(name, dtype_of<T>(), std::as_bytes(values), shape);
    }

    /// A field of a fitted type. Throws artifact_error where it holds NaN: no fit gives that.
    void add_field(std::string_view name, const field_view& field) {
        if (holds_nan(field)) fail<artifact_error>({"cannot save: ", name, " holds NaN"});
        add_bytes(name, field.dtype, field.bytes, {});
        if (field.is_sequence) tensors_.back().shape.push_back(field.size);
    }

    std::span<const tensor_info> all() const noexcept { return tensors_; }

private:
    void add_bytes(std::string_view name, std::string_view dtype, std::span<const std::byte> bytes,
                   std::initializer_list<std::uint64_t> shape) {
        tensors_.push_back({std::string(name), std::string(dtype), shape, bytes});
    }

    std::vector<tensor_info> tensors_;
};

/// The tensors of a file that is read. Throws artifact_error for what is not as asked for.
template <class Lazy = void>
class tensor_source {
public:
    tensor_source(const safetensors_view& file, const std::string& source)
        : file_(file), source_(source), taken_(file.tensors.size()) {}

    bool has(std::string_view name) const noexcept { return file_.find(name) != nullptr; }

    /// The values of a tensor of one dimension.
    template <class T>
    std::vector<T> take(const std::string& name) {
        const tensor_info& tensor = find(name, dtype_of<T>(), 1);
        std::vector<T> values(tensor.bytes.size() / sizeof(T));
        copy(tensor, values.data());
        return values;
    }

    /// The values of a tensor of two dimensions, the second of so many values.
    template <class T>
    matrix<T> take_table(const std::string& name, std::size_t columns) {
        const tensor_info& tensor = find(name, dtype_of<T>(), 2);
        if (tensor.shape[1] != columns || tensor.bytes.empty())
            fail<artifact_error>({place(name), " is ", tensor.shape[0], " x ", tensor.shape[1], ", expected ",
                                  columns, " values a row"});
        matrix<T> values(static_cast<std::size_t>(tensor.shape[0]), columns);
        copy(tensor, values.data());
        return values;
    }

    /// Reads a field of a fitted type.
    template <class Field>
    void take_field(const std::string& name, Field& field) {
        using T = typename decltype(values_of(field))::value_type;
        const tensor_info& tensor = find(name, dtype_of<T>(), SequenceField<Field> ? 1 : 0);
        const std::size_t count = tensor.bytes.size() / sizeof(T);
        if constexpr (requires { field.resize(count); }) field.resize(count);
        const std::span<T> values = values_of(field);
        check_count(name, count, values.size());
        copy(tensor, values.data());
        if (holds_nan(field_view_of("", field))) fail<artifact_error>({place(name), " holds NaN"});
    }

    /// Throws where the file has a tensor that nobody has read.
    void check_all_taken() const {
        for (std::size_t i = 0; i < taken_.size(); ++i)
            if (!taken_[i])
                fail<artifact_error>({place(file_.tensors[i].name), " belongs to nothing in this program"});
    }

private:
    std::string place(const std::string& name) const { return concat({source_, ": tensor '", name, "'"}); }

    const tensor_info& find(const std::string& name, std::string_view dtype, std::size_t dimensions) {
        const tensor_info* const tensor = file_.find(name);
        if (tensor == nullptr) fail<artifact_error>({place(name), " is missing in the file"});
        if (tensor->dtype != dtype)
            fail<artifact_error>(
                {place(name), " is ", dtype, " in this program, ", tensor->dtype, " in the file"});
        if (tensor->shape.size() != dimensions)
            fail<artifact_error>(
                {place(name), " has ", tensor->shape.size(), " dimensions, expected ", dimensions});
        taken_[static_cast<std::size_t>(tensor - file_.tensors.data())] = true;
        return *tensor;
    }

    void check_count(const std::string& name, std::size_t file, std::size_t program) const {
        if (file != program)
            fail<artifact_error>(
                {place(name), " has ", file, " values in the file, ", program, " in this program"});
    }

    static void copy(const tensor_info& tensor, void* to) noexcept {
        if (!tensor.bytes.empty()) std::memcpy(to, tensor.bytes.data(), tensor.bytes.size());
    }

    const safetensors_view& file_;
    const std::string& source_;
    std::vector<bool> taken_;
};

} // namespace tenon::detail
