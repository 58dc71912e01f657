// Sealed files that somebody has changed and sealed again: metadata and tensors edited one by one, then single bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <tenon/format/safetensors.hpp>
#include <utility>
#include <vector>

namespace tenon_test {

/// The edits, drawn from the input; zeros when it has ended.
class edits {
public:
    explicit edits(std::span<const std::uint8_t> input) : input_(input) {}
    bool is_over() const { return at_ >= input_.size(); }
    std::uint64_t number(std::size_t size) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value |= std::uint64_t{is_over() ? std::uint8_t{0} : input_[at_++]} << (8 * i);
        return value;
    }
    std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(number(2)) % n; }

private:
    std::span<const std::uint8_t> input_;
    std::size_t at_ = 0;
};

/// A file taken apart.
struct file_parts {
    explicit file_parts(std::span<const std::byte> file) {
        const tenon::safetensors_view view = tenon::read_safetensors(file);
        metadata = view.metadata;
        tensors = view.tensors;
        for (const auto& t : tensors) values.emplace_back(t.bytes.begin(), t.bytes.end());
    }
    std::vector<std::byte> sealed() {
        for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].bytes = values[i];
        return tenon::write_safetensors(tensors, metadata);
    }

    void edit_text(edits& e) {
        std::string& text = metadata[e.below(metadata.size())].second;
        const std::size_t at = e.below(text.size() + 1);
        switch (e.below(3)) {
        case 0:
            text.insert(at, 1, static_cast<char>(e.number(1) % 95 + 32));
            break;
        case 1:
            text.erase(at, e.below(16));
            break;
        default:
            text.replace(at, e.below(4), std::to_string(e.number(e.below(9))));
            break;
        }
    }
    void edit_tensor(edits& e) {
        constexpr const char* dtypes[] = {"F64", "F32", "I64", "U64", "I32", "U32", "I8", "U8"};
        const std::size_t i = e.below(tensors.size());
        switch (e.below(6)) {
        case 0:
            tensors[i].dtype = dtypes[e.below(8)];
            break;
        case 1:
            tensors[i].shape.push_back(1);
            break;
        case 2:
            tensors[i].shape.assign(1, e.below(64));
            values[i].resize(tensors[i].shape[0] * tenon::detail::dtype_size(tensors[i].dtype));
            break;
        case 3: {
            const std::size_t j = e.below(tensors.size());
            std::swap(tensors[i].name, tensors[j].name);
            break;
        }
        case 4:
            tensors[i].name += 'x';
            break;
        default: {
            const std::size_t size = tenon::detail::dtype_size(tensors[i].dtype);
            const std::uint64_t value = e.number(size);
            if (values[i].size() >= size)
                std::memcpy(values[i].data() + e.below(values[i].size() / size) * size, &value, size);
        }
        }
    }

    tenon::tensor_metadata metadata;
    std::vector<tenon::tensor_info> tensors;
    std::vector<std::vector<std::byte>> values;
};

/// The file with the edits, sealed; empty where it is then no safetensors file any more.
inline std::vector<std::byte> edited(std::span<const std::byte> file, edits& e) {
    file_parts parts(file);
    for (std::size_t n = e.below(6); n > 0; --n) e.below(2) == 0 ? parts.edit_text(e) : parts.edit_tensor(e);
    std::vector<std::byte> changed;
    try {
        changed = parts.sealed();
    } catch (const tenon::artifact_error&) {
        return {};
    }
    while (!e.is_over()) {
        const std::size_t at = e.below(changed.size());
        changed[at] ^= static_cast<std::byte>(e.number(1));
    }
    const std::string seal = tenon::detail::seal_of(changed);
    std::memcpy(changed.data() + tenon::detail::seal_begin, seal.data(), seal.size());
    return changed;
}

} // namespace tenon_test
