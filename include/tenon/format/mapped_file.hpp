#pragma once

// A file as text without a copy of it: mapped into memory where the system can, read where it cannot. A file that
// somebody makes shorter meanwhile ends the program, as it does for every program that maps files.

#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/format/file.hpp>

#if __has_include(<sys/mman.h>)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace tenon::inline v0 {

/// The text of the file at path, for as long as this lives. Throws data_error, with path and reason, where it cannot be
/// read whole.
class mapped_text {
public:
    explicit mapped_text(const std::string& path) {
        if (!map(path)) copy_ = read_text(path);
    }
    mapped_text(const mapped_text&) = delete;
    mapped_text& operator=(const mapped_text&) = delete;
    ~mapped_text() { unmap(); }

    std::string_view text() const noexcept {
        return mapped_ == nullptr ? copy_ : std::string_view(mapped_, size_);
    }

    /// Gives back the memory of all but the last `bytes`; they can still be read, from the file.
    void release_all_but(std::size_t bytes) const noexcept {
#if __has_include(<sys/mman.h>)
        constexpr std::size_t page = 65536; // a multiple of every system's
        if (mapped_ != nullptr && size_ - bytes >= page)
            ::madvise(const_cast<char*>(mapped_), (size_ - bytes) / page * page, MADV_DONTNEED);
#else
        (void)bytes;
#endif
    }

private:
#if __has_include(<sys/mman.h>)
    /// False where this is no regular file, or an empty one, or one that cannot be opened: reading tells why.
    bool map(const std::string& path) noexcept {
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0) return false;
        struct stat about {};
        if (::fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 &&
            static_cast<std::uint64_t>(about.st_size) <= largest_file) {
            const auto size = static_cast<std::size_t>(about.st_size);
            void* const bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
            if (bytes != MAP_FAILED) {
                ::madvise(bytes, size, MADV_SEQUENTIAL);
                mapped_ = static_cast<const char*>(bytes);
                size_ = size;
            }
        }
        ::close(file);
        return mapped_ != nullptr;
    }
    void unmap() noexcept {
        if (mapped_ != nullptr) ::munmap(const_cast<char*>(mapped_), size_);
    }
#else
    bool map(const std::string&) noexcept { return false; }
    void unmap() noexcept {}
#endif

    const char* mapped_ = nullptr;
    std::size_t size_ = 0;
    std::string copy_;
};

} // namespace tenon
