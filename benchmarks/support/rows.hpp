#pragma once

// What a benchmark program hands to the report: one line a measurement, appended to the file that the environment variable
// TENON_BENCHMARK_ROWS names: workload, program, unit, flags, quality (may be empty), value, separated by tabs.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace tenon_benchmark {

struct measurement {
    std::string workload;
    std::string program;
    std::string unit;
    std::string flags;
    double quality = std::nan("");
    double value = 0;
};

inline std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// Does nothing where no file is named, so that a program can also be run by hand.
inline void append(const measurement& row) {
    const std::string path = environment("TENON_BENCHMARK_ROWS");
    if (path.empty()) return;
    std::FILE* file = std::fopen(path.c_str(), "a");
    if (!file) {
        std::perror(path.c_str());
        std::exit(1);
    }
    std::fprintf(file, "%s\t%s\t%s\t%s\t", row.workload.c_str(), row.program.c_str(), row.unit.c_str(),
                 row.flags.c_str());
    if (!std::isnan(row.quality)) std::fprintf(file, "%.6g", row.quality);
    std::fprintf(file, "\t%.6g\n", row.value);
    std::fclose(file);
}

} // namespace tenon_benchmark
