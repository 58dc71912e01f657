#pragma once

// JSON (RFC 8259), strictly: what the reader takes the writer writes, and the other way round. Text must be UTF-8,
// keys unique, every number a finite double; at most 64 levels and 2^20 values, so that no text, whoever wrote
// it, takes the stack or the memory. Objects keep the order of their keys: the same value gives the same bytes.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/text.hpp>
#include <tenon/format/given_twice.hpp>
#include <tenon/format/json_text.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

class json_value;
using json_array = std::vector<json_value>;
/// Keys and values in the order in which they stand in the text.
using json_object = std::vector<std::pair<std::string, json_value>>;

/// One JSON value: null, true or false, a number, a string, an array or an object.
///
/// The as_ functions throw artifact_error where the value is of another kind; the parts of `what` name it in the message.
class json_value {
public:
    using naming = std::initializer_list<detail::text_part>;

    json_value() = default;
    json_value(std::nullptr_t) {}
    /// bool or a number; throws artifact_error for an integer that a double would round.
    template <class T>
        requires std::is_arithmetic_v<T>
    json_value(T value);
    json_value(const char* text) : json_value(std::string(text)) {}
    json_value(std::string_view text) : json_value(std::string(text)) {}
    json_value(std::string text) : kind_(kind::string), text_(std::move(text)) {}
    json_value(json_array items) : kind_(kind::array), items_(std::move(items)) {}
    json_value(json_object members) : kind_(kind::object), members_(std::move(members)) {}

    /// Reads a text that is one JSON value; throws artifact_error, with the offset of the offending byte, on any
    /// other. `what` begins the message.
    static json_value parse(std::string_view text, std::string_view what = "JSON");
    /// The value as compact text. Throws artifact_error where parse would refuse that text: a number that is not
    /// finite, a string that is not UTF-8, a key given twice, too many levels.
    std::string dump() const;

    bool is_null() const noexcept { return kind_ == kind::null; }
    bool is_string() const noexcept { return kind_ == kind::string; }
    bool as_bool(naming what = {"a JSON value"}) const {
        require(kind::boolean, what);
        return number_ != 0;
    }
    double as_number(naming what = {"a JSON value"}) const {
        require(kind::number, what);
        return number_;
    }
    /// A whole number from 0 to 2^53 - 1, where every one has a double of its own.
    std::uint64_t as_count(naming what = {"a JSON value"}) const;
    const std::string& as_string(naming what = {"a JSON value"}) const {
        require(kind::string, what);
        return text_;
    }
    const json_array& as_array(naming what = {"a JSON value"}) const {
        require(kind::array, what);
        return items_;
    }
    const json_object& as_object(naming what = {"a JSON value"}) const {
        require(kind::object, what);
        return members_;
    }

    /// The value of key in an object; throws artifact_error naming the key where there is none.
    const json_value& at(std::string_view key) const;
    const json_value& operator[](std::string_view key) const { return at(key); }
    /// The value of key, or null where there is no such key or this is no object.
    const json_value* find(std::string_view key) const noexcept;

    friend bool operator==(const json_value&, const json_value&) = default;

private:
    enum class kind : unsigned char { null, boolean, number, string, array, object };

    static const char* name_of(kind k) noexcept {
        constexpr const char* names[] = {"null",     "true or false", "a number",
                                         "a string", "an array",      "an object"};
        return names[static_cast<std::size_t>(k)];
    }
    void require(kind wanted, naming what) const {
        if (kind_ != wanted)
            detail::fail<artifact_error>(
                {detail::concat(what), " must be ", name_of(wanted), ", found ", name_of(kind_)});
    }
    void append_to(std::string& out, int depth) const;

    // Side by side, for a std::variant would double what this header costs to compile; true is the number 1.
    kind kind_ = kind::null;
    double number_ = 0;
    std::string text_;
    json_array items_;
    json_object members_;
};

namespace detail {

inline constexpr int json_depth = 64;
inline constexpr std::size_t json_values = std::size_t{1} << 20;

/// Calls refuse(key), which does not return, where a key is there more than once.
template <class Refuse>
void check_keys(const json_object& members, const Refuse& refuse) {
    std::vector<std::string_view> keys;
    for (const auto& member : members) keys.push_back(member.first);
    if (const std::string_view* const twice = given_twice(keys)) refuse(json_quoted(*twice));
}

/// The grammar of values: one function for each that holds others.
class json_reader {
public:
    json_reader(std::string_view text, std::string_view what) : text_(text, what) {}

    json_value whole() {
        json_value value = any(0);
        if (!text_.at_end()) text_.expected("the end of the text");
        return value;
    }

private:
    json_value any(int depth) {
        text_.skip_blanks();
        if (++values_ > json_values) text_.fail({"more than ", json_values, " values"}, text_.at());
        json_value value = one(depth);
        text_.skip_blanks();
        return value;
    }

    json_value one(int depth) {
        const char c = text_.here();
        if (c == '"') return text_.string();
        if (c == '-' || is_digit(c)) return text_.number();
        if (text_.skip("true")) return true;
        if (text_.skip("false")) return false;
        if (text_.skip("null")) return nullptr;
        if (c != '{' && c != '[') text_.expected("a value");
        if (depth == json_depth) text_.fail({"nested deeper than ", json_depth}, text_.at());
        if (c == '{') return object(depth + 1);
        return array(depth + 1);
    }

    json_array array(int depth) {
        json_array items;
        text_.skip("[");
        text_.skip_blanks();
        if (text_.skip("]")) return items;
        do items.push_back(any(depth));
        while (text_.skip(","));
        if (!text_.skip("]")) text_.expected("',' or ']'");
        return items;
    }

    json_object object(int depth) {
        const std::size_t start = text_.at();
        json_object members;
        text_.skip("{");
        text_.skip_blanks();
        if (text_.skip("}")) return members;
        do {
            text_.skip_blanks();
            if (text_.here() != '"') text_.expected("a key in quotes");
            std::string key = text_.string();
            text_.skip_blanks();
            if (!text_.skip(":")) text_.expected("':'");
            members.emplace_back(std::move(key), any(depth));
        } while (text_.skip(","));
        if (!text_.skip("}")) text_.expected("',' or '}'");
        check_keys(members, [&](const std::string& key) {
            text_.fail({"the key ", key, " stands twice in the object"}, start);
        });
        return members;
    }

    json_scanner text_;
    std::size_t values_ = 0;
};

} // namespace detail

template <class T>
    requires std::is_arithmetic_v<T>
json_value::json_value(T value)
    : kind_(std::is_same_v<T, bool> ? kind::boolean : kind::number), number_(static_cast<double>(value)) {
    if constexpr (std::is_integral_v<T>)
        if (number_ >= detail::first_shared_double || number_ <= -detail::first_shared_double)
            detail::fail<artifact_error>(
                {"JSON: the integer ", value, " is too large to be a number: write it as a string"});
}

inline json_value json_value::parse(std::string_view text, std::string_view what) {
    return detail::json_reader(text, what).whole();
}

inline std::uint64_t json_value::as_count(naming what) const {
    const double value = as_number(what);
    if (!(value >= 0 && value < detail::first_shared_double) ||
        static_cast<double>(static_cast<std::uint64_t>(value)) != value)
        detail::fail<artifact_error>({detail::concat(what),
                                      " must be a whole number from 0 to 2^53 - 1, found ",
                                      format_number(value)});
    return static_cast<std::uint64_t>(value);
}

inline const json_value* json_value::find(std::string_view key) const noexcept {
    for (const auto& member : members_)
        if (member.first == key) return &member.second;
    return nullptr;
}

inline const json_value& json_value::at(std::string_view key) const {
    if (const json_value* const value = find(key)) return *value;
    require(kind::object, {"a JSON value with the key \"", key, "\""});
    detail::fail<artifact_error>({"JSON: no key \"", key, "\" in the object"});
}

inline std::string json_value::dump() const {
    std::string out;
    append_to(out, 0);
    return out;
}

inline void json_value::append_to(std::string& out, int depth) const {
    if (kind_ >= kind::array && depth == detail::json_depth)
        detail::fail<artifact_error>(
            {"JSON: a value to be written is nested deeper than ", detail::json_depth});
    switch (kind_) {
    case kind::null:
        out += "null";
        return;
    case kind::boolean:
        out += as_bool() ? "true" : "false";
        return;
    case kind::number:
        out += detail::json_number(number_);
        return;
    case kind::string:
        out += detail::json_quoted(text_);
        return;
    case kind::array:
        out += '[';
        for (const json_value& item : items_) {
            if (&item != items_.data()) out += ',';
            item.append_to(out, depth + 1);
        }
        out += ']';
        return;
    case kind::object:
        detail::check_keys(members_, [](const std::string& key) {
            detail::fail<artifact_error>({"JSON: an object to be written has the key ", key, " twice"});
        });
        out += '{';
        for (const auto& member : members_) {
            if (&member != members_.data()) out += ',';
            detail::append(out, {detail::json_quoted(member.first), ':'});
            member.second.append_to(out, depth + 1);
        }
        out += '}';
        return;
    }
}

} // namespace tenon
