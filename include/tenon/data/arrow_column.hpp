#pragma once

// One column of an Arrow table, checked before anything of it is read: its type, its buffers, its offsets. The interface
// tells no sizes of buffers: that they are as long as `length` and the last offset say, the producer has to be believed.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/arrow_abi.hpp>
#include <tenon/format/quoted.hpp>
#include <tenon/format/raw_values.hpp>

namespace tenon::inline v0::detail {

/// How the values of a column are stored: not at all (every one is missing), as bits, as numbers, as reals of 16 bits,
/// as words between 32- or 64-bit offsets, as views of words.
enum class arrow_layout : unsigned char { absent, bits, numbers, halves, words, long_words, word_views };

constexpr bool is_arrow_text(arrow_layout layout) noexcept {
    return layout >= arrow_layout::words;
}

struct arrow_type {
    arrow_layout layout = arrow_layout::absent;
    raw_type raw = {};
};

/// The type that a format says; false for one that is not read.
template <class Lazy = void>
bool read_arrow_format(std::string_view format, arrow_type& type) noexcept {
    const auto is = [&](arrow_layout layout) {
        type = {layout, {}};
        return true;
    };
    const auto number = [&](raw_kind kind, unsigned char size) {
        type = {arrow_layout::numbers, {kind, size, std::endian::native == std::endian::big && size > 1}};
        return true;
    };
    if (format == "vu") return is(arrow_layout::word_views);
    if (format.size() != 1) return false;
    switch (format[0]) {
    case 'n':
        return is(arrow_layout::absent);
    case 'b':
        return is(arrow_layout::bits);
    case 'e':
        return is(arrow_layout::halves);
    case 'u':
        return is(arrow_layout::words);
    case 'U':
        return is(arrow_layout::long_words);
    case 'c':
        return number(raw_kind::whole, 1);
    case 'C':
        return number(raw_kind::natural, 1);
    case 's':
        return number(raw_kind::whole, 2);
    case 'S':
        return number(raw_kind::natural, 2);
    case 'i':
        return number(raw_kind::whole, 4);
    case 'I':
        return number(raw_kind::natural, 4);
    case 'l':
        return number(raw_kind::whole, 8);
    case 'L':
        return number(raw_kind::natural, 8);
    case 'f':
        return number(raw_kind::real, 4);
    case 'g':
        return number(raw_kind::real, 8);
    default:
        return false;
    }
}

/// The double that 16 bits of IEEE 754 stand for.
constexpr double half_value(std::uint16_t bits) noexcept {
    const unsigned exponent = bits >> 10 & 31u, fraction = bits & 1023u;
    double value = fraction;
    if (exponent == 31)
        value = fraction == 0 ? std::numeric_limits<double>::infinity()
                              : std::numeric_limits<double>::quiet_NaN();
    else if (exponent == 0)
        value *= 0x1p-24;
    else
        value = (value + 1024) * 0x1p-25 * static_cast<double>(1u << exponent);
    return bits >> 15 != 0 ? -value : value;
}

/// Rows 0 … count - 1 of a column.
struct arrow_values {
    arrow_type type = {};
    std::size_t first = 0; ///< where row 0 lies in the buffers
    std::size_t count = 0;
    const std::byte* validity = nullptr; ///< null: no value is missing
    const std::byte* values = nullptr;   ///< or the offsets of words
    const std::byte* text = nullptr;
    const void* const* texts = nullptr; ///< the buffers that views of words look into

    static bool bit(const std::byte* bits, std::size_t at) noexcept {
        return (std::to_integer<unsigned>(bits[at / 8]) >> at % 8 & 1u) != 0;
    }
    bool is_missing(std::size_t row) const noexcept {
        return type.layout == arrow_layout::absent || (validity != nullptr && !bit(validity, first + row));
    }
    /// Where the words of rows in front of `row` end.
    std::int64_t offset(std::size_t row) const noexcept {
        if (type.layout == arrow_layout::long_words) return load<std::int64_t>(row);
        return load<std::int32_t>(row);
    }
    std::string_view word(std::size_t row) const noexcept {
        if (type.layout == arrow_layout::word_views) return viewed_word(row);
        const std::int64_t begin = offset(row), end = offset(row + 1);
        if (begin == end) return {};
        return {reinterpret_cast<const char*>(text) + begin, static_cast<std::size_t>(end - begin)};
    }
    /// A bit or an integer; one without a sign from 2^63 on has become negative.
    std::int64_t index(std::size_t row) const noexcept {
        if (type.layout == arrow_layout::bits) return bit(values, first + row) ? 1 : 0;
        const std::byte* const from = values + (first + row) * type.raw.size;
        std::int64_t value = 0;
        std::uint64_t natural = 0;
        if (type.raw.kind == raw_kind::whole)
            convert_raw(from, 1, type.raw, &value);
        else
            convert_raw(from, 1, type.raw, &natural);
        return value + static_cast<std::int64_t>(natural);
    }
    /// 16 bytes: the size of a word, then the word where it has 12 bytes or fewer, else its first 4, the buffer that it is
    /// in, and where there.
    struct word_view {
        std::int32_t size, start, buffer, offset;
    };
    word_view view(std::size_t row) const noexcept {
        word_view found{};
        std::memcpy(&found, values + (first + row) * sizeof found, sizeof found);
        return found;
    }
    /// The place of the first value in memory.
    const std::byte* begin() const noexcept { return values + first * type.raw.size; }

private:
    std::string_view viewed_word(std::size_t row) const noexcept {
        const word_view found = view(row);
        const std::byte* from = values + (first + row) * sizeof found + 4;
        if (found.size > 12) from = static_cast<const std::byte*>(texts[found.buffer]) + found.offset;
        return {reinterpret_cast<const char*>(from), static_cast<std::size_t>(found.size)};
    }
    template <class Offset>
    std::int64_t load(std::size_t row) const noexcept {
        Offset value = 0;
        std::memcpy(&value, values + (first + row) * sizeof(Offset), sizeof(Offset));
        return value;
    }
};

/// What length, offset and number of missing values of an array are wrong; null where all may be.
template <class Lazy = void>
const char* wrong_arrow_counts(const ArrowArray& array) noexcept {
    constexpr std::int64_t most = std::int64_t{1} << 53;
    if (array.length < 0 || array.length > most) return "length";
    if (array.offset < 0 || array.offset > most - array.length) return "offset";
    if (array.null_count < -1 || array.null_count > array.length) return "null_count";
    return nullptr;
}

/// Throws where schema and array are not two that belong together, or their counts are impossible.
template <class Lazy = void>
void check_arrow_pair(const ArrowSchema& schema, const ArrowArray& array, const std::string& place) {
    if (schema.release == nullptr || array.release == nullptr)
        fail<data_error>({place, (schema.release == nullptr ? ": its schema" : ": its array"),
                          " has been released already"});
    if (schema.format == nullptr) fail<data_error>({place, ": its schema has no format"});
    if (const char* const wrong = wrong_arrow_counts(array))
        fail<data_error>({place, ": its ", wrong, " cannot be true (length ", array.length, ", offset ",
                          array.offset, ", null_count ", array.null_count, ")"});
    if (schema.n_children != array.n_children || schema.n_children < 0)
        fail<data_error>(
            {place, ": its schema has ", schema.n_children, " children, its array ", array.n_children});
    if (array.n_buffers < 0 || (array.n_buffers > 0 && array.buffers == nullptr))
        fail<data_error>({place, ": its buffers are missing"});
    if ((schema.dictionary == nullptr) != (array.dictionary == nullptr))
        fail<data_error>({place, ": only one of its schema and its array has a dictionary"});
}

/// Throws where the words of a column do not follow each other.
template <class Lazy = void>
void check_arrow_words(const arrow_values& column, const std::string& place) {
    if (column.count == 0) return;
    std::int64_t last = column.offset(0);
    for (std::size_t row = 0; row < column.count; ++row) {
        const std::int64_t end = column.offset(row + 1);
        if (last < 0 || end < last)
            fail<data_error>({place, ", row ", row + 1, ": its text goes from offset ", last, " to ", end});
        last = end;
    }
    if (last > column.offset(0) && column.text == nullptr)
        fail<data_error>({place, ": its buffer of text is missing"});
}

/// Throws where a view looks beyond its buffer; the last buffer of the array tells the sizes of the others.
template <class Lazy = void>
void check_arrow_views(const arrow_values& column, const ArrowArray& array, const std::string& place) {
    const std::int64_t texts = array.n_buffers - 3;
    const auto* const sizes = static_cast<const std::byte*>(array.buffers[array.n_buffers - 1]);
    for (std::size_t row = 0; row < column.count; ++row) {
        if (column.is_missing(row)) continue;
        const auto [size, start, buffer, offset] = column.view(row);
        if (size >= 0 && size <= 12) continue;
        std::int64_t there = -1;
        if (size > 12 && buffer >= 0 && buffer < texts && sizes != nullptr && column.texts[buffer] != nullptr)
            std::memcpy(&there, sizes + static_cast<std::size_t>(buffer) * sizeof there, sizeof there);
        if (size < 0 || offset < 0 || offset > there - size)
            fail<data_error>({place, ", row ", row + 1, ": its text of ", size, " bytes at ", offset,
                              " is not in buffer ", buffer, " of ", texts});
    }
}

/// `count` rows of a column from row `skip` on; `place` names it in messages. Throws data_error for a type that is not
/// read, for buffers that are missing, and for counts and offsets that contradict each other.
template <class Lazy = void>
arrow_values arrow_values_of(const ArrowSchema& schema, const ArrowArray& array, std::size_t skip,
                             std::size_t count, const std::string& place) {
    check_arrow_pair(schema, array, place);
    arrow_values column;
    if (!read_arrow_format(schema.format, column.type))
        fail<data_error>({place, " has the Arrow format ", quoted_bytes(schema.format),
                          ", expected numbers (c C s S i I l L e f g), truth values (b), text (u U vu, or a "
                          "dictionary of it) or nothing (n): cast it"});
    const auto length = static_cast<std::size_t>(array.length);
    if (skip > length || count > length - skip)
        fail<data_error>({place, " has ", length, " rows, the table ", skip + count});
    const arrow_layout layout = column.type.layout;
    const bool has_words = layout == arrow_layout::words || layout == arrow_layout::long_words;
    const bool has_views = layout == arrow_layout::word_views;
    const std::int64_t buffers = layout == arrow_layout::absent ? 0 : has_words || has_views ? 3 : 2;
    if ((has_views ? array.n_buffers < buffers : array.n_buffers != buffers) || array.n_children != 0)
        fail<data_error>({place, " of the Arrow format ", quoted_bytes(schema.format), " has ",
                          array.n_buffers, " buffers and ", array.n_children, " children, expected ", buffers,
                          (has_views ? " or more and 0" : " and 0")});
    column.first = static_cast<std::size_t>(array.offset) + skip;
    column.count = count;
    if (buffers == 0) return column;
    const auto buffer = [&](std::size_t i) { return static_cast<const std::byte*>(array.buffers[i]); };
    column.validity = buffer(0);
    column.values = buffer(1);
    if (array.null_count > 0 && column.validity == nullptr)
        fail<data_error>({place, " says that ", array.null_count, " values are missing, but not which"});
    if (count > 0 && column.values == nullptr)
        fail<data_error>({place, ": its buffer of ", (has_words ? "offsets" : "values"), " is missing"});
    if (has_words) {
        column.text = buffer(2);
        check_arrow_words(column, place);
    }
    if (has_views) {
        column.texts = array.buffers + 2;
        check_arrow_views(column, array, place);
    }
    return column;
}

} // namespace tenon::inline v0::detail
