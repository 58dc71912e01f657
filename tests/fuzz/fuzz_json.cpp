// Any bytes: the JSON reader takes them or refuses them with artifact_error, and what it takes, the writer writes so
// that it reads back equal.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tenon/format/json.hpp>

namespace {

bool read(std::string_view text, tenon::json_value& value) {
    try {
        value = tenon::json_value::parse(text);
        return true;
    } catch (const tenon::artifact_error&) {
        return false;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    tenon::json_value first;
    if (!read({reinterpret_cast<const char*>(data), size}, first)) return 0;
    const std::string text = first.dump();
    const tenon::json_value second = tenon::json_value::parse(text);
    if (second != first || second.dump() != text) std::abort();
    return 0;
}
