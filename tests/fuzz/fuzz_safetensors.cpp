// Any bytes as an artifact: as they are, where only a true seal may pass, and sealed, so that the reader behind the
// seal sees them too. What it takes, the writer writes so that it reads back equal.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <tenon/format/safetensors.hpp>
#include <vector>

namespace {

using bytes = std::vector<std::byte>;

void require(bool holds) {
    if (!holds) std::abort();
}

bool same(const tenon::tensor_info& a, const tenon::tensor_info& b) {
    return a.name == b.name && a.dtype == b.dtype && a.shape == b.shape &&
           std::equal(a.bytes.begin(), a.bytes.end(), b.bytes.begin(), b.bytes.end());
}

void read_and_write(const bytes& file) {
    tenon::safetensors_view view;
    try {
        view = tenon::read_safetensors(file);
    } catch (const tenon::artifact_error&) {
        return;
    }
    const bytes written = tenon::write_safetensors(view.tensors, view.metadata);
    const tenon::safetensors_view again = tenon::read_safetensors(written);
    require(again.metadata == view.metadata && again.tensors.size() == view.tensors.size());
    for (const tenon::tensor_info& tensor : view.tensors) {
        require(tensor.bytes.empty() ||
                (tensor.bytes.data() > file.data() &&
                 tensor.bytes.data() + tensor.bytes.size() <= file.data() + file.size()));
        require(again.find(tensor.name) != nullptr && same(*again.find(tensor.name), tensor));
    }
}

/// A file with a true seal: the rest of the header is the input up to its first NUL, what follows is data. Where
/// `length` is not 0 it stands in the place of the header's own.
bytes sealed(std::span<const std::byte> input, std::uint64_t length) {
    const std::string begin =
        std::string(tenon::detail::seal_prefix) + std::string(tenon::detail::unsealed) + "\"";
    const auto nul = std::find(input.begin(), input.end(), std::byte{0});
    const auto header_size = begin.size() + static_cast<std::size_t>(nul - input.begin());
    if (length == 0) length = header_size;
    bytes file(8);
    std::memcpy(file.data(), &length, 8);
    for (const char c : begin) file.push_back(static_cast<std::byte>(c));
    file.insert(file.end(), input.begin(), nul);
    if (nul != input.end()) file.insert(file.end(), nul + 1, input.end());
    const std::string seal = tenon::detail::seal_of(file);
    std::memcpy(file.data() + tenon::detail::seal_begin, seal.data(), seal.size());
    return file;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = std::as_bytes(std::span(data, size));
    read_and_write(bytes(input.begin(), input.end()));
    read_and_write(sealed(input, 0));
    if (size < 8) return 0;
    std::uint64_t length = 0;
    std::memcpy(&length, data, 8);
    read_and_write(sealed(input.subspan(8), length));
    return 0;
}
