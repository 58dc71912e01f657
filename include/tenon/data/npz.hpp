#pragma once

// NumPy's .npz files: arrays by name, as numpy.savez stores them.
//
//     tenon::npz_file file("data.npz");
//     tenon::matrix<double> x = file.read<double>("x"), y = file.read<double>("y");

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/data/name_hint.hpp>
#include <tenon/data/npy.hpp>
#include <tenon/format/file.hpp>
#include <tenon/format/zip.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// A .npz file in memory, to read several arrays from. Members that are not .npy files are passed over.
class npz_file {
public:
    /// Reads the file at path. Throws data_error where it cannot be read or is no zip archive that is whole.
    template <class Lazy = void>
    explicit npz_file(const std::string& path) : npz_file(read_bytes(path), path) {}
    /// The same of bytes; `source` is for messages.
    template <class Lazy = void>
    npz_file(std::vector<std::byte> bytes, std::string source)
        : bytes_(std::move(bytes)), source_(std::move(source)), members_(zip_members(bytes_, source_)) {}
    npz_file(const npz_file&) = delete;
    npz_file& operator=(const npz_file&) = delete;

    /// The names of the arrays, in the order of the file.
    template <class Lazy = void>
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const zip_member& member : members_)
            if (member.name.ends_with(ending))
                all.push_back(member.name.substr(0, member.name.size() - ending.size()));
        return all;
    }

    /// The array of that name as a matrix, as parse_npy makes it. Throws data_error where there is none, where it is
    /// compressed, where its CRC-32 is wrong, and where parse_npy does.
    template <RawValue T = double>
    matrix<T> read(std::string_view name) const {
        const std::string member_source = detail::concat({source_, ": ", in_quotes(name)});
        return parse_npy<T>(bytes_of(name, member_source), member_source);
    }

private:
    static constexpr std::string_view ending = ".npy";

    template <class Lazy = void>
    std::span<const std::byte> bytes_of(std::string_view name, const std::string& source) const {
        for (const zip_member& member : members_) {
            if (member.name.size() != name.size() + ending.size() || !member.name.starts_with(name) ||
                !member.name.ends_with(ending))
                continue;
            if (!member.is_stored)
                detail::fail<data_error>({source,
                                          " is compressed or encrypted, which cannot be read: save it with "
                                          "numpy.savez instead of numpy.savez_compressed"});
            check_crc(member, source_);
            return member.bytes;
        }
        detail::fail<data_error>(
            {source_, " has no array ", in_quotes(name), ", ", name_hint(name, names())});
    }

    std::vector<std::byte> bytes_;
    std::string source_;
    std::vector<zip_member> members_;
};

/// One array of the .npz file at path as a matrix: npz_file(path).read<T>(name).
template <RawValue T = double>
matrix<T> read_npz(const std::string& path, std::string_view name) {
    return npz_file(path).read<T>(name);
}

/// The names of the arrays in the .npz file at path.
template <class Lazy = void>
std::vector<std::string> npz_names(const std::string& path) {
    return npz_file(path).names();
}

} // namespace tenon
