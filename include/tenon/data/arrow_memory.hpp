#pragma once

// The memory behind Arrow structs that tenon makes. Each struct holds what is its own, so that a consumer may move a column
// out of a table and release the two in any order.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/record.hpp>
#include <tenon/data/arrow_abi.hpp>
#include <type_traits>
#include <vector>

namespace tenon::inline v0::detail {

/// What is behind a struct besides its children and its dictionary.
template <class Struct>
struct arrow_parts;
template <>
struct arrow_parts<ArrowSchema> {
    std::string format, name;
};
template <>
struct arrow_parts<ArrowArray> {
    const void* buffers[3] = {};
    std::vector<std::byte> memory[3];
};

template <class Struct>
struct arrow_memory : arrow_parts<Struct> {
    std::vector<Struct> children;
    std::vector<Struct*> places;
    Struct dictionary{};

    static void release(Struct* held) noexcept {
        auto* const memory = static_cast<arrow_memory*>(held->private_data);
        for (Struct& child : memory->children)
            if (child.release != nullptr) child.release(&child);
        if (memory->dictionary.release != nullptr) memory->dictionary.release(&memory->dictionary);
        delete memory;
        held->release = nullptr;
    }

    /// Begins a struct of so many children. From then on its release frees what there is, so that one half made can be
    /// released as well.
    static arrow_memory& begin(Struct& made, std::size_t children) {
        auto* const memory = new arrow_memory; // NOLINT(cppcoreguidelines-owning-memory)
        made = {};
        made.private_data = memory;
        made.release = &release;
        memory->children.resize(children);
        for (Struct& child : memory->children) memory->places.push_back(&child);
        made.n_children = static_cast<std::int64_t>(children);
        made.children = children == 0 ? nullptr : memory->places.data();
        return *memory;
    }
};

template <class Lazy = void>
arrow_memory<ArrowSchema>& begin_arrow_schema(ArrowSchema& made, std::string_view format,
                                              std::string_view name, std::int64_t flags,
                                              std::size_t children = 0) {
    auto& memory = arrow_memory<ArrowSchema>::begin(made, children);
    memory.format = format;
    memory.name = name;
    made.format = memory.format.c_str();
    made.name = memory.name.c_str();
    made.flags = flags;
    return memory;
}

template <class Lazy = void>
arrow_memory<ArrowArray>& begin_arrow_array(ArrowArray& made, std::size_t length, std::int64_t buffers,
                                            std::size_t children = 0) {
    auto& memory = arrow_memory<ArrowArray>::begin(made, children);
    made.length = static_cast<std::int64_t>(length);
    made.n_buffers = buffers;
    made.buffers = memory.buffers;
    return memory;
}

/// Buffer i of an array as `count` values of T, zero at first.
template <class T>
T* arrow_buffer(arrow_memory<ArrowArray>& memory, std::size_t i, std::size_t count) {
    memory.memory[i].resize(count * sizeof(T));
    memory.buffers[i] = memory.memory[i].data();
    return reinterpret_cast<T*>(memory.memory[i].data());
}

/// Marks the values that are NaN as missing.
template <class T>
void mark_missing(ArrowArray& made, arrow_memory<ArrowArray>& memory, vector_view<const T> values) {
    for (std::size_t r = 0; r < values.size(); ++r) made.null_count += values[r] != values[r] ? 1 : 0;
    if (made.null_count == 0) return;
    auto* const bits = arrow_buffer<std::uint8_t>(memory, 0, (values.size() + 7) / 8);
    for (std::size_t r = 0; r < values.size(); ++r)
        if (values[r] == values[r]) bits[r / 8] = static_cast<std::uint8_t>(bits[r / 8] | 1u << r % 8);
}

/// A column of numbers, where they lie if they may be borrowed and follow each other.
template <class T>
void make_arrow_numbers(ArrowArray& made, vector_view<const T> values, bool borrows, bool nan_is_missing) {
    auto& memory = begin_arrow_array(made, values.size(), 2);
    if (borrows && values.stride() == 1)
        memory.buffers[1] = values.data();
    else {
        T* const to = arrow_buffer<T>(memory, 1, values.size());
        for (std::size_t r = 0; r < values.size(); ++r) to[r] = values[r];
    }
    if (nan_is_missing) mark_missing(made, memory, values);
}

/// A column of text.
template <class Lazy = void>
void make_arrow_words(ArrowArray& made, const std::vector<std::string>& words, const std::string& name) {
    auto& memory = begin_arrow_array(made, words.size(), 3);
    auto* const offsets = arrow_buffer<std::int32_t>(memory, 1, words.size() + 1);
    std::size_t size = 0;
    for (const std::string& word : words) size += word.size();
    if (size > 0x7fff'ffffu)
        fail<data_error>({"to_arrow: the levels of '", name, "' have 2^31 bytes or more"});
    char* const text = arrow_buffer<char>(memory, 2, size);
    std::size_t end = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        words[i].copy(text + end, words[i].size());
        end += words[i].size();
        offsets[i + 1] = static_cast<std::int32_t>(end);
    }
}

/// A column of indices of levels, and the levels as its dictionary. Throws for a value that is no such index.
template <class T>
void make_arrow_levels(ArrowArray& made, vector_view<const T> values, const column_info& column,
                       std::size_t first_row) {
    auto& memory = begin_arrow_array(made, values.size(), 2);
    auto* const to = arrow_buffer<std::int32_t>(memory, 1, values.size());
    const auto count = static_cast<double>(column.levels.size() < 0x7fff'ffffu ? column.levels.size() : 0);
    for (std::size_t r = 0; r < values.size(); ++r) {
        const auto value = static_cast<double>(values[r]);
        if (value != value) continue;
        if (!(value >= 0 && value < count) || static_cast<double>(static_cast<std::int32_t>(value)) != value)
            fail<data_error>({"to_arrow: column '", column.name, "', row ", first_row + r + 1, ": ", value,
                              " is the index of none of its ", column.levels.size(), " levels"});
        to[r] = static_cast<std::int32_t>(value);
    }
    mark_missing(made, memory, values);
    made.dictionary = &memory.dictionary;
    make_arrow_words(memory.dictionary, column.levels, column.name);
}

/// Throws a stream's own words for what went wrong: one line, the beginning of them.
template <class Lazy = void>
[[noreturn]] void refuse_arrow_stream(ArrowArrayStream& stream, int code, const std::string& source) {
    const char* const reason = stream.get_last_error == nullptr ? nullptr : stream.get_last_error(&stream);
    std::string text = reason == nullptr ? "no reason is given" : reason;
    if (text.size() > 300) text.resize(300);
    for (char& c : text) c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    fail<data_error>({source, ": the stream ended with error ", code, ": ", text});
}

} // namespace tenon::inline v0::detail
