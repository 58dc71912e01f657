// One sample through small networks, compiled without -march beside the same compiled with it: as `limit` stands what
// tenon takes with -march.

#include <string>
#include <utility>

#include "plain/programs.hpp"
#include "rows/tasks.hpp"
#include "rows/workloads.hpp"

namespace tenon_benchmark {

namespace {

void beside_native(const std::string& workload, program plain, program native) {
    native.name = "limit";
    std::string flags = environment("TENON_BENCHMARK_FLAGS");
    const std::string march = " -march=native";
    if (const std::size_t at = flags.find(march); at != std::string::npos) flags.erase(at, march.size());
    measure({workload,
             "ns",
             {std::move(plain), std::move(native)},
             {.repetitions = 15},
             flags + "; limit: tenon with -march=native"});
}

} // namespace

void relu_2_64_1_plain_row(const std::string& workload) {
    beside_native(workload, plain::relu_2_64_1_program(), tenon_one_sample<relu_2_64_1>(256));
}

void tanh_16_32_32_1_plain_row(const std::string& workload) {
    beside_native(workload, plain::tanh_16_32_32_1_program(), tenon_one_sample<tanh_16_32_32_1>(256));
}

void relu_784_128_10_plain_row(const std::string& workload) {
    beside_native(workload, plain::relu_784_128_10_program(), tenon_one_sample<relu_784_128_10>(32));
}

} // namespace tenon_benchmark
