// What the machine gives, in the same run as all other rows.

#include <cstdio>
#include <string>

#include "peaks/bandwidth.hpp"
#include "peaks/dot8.hpp"
#include "peaks/fma.hpp"
#include "rows/workloads.hpp"
#include "support/rows.hpp"

namespace tenon_benchmark {

void machine(const std::string& workload) {
    const auto report = [&](const char* what, const char* unit, double value) {
        std::printf("%s: %-28s %8.4g %s\n", workload.c_str(), what, value, unit);
        append({workload + ": " + what, "peak", unit, environment("TENON_BENCHMARK_FLAGS"), std::nan(""),
                value});
    };
    report("fused multiply-add, float", "GFLOP/s", peaks::fma_gflops_float());
    report("fused multiply-add, double", "GFLOP/s", peaks::fma_gflops_double());
    report("byte dot product", "GOP/s", peaks::dot8_gops());
    report("read, L1", "GB/s", peaks::read_gbps_l1());
    report("read, L2", "GB/s", peaks::read_gbps_l2());
    report("read, L3", "GB/s", peaks::read_gbps_l3());
    report("read, DRAM", "GB/s", peaks::read_gbps_dram());
    report("write, DRAM", "GB/s", peaks::write_gbps_dram());
}

} // namespace tenon_benchmark
