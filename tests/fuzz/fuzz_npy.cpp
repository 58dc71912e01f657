// Any bytes as a .npy file: as they are, and as a header that a true magic and length stand before. The reader takes them
// or refuses them with one data_error that names the file; what it takes is as large as the file says, and is read back
// equal from what the writer makes of it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <tenon/data/npy.hpp>
#include <vector>

namespace tn = tenon;

namespace {

using bytes = std::vector<std::byte>;

void require(bool holds) {
    if (!holds) std::abort();
}

template <class T>
void read(const bytes& file) {
    tn::matrix<T> x;
    try {
        x = tn::parse_npy<T>(file, "fuzz.npy");
    } catch (const tn::data_error& error) {
        const std::string_view message = error.what();
        require(message.starts_with("fuzz.npy") && message.find('\n') == message.npos &&
                message.size() < 300);
        return;
    }
    const std::size_t count = x.rows() * x.columns();
    require(count < file.size() && x.rows() <= 1u << 20 && x.columns() <= 1u << 20);
    const tn::matrix<T> again = tn::parse_npy<T>(tn::npy_bytes(x.view()));
    require(again.rows() == x.rows() && again.columns() == x.columns());
    require(count == 0 || std::memcmp(again.data(), x.data(), count * sizeof(T)) == 0);
}

void read_all(const bytes& file) {
    read<double>(file);
    read<float>(file);
    read<std::int32_t>(file);
    read<std::uint8_t>(file);
}

/// A file whose header is the input up to its first newline, and what follows its values.
bytes with_magic(const bytes& input) {
    std::size_t length = 0;
    while (length < input.size() && length < 65535 && (length == 0 || input[length - 1] != std::byte{'\n'}))
        ++length;
    bytes file;
    for (const char c : tn::detail::npy_magic) file.push_back(static_cast<std::byte>(c));
    for (const std::size_t part : {std::size_t{1}, std::size_t{0}, length & 255, length >> 8})
        file.push_back(static_cast<std::byte>(part));
    file.insert(file.end(), input.begin(), input.end());
    return file;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = reinterpret_cast<const std::byte*>(data);
    const bytes file(input, input + size);
    read_all(file);
    read_all(with_magic(file));
    return 0;
}
