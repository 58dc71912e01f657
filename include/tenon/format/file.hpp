#pragma once

// Whole files in and out. Reading says what it could not read and why; writing is all or nothing: the new file
// takes the old one's name only when it is complete, so nobody ever sees half of it.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/text.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Bytes above which read_bytes and read_text refuse a file unless told otherwise: 16 GiB.
inline constexpr std::uint64_t largest_file = std::uint64_t{1} << 34;

namespace detail {

/// A std::FILE open for reading, or null; closes itself.
struct open_file {
    explicit open_file(const std::string& path) : file(std::fopen(path.c_str(), "rb")) {}
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    ~open_file() {
        if (file != nullptr) std::fclose(file);
    }

    std::FILE* file;
};

/// The first guess at how much to read: the file's size and one more to meet its end, if it tells a size.
inline std::uint64_t size_to_try(std::FILE* file, std::uint64_t limit) {
    constexpr std::uint64_t chunk = 65536;
    if (std::fseek(file, 0, SEEK_END) != 0) return chunk;
    const long end = std::ftell(file);
    std::rewind(file);
    return end > 0 && static_cast<std::uint64_t>(end) <= limit ? static_cast<std::uint64_t>(end) + 1 : chunk;
}

template <class Error, class Bytes>
Bytes read_whole(const std::string& path, std::uint64_t limit) {
    errno = 0;
    const open_file opened(path);
    std::FILE* const file = opened.file;
    if (file == nullptr) fail<Error>({"cannot read ", path, ": ", std::strerror(errno)});
    Bytes bytes;
    std::uint64_t step = size_to_try(file, limit);
    for (std::uint64_t size = 0;; step = size) {
        bytes.resize(static_cast<std::size_t>(size + step));
        errno = 0;
        const std::size_t got = std::fread(bytes.data() + size, 1, static_cast<std::size_t>(step), file);
        size += got;
        if (std::ferror(file) != 0) fail<Error>({"cannot read ", path, ": ", std::strerror(errno)});
        if (size > limit)
            fail<Error>({"cannot read ", path, ": it is larger than the limit of ", limit, " bytes"});
        if (got < step) {
            bytes.resize(static_cast<std::size_t>(size));
            return bytes;
        }
    }
}

/// Opens a new file beside path; temporary is then its name. Null, with errno set, where it cannot.
inline std::FILE* open_beside(const std::string& path, std::string& temporary) {
    // "x" makes the name ours alone, whoever else is writing; names left by a crash are passed over.
    for (int i = 0; i < 1000; ++i) {
        temporary = concat({path, ".tmp", i});
        errno = 0;
        if (std::FILE* const file = std::fopen(temporary.c_str(), "wbx")) return file;
        if (errno != EEXIST) return nullptr;
    }
    return nullptr;
}

/// Gives a file another's name. Systems whose rename replaces nothing have the old one removed first.
inline bool rename_over(const std::string& from, const std::string& to) {
    errno = 0;
    if (std::rename(from.c_str(), to.c_str()) == 0) return true;
    return errno == EEXIST && std::remove(to.c_str()) == 0 && std::rename(from.c_str(), to.c_str()) == 0;
}

} // namespace detail

/// The bytes of the file at path. Throws Error, with path and reason, where it cannot be read whole or is larger
/// than limit.
template <class Error = data_error>
std::vector<std::byte> read_bytes(const std::string& path, std::uint64_t limit = largest_file) {
    return detail::read_whole<Error, std::vector<std::byte>>(path, limit);
}

/// The same as text, byte for byte.
template <class Error = data_error>
std::string read_text(const std::string& path, std::uint64_t limit = largest_file) {
    return detail::read_whole<Error, std::string>(path, limit);
}

/// Puts bytes into the file at path, replacing what was there, or throws Error and leaves all as it was. path is to
/// name a regular file or nothing yet: a link or device would itself be replaced.
template <class Error = data_error>
void write_file(const std::string& path, std::span<const std::byte> bytes) {
    std::string temporary;
    std::FILE* const file = detail::open_beside(path, temporary);
    if (file == nullptr)
        detail::fail<Error>({"cannot write ", path, ": ", std::strerror(errno), " (", temporary, ")"});
    errno = 0;
    const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    int reason = errno;
    const bool closed = std::fclose(file) == 0;
    if (written && !closed) reason = errno;
    if (written && closed && detail::rename_over(temporary, path)) return;
    if (written && closed) reason = errno;
    std::remove(temporary.c_str());
    detail::fail<Error>({"cannot write ", path, ": ", std::strerror(reason)});
}

/// The same for text, byte for byte.
template <class Error = data_error>
void write_file(const std::string& path, std::string_view text) {
    write_file<Error>(path, std::as_bytes(std::span(text)));
}

} // namespace tenon
