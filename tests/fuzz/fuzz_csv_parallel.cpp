// Any bytes as a CSV file, under options that the first byte picks, and as many threads as it says: they read the rows that
// one reader does, with the same levels, or refuse the file in the same words.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tenon/data/csv.hpp>
#include <tenon/data/csv_parallel.hpp>
#include <vector>

namespace tn = tenon;

namespace {

struct house : tn::schema<tn::numeric<"a">, tn::categorical<"k", "flat", "house">, tn::categorical<"o">,
                          tn::label<"t">> {};

/// The bytes of the values, or the error; then the rows that were skipped.
template <class Read>
std::string outcome_of(tn::csv_options options, bool skips, Read read) {
    std::vector<std::string> skipped;
    if (skips) options.skipped = &skipped;
    std::string all;
    const auto add = [&](const auto* values, std::size_t count) {
        all.append(reinterpret_cast<const char*>(values), count * sizeof *values);
    };
    try {
        const auto data = read(options);
        add(data.x().data(), data.x().rows() * data.x().columns());
        add(data.y().data(), data.y().size());
        for (const tn::column_info& column : data.info().columns)
            for (const std::string& level : column.levels) all += level + '\n';
        for (const std::string& level : data.info().target.levels) all += level + '\n';
    } catch (const tn::data_error& error) {
        all = error.what();
    }
    for (const std::string& wrong : skipped) all += '\n' + wrong;
    return all;
}

template <tn::Schema S>
void read(std::string_view text, const tn::csv_options& options, std::size_t count, bool skips) {
    const auto by_one = [&](const auto& how) { return tn::parse_csv<S>(text, how, "fuzz.csv"); };
    const auto by_many = [&](const auto& how) {
        return tn::parse_csv<S>(text, tn::threads{count}, how, "fuzz.csv");
    };
    if (outcome_of(options, skips, by_one) != outcome_of(options, skips, by_many)) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const unsigned pick = data[0];
    tn::csv_options options;
    options.delimiter = (pick & 1u) != 0 ? ';' : ',';
    options.quote = "\"'\"\0"[(pick >> 1u) % 4];
    options.header = static_cast<tn::csv_header>((pick >> 3u) % 3);
    const std::size_t count = 2 + (pick >> 5u) % 2;
    const bool skips = (pick & 64u) != 0;
    // A header that fits, so that the fuzzer need not find it.
    const std::string d(1, options.delimiter);
    if ((pick & 128u) != 0)
        read<house>("o" + d + "k" + d + "t" + d + "a\n" + text, options, count, skips);
    else
        read<tn::columns<tn::dynamic, tn::none>>(text, options, count, skips);
    return 0;
}
