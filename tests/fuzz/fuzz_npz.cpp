// Any bytes as a .npz file: as they are, and as the values of a member of an archive of which the input changes some
// bytes and then makes the CRC-32 true again. The reader takes them or refuses them with one data_error that names the
// file.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tenon/data/npz.hpp>
#include <vector>

namespace tn = tenon;

namespace {

using bytes = std::vector<std::byte>;

void require(bool holds) {
    if (!holds) std::abort();
}

void read(const bytes& archive) {
    try {
        const tn::npz_file file(archive, "fuzz.npz");
        for (const std::string& name : file.names()) {
            const tn::matrix<double> x = file.read<double>(name);
            require(x.rows() * x.columns() < archive.size());
        }
    } catch (const tn::data_error& error) {
        const std::string_view message = error.what();
        require(message.starts_with("fuzz.npz") && message.find('\n') == message.npos &&
                message.size() < 500);
    }
}

void put(bytes& to, std::string_view text) {
    for (const char c : text) to.push_back(static_cast<std::byte>(c));
}

void put(bytes& to, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i, value >>= 8) to.push_back(static_cast<std::byte>(value & 255));
}

/// An archive of one member, x.npy, with all sizes in 64 bits; those of the directory come from `size` and `offset`.
bytes archive_of(const bytes& member, std::uint64_t size, std::uint64_t offset) {
    const std::uint32_t crc = tn::crc32(member);
    bytes file;
    put(file, "PK\x03\x04");
    put(file, 45, 2);
    put(file, 0, 8);
    put(file, crc, 4);
    put(file, UINT64_MAX, 8);
    put(file, 5, 4);
    put(file, "x.npy");
    file.insert(file.end(), member.begin(), member.end());
    const std::size_t directory = file.size();
    put(file, "PK\x01\x02");
    put(file, 0x2D002D, 4);
    put(file, 0, 8);
    put(file, crc, 4);
    put(file, UINT64_MAX, 8);
    put(file, 0x1C0005, 4);
    put(file, 0, 10);
    put(file, 0xFFFFFFFF, 4);
    put(file, "x.npy");
    put(file, 0x180001, 4);
    put(file, size, 8);
    put(file, size, 8);
    put(file, offset, 8);
    const std::size_t end = file.size();
    put(file, "PK\x05\x06");
    put(file, 0, 4);
    put(file, 0x10001, 4);
    put(file, end - directory, 4);
    put(file, directory, 4);
    put(file, 0, 2);
    return file;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = reinterpret_cast<const std::byte*>(data);
    const bytes all(input, input + size);
    read(all);
    if (size < 20) return 0;
    std::uint64_t numbers[2] = {};
    for (std::size_t i = 0; i < 16; ++i) numbers[i / 8] = numbers[i / 8] << 8 | data[i];
    const bytes member(input + 20, input + size);
    const bytes good = archive_of(member, member.size(), 0);
    // The archive itself is always whole: only what is in it may be wrong.
    require(tn::zip_members(good).size() == 1);
    read(good);
    read(archive_of(member, numbers[0], numbers[1]));
    bytes changed = good;
    changed[(data[16] * 256u + data[17]) % changed.size()] = input[18];
    changed[changed.size() - 1 - data[19] % changed.size()] = input[18];
    read(changed);
    return 0;
}
