#pragma once

// C++ written by a program: numbers that the compiler reads back to the same bits, strings, arrays, names.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/text.hpp>
#include <tenon/format/number.hpp>
#include <type_traits>

namespace tenon::inline v0 {

namespace detail {

constexpr bool is_name_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

} // namespace detail

/// The C++ name of an arithmetic type: "double", "std::uint8_t".
template <class T>
constexpr std::string_view cpp_type() noexcept {
    static_assert(std::is_arithmetic_v<T>);
    if (std::is_floating_point_v<T>) return sizeof(T) == 8 ? "double" : "float";
    if (sizeof(T) == 1) return std::is_signed_v<T> ? "std::int8_t" : "std::uint8_t";
    if (sizeof(T) == 2) return std::is_signed_v<T> ? "std::int16_t" : "std::uint16_t";
    if (sizeof(T) == 4) return std::is_signed_v<T> ? "std::int32_t" : "std::uint32_t";
    return std::is_signed_v<T> ? "std::int64_t" : "std::uint64_t";
}

/// value as a constant of its type: 0.1f, 3.0, 255, 18446744073709551615u. Not for NaN, which has no constant.
template <class T>
std::string cpp_number(T value) {
    if constexpr (std::is_integral_v<T>) {
        if (sizeof(T) == 8 && value == std::numeric_limits<T>::min() && value != 0)
            return detail::concat({"(", value + 1, " - 1)"}); // its digits alone are no signed constant
        return detail::concat({value, (sizeof(T) == 8 && std::is_unsigned_v<T> ? "u" : "")});
    } else {
        const char* const suffix = sizeof(T) == 4 ? "f" : "";
        if (value - value != 0)
            return detail::concat({value < 0 ? "-" : "", "__builtin_huge_val", suffix, "()"});
        std::string text = format_number(value);
        if (text.find_first_of(".e") == std::string::npos) text += ".0";
        return text + suffix;
    }
}

/// text as a string constant.
inline std::string cpp_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) { // three octal digits cannot run into what follows
            out += '\\';
            for (int shift = 6; shift >= 0; shift -= 3) out += static_cast<char>('0' + (byte >> shift) % 8);
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

namespace detail {

/// Words between braces, in lines of about 100 characters.
class list_lines {
public:
    explicit list_lines(std::string_view indent) : indent_(indent) {}

    void add(std::string_view word, bool is_last) {
        append(line_, {word, is_last ? "" : ", "});
        if (line_.size() < 90 && !is_last) return;
        if (is_last && text_.size() == 1) {
            text_ += line_; // all of them in the line of the brace
            return;
        }
        if (line_.ends_with(' ')) line_.pop_back();
        append(text_, {'\n', indent_, line_});
        line_.clear();
    }
    std::string closed() { return text_ += '}'; }

private:
    std::string text_ = "{", line_;
    std::string_view indent_;
};

} // namespace detail

/// Numbers between braces, in lines of about 100 characters that begin with indent.
template <class T>
std::string cpp_list(std::span<const T> values, std::string_view indent) {
    detail::list_lines lines(indent);
    for (std::size_t i = 0; i < values.size(); ++i) lines.add(cpp_number(values[i]), i + 1 == values.size());
    return lines.closed();
}

/// Words as strings between braces, likewise.
inline std::string cpp_names(std::span<const std::string> words, std::string_view indent) {
    detail::list_lines lines(indent);
    for (std::size_t i = 0; i < words.size(); ++i) lines.add(cpp_quoted(words[i]), i + 1 == words.size());
    return lines.closed();
}

/// text with indent before each of its lines, the last one ended.
inline std::string cpp_indented(std::string_view text, std::string_view indent) {
    std::string out;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        if (!line.empty()) (out += indent) += line;
        out += '\n';
        text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
    }
    return out;
}

/// What stands for $name in a pattern.
struct cpp_word {
    std::string_view name;
    detail::text_part value;
};

/// pattern with each $name replaced by its value; a name that has none is left out.
inline std::string cpp_filled(std::string_view pattern, std::initializer_list<cpp_word> values) {
    std::string out;
    while (!pattern.empty()) {
        const std::size_t mark = pattern.find('$');
        out += pattern.substr(0, mark);
        if (mark == pattern.npos) break;
        std::size_t end = mark + 1;
        while (end < pattern.size() && detail::is_name_character(pattern[end])) ++end;
        for (const auto& [name, value] : values)
            if (name == pattern.substr(mark + 1, end - mark - 1)) value.append_to(out);
        pattern.remove_prefix(end);
    }
    return out;
}

/// Whether text is a name, or names joined by "::".
constexpr bool is_cpp_name(std::string_view text) noexcept {
    bool begins = true;
    while (!text.empty()) {
        if (!begins && text.starts_with("::")) {
            begins = true;
            text.remove_prefix(2);
            continue;
        }
        if (!detail::is_name_character(text[0]) || (begins && detail::is_digit(text[0]))) return false;
        begins = false;
        text.remove_prefix(1);
    }
    return !begins;
}

/// Whether a name stands in C++ text as a word.
constexpr bool mentions(std::string_view text, std::string_view name) noexcept {
    for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        const std::size_t end = at + name.size();
        const bool runs_on = end < text.size() && detail::is_name_character(text[end]);
        if (!runs_on && (at == 0 || !detail::is_name_character(text[at - 1]))) return true;
    }
    return false;
}

} // namespace tenon
