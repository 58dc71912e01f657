#pragma once

// Zip archives (PKWARE's APPNOTE 6.3) as lists of members, with the 64-bit sizes that NumPy writes. Members are not
// unpacked: only stored ones can be read. The archive must end where the file does and begin anywhere in it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/text.hpp>
#include <tenon/format/crc32.hpp>
#include <tenon/format/given_twice.hpp>
#include <tenon/format/quoted.hpp>
#include <vector>

namespace tenon::inline v0 {

/// One file in an archive; its bytes lie in the archive's memory, as they are stored there.
struct zip_member {
    std::string name;
    bool is_stored = true; ///< neither compressed nor encrypted
    std::uint32_t crc = 0; ///< of the bytes before they were compressed
    std::span<const std::byte> bytes;
};

namespace detail {

/// Reads the directory of an archive: every offset and size is checked before it is used.
template <class Lazy = void>
class zip_reader {
public:
    zip_reader(std::span<const std::byte> file, const std::string& source) : file_(file), source_(source) {}

    std::vector<zip_member> read() {
        find_directory();
        std::vector<zip_member> members;
        std::uint64_t at = directory_;
        while (at < directory_end_) members.push_back(take_entry(at));
        if (members.size() != count_)
            refuse({"the directory has ", members.size(), " members, its end says ", count_});
        std::vector<std::string_view> names;
        names.reserve(members.size());
        for (const zip_member& member : members) names.push_back(member.name);
        if (const std::string_view* const twice = given_twice(names))
            refuse({"the member ", quoted_bytes(*twice), " is there twice"});
        return members;
    }

private:
    static constexpr std::uint64_t end_size = 22, locator_size = 20, wide_end_size = 56, entry_size = 46,
                                   head_size = 30;

    [[noreturn]] void refuse(std::initializer_list<text_part> parts) const {
        fail<data_error>({source_, ": ", concat(parts)});
    }

    /// `size` bytes from `at` on, which a part called `what` needs to have.
    std::span<const std::byte> piece(std::uint64_t at, std::uint64_t size, const char* what) const {
        if (at > file_.size() || size > file_.size() - at)
            refuse({what, " at byte ", at, " does not lie in the file, which has ", file_.size()});
        return file_.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(size));
    }

    /// A little-endian number of 2, 4 or 8 bytes.
    static std::uint64_t number(std::span<const std::byte> bytes, std::size_t at, std::size_t size) noexcept {
        std::uint64_t value = 0;
        for (std::size_t i = size; i-- > 0;)
            value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
        return value;
    }
    static std::string_view text_of(std::span<const std::byte> bytes) noexcept {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    static bool is_signed(std::span<const std::byte> bytes, std::uint64_t kind) noexcept {
        return number(bytes, 0, 2) == 0x4B50 && number(bytes, 2, 2) == kind;
    }

    void find_directory() {
        const std::uint64_t size = file_.size();
        for (std::uint64_t comment = 0; comment <= 65535 && comment + end_size <= size; ++comment) {
            const auto end = file_.subspan(static_cast<std::size_t>(size - end_size - comment));
            if (is_signed(end, 0x0605) && number(end, 20, 2) == comment)
                return take_end(end, size - end_size - comment);
        }
        refuse({"this is no zip archive, or it is cut off: it does not end in a directory"});
    }

    void take_end(std::span<const std::byte> end, std::uint64_t at) {
        count_ = number(end, 10, 2);
        std::uint64_t size = number(end, 12, 4);
        directory_ = number(end, 16, 4);
        bool is_whole = number(end, 4, 4) == 0 && number(end, 8, 2) == count_;
        if (count_ == 0xFFFF || size == 0xFFFFFFFF || directory_ == 0xFFFFFFFF) {
            if (at < locator_size) refuse({"the end of the directory is cut off"});
            const auto locator = piece(at - locator_size, locator_size, "the 64-bit end of the directory");
            at = number(locator, 8, 8);
            const auto wide = piece(at, wide_end_size, "the 64-bit end of the directory");
            if (!is_signed(locator, 0x0706) || !is_signed(wide, 0x0606))
                refuse({"there is no 64-bit end of the directory at byte ", at});
            count_ = number(wide, 32, 8);
            size = number(wide, 40, 8);
            directory_ = number(wide, 48, 8);
            is_whole = number(wide, 16, 8) == 0 && number(wide, 24, 8) == count_;
        }
        if (!is_whole) refuse({"archives in several files cannot be read"});
        piece(directory_, size, "the directory");
        directory_end_ = directory_ + size;
        if (directory_end_ != at) refuse({"the directory ends at byte ", directory_end_, ", expected ", at});
    }

    /// The entry at `at`, which moves on to the next.
    zip_member take_entry(std::uint64_t& at) const {
        const auto entry = piece(at, entry_size, "a directory entry");
        if (!is_signed(entry, 0x0201)) refuse({"there is no directory entry at byte ", at});
        const std::uint64_t name_size = number(entry, 28, 2), extra_size = number(entry, 30, 2);
        const std::uint64_t size = entry_size + name_size + extra_size + number(entry, 32, 2);
        if (size > directory_end_ - at) refuse({"the directory entry at byte ", at, " is cut off"});
        const auto name = piece(at + entry_size, name_size, "a member's name");
        std::uint64_t unpacked = number(entry, 24, 4), packed = number(entry, 20, 4),
                      head = number(entry, 42, 4);
        take_wide({&unpacked, &packed, &head},
                  piece(at + entry_size + name_size, extra_size, "an extra field"));
        at += size;

        zip_member member{
            std::string(text_of(name)), true, static_cast<std::uint32_t>(number(entry, 16, 4)), {}};
        member.is_stored = number(entry, 10, 2) == 0 && (number(entry, 8, 2) & 1) == 0;
        if (member.is_stored && packed != unpacked)
            refuse({"the member ", quoted_bytes(member.name), " is stored in ", packed, " bytes, but has ",
                    unpacked});
        member.bytes = bytes_behind(head, packed, member.name);
        return member;
    }

    /// Sizes of which the entry says that they stand in the extra field of kind 1, in this order.
    void take_wide(std::initializer_list<std::uint64_t*> sizes, std::span<const std::byte> extra) const {
        std::span<const std::byte> wide;
        while (extra.size() >= 4) {
            const auto size = static_cast<std::size_t>(number(extra, 2, 2));
            if (size > extra.size() - 4) refuse({"an extra field of a directory entry is cut off"});
            if (number(extra, 0, 2) == 1) wide = extra.subspan(4, size);
            extra = extra.subspan(4 + size);
        }
        for (std::uint64_t* const size : sizes) {
            if (*size != 0xFFFFFFFF) continue;
            if (wide.size() < 8) refuse({"a directory entry has no 64-bit size, but says so"});
            *size = number(wide, 0, 8);
            wide = wide.subspan(8);
        }
    }

    /// The bytes of a member, behind its own header.
    std::span<const std::byte> bytes_behind(std::uint64_t at, std::uint64_t size,
                                            std::string_view name) const {
        const auto head = piece(at, head_size, "a member's header");
        const std::uint64_t name_size = number(head, 26, 2);
        const std::uint64_t begin = at + head_size + name_size + number(head, 28, 2);
        if (!is_signed(head, 0x0403) || text_of(piece(at + head_size, name_size, "a member's name")) != name)
            refuse({"the member ", quoted_bytes(name), " does not begin at byte ", at,
                    ", as the directory says"});
        const auto bytes = piece(begin, size, "a member");
        if (begin + size > directory_)
            refuse({"the member ", quoted_bytes(name), " ends at byte ", begin + size,
                    ", behind the directory at ", directory_});
        return bytes;
    }

    std::span<const std::byte> file_;
    const std::string& source_;
    std::uint64_t directory_ = 0;
    std::uint64_t directory_end_ = 0;
    std::uint64_t count_ = 0;
};

} // namespace detail

/// The members of the archive in `file`, which must outlive them, in the order of its directory. Throws data_error,
/// beginning with `source`, for anything but an archive whose directory is whole and describes the members.
template <class Lazy = void>
std::vector<zip_member> zip_members(std::span<const std::byte> file, const std::string& source = "the file") {
    return detail::zip_reader<Lazy>(file, source).read();
}

/// Throws data_error where the bytes of a stored member do not have the CRC-32 that the directory says.
template <class Lazy = void>
void check_crc(const zip_member& member, const std::string& source = "the file") {
    if (crc32(member.bytes) != member.crc)
        detail::fail<data_error>({source, ": the member ", detail::quoted_bytes(member.name),
                                  " is damaged: its CRC-32 is not the one in the directory"});
}

} // namespace tenon
