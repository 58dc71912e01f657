#pragma once

// The words of JSON: strings and numbers, read and written. Text is UTF-8 and checked to be, numbers are finite
// doubles. What a value is made of them stands in json.hpp.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/text.hpp>
#include <tenon/format/number.hpp>

namespace tenon::inline v0::detail {

/// From here on two integers share a double.
inline constexpr double first_shared_double = 9007199254740992.0;

/// The length of the UTF-8 sequence at the front of text; 0 where there is none.
constexpr std::size_t utf8_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return byte(i) >= 0x80 && byte(i) <= 0xBF; };
    const unsigned lead = byte(0);
    if (text.empty()) return 0;
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4 || !follows(1)) return 0;
    if (lead < 0xE0) return 2;
    // Refused: a longer spelling than need be, half a surrogate pair, beyond U+10FFFF.
    if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F) || !follows(2)) return 0;
    if (lead < 0xF0) return 3;
    if ((lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F) || !follows(3)) return 0;
    return 4;
}

/// text in quotes, as JSON spells it.
inline std::string json_quoted(std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string out = "\"";
    for (std::size_t i = 0, n = 0; i < text.size(); i += n) {
        n = utf8_length(text.substr(i));
        if (n == 0) detail::fail<artifact_error>({"JSON: text to be written is not UTF-8 at byte ", i});
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x20) {
            ((out += "\\u00") += hex[c >> 4]) += hex[c & 15];
        } else {
            if (c == '"' || c == '\\') out += '\\';
            out += text.substr(i, n);
        }
    }
    return out += '"';
}

/// value as JSON spells it: whole numbers that a double holds exactly without an exponent, for readers that want
/// counts so.
inline std::string json_number(double value) {
    constexpr double largest = std::numeric_limits<double>::max();
    if (!(value >= -largest && value <= largest))
        detail::fail<artifact_error>({"JSON: a number to be written is not finite: ", format_number(value)});
    const bool exact = value > -first_shared_double && value < first_shared_double;
    const std::int64_t whole = exact ? static_cast<std::int64_t>(value) : 0;
    if (whole != 0 && static_cast<double>(whole) == value) return std::to_string(whole);
    return format_number(value); // -0 among them
}

/// A place in a text, which the functions move on behind what they have read. Where something else stands they throw
/// artifact_error with the offset of the byte.
class json_scanner {
public:
    json_scanner(std::string_view text, std::string_view what) : text_(text), what_(what) {}

    /// The offset of the next character.
    std::size_t at() const noexcept { return at_; }
    bool at_end() const noexcept { return at_ == text_.size(); }

    [[noreturn]] void fail(std::initializer_list<text_part> reason, std::size_t at) const {
        detail::fail<artifact_error>({what_, ": ", concat(reason), " at byte ", at});
    }
    [[noreturn]] void expected(std::string_view wanted) const {
        std::string found = "the end of the text";
        if (!at_end()) found = concat({"the byte ", static_cast<unsigned char>(here())});
        if (here() > ' ' && here() <= '~') found = concat({"'", here(), "'"});
        detail::fail<artifact_error>({what_, ": expected ", wanted, " at byte ", at_, ", found ", found});
    }

    /// The next character, or NUL at the end.
    char here() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool skip(std::string_view word) noexcept {
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }
    void skip_blanks() noexcept {
        while (here() == ' ' || here() == '\n' || here() == '\r' || here() == '\t') ++at_;
    }

    /// The number whose first character is next.
    double number() {
        const std::size_t start = at_;
        skip("-");
        if (here() == '0')
            ++at_;
        else
            digits();
        if (skip(".")) digits();
        if (skip("e") || skip("E")) {
            if (!skip("+")) skip("-");
            digits();
        }
        double value = 0;
        if (!parse_number(text_.substr(start, at_ - start), value))
            fail({"number too large for a double"}, start);
        return value;
    }

    /// The string whose opening quote is next.
    std::string string() {
        std::string out;
        for (++at_; !skip("\"");) {
            const std::size_t n = utf8_length(text_.substr(at_));
            if (at_end()) expected("'\"'");
            if (n == 0) expected("UTF-8");
            if (static_cast<unsigned char>(here()) < 0x20) expected("an escape for a control character");
            if (here() == '\\') {
                escape(out);
            } else {
                out += text_.substr(at_, n);
                at_ += n;
            }
        }
        return out;
    }

private:
    void digits() {
        const std::size_t n = digits_at_front(text_.substr(at_));
        if (n == 0) expected("a digit");
        at_ += n;
    }

    void escape(std::string& out) {
        constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
        const std::size_t start = at_++;
        if (skip("u")) return code_point(out, start);
        const std::size_t which = letters.find(here());
        if (which == std::string_view::npos) expected("one of \"\\/bfnrtu after a backslash");
        out += meanings[which];
        ++at_;
    }

    /// Appends the character spelt \uXXXX, or \uXXXX\uXXXX beyond U+FFFF, whose backslash is at start.
    void code_point(std::string& out, std::size_t start) {
        std::uint32_t code = four_hex_digits();
        if (code >= 0xD800 && code < 0xE000) {
            const std::uint32_t low = code < 0xDC00 && skip("\\u") ? four_hex_digits() : 0;
            if (low < 0xDC00 || low >= 0xE000) fail({"half of a surrogate pair"}, start);
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
        const auto rest = [&](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
        if (code < 0x80) {
            out += static_cast<char>(code);
        } else if (code < 0x800) {
            out += {static_cast<char>(0xC0 | (code >> 6)), rest(0)};
        } else if (code < 0x10000) {
            out += {static_cast<char>(0xE0 | (code >> 12)), rest(6), rest(0)};
        } else {
            out += {static_cast<char>(0xF0 | (code >> 18)), rest(12), rest(6), rest(0)};
        }
    }
    std::uint32_t four_hex_digits() {
        std::uint32_t code = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            const char c = here();
            const auto from = [c](char zero) { return static_cast<std::uint32_t>(c - zero); };
            if (is_digit(c))
                code = 16 * code + from('0');
            else if (c >= 'a' && c <= 'f')
                code = 16 * code + from('a') + 10;
            else if (c >= 'A' && c <= 'F')
                code = 16 * code + from('A') + 10;
            else
                expected("a hexadecimal digit");
        }
        return code;
    }

    std::string_view text_;
    std::string_view what_;
    std::size_t at_ = 0;
};

} // namespace tenon::detail
