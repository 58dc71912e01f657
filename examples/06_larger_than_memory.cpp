// A file larger than memory: checked, prepared and learned from in chunks. What comes out is what fit would give for all
// rows at once, to the last bit; here it may not hold them: the program first takes its own memory away.

#include <cstdint>
#include <cstdio>
#include <tenon/tenon.hpp>
#if __has_include(<sys/resource.h>)
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace tn = tenon;

struct sensor : tn::schema<tn::numeric<"temperature">, tn::numeric<"pressure">, tn::numeric<"flow">,
                           tn::categorical<"valve", "open", "half", "shut">, tn::target<"power">> {};

namespace {

constexpr std::size_t training_rows = 400'000, other_rows = 20'000;

/// A file of measurements, some of them missing.
void write_sensors(const char* path, std::size_t rows, std::uint64_t seed) {
    std::FILE* const file = std::fopen(path, "w");
    std::fputs("temperature,pressure,flow,valve,power\n", file);
    tn::philox random(seed);
    for (std::size_t r = 0; r < rows; ++r) {
        const double temperature = 20 + 5 * random.normal(), pressure = 3 + random.uniform();
        const double flow = 10 * random.uniform();
        const auto valve = random.below(3);
        const double power = 7 * temperature + 30 * pressure - 2 * flow - 15 * static_cast<double>(valve) +
                             4 * random.normal();
        char measured[16] = "NA";
        if (random.below(20) > 0) std::snprintf(measured, sizeof measured, "%.2f", temperature);
        const char* const words[] = {"open", "half", "shut"};
        std::fprintf(file, "%s,%.3f,%.2f,%s,%.1f\n", measured, pressure, flow, words[valve], power);
    }
    std::fclose(file);
}

/// From here on the program may have `bytes` more of data than it has now. The file is mapped, not held, and a mapped
/// file is not data. Returns whether the system knows such a limit; sanitizers need memory of their own.
bool limit_memory(std::size_t bytes) {
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
    std::FILE* const status = std::fopen("/proc/self/statm", "r");
    if (status == nullptr) return false;
    std::size_t pages = 0; // the sixth number: data and stack
    const bool is_read = std::fscanf(status, "%*u %*u %*u %*u %*u %zu", &pages) == 1;
    std::fclose(status);
    // What a sanitizer reserves shows here.
    const std::size_t held = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    if (!is_read || held > (std::size_t{1} << 30)) return false;
    const rlimit limit{held + bytes, held + bytes};
    return ::setrlimit(RLIMIT_DATA, &limit) == 0;
#else
    (void)bytes;
    return false;
#endif
}

} // namespace

int main() {
    write_sensors("sensors.csv", training_rows, 1);
    write_sensors("others.csv", other_rows, 2);

    // The table is 400 000 rows of 4 numbers and a target: 16 MB. The program gets 10.
    const bool is_limited = limit_memory(10 << 20);
    bool table_fits = true;
    try {
        const auto table = tn::read_csv<sensor>("sensors.csv");
        std::printf("the table as a whole: %zu rows\n", table.size());
    } catch (const std::bad_alloc&) {
        table_fits = false;
        std::printf("the table as a whole: no memory for it\n");
    }

    // What is in the file, chunk by chunk: the statistics are folds.
    tn::csv_chunks<sensor> file("sensors.csv");
    tn::column_extremes extremes(4);
    std::size_t rows = 0;
    while (const auto chunk = file.next(20'000)) {
        extremes.update(chunk->x());
        rows += chunk->size();
    }
    std::printf("%zu rows; temperature from %.1f to %.1f\n", rows, extremes.low(0), extremes.high(0));

    // A pass over the file for the means, one for the scales, one for the model.
    const auto recipe = tn::impute(tn::mean) | tn::one_hot() | tn::standardize() | tn::ridge(1.0);
    const auto model = tn::fit_chunks(recipe, file, {.rows = 20'000});
    std::printf("fitted to %llu rows, fingerprint %.12s...\n",
                static_cast<unsigned long long>(model.record().rows), model.record().fingerprint.c_str());

    tn::csv_chunks<sensor> others("others.csv");
    double worst = 1;
    while (const auto chunk = others.next(5'000)) {
        const double r2 = tn::evaluate(model, *chunk, tn::r2())["r2"];
        std::printf("r2 on %zu other rows: %.4f\n", chunk->size(), r2);
        worst = r2 < worst ? r2 : worst;
    }
    return rows == training_rows && worst > 0.7 && !(is_limited && table_fits) ? 0 : 1;
}
