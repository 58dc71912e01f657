#pragma once

// NumPy's .npy files as matrices, and matrices as .npy files.
//
//     tenon::matrix<double> x = tenon::read_npy<double>("x.npy");
//     tenon::write_npy("x.npy", x);

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/format/file.hpp>
#include <tenon/format/npy.hpp>
#include <type_traits>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Where column c of an array begins that is stored in Fortran order, counted in values. The columns are all but the
/// first index, the last running fastest.
inline std::size_t fortran_offset(std::span<const std::size_t> shape, std::size_t c) noexcept {
    std::size_t stride = 1, offset = 0;
    for (const std::size_t extent : shape) stride *= extent;
    for (std::size_t i = shape.size(); i-- > 1;) {
        stride /= shape[i];
        offset += c % shape[i] * stride;
        c /= shape[i];
    }
    return offset;
}

/// The product of all extents but the first: the values of one row.
inline std::size_t values_of_a_row(std::span<const std::size_t> shape) noexcept {
    std::size_t product = 1;
    for (const std::size_t extent : shape.subspan(1)) product *= extent;
    return product;
}

[[noreturn]] inline void refuse_value(const std::string& source, std::size_t r, std::size_t c) {
    fail<data_error>({source, ": the value in row ", r + 1, ", column ", c + 1,
                      " cannot be held by the type it is to be read as"});
}

/// A matrix of the values of an array in a file.
template <RawValue T>
matrix<T> matrix_of(std::span<const std::byte> bytes, raw_type type, std::span<const std::size_t> shape,
                    bool fortran_order, const std::string& source) {
    if (shape.empty())
        fail<data_error>(
            {source, ": a single value without a shape is no matrix, save an array of one value"});
    matrix<T> x(shape[0], values_of_a_row(shape));
    const std::size_t rows = x.rows(), columns = x.columns(), count = bytes.size() / type.size;
    if (count == 0) return x;
    if (!fortran_order) {
        const std::size_t read = convert_raw(bytes.data(), count, type, x.data());
        if (read < count) refuse_value(source, read / columns, read % columns);
        return x;
    }
    for (std::size_t c = 0; c < columns; ++c) {
        const std::byte* const from = bytes.data() + fortran_offset(shape, c) * type.size;
        const std::size_t read = convert_raw(from, rows, type, x.data() + c, columns);
        if (read < rows) refuse_value(source, read, c);
    }
    return x;
}

} // namespace detail

/// The array in the bytes of a .npy file as a matrix; `source` is for messages. Rows are the first index: an array of
/// one dimension is one column, and of more than two the others run together as columns, the last fastest. T is
/// float, double or an integer; values are converted: reals are rounded to float, everything else must fit exactly.
/// Throws data_error for a file that is damaged or of another kind (see view_npy), and for a value that T cannot hold:
/// 2^53 + 1 as double, 1e300 as float, 0.5 as an integer.
template <RawValue T = double>
matrix<T> parse_npy(std::span<const std::byte> file, const std::string& source = "the file") {
    const npy_view array = view_npy(file, source);
    return detail::matrix_of<T>(array.bytes, array.type, array.shape, array.fortran_order, source);
}

/// The array in the .npy file at path; as parse_npy. Throws data_error too where the file cannot be read.
template <RawValue T = double>
matrix<T> read_npy(const std::string& path) {
    return parse_npy<T>(read_bytes(path), path);
}

/// The bytes of a .npy file that holds x, which may have any layout; in C order.
template <class T>
    requires RawValue<std::remove_const_t<T>>
std::vector<std::byte> npy_bytes(matrix_view<T> x) {
    const std::size_t shape[] = {x.rows(), x.columns()};
    const std::string header = npy_header(raw_type_of<std::remove_const_t<T>>(), shape);
    std::vector<std::byte> bytes(header.size() + x.rows() * x.columns() * sizeof(T));
    std::memcpy(bytes.data(), header.data(), header.size());
    std::byte* to = bytes.data() + header.size();
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c, to += sizeof(T)) std::memcpy(to, &x(r, c), sizeof(T));
    return bytes;
}

/// Puts x into a .npy file at path, for numpy.load: the whole file is replaced, or data_error is thrown and all is as
/// it was.
template <class T>
    requires RawValue<std::remove_const_t<T>>
void write_npy(const std::string& path, matrix_view<T> x) {
    write_file(path, npy_bytes(x));
}
template <RawValue T>
void write_npy(const std::string& path, const matrix<T>& x) {
    write_npy(path, x.view());
}

} // namespace tenon
