// Arrow tables made by hand, in buffers of known size that count how often they are released; and ways to spoil them.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <list>
#include <string>
#include <string_view>
#include <tenon/data/arrow_abi.hpp>
#include <vector>

namespace tenon_test {

/// A column: what its structs say, and the buffers behind them. An empty buffer is a null pointer.
struct hand_made_column {
    std::string format, name;
    std::int64_t length = 0, null_count = 0, offset = 0, flags = ARROW_FLAG_NULLABLE;
    std::vector<std::vector<std::byte>> buffers;
    std::list<hand_made_column> words = {}; ///< one or none: the dictionary

    ArrowSchema schema{};
    ArrowArray array{};
    std::vector<const void*> places{};
    std::string format_text{}, name_text{};

    /// Fills the two structs. Buffers get `spare` bytes that nobody has said anything about.
    template <class Struct>
    static void count_release(Struct* held) noexcept {
        ++*static_cast<int*>(held->private_data);
        held->release = nullptr;
    }
    void link(int* released_schemas, int* released_arrays, std::size_t spare) {
        format_text = format, name_text = name;
        schema = {};
        schema.format = format_text.c_str();
        schema.name = name_text.c_str();
        schema.flags = flags;
        schema.release = &count_release<ArrowSchema>;
        schema.private_data = released_schemas;
        array = {};
        array.length = length, array.null_count = null_count, array.offset = offset;
        array.n_buffers = static_cast<std::int64_t>(buffers.size());
        array.release = &count_release<ArrowArray>;
        array.private_data = released_arrays;
        places.assign(4, nullptr);
        for (std::size_t i = 0; i < buffers.size(); ++i) {
            if (buffers[i].empty()) continue;
            buffers[i].resize(buffers[i].size() + spare);
            places[i] = buffers[i].data();
        }
        array.buffers = places.data();
        if (words.empty()) return;
        words.front().link(released_schemas, released_arrays, spare);
        schema.dictionary = &words.front().schema;
        array.dictionary = &words.front().array;
    }
};

template <class T>
std::vector<std::byte> bytes_of(const std::vector<T>& values) {
    std::vector<std::byte> bytes(values.size() * sizeof(T));
    if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

/// Bits from a text of 0 and 1, the first the lowest.
inline std::vector<std::byte> bits_of(std::string_view text) {
    std::vector<std::byte> bytes((text.size() + 7) / 8);
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == '1') bytes[i / 8] |= std::byte{1} << i % 8;
    return bytes;
}

template <class T>
hand_made_column numbers(std::string format, std::string name, const std::vector<T>& values,
                         std::string_view valid = {}) {
    std::int64_t missing = 0;
    for (const char c : valid) missing += c == '0' ? 1 : 0;
    return {std::move(format),
            std::move(name),
            static_cast<std::int64_t>(values.size()),
            missing,
            0,
            ARROW_FLAG_NULLABLE,
            {bits_of(valid), bytes_of(values)}};
}

template <class Offset = std::int32_t>
hand_made_column words(std::string name, const std::vector<std::string>& all, std::string_view valid = {}) {
    std::vector<Offset> offsets{0};
    std::vector<char> text;
    for (const std::string& word : all) {
        text.insert(text.end(), word.begin(), word.end());
        offsets.push_back(static_cast<Offset>(text.size()));
    }
    hand_made_column made = numbers(sizeof(Offset) == 4 ? "u" : "U", std::move(name), offsets, valid);
    made.length = static_cast<std::int64_t>(all.size());
    made.buffers.push_back(bytes_of(text));
    return made;
}

/// Words as views: those of more than 12 bytes are in a buffer, at an offset.
inline hand_made_column word_views(std::string name, const std::vector<std::string>& all,
                                   std::string_view valid = {}) {
    std::vector<std::int32_t> views;
    std::vector<char> text;
    for (const std::string& word : all) {
        std::int32_t view[4] = {static_cast<std::int32_t>(word.size()), 0, 0,
                                static_cast<std::int32_t>(text.size())};
        std::memcpy(view + 1, word.data(), word.size() <= 12 ? word.size() : 4);
        if (word.size() > 12) text.insert(text.end(), word.begin(), word.end());
        views.insert(views.end(), view, view + 4);
    }
    hand_made_column made = numbers("vu", std::move(name), views, valid);
    made.length = static_cast<std::int64_t>(all.size());
    made.buffers.push_back(bytes_of(text));
    made.buffers.push_back(bytes_of(std::vector{static_cast<std::int64_t>(text.size())}));
    return made;
}

template <class Index = std::int8_t>
hand_made_column coded(std::string format, std::string name, const std::vector<Index>& indices,
                       const std::vector<std::string>& all, std::string_view valid = {}) {
    hand_made_column made = numbers(std::move(format), std::move(name), indices, valid);
    made.words.push_back(words("", all));
    return made;
}

/// Columns, side by side. Not to be moved once linked.
struct hand_made_table {
    std::vector<hand_made_column> columns;
    std::int64_t length = 0, offset = 0;
    ArrowSchema schema{};
    ArrowArray array{};
    std::vector<ArrowSchema*> schemas{};
    std::vector<ArrowArray*> arrays{};
    std::vector<const void*> places{};
    int released_schemas = 0, released_arrays = 0, released_children = 0;

    explicit hand_made_table(std::vector<hand_made_column> all)
        : columns(std::move(all)), length(columns.empty() ? 0 : columns[0].length) {}

    hand_made_table& link(std::size_t spare = 0) {
        schemas.clear(), arrays.clear();
        for (hand_made_column& column : columns) {
            column.link(&released_children, &released_children, spare);
            schemas.push_back(&column.schema);
            arrays.push_back(&column.array);
        }
        schemas.push_back(nullptr), arrays.push_back(nullptr);
        places.assign(4, nullptr);
        schema = {};
        schema.format = "+s";
        schema.name = "";
        schema.n_children = static_cast<std::int64_t>(columns.size());
        schema.children = schemas.data();
        schema.release = &hand_made_column::count_release<ArrowSchema>;
        schema.private_data = &released_schemas;
        array = {};
        array.length = length, array.offset = offset;
        array.n_buffers = 1;
        array.buffers = places.data();
        array.n_children = schema.n_children;
        array.children = arrays.data();
        array.release = &hand_made_column::count_release<ArrowArray>;
        array.private_data = &released_arrays;
        return *this;
    }
};

/// Ten rows of a number, words in one of the three ways, a dictionary and a target. Link it with `room_to_spoil`.
inline hand_made_table table_to_spoil(std::size_t way) {
    const std::vector<std::string> all{
        "flat", "house", "", "flat", "a house on a hill", "flat", "flat", "house", "one more on a hill", ""};
    std::vector<std::int64_t> area;
    std::vector<double> price;
    for (int i = 0; i < 10; ++i) area.push_back(40 + i), price.push_back(1000.5 * i);
    return hand_made_table(
        {numbers("l", "area", area, "1111011111"),
         way == 0   ? words("town", all)
         : way == 1 ? words<std::int64_t>("town", all, "1101111111")
                    : word_views("town", all, "1101111111"),
         coded<std::int8_t>("c", "kind", {0, 1, 1, 0, 0, 1, 0, 1, 0, 1}, {"flat", "house"}),
         numbers("g", "price", price)});
}

/// Bytes for 60 rows of anything.
inline constexpr std::size_t room_to_spoil = 1000;

/// Spoils one thing that the structs of a linked table say, drawn by draw(n) from 0 … n - 1. What it puts is either
/// impossible or within the buffers, for their sizes are what nobody can tell from the structs: offsets and lengths of at
/// most 20, ends of words of at most 200, no 64-bit offsets where the buffer has 32-bit ones.
template <class Draw>
void spoil(hand_made_table& table, Draw draw) {
    constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
    const auto count = [&]() -> std::int64_t {
        constexpr std::int64_t likely[] = {0, 1, -1, -2, largest, -largest - 1, largest - 10};
        const auto kind = draw(10);
        return kind < 7 ? likely[kind] : static_cast<std::int64_t>(draw(21));
    };
    hand_made_column& of_table = table.columns[draw(table.columns.size())];
    const bool is_dictionary = !of_table.words.empty() && draw(2) == 0;
    hand_made_column& column = is_dictionary ? of_table.words.front() : of_table;
    const bool is_root = draw(6) == 0;
    ArrowSchema& schema = is_root ? table.schema : column.schema;
    ArrowArray& array = is_root ? table.array : column.array;
    constexpr const char* formats[] = {"n", "b", "c", "C", "s", "S",  "i",  "I",       "l",     "L", "e",
                                       "f", "g", "u", "z", "",  "+s", "+l", "tsu:UTC", "w:123", "vu"};
    switch (draw(16)) {
    case 0:
        schema.format = formats[draw(21)];
        break;
    case 1:
        schema.format = draw(4) == 0 ? nullptr : "U\0";
        if (schema.format && column.format == "u") schema.format = "u";
        break;
    case 2:
        schema.name = draw(2) == 0 ? nullptr : "price";
        break;
    case 3:
        schema.n_children = count();
        break;
    case 4:
        array.n_children = count();
        break;
    case 5:
        array.length = count();
        break;
    case 6:
        array.offset = count();
        break;
    case 7:
        array.null_count = count();
        break;
    case 8:
        array.n_buffers = static_cast<std::int64_t>(draw(6)) - 1;
        break;
    case 9:
        array.buffers = nullptr;
        break;
    case 10:
        (is_root ? table.places : column.places)[draw(3)] = nullptr;
        break;
    case 11:
        (draw(2) == 0 ? schema.release = nullptr, void() : (array.release = nullptr, void()));
        break;
    case 12:
        (draw(2) == 0 ? schema.dictionary = nullptr, void() : (array.dictionary = nullptr, void()));
        break;
    case 13:
        if (draw(2) == 0)
            table.schemas[draw(table.columns.size())] = nullptr;
        else
            table.arrays[draw(table.columns.size())] = nullptr;
        if (draw(8) == 0) table.schema.children = nullptr;
        if (draw(8) == 0) table.array.children = nullptr;
        break;
    case 14: { // an offset of words, or an index
        std::vector<std::byte>& values = column.buffers[1];
        const bool is_long = column.format == "U", is_text = is_long || column.format == "u";
        const bool is_view = column.format == "vu";
        const std::int64_t offset = static_cast<std::int64_t>(draw(204)) - 3;
        const std::int64_t number =
            is_text ? offset : static_cast<std::int64_t>(draw(256)) << draw(is_view ? 25 : 56);
        const std::size_t size = (is_text && !is_long) || is_view ? 4 : 8;
        std::memcpy(values.data() + draw(is_view ? 40 : 12) * size, &number, size);
        break;
    }
    default: { // values that are missing
        const auto bits = static_cast<std::size_t>(draw(8));
        if (!column.buffers[0].empty()) column.buffers[0][bits] ^= static_cast<std::byte>(draw(256));
        break;
    }
    }
}

} // namespace tenon_test
