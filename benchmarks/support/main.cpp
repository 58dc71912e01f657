// The main program of all benchmark programs: prints as Google Benchmark does, and hands the median of each benchmark's
// repetitions to the report.
#include "rows.hpp"

#include <benchmark/benchmark.h>

#include <vector>

namespace {

class row_reporter : public benchmark::ConsoleReporter {
public:
    row_reporter() : benchmark::ConsoleReporter(OO_Tabular) {}

    void ReportRuns(const std::vector<Run>& runs) override {
        ConsoleReporter::ReportRuns(runs);
        for (const Run& run : runs)
            if (run.aggregate_name == "median") report(run);
    }

private:
    static void report(const Run& run) {
        const std::string& name = run.run_name.function_name;
        const std::size_t slash = name.rfind('/');
        if (slash == std::string::npos) {
            std::fprintf(stderr, "a benchmark is named <workload>/<program>, this one '%s'\n", name.c_str());
            std::exit(1);
        }
        tenon_benchmark::measurement row;
        row.workload = name.substr(0, slash);
        row.program = name.substr(slash + 1);
        row.unit = benchmark::GetTimeUnitString(run.time_unit);
        row.flags = tenon_benchmark::environment("TENON_BENCHMARK_FLAGS");
        // What others do on a busy machine does not count, unless the benchmark asks for time on the wall or its own.
        const bool wall = !run.run_name.time_type.empty();
        row.value = wall ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime();
        if (const auto quality = run.counters.find("quality"); quality != run.counters.end())
            row.quality = quality->second.value;
        tenon_benchmark::append(row);
    }
};

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    row_reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
}
