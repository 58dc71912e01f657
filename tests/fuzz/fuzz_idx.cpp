// Any bytes as an IDX file, as they are and behind a true magic number: the reader takes them or refuses them with one
// data_error that names the file, and what it takes has as many values as the file.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <tenon/data/idx.hpp>
#include <vector>

namespace tn = tenon;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

template <class T>
void read(const std::vector<std::byte>& file) {
    try {
        const tn::idx_data<T> data = tn::parse_idx<T>(file, "fuzz.idx");
        const std::size_t count = data.values.rows() * data.values.columns();
        require(count < file.size() && !data.shape.empty() && data.values.rows() == data.shape[0]);
        require(data.values.columns() <= 1u << 20 || count > 0);
    } catch (const tn::data_error& error) {
        const std::string_view message = error.what();
        require(message.starts_with("fuzz.idx") && message.find('\n') == message.npos &&
                message.size() < 300);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = reinterpret_cast<const std::byte*>(data);
    std::vector<std::byte> file(input, input + size);
    read<std::uint8_t>(file);
    read<double>(file);
    if (size < 2) return 0;
    file.insert(file.begin(), 2, std::byte{0});
    file[2] = static_cast<std::byte>(8 + data[0] % 8);
    file[3] = static_cast<std::byte>(1 + data[1] % 4);
    read<std::uint8_t>(file);
    read<float>(file);
    return 0;
}
