#pragma once

// The fields of a fitted type, seen without their types: a name, what kind of numbers, and the bytes. Whatever writes
// fields (the artifact, the generated header) is compiled once and not once for every type of field.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/stage.hpp>
#include <tenon/format/cpp_text.hpp>
#include <type_traits>
#include <vector>

namespace tenon::inline v0::detail {

/// The name of T in a safetensors file.
template <class T>
consteval std::string_view dtype_of() {
    static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool> &&
                      (sizeof(T) == 1 || sizeof(T) == 4 || sizeof(T) == 8),
                  "a field of a fitted type is a number of 1, 4 or 8 bytes, or a storage of such numbers");
    if (std::is_floating_point_v<T>) return sizeof(T) == 8 ? "F64" : "F32";
    if (sizeof(T) == 1) return std::is_signed_v<T> ? "I8" : "U8";
    if (sizeof(T) == 4) return std::is_signed_v<T> ? "I32" : "U32";
    return std::is_signed_v<T> ? "I64" : "U64";
}

template <class Field>
concept SequenceField = requires(const Field& field) {
    field.data();
    field.size();
};

/// The values of a field, a storage or a single number.
template <class Field>
auto values_of(Field& field) noexcept {
    if constexpr (SequenceField<Field>)
        return std::span(field.data(), field.size());
    else
        return std::span(&field, 1);
}

/// A field of a fitted type, in memory that must outlive the view.
struct field_view {
    std::string name;
    std::string_view dtype; ///< as dtype_of says
    std::string_view type;  ///< as cpp_type says
    bool is_sequence;       ///< a storage, not a single number
    std::size_t size;
    std::span<const std::byte> bytes;

    /// Value i, of the type T that dtype names.
    template <class T>
    T value(std::size_t i) const noexcept {
        T copy;
        std::memcpy(&copy, bytes.data() + i * sizeof(T), sizeof(T));
        return copy;
    }
};

/// Value i as a constant in C++.
template <class Lazy = void>
std::string constant_of(const field_view& field, std::size_t i) {
    const std::string_view dtype = field.dtype;
    if (dtype == "F64") return cpp_number(field.value<double>(i));
    if (dtype == "F32") return cpp_number(field.value<float>(i));
    if (dtype == "U64") return cpp_number(field.value<std::uint64_t>(i));
    return cpp_number(dtype == "I8"    ? field.value<std::int8_t>(i)
                      : dtype == "U8"  ? field.value<std::uint8_t>(i)
                      : dtype == "I32" ? field.value<std::int32_t>(i)
                      : dtype == "U32" ? field.value<std::uint32_t>(i)
                                       : field.value<std::int64_t>(i));
}

/// Whether a value is no number.
template <class Lazy = void>
bool holds_nan(const field_view& field) noexcept {
    for (std::size_t i = 0; i < field.size && field.dtype[0] == 'F'; ++i) {
        const double value = field.dtype == "F64" ? field.value<double>(i) : field.value<float>(i);
        if (value != value) return true;
    }
    return false;
}

template <class Field>
field_view field_view_of(const char* name, Field& field) {
    const auto values = values_of(field);
    using T = typename decltype(values)::value_type;
    return {name, dtype_of<T>(), cpp_type<T>(), SequenceField<Field>, values.size(), std::as_bytes(values)};
}

/// The fields of a fitted stage, which must outlive them.
template <class F>
std::vector<field_view> fields_of(const F& stage) {
    std::vector<field_view> fields;
    visit_fields(stage,
                 [&](const char* name, const auto& field) { fields.push_back(field_view_of(name, field)); });
    return fields;
}

} // namespace tenon::detail
