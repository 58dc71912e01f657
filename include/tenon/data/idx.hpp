#pragma once

// IDX files, in which MNIST and its relatives come: arrays of any number of dimensions, big-endian, without names.
//
//     auto images = tenon::read_idx("train-images-idx3-ubyte");                      // 60000 x 784 bytes
//     auto labels = tenon::read_idx<tenon::class_index>("train-labels-idx1-ubyte");  // 60000 x 1

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/data/npy.hpp>
#include <tenon/format/file.hpp>
#include <tenon/format/raw_values.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// An array from an IDX file: a row for each first index, the others run together as columns, the last fastest.
template <class T>
struct idx_data {
    matrix<T> values;
    std::vector<std::size_t> shape; ///< the extents as they stand in the file, at least one
};

namespace detail {

/// The type of the values by its code in the format; size 0 where there is none such.
constexpr raw_type idx_type(unsigned code) noexcept {
    switch (code) {
    case 0x08:
        return {raw_kind::natural, 1, false};
    case 0x09:
        return {raw_kind::whole, 1, false};
    case 0x0B:
        return {raw_kind::whole, 2, true};
    case 0x0C:
        return {raw_kind::whole, 4, true};
    case 0x0D:
        return {raw_kind::real, 4, true};
    case 0x0E:
        return {raw_kind::real, 8, true};
    default:
        return {raw_kind::natural, 0, false};
    }
}

/// What the header of an IDX file says, once found to be true of its size.
struct idx_header {
    raw_type type;
    std::vector<std::size_t> shape;
    std::span<const std::byte> bytes;
};

template <class Lazy = void>
idx_header read_idx_header(std::span<const std::byte> file, const std::string& source) {
    const auto byte = [&](std::size_t i) {
        return i < file.size() ? std::to_integer<unsigned>(file[i]) : 0u;
    };
    if (byte(0) == 0x1F && byte(1) == 0x8B)
        fail<data_error>(
            {source, " is compressed by gzip, which cannot be read: unpack it with gunzip first"});
    const raw_type type = idx_type(byte(2));
    const std::size_t dimensions = byte(3), begin = 4 + 4 * dimensions;
    if (file.size() < 4 || byte(0) != 0 || byte(1) != 0 || type.size == 0 || dimensions == 0)
        fail<data_error>({source,
                          " is not an IDX file: it does not begin with two zeros, the code of a type (8, 9, "
                          "11 to 14) and a number of dimensions"});
    if (file.size() < begin)
        fail<data_error>({source, ": the header of ", dimensions, " dimensions has ", begin,
                          " bytes, but the file ends before it does"});
    std::vector<std::size_t> shape;
    for (std::size_t at = 4; at < begin; at += 4)
        shape.push_back(byte(at) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3));
    check_extents(shape, type.size, file.size() - begin, source);
    return {type, std::move(shape), file.subspan(begin)};
}

} // namespace detail

/// The array in the bytes of an IDX file; `source` is for messages. T is float, double or an integer, std::uint8_t as
/// images have it unless told otherwise; values are converted as by parse_npy. Throws data_error for anything that is
/// not exactly one array: another kind of file, one that is still compressed, a size that is not that of the extents,
/// a value that T cannot hold.
template <RawValue T = std::uint8_t>
idx_data<T> parse_idx(std::span<const std::byte> file, const std::string& source = "the file") {
    detail::idx_header header = detail::read_idx_header(file, source);
    return {detail::matrix_of<T>(header.bytes, header.type, header.shape, false, source),
            std::move(header.shape)};
}

/// The array in the IDX file at path; as parse_idx. Throws data_error too where the file cannot be read.
template <RawValue T = std::uint8_t>
idx_data<T> read_idx(const std::string& path) {
    return parse_idx<T>(read_bytes(path), path);
}

} // namespace tenon
