// Arrow tables that somebody has spoilt: edits drawn from the input, each impossible or within buffers of known size. A
// table is taken or refused with one data_error that names it, and is released once; what is taken comes back equal when
// it goes out as a stream and in again.

#include "support/arrow_table.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <tenon/data/arrow.hpp>
#include <tenon/data/fingerprint.hpp>

namespace tn = tenon;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">,
                          tn::categorical<"town">, tn::target<"price">> {};
using all_columns = tn::columns<tn::dynamic, tn::classes<tn::dynamic>, float>;

void require(bool holds) {
    if (!holds) std::abort();
}

/// Numbers drawn from the input; zeros when it has ended.
class draws {
public:
    draws(const std::uint8_t* input, std::size_t size) : input_(input), end_(input + size) {}
    bool is_over() const { return input_ == end_; }
    std::size_t operator()(std::size_t n) { return is_over() ? 0 : *input_++ % n; }

private:
    const std::uint8_t* input_;
    const std::uint8_t* end_;
};

template <class S>
void take(tenon_test::hand_made_table& table) {
    const int schemas = table.schema.release != nullptr ? 1 : 0,
              arrays = table.array.release != nullptr ? 1 : 0;
    std::optional<tn::dataset<S>> data;
    try {
        data = tn::from_arrow<S>(&table.schema, &table.array, {.like = {}, .source = "fuzz"});
    } catch (const tn::data_error& error) {
        const std::string_view message = error.what();
        require(message.starts_with("fuzz") && message.find('\n') == message.npos && message.size() < 500);
    }
    require(table.released_schemas == schemas && table.released_arrays == arrays);
    if (!data) return;
    require(data->size() <= 20);
    ArrowArrayStream stream;
    tn::to_arrow(*data, &stream, {.nan_as_null = false, .rows = 3});
    require(tn::fingerprint(tn::from_arrow<S>(&stream)) == tn::fingerprint(*data));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    draws draw(data, size);
    tenon_test::hand_made_table table = tenon_test::table_to_spoil(draw(3));
    const bool by_name = draw(2) == 0;
    if (!by_name) table.columns = {table.columns[0], table.columns[3], table.columns[1 + draw(2)]};
    table.link(tenon_test::room_to_spoil);
    while (!draw.is_over()) tenon_test::spoil(table, [&](std::size_t n) { return draw(n); });
    by_name ? take<house>(table) : take<all_columns>(table);
    return 0;
}
