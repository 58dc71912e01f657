// Any bytes as svmlight text, under options that the first byte picks: the reader takes them or refuses them with one
// data_error that names the file, and what it takes is whole and no larger than allowed.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tenon/data/svmlight.hpp>

namespace tn = tenon;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

template <class T>
void read(std::string_view text, const tn::svmlight_options& options) {
    try {
        const tn::svmlight_data<T> data = tn::parse_svmlight<T>(text, options, "fuzz.txt");
        const std::size_t count = data.x.rows() * data.x.columns();
        require(data.y.size() == data.x.rows() && count > 0 && count <= options.most_values);
        require(options.columns == 0 || data.x.columns() == options.columns);
        for (const double y : data.y) require(std::isfinite(y));
        for (std::size_t i = 0; i < count; ++i) require(std::isfinite(data.x.data()[i]));
    } catch (const tn::data_error& error) {
        const std::string_view message = error.what();
        require(message.starts_with("fuzz.txt") && message.find('\n') == message.npos &&
                message.size() < 300);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const tn::svmlight_options options{.columns = data[0] % 4 * std::size_t{3},
                                       .most_values = 1u << (data[0] / 16)};
    read<double>(text, options);
    read<float>(text, options);
    return 0;
}
