#pragma once

// Text put together from parts. A chain of std::string's operator+ costs a compiler four times as much: every part of it
// is a temporary with its own growth, its own destructor and its own way out when memory ends.

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>

namespace tenon::inline v0::detail {

/// Text, a character or a number, seen until the end of the expression it stands in.
class text_part {
public:
    text_part(std::string_view text) noexcept : text_(text) {}
    text_part(const std::string& text) noexcept : text_(text) {}
    text_part(const char* text) noexcept : text_(text) {}
    text_part(double value) noexcept : real_(value), kind_(kinds::real) {}
    text_part(char character) noexcept
        : bits_(static_cast<unsigned char>(character)), kind_(kinds::character) {}
    text_part(int value) noexcept : text_part(static_cast<long long>(value)) {}
    text_part(long value) noexcept : text_part(static_cast<long long>(value)) {}
    text_part(long long value) noexcept
        : bits_(static_cast<std::uint64_t>(value)), kind_(kinds::whole), is_negative_(value < 0) {}
    text_part(unsigned value) noexcept : bits_(value), kind_(kinds::whole) {}
    text_part(unsigned long value) noexcept : bits_(value), kind_(kinds::whole) {}
    text_part(unsigned long long value) noexcept : bits_(value), kind_(kinds::whole) {}

    void append_to(std::string& text) const {
        char digits[32];
        char* begin = digits;
        char* end = digits;
        switch (kind_) {
        case kinds::text:
            text += text_;
            return;
        case kinds::character:
            text += static_cast<char>(bits_);
            return;
        case kinds::whole:
            if (is_negative_) *begin = '-';
            end = std::to_chars(begin + (is_negative_ ? 1 : 0), digits + sizeof digits,
                                is_negative_ ? std::uint64_t{0} - bits_ : bits_)
                      .ptr;
            break;
        case kinds::real:
            end += std::snprintf(digits, sizeof digits, "%.15g", real_);
            break;
        }
        text.append(begin, end);
    }

private:
    enum class kinds : unsigned char { text, character, whole, real };

    std::string_view text_;
    union {
        std::uint64_t bits_ = 0;
        double real_;
    };
    kinds kind_ = kinds::text;
    bool is_negative_ = false;
};

/// Appends the parts to text, which may not be one of them.
template <class Lazy = void>
[[gnu::noinline]] void append(std::string& text, std::initializer_list<text_part> parts) {
    for (const text_part& part : parts) part.append_to(text);
}

/// concat({"row ", 7, ": ", name})
template <class Lazy = void>
[[gnu::noinline]] std::string concat(std::initializer_list<text_part> parts) {
    std::string text;
    append(text, parts);
    return text;
}

} // namespace tenon::detail
