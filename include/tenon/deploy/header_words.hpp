#pragma once

// Names and answers as text of the generated header.

#include <string>
#include <string_view>
#include <tenon/core/fields.hpp>
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

/// The text columns of a schema.
struct header_texts {
    std::vector<std::string> names;
    std::vector<field_places> places;
};

/// What a header says of texts: where in a row they are, and how their words are counted; nothing where there are none.
template <class Lazy = void>
std::string text_vocabulary(const header_texts& texts) {
    if (texts.names.empty()) return {};
    constexpr std::string_view pattern = R"(inline constexpr std::size_t texts = $texts;
$names/// The first column of each text, and how many it has.
inline constexpr std::size_t text_places[texts][2] = {$places};

/// Counts the words of text k, which a zero ends, into its columns of the row x: count_words(text, x + text_places[k][0],
/// text_places[k][1]). A missing text has none, as "" has.
inline void count_words(const char* text, scalar* counts, std::size_t places) noexcept {
    const auto is_word_byte = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               (static_cast<unsigned char>(c) & 0x80u) != 0;
    };
    const auto rotated = [](std::uint32_t v, int by) { return (v << by) | (v >> (32 - by)); };
    const auto scrambled = [&](std::uint32_t v) { return rotated(v * 0xcc9e2d51u, 15) * 0x1b873593u; };
    for (std::size_t i = 0; i < places; ++i) counts[i] = 0;
    while (*text != 0) {
        if (!is_word_byte(*text)) {
            ++text;
            continue;
        }
        std::uint32_t hash = 0, block = 0, size = 0, characters = 0; // MurmurHash3 of a word
        for (; is_word_byte(*text); ++text) {
            const auto byte = static_cast<unsigned char>(*text);
            characters += (byte & 0xc0u) != 0x80u ? 1u : 0u;
            block |= (byte >= 'A' && byte <= 'Z' ? byte + 32u : byte) << (8 * (size & 3u));
            if ((++size & 3u) != 0) continue;
            hash = rotated(hash ^ scrambled(block), 13) * 5 + 0xe6546b64u;
            block = 0;
        }
        if (characters < 2) continue;
        hash ^= scrambled(block) ^ size;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
        hash ^= hash >> 16;
        counts[(hash >> 31 != 0 ? 0u - hash : hash) % places] += 1;
    }
}

)";
    std::string places;
    for (const field_places& text : texts.places)
        append(places, {(places.empty() ? "{" : ", {"), text.first, ", ", text.count, "}"});
    return cpp_filled(pattern, {{"texts", texts.names.size()},
                                {"names", name_array("text_names", "texts", texts.names)},
                                {"places", places}});
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
