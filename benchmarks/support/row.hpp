#pragma once

// One row of the report: several programs for the same workload, timed in turn in the same process on the same data,
// so that their ratio holds although the machine drifts.

#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "support/interleaved.hpp"
#include "support/rows.hpp"

namespace tenon_benchmark {

/// One way to do the work: "tenon", "limit" (the best program written by hand), "peak" (as much of what bounds it as
/// the workload cannot do without) or a peer's name.
struct program {
    std::string name;
    std::function<void()> batch;
    double operations = 1.0; ///< how often one call of `batch` does the workload; may be a fraction
    double quality = std::nan("");
};

/// A workload with its programs; figures are in `unit`: ns, us or ms.
struct row {
    std::string workload;
    std::string unit;
    std::vector<program> programs;
    effort how = {};
    std::string flags = environment("TENON_BENCHMARK_FLAGS"); ///< what the report says of compilers and flags
};

inline double nanoseconds(const std::string& unit) {
    return unit == "ms" ? 1e6 : unit == "us" ? 1e3 : 1.0;
}

/// Times the row's programs, prints them and hands them to the report.
inline void measure(const row& what) {
    std::vector<contestant> contestants;
    for (const program& p : what.programs) contestants.push_back({p.name, p.batch, p.operations});
    const std::vector<timing> timings = interleaved(contestants, what.how);

    std::printf("%s\n", what.workload.c_str());
    for (std::size_t i = 0; i < timings.size(); ++i) {
        const double value = timings[i].ns / nanoseconds(what.unit);
        const double quality = what.programs[i].quality;
        std::printf("  %-8s %12.4g %s  ± %.0f %%", timings[i].name.c_str(), value, what.unit.c_str(),
                    100.0 * timings[i].spread);
        if (!std::isnan(quality)) std::printf("  quality %.6g", quality);
        std::printf("\n");
        append({what.workload, timings[i].name, what.unit, what.flags, quality, value});
    }
    std::fflush(stdout);
}

} // namespace tenon_benchmark
