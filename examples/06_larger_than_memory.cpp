// A file larger than memory: checked, prepared and learned from in chunks, by a linear model and by a network. The linear
// model is what fit would give for all rows at once, to the last bit; here it may not hold them: the program first takes its
// own memory away. Then the machine that is measured changes, and the network goes on learning as rows arrive.

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

constexpr std::size_t training_rows = 200'000, other_rows = 20'000;

/// A file of measurements, some of them missing. A pump that is worn takes more power for its flow.
void write_sensors(const char* path, std::size_t rows, std::uint64_t seed, double wear = 0) {
    std::FILE* const file = std::fopen(path, "w");
    std::fputs("temperature,pressure,flow,valve,power\n", file);
    tn::philox random(seed);
    for (std::size_t r = 0; r < rows; ++r) {
        const double temperature = 20 + 5 * random.normal(), pressure = 1 + 4 * random.uniform();
        const double flow = 10 * random.uniform();
        const auto valve = random.below(3);
        const double power = 3 * temperature + (2 + wear) * pressure * flow -
                             15 * static_cast<double>(valve) + 4 * random.normal();
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

/// The worst R² on chunks of a file.
template <class Model>
double worst_r2(const Model& model, const char* path) {
    tn::csv_chunks<sensor> file(path);
    double worst = 1;
    while (const auto chunk = file.next(5'000)) {
        const double r2 = tn::evaluate(model, *chunk, tn::r2())["r2"];
        worst = r2 < worst ? r2 : worst;
    }
    return worst;
}

} // namespace

int main() {
    write_sensors("sensors.csv", training_rows, 1);
    write_sensors("others.csv", other_rows, 2);
    write_sensors("worn.csv", other_rows, 3, 1.5);
    write_sensors("worn_others.csv", other_rows, 4, 1.5);

    // The table is 200 000 rows of 4 numbers and a target: 8 MB. The program gets 5.
    const bool is_limited = limit_memory(5 << 20);
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
    const auto prepare = tn::impute(tn::mean) | tn::one_hot() | tn::standardize();
    const auto line = tn::fit_chunks(prepare | tn::ridge(1.0), file, {.rows = 20'000});
    std::printf("fitted to %llu rows, fingerprint %.12s...\n",
                static_cast<unsigned long long>(line.record().rows), line.record().fingerprint.c_str());

    // A network takes a pass an epoch instead, each chunk shuffled in itself.
    const auto net = tn::fit_chunks(
        prepare | tn::mlp<16>(tn::tanh) |
            tn::minimize(tn::squared_error(), tn::adam(3e-3), {.epochs = 2, .batch_size = 64, .seed = 7}),
        file, {.rows = 20'000});
    const double line_r2 = worst_r2(line, "others.csv"), net_r2 = worst_r2(net, "others.csv");
    std::printf("r2 on other rows: ridge %.4f, network %.4f\n", line_r2, net_r2);

    // The pump wears out. What the learner says of each chunk it says before it has learned from it.
    const double worn_r2 = worst_r2(net, "worn_others.csv");
    tn::online learner(net, tn::minimize(tn::squared_error(), tn::adam(3e-3), {.batch_size = 32, .seed = 7}));
    tn::csv_chunks<sensor> worn("worn.csv");
    while (const auto chunk = worn.next(2'500))
        std::printf("loss on rows that just arrived: %.3f\n", learner.partial_fit(*chunk));
    const double kept_up_r2 = worst_r2(learner.fitted(), "worn_others.csv");
    std::printf("r2 with the worn pump: %.4f before, %.4f after\n", worn_r2, kept_up_r2);

    return rows == training_rows && line_r2 > 0.7 && net_r2 > line_r2 && worn_r2 < 0.7 && kept_up_r2 > 0.8 &&
                   !(is_limited && table_fits)
               ? 0
               : 1;
}
