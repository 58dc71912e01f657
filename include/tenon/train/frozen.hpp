#pragma once

// Which parameters a training run leaves as they are: blocks of the model, chosen by name.

#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/text.hpp>
#include <vector>

namespace tenon::inline v0::detail {

/// Some parameters of a model, one after the other.
struct parameter_part {
    std::size_t offset, size;
    bool holds(std::size_t place) const noexcept { return place >= offset && place - offset < size; }
};

/// Whether a block is meant by a name: its own, or whole words at its beginning.
inline bool is_named(std::string_view block, std::string_view name) noexcept {
    return !name.empty() && block.substr(0, name.size()) == name &&
           (block.size() == name.size() || block[name.size()] == ' ');
}

/// The blocks of these names. Throws fit_error for a name that none has.
template <class Blocks>
std::vector<parameter_part> frozen_parts(const Blocks& blocks, const std::vector<std::string>& names) {
    std::vector<parameter_part> parts;
    for (const std::string& name : names) {
        const std::size_t before = parts.size();
        std::string known;
        for (const auto& block : blocks) {
            append(known, {known.empty() ? "" : ", ", block.name});
            if (is_named(block.name, name)) parts.push_back({block.offset, block.size()});
        }
        if (parts.size() == before)
            fail<fit_error>({"minimize: .frozen: no parameters are called '", name, "'; there are ", known,
                             ", and the first words of these names"});
    }
    return parts;
}

} // namespace tenon::detail
