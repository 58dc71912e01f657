#pragma once

// safetensors files with a seal: named tensors and text in a file that Python's safetensors opens too, of which
// every byte is covered by a SHA-256. Layout: the header's length (8 bytes, little-endian), the header (JSON, padded
// with spaces), the tensors without gaps. The seal is the first entry of the header's metadata, at a fixed offset;
// it is the digest of the whole file with its own 64 digits as '0'. A reader checks it before it reads anything else.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/text.hpp>
#include <tenon/format/given_twice.hpp>
#include <tenon/format/json.hpp>
#include <tenon/format/sha256.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

static_assert(std::endian::native == std::endian::little,
              "tenon reads and writes its files on little-endian machines");

/// One tensor of a file. dtype is one of F64 F32 I64 U64 I32 U32 I8 U8; bytes are its values, row-major; a shape
/// without extents is one value.
struct tensor_info {
    std::string name;
    std::string dtype;
    std::vector<std::uint64_t> shape;
    std::span<const std::byte> bytes;
};

/// Texts by name, in the order of the file.
using tensor_metadata = std::vector<std::pair<std::string, std::string>>;

/// A file that was read; the tensors' bytes lie in the memory it was read from.
struct safetensors_view {
    tensor_metadata metadata;         ///< without the seal
    std::vector<tensor_info> tensors; ///< in the order of their bytes
    std::string seal;                 ///< 64 lowercase hexadecimal digits, another for every other file

    /// The tensor of that name, or null.
    const tensor_info* find(std::string_view name) const noexcept {
        for (const tensor_info& tensor : tensors)
            if (tensor.name == name) return &tensor;
        return nullptr;
    }
};

namespace detail {

inline constexpr std::uint64_t largest_header = 100'000'000; // the format's own limit
inline constexpr std::size_t length_bytes = 8;
inline constexpr std::string_view seal_prefix = R"({"__metadata__":{"sha256":")";
inline constexpr std::size_t seal_begin = length_bytes + seal_prefix.size();
inline constexpr std::string_view unsealed =
    "0000000000000000000000000000000000000000000000000000000000000000";
inline constexpr std::size_t seal_end = seal_begin + unsealed.size();

/// The digest of a file of at least seal_end bytes as it was before it was sealed.
inline std::string seal_of(std::span<const std::byte> file) {
    sha256 running;
    running.update(file.first(seal_begin));
    running.update(std::as_bytes(std::span(unsealed)));
    running.update(file.subspan(seal_end));
    return running.hex();
}

inline std::string_view text_of(std::span<const std::byte> bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The seal of a file, once found to be true.
inline std::string checked_seal(std::span<const std::byte> file, const std::string& source) {
    const std::string_view text = text_of(file);
    if (text.size() <= seal_end)
        fail<artifact_error>({source, " is not a tenon artifact: it has only ", text.size(), " bytes"});
    if (text.substr(length_bytes, seal_prefix.size()) != seal_prefix || text[seal_end] != '"')
        fail<artifact_error>({source, " is not a tenon artifact: it does not begin with a header length and ",
                              seal_prefix, "...\""});
    std::string found = seal_of(file);
    std::string said(text.substr(seal_begin, unsealed.size()));
    if (found == said) return found;
    for (char& c : said)
        if (c <= ' ' || c > '~') c = '?';
    fail<artifact_error>({source, " is damaged: its SHA-256 is ", found, ", the file says ", said});
}

/// The size of one value; 0 for a dtype that tenon does not know.
constexpr std::size_t dtype_size(std::string_view dtype) noexcept {
    if (dtype == "F64" || dtype == "I64" || dtype == "U64") return 8;
    if (dtype == "F32" || dtype == "I32" || dtype == "U32") return 4;
    if (dtype == "I8" || dtype == "U8") return 1;
    return 0;
}

/// Throws where dtype, shape and size of a tensor do not go together; where names the tensor.
inline void check_tensor(const tensor_info& tensor, const std::string& where) {
    std::uint64_t bytes = dtype_size(tensor.dtype);
    if (bytes == 0)
        fail<artifact_error>({where, " has the dtype ", json_quoted(tensor.dtype),
                              ", expected F64, F32, I64, U64, I32, U32, I8 or U8"});
    for (const std::uint64_t extent : tensor.shape) {
        if (extent >> 53 != 0) fail<artifact_error>({where, " has an extent of 2^53 or more"});
        if (extent != 0 && bytes > std::numeric_limits<std::uint64_t>::max() / extent)
            fail<artifact_error>({where, " has a shape of more bytes than 64 bits can count"});
        bytes *= extent;
    }
    if (bytes != tensor.bytes.size())
        fail<artifact_error>({where, " has ", tensor.bytes.size(), " bytes, but its shape and ", tensor.dtype,
                              " make ", bytes});
}

/// The member of a tensor's header entry.
inline const json_value& entry_field(const json_value& entry, std::string_view key,
                                     const std::string& where) {
    if (const json_value* const value = entry.find(key)) return *value;
    fail<artifact_error>({where, " has no \"", key, "\" in the header"});
}

/// The tensor that a header entry describes; it is to begin at `begin` in data, which moves on to its end.
inline tensor_info read_entry(const std::string& name, const json_value& entry,
                              std::span<const std::byte> data, std::uint64_t& begin,
                              const std::string& source) {
    const std::string where = concat({source, ": tensor \"", name, '"'});
    tensor_info tensor{name, {}, {}, {}};
    if (entry.as_object({where}).size() > 3)
        fail<artifact_error>({where, " has more in the header than dtype, shape and data_offsets"});
    tensor.dtype = entry_field(entry, "dtype", where).as_string({where, ": dtype"});
    for (const json_value& extent : entry_field(entry, "shape", where).as_array({where, ": shape"}))
        tensor.shape.push_back(extent.as_count({where, ": an extent of the shape"}));
    const json_array& offsets = entry_field(entry, "data_offsets", where).as_array({where, ": data_offsets"});
    if (offsets.size() != 2) fail<artifact_error>({where, ": data_offsets must be two numbers"});
    const std::uint64_t from = offsets[0].as_count({where, ": data_offsets"});
    const std::uint64_t to = offsets[1].as_count({where, ": data_offsets"});
    if (from != begin)
        fail<artifact_error>({where, " begins at byte ", from, " of the data, expected ", begin,
                              ": tensors follow each other without gap or overlap"});
    if (to < from)
        fail<artifact_error>({where, " ends at byte ", to, " of the data, before it begins at ", from});
    if (to > data.size())
        fail<artifact_error>({where, " ends at byte ", to, " of the data, which has only ", data.size()});
    begin = to;
    tensor.bytes = data.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
    check_tensor(tensor, where);
    return tensor;
}

/// Throws where a name is there twice or is one that the format keeps to itself.
inline void check_names(std::vector<std::string_view> names, std::string_view own, std::string_view what) {
    names.push_back(own);
    const std::string_view* const twice = given_twice(names);
    if (twice == nullptr) return;
    fail<artifact_error>({"cannot write an artifact: the ", what, " ", json_quoted(*twice),
                          *twice == own ? " is the format's own" : " is there twice"});
}

/// The header, padded but not sealed; tensors stand in the order of their bytes.
inline std::string header_of(const std::vector<const tensor_info*>& tensors,
                             const tensor_metadata& metadata) {
    std::vector<std::string_view> names, keys;
    std::string header = concat({seal_prefix, unsealed, '"'});
    for (const auto& entry : metadata) {
        append(header, {',', json_quoted(entry.first), ':', json_quoted(entry.second)});
        keys.push_back(entry.first);
    }
    header += '}';
    std::uint64_t end = 0;
    for (const tensor_info* const tensor : tensors) {
        append(header, {',', json_quoted(tensor->name), R"(:{"dtype":")", tensor->dtype, R"(","shape":[)"});
        for (const std::uint64_t extent : tensor->shape)
            append(header, {(header.back() == '[' ? "" : ","), extent});
        append(header, {R"(],"data_offsets":[)", end, ','});
        end += tensor->bytes.size();
        append(header, {end, "]}"});
        names.push_back(tensor->name);
    }
    header += '}';
    check_names(std::move(keys), "sha256", "metadata");
    check_names(std::move(names), "__metadata__", "tensor name");
    header.append((64 - (length_bytes + header.size()) % 64) % 64, ' ');
    if (header.size() > largest_header)
        fail<artifact_error>({"cannot write an artifact: its header would have ", header.size(),
                              " bytes, at most ", largest_header, " are allowed"});
    return header;
}

/// Copies bytes to `to`, which moves on to their end.
inline void put(std::byte*& to, const void* bytes, std::size_t size) noexcept {
    if (size != 0) std::memcpy(to, bytes, size);
    to += size;
}

} // namespace detail

/// A sealed file of the tensors and texts. The data begin at a multiple of 64 bytes and hold the wider values first,
/// so that every value lies at a multiple of its size. Throws artifact_error for a name given twice, an unknown
/// dtype, a shape that does not match the bytes.
inline std::vector<std::byte> write_safetensors(std::span<const tensor_info> tensors,
                                                const tensor_metadata& metadata = {}) {
    for (const tensor_info& tensor : tensors)
        detail::check_tensor(tensor,
                             detail::concat({"cannot write an artifact: tensor \"", tensor.name, '"'}));
    std::vector<const tensor_info*> ordered;
    for (std::size_t width = 8; width > 0; width /= 2)
        for (const tensor_info& tensor : tensors)
            if (detail::dtype_size(tensor.dtype) == width) ordered.push_back(&tensor);

    const std::string header = detail::header_of(ordered, metadata);
    const std::uint64_t length = header.size();
    std::size_t size = detail::length_bytes + header.size();
    for (const tensor_info& tensor : tensors) size += tensor.bytes.size();
    std::vector<std::byte> file(size);
    std::byte* to = file.data();
    detail::put(to, &length, detail::length_bytes);
    detail::put(to, header.data(), header.size());
    for (const tensor_info* const tensor : ordered)
        detail::put(to, tensor->bytes.data(), tensor->bytes.size());
    const std::string seal = detail::seal_of(file);
    std::memcpy(file.data() + detail::seal_begin, seal.data(), seal.size());
    return file;
}

/// The tensors and texts of a sealed file. Throws artifact_error, beginning with `source`, for anything but what
/// write_safetensors makes: another kind of file, any changed, missing or added byte, and, in files that someone
/// else has sealed, any header that does not describe the data exactly.
inline safetensors_view read_safetensors(std::span<const std::byte> file,
                                         const std::string& source = "the file") {
    safetensors_view view;
    view.seal = detail::checked_seal(file, source);
    std::uint64_t length = 0;
    std::memcpy(&length, file.data(), detail::length_bytes);
    const std::span<const std::byte> rest = file.subspan(detail::length_bytes);
    if (length > detail::largest_header || length > rest.size())
        detail::fail<artifact_error>({source, ": the header has ", length, " bytes, but the file has ",
                                      rest.size(), " and at most ", detail::largest_header, " are allowed"});
    const auto header_bytes = rest.first(static_cast<std::size_t>(length));
    const auto data = rest.subspan(static_cast<std::size_t>(length));
    const json_value header =
        json_value::parse(detail::text_of(header_bytes), detail::concat({source, ": the header"}));
    std::uint64_t end = 0;
    for (const auto& [name, entry] : header.as_object()) {
        if (name != "__metadata__") {
            view.tensors.push_back(detail::read_entry(name, entry, data, end, source));
            continue;
        }
        for (const auto& [key, text] : entry.as_object())
            if (key != "sha256")
                view.metadata.emplace_back(key, text.as_string({source, ": metadata \"", key, '"'}));
    }
    if (end != data.size())
        detail::fail<artifact_error>(
            {source, ": the tensors have ", end, " bytes, but the data ", data.size()});
    return view;
}

} // namespace tenon
