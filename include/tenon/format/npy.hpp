#pragma once

// NumPy's .npy format, versions 1.0 to 3.0: what stands in a file's header, where its values lie, and the header of a
// file to be written. The header is a Python dictionary of which this reads the three entries that NumPy writes and
// nothing else; objects, strings, records and complex numbers are refused.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/text.hpp>
#include <tenon/format/quoted.hpp>
#include <tenon/format/raw_values.hpp>
#include <vector>

namespace tenon::inline v0 {

/// An array in a .npy file. As many values as the shape says lie in `bytes`, neither more nor fewer; the first index
/// runs fastest in Fortran order, the last in C order. The extents of an empty array that are not 0 make at most 2^20.
struct npy_view {
    raw_type type;
    bool fortran_order = false;
    std::vector<std::size_t> shape; ///< empty for a single value
    std::span<const std::byte> bytes;
};

namespace detail {

inline constexpr std::string_view npy_magic = "\x93NUMPY";

/// The text of a header, taken piece by piece.
class npy_header_reader {
public:
    npy_header_reader(std::string_view text, const std::string& source) : text_(text), source_(source) {}

    npy_view read() {
        npy_view array;
        bool has_type = false, has_order = false, has_shape = false;
        expect('{');
        while (!takes('}')) {
            const std::string_view key = take_string();
            expect(':');
            if (key == "descr") {
                once(has_type, key);
                array.type = take_type();
            } else if (key == "fortran_order") {
                once(has_order, key);
                array.fortran_order = take_bool();
            } else if (key == "shape") {
                once(has_shape, key);
                array.shape = take_shape();
            } else
                refuse({"there is an entry ", quoted_bytes(key),
                        ", expected only 'descr', 'fortran_order' and 'shape'"});
            if (takes(',')) continue;
            expect('}');
            break;
        }
        if (!has_type || !has_order || !has_shape)
            refuse({"there is no entry '",
                    (!has_type    ? "descr"
                     : !has_order ? "fortran_order"
                                  : "shape"),
                    "'"});
        pass_blanks();
        if (at_ != text_.size()) refuse({"there is more behind the dictionary"});
        return array;
    }

private:
    [[noreturn]] void refuse(std::initializer_list<text_part> parts) const {
        fail<data_error>({source_, ": the .npy header at its character ", at_ + 1, ": ", concat(parts)});
    }

    char next() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
    void pass_blanks() noexcept {
        while (next() == ' ' || next() == '\n') ++at_;
    }
    bool takes(char c) {
        pass_blanks();
        if (next() != c) return false;
        ++at_;
        return true;
    }
    void expect(char c) {
        if (!takes(c)) refuse({"expected '", c, "', found ", quoted_bytes(text_.substr(at_, 10))});
    }
    void once(bool& seen, std::string_view key) const {
        if (seen) refuse({"the entry '", key, "' is there twice"});
        seen = true;
    }

    /// Text in quotes; backslashes, which NumPy does not write here, are none of it.
    std::string_view take_string() {
        pass_blanks();
        const char quote = next();
        if (quote != '\'' && quote != '"') refuse({"expected text in quotes"});
        const std::size_t end = text_.find(quote, at_ + 1);
        if (end == std::string_view::npos) refuse({"the quote is not closed"});
        const std::string_view text = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return text;
    }

    bool take_bool() {
        pass_blanks();
        for (const std::string_view word : {std::string_view("True"), std::string_view("False")})
            if (text_.substr(at_, word.size()) == word) {
                at_ += word.size();
                return word == "True";
            }
        refuse({"expected True or False, found ", quoted_bytes(text_.substr(at_, 10))});
    }

    raw_type take_type() {
        pass_blanks();
        if (next() == '[') refuse({"records with named fields cannot be read, save their fields one by one"});
        const std::string_view name = take_string();
        const std::string_view order = name.substr(0, 1), rest = name.substr(order.size());
        const std::string_view codes = "f8 f4 i8 i4 i2 i1 u8 u4 u2 u1 b1 ";
        const std::size_t place = rest.size() == 2 ? codes.find(rest) : codes.size();
        const bool is_number = place < codes.size() && place % 3 == 0;
        const bool has_order = order == "<" || order == ">" || order == "|";
        const auto size = static_cast<unsigned char>(is_number && has_order ? rest[1] - '0' : 0);
        // A byte has no order; NumPy writes '|' for it, and only for it.
        if (size == 0 || (order == "|" && size > 1))
            refuse(
                {"values of the type ", quoted_bytes(name),
                 " cannot be read, expected one of <f8 <f4 <i8 <i4 <i2 |i1 <u8 <u4 <u2 |u1 |b1 or > for <"});
        const raw_kind kind = rest[0] == 'f'   ? raw_kind::real
                              : rest[0] == 'i' ? raw_kind::whole
                              : rest[0] == 'u' ? raw_kind::natural
                                               : raw_kind::logical;
        return {kind, size, order == ">" && size > 1};
    }

    std::vector<std::size_t> take_shape() {
        std::vector<std::size_t> shape;
        expect('(');
        while (!takes(')')) {
            shape.push_back(take_extent());
            if (shape.size() > 64) refuse({"the shape has more than 64 dimensions"});
            if (takes(',')) continue;
            if (shape.size() == 1) refuse({"expected ',' behind the only extent of a shape"});
            expect(')');
            break;
        }
        return shape;
    }

    std::size_t take_extent() {
        pass_blanks();
        if (next() < '0' || next() > '9')
            refuse({"expected an extent, a whole number, found ", quoted_bytes(text_.substr(at_, 10))});
        std::uint64_t extent = 0;
        for (; next() >= '0' && next() <= '9'; ++at_) {
            extent = extent * 10 + static_cast<std::uint64_t>(next() - '0');
            if (extent >> 53 != 0) refuse({"an extent is 2^53 or more"});
        }
        return static_cast<std::size_t>(extent);
    }

    std::string_view text_;
    const std::string& source_;
    std::size_t at_ = 0;
};

/// Throws where an array of that shape does not have `found` bytes.
inline void check_extents(std::span<const std::size_t> shape, std::size_t size, std::size_t found,
                          const std::string& source) {
    std::uint64_t product = size; // without the extents that are 0
    bool is_empty = false;
    for (const std::size_t extent : shape) {
        if (extent == 0) {
            is_empty = true;
            continue;
        }
        if (product > UINT64_MAX / extent)
            fail<data_error>({source, ": the shape has more bytes than 64 bits can count"});
        product *= extent;
    }
    if (is_empty && product / size >> 20 != 0)
        fail<data_error>({source, ": the shape has no values, but more than 2^20 rows or columns"});
    if (const std::uint64_t bytes = is_empty ? 0 : product; bytes != found)
        fail<data_error>(
            {source, ": the shape makes ", bytes, " bytes, but there are ", found, " behind the header"});
}

} // namespace detail

/// The array in the bytes of a .npy file, which must outlive it. Throws data_error, beginning with `source`, for
/// anything that is not exactly one: another kind of file, another version, a header with other entries than NumPy's
/// three, a type that is no number, a size that is not that of the shape.
template <class Lazy = void>
npy_view view_npy(std::span<const std::byte> file, const std::string& source = "the file") {
    const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
    const std::size_t magic = detail::npy_magic.size();
    if (!text.starts_with(detail::npy_magic) || text.size() < magic + 4)
        detail::fail<data_error>(
            {source, " is not a .npy file: it does not begin with \\x93NUMPY and a version"});
    const auto byte = [&](std::size_t i) { return std::to_integer<std::size_t>(file[i]); };
    const std::size_t version = byte(magic);
    if (version < 1 || version > 3 || byte(magic + 1) != 0)
        detail::fail<data_error>({source, " is a .npy file of version ", version, ".", byte(magic + 1),
                                  ", expected 1.0, 2.0 or 3.0"});
    const std::size_t begin = magic + (version == 1 ? 4 : 6);
    std::size_t length = 0;
    if (text.size() >= begin)
        for (std::size_t i = begin; i-- > magic + 2;) length = length << 8 | byte(i);
    if (text.size() < begin || length > text.size() - begin)
        detail::fail<data_error>(
            {source, ": the .npy header has ", length, " bytes, but the file ends before it does"});
    npy_view array = detail::npy_header_reader(text.substr(begin, length), source).read();
    array.bytes = file.subspan(begin + length);
    detail::check_extents(array.shape, array.type.size, array.bytes.size(), source);
    return array;
}

/// The beginning of a .npy file of version 1.0 up to its values, which are to follow in C order; a multiple of 64 bytes.
template <class Lazy = void>
std::string npy_header(raw_type type, std::span<const std::size_t> shape) {
    const char order = type.size == 1 ? '|' : type.big_endian ? '>' : '<';
    const char kind = "fiub"[static_cast<std::size_t>(type.kind)];
    std::string dictionary =
        detail::concat({"{'descr': '", order, kind, type.size + 0, "', 'fortran_order': False, 'shape': ("});
    for (std::size_t i = 0; i < shape.size(); ++i)
        detail::append(dictionary, {(i > 0 ? ", " : ""), shape[i]});
    dictionary += shape.size() == 1 ? ",), }" : "), }";
    const std::size_t begin = detail::npy_magic.size() + 4;
    dictionary.append(63 - (begin + dictionary.size()) % 64, ' ');
    dictionary += '\n';
    std::string header(detail::npy_magic);
    header +=
        {'\x01', '\0', static_cast<char>(dictionary.size() & 255), static_cast<char>(dictionary.size() >> 8)};
    return header + dictionary;
}

} // namespace tenon
