#pragma once

// The values of Arrow columns as a dataset has them: numbers with NaN for what is missing, words as indices of levels.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/text.hpp>
#include <tenon/core/word_counts.hpp>
#include <tenon/data/arrow_column.hpp>
#include <tenon/data/level_table.hpp>
#include <tenon/data/name_hint.hpp>
#include <vector>

namespace tenon::inline v0::detail {

/// A column of a table, and the words of its dictionary where it has one.
struct arrow_source {
    arrow_values rows;
    arrow_values dictionary;
    bool has_dictionary = false;
    bool is_ordered = false; ///< the order of the dictionary means something
    std::string_view format;
    std::string place;         ///< for messages
    std::size_t first_row = 0; ///< that came before, in other batches

    [[noreturn]] void refuse(std::size_t row, std::initializer_list<text_part> what) const {
        fail<data_error>({place, ", row ", first_row + row + 1, ": ", concat(what)});
    }
    /// An entry of the dictionary that there is; an index of 64 bits without a sign may have become negative.
    std::size_t checked_entry(std::int64_t entry, std::size_t row) const {
        if (entry < 0 || static_cast<std::uint64_t>(entry) >= dictionary.count)
            refuse(row, {"index ", entry, " of a dictionary of ", dictionary.count, " words"});
        return static_cast<std::size_t>(entry);
    }
};

/// Rows of a column from `skip` on.
template <class Lazy = void>
arrow_source arrow_source_of(const ArrowSchema& schema, const ArrowArray& array, std::size_t skip,
                             std::size_t count, const std::string& place) {
    arrow_source source;
    source.rows = arrow_values_of(schema, array, skip, count, place);
    source.place = place;
    source.format = schema.format;
    if (schema.dictionary == nullptr) return source;
    source.has_dictionary = true;
    source.is_ordered = (schema.flags & ARROW_FLAG_DICTIONARY_ORDERED) != 0;
    const arrow_type index = source.rows.type;
    const bool is_integer = index.layout == arrow_layout::numbers && index.raw.kind != raw_kind::real;
    if (!is_integer || schema.dictionary->dictionary != nullptr)
        fail<data_error>({place, ": the indices of its dictionary have the Arrow format ",
                          quoted_bytes(schema.format), ", expected integers"});
    const std::string words = place + ": its dictionary";
    check_arrow_pair(*schema.dictionary, *array.dictionary, words);
    source.dictionary = arrow_values_of(*schema.dictionary, *array.dictionary, 0,
                                        static_cast<std::size_t>(array.dictionary->length), words);
    if (!is_arrow_text(source.dictionary.type.layout) && source.dictionary.count > 0)
        fail<data_error>(
            {words, " has the Arrow format ", quoted_bytes(schema.dictionary->format), ", expected text"});
    return source;
}

/// The numbers of a column to to[0], to[step] …; NaN where one is missing. Throws data_error for a column that has no
/// numbers, and for a number that T cannot hold.
template <class T>
void take_arrow_numbers(const arrow_source& source, T* to, std::size_t step) {
    const arrow_values& rows = source.rows;
    const arrow_layout layout = rows.type.layout;
    if (source.has_dictionary || is_arrow_text(layout))
        fail<data_error>({source.place, (source.has_dictionary ? " is a dictionary of words" : " is text"),
                          ", expected numbers"});
    constexpr T missing = std::numeric_limits<T>::quiet_NaN();
    if (layout != arrow_layout::numbers) {
        for (std::size_t r = 0; r < rows.count; ++r) {
            if (rows.is_missing(r)) {
                to[r * step] = missing;
                continue;
            }
            std::uint16_t half = 0;
            if (layout == arrow_layout::halves) std::memcpy(&half, rows.values + (rows.first + r) * 2, 2);
            to[r * step] = layout == arrow_layout::halves ? static_cast<T>(half_value(half))
                                                          : static_cast<T>(rows.index(r));
        }
        return;
    }
    // What lies where a value is missing means nothing, so runs of values are converted between.
    const std::byte* const begin = rows.count == 0 ? nullptr : rows.begin();
    for (std::size_t r = 0; r < rows.count;) {
        if (rows.is_missing(r)) {
            to[r++ * step] = missing;
            continue;
        }
        std::size_t end = rows.validity == nullptr ? rows.count : r + 1;
        while (end < rows.count && !rows.is_missing(end)) ++end;
        const std::size_t read =
            convert_raw(begin + r * rows.type.raw.size, end - r, rows.type.raw, to + r * step, step);
        if (read == end - r) {
            r = end;
            continue;
        }
        if (rows.type.raw.kind == raw_kind::real)
            source.refuse(r + read, {"the value is too large for a float"});
        const raw_type raw = rows.type.raw;
        const std::int64_t value = rows.index(r + read);
        source.refuse(r + read, {(raw.kind == raw_kind::natural ? text_part(static_cast<std::uint64_t>(value))
                                                                : text_part(value)),
                                 " is no ", (sizeof(T) == 8 ? "double" : "float"), " exactly"});
    }
}

/// The levels of a column as they come: of text, of a dictionary of text, of integers and truth values as text.
class arrow_levels {
public:
    arrow_levels(const arrow_source& source, level_table& table, const std::vector<std::string>& levels)
        : source_(source), table_(table), levels_(levels) {
        const arrow_layout layout = source.rows.type.layout;
        const bool is_real = layout == arrow_layout::halves ||
                             (layout == arrow_layout::numbers && source.rows.type.raw.kind == raw_kind::real);
        if (is_real)
            fail<data_error>({source.place, " has the Arrow format ", quoted_bytes(source.format),
                              ", real numbers, expected words or integers"});
        if (source.has_dictionary) level_of_.assign(source.dictionary.count, unseen);
    }

    /// The index of row r's level; level_table::unknown where it is missing. Throws data_error for another word.
    std::uint32_t level(std::size_t r) {
        const arrow_values& rows = source_.rows;
        if (rows.is_missing(r)) return level_table::unknown;
        if (is_arrow_text(rows.type.layout)) return level_of(rows.word(r), r);
        const std::int64_t value = rows.index(r);
        if (source_.has_dictionary) return level_of_entry(value, r);
        if (rows.type.layout == arrow_layout::bits) return level_of_bit(value != 0, r);
        char digits[24];
        const bool is_natural = rows.type.raw.kind == raw_kind::natural;
        const auto end = is_natural
                             ? std::to_chars(digits, digits + 24, static_cast<std::uint64_t>(value)).ptr
                             : std::to_chars(digits, digits + 24, value).ptr;
        return level_of({digits, static_cast<std::size_t>(end - digits)}, r);
    }

private:
    static constexpr std::uint32_t unseen = level_table::unknown - 1;

    std::uint32_t level_of(std::string_view word, std::size_t r) {
        const std::uint32_t index = table_.index(word);
        if (index == level_table::unknown)
            source_.refuse(r, {"unknown level ", in_quotes(word), "; ", name_hint(word, levels_)});
        return index;
    }
    /// Truth values are false and true, or 0 and 1 where those are the levels.
    std::uint32_t level_of_bit(bool value, std::size_t r) {
        const std::string_view digit = value ? "1" : "0", word = value ? "true" : "false";
        const bool is_digit =
            table_.find(word) == level_table::unknown && table_.find(digit) != level_table::unknown;
        return level_of(is_digit ? digit : word, r);
    }
    std::uint32_t level_of_entry(std::int64_t entry, std::size_t r) {
        const std::size_t place = source_.checked_entry(entry, r);
        if (level_of_[place] == unseen)
            level_of_[place] = source_.dictionary.is_missing(place)
                                   ? level_table::unknown
                                   : level_of(source_.dictionary.word(place), r);
        return level_of_[place];
    }

    const arrow_source& source_;
    level_table& table_;
    const std::vector<std::string>& levels_;
    std::vector<std::uint32_t> level_of_; ///< of each word of the dictionary
};

/// Counts the words of a text in each row, or of the dictionary's text that it names, into `places` numbers from to, to +
/// step … on; a missing text has none. Throws data_error for a column of another kind.
template <class T>
void take_arrow_texts(const arrow_source& source, T* to, std::size_t step, std::size_t places) {
    const arrow_values& rows = source.rows;
    const arrow_values& words = source.has_dictionary ? source.dictionary : rows;
    if (!source.has_dictionary && !is_arrow_text(rows.type.layout))
        fail<data_error>(
            {source.place, " has the Arrow format ", quoted_bytes(source.format), ", expected text"});
    for (std::size_t r = 0; r < rows.count; ++r) {
        bool is_missing = rows.is_missing(r);
        std::size_t place = r;
        if (source.has_dictionary && !is_missing) {
            place = source.checked_entry(rows.index(r), r);
            is_missing = words.is_missing(place);
        }
        count_words(is_missing ? std::string_view() : words.word(place), std::span<T>(to + r * step, places));
    }
}

/// The words of a dictionary, whose order is kept. Throws data_error for one that is missing or there twice.
template <class Lazy = void>
std::vector<std::string> ordered_words(const arrow_source& source) {
    std::vector<std::string> words;
    level_table seen({});
    for (std::size_t i = 0; i < source.dictionary.count; ++i) {
        const bool is_missing = source.dictionary.is_missing(i);
        words.emplace_back(is_missing ? std::string_view() : source.dictionary.word(i));
        if (is_missing || seen.find(words.back()) != level_table::unknown)
            fail<data_error>({source.place, ": word ", i + 1, " of its ordered dictionary, ",
                              in_quotes(words.back()), (is_missing ? ", is missing" : ", is there twice")});
        seen.index(words.back());
    }
    return words;
}

} // namespace tenon::inline v0::detail
