// Any bytes as a CSV file, under options that the first byte picks: the reader takes them or refuses them with one
// data_error that names the file, and what it takes is whole: every value a finite number, missing, or a level.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tenon/data/csv.hpp>
#include <tenon/data/read_table.hpp>

namespace tn = tenon;

namespace {

struct house : tn::schema<tn::numeric<"a">, tn::categorical<"k", "flat", "house">, tn::categorical<"o">,
                          tn::target<"t">> {};
struct visitor : tn::schema<tn::numeric<"a", float>, tn::label<"t">> {};

void require(bool holds) {
    if (!holds) std::abort();
}

template <class D>
bool holds_level(const D& value, const tn::column_info& column) {
    return value >= 0 && static_cast<double>(value) < static_cast<double>(column.levels.size());
}

template <tn::Schema S>
void check(const tn::dataset<S>& data) {
    require(data.size() > 0 && data.x().columns() == data.info().columns.size());
    for (std::size_t r = 0; r < data.size(); ++r) {
        for (std::size_t c = 0; c < data.x().columns(); ++c) {
            const auto value = data.x()(r, c);
            const tn::column_info& column = data.info().columns[c];
            require(std::isnan(value) ||
                    (column.categorical ? holds_level(value, column) : std::isfinite(value)));
        }
        if constexpr (tn::is_classification<typename S::kind>)
            require(holds_level(data.y()[r], data.info().target));
        else if constexpr (std::is_same_v<typename S::kind, tn::real>)
            require(std::isfinite(data.y()[r]));
    }
}

template <tn::Schema S>
void read(std::string_view text, const tn::csv_options& options) {
    try {
        const tn::dataset<S> data = tn::parse_csv<S>(text, options, "fuzz.csv");
        check(data);
        tn::csv_options again = options;
        again.like = data.info();
        check(tn::parse_csv<S>(text, again));
    } catch (const tn::data_error& error) {
        const std::string_view message = error.what();
        require(message.starts_with("fuzz.csv") || message.starts_with("csv_options"));
        require(message.find('\n') == std::string_view::npos && message.size() < 1000);
    }
}

void read_as_table(std::string_view text, const tn::csv_options& options) {
    try {
        const tn::table table = tn::parse_table(text, {.csv = options, .at_most_levels = 3}, "fuzz.csv");
        check(table.data());
        tn::csv_options again = options;
        again.like.columns = table.columns();
        require(tn::parse_table(text, {.csv = again}, "again").columns() == table.columns());
    } catch (const tn::data_error& error) {
        const std::string_view message = error.what();
        require(message.starts_with("fuzz.csv") || message.starts_with("csv_options"));
        require(message.find('\n') == std::string_view::npos && message.size() < 1000);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const unsigned pick = data[0];
    tn::csv_options options;
    options.delimiter = ",;\t\""[pick % 4];
    options.quote = (pick & 4u) != 0 ? '\0' : '"';
    options.header = static_cast<tn::csv_header>((pick >> 3u) % 3);
    if ((pick & 64u) != 0) options.missing = {"?", "-999"};
    // Headers that fit, so that the fuzzer need not find them; its own text may be any.
    const std::string d(1, options.delimiter), house_header = "o" + d + "k" + d + "t" + d + "a\n";
    read<house>((pick & 128u) != 0 ? house_header + text : text, options);
    read<visitor>((pick & 128u) != 0 ? "t" + d + "a\n" + text : text, options);
    read<tn::columns<2, tn::classes<3>>>(text, options);
    read<tn::columns<tn::dynamic, tn::classes<tn::dynamic>>>(text, options);
    read<tn::columns<tn::dynamic, tn::none, float>>(text, options);
    read_as_table(text, options);
    return 0;
}
