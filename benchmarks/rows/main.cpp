// Times all rows, or those whose name contains the argument.

#include <cstdio>
#include <string>

#include "rows/workloads.hpp"

int main(int argc, char** argv) {
    using namespace tenon_benchmark;
    struct registered {
        const char* workload;
        void (*run)(const std::string&);
    };
    const registered all[] = {
        {"machine", machine},
        {"2-64-1 float, one sample", relu_2_64_1_row},
        {"2-64-1 float, dependent calls", relu_2_64_1_dependent_row},
        {"16-32-32-1 tanh float, one sample", tanh_16_32_32_1_row},
        {"16-32-32-1 tanh float, dependent calls", tanh_16_32_32_1_dependent_row},
        {"784-128-10 float, one sample", relu_784_128_10_row},
        {"784-128-10 int8, one sample", int8_784_128_10_row},
        {"2-64-1 float, one sample, without -march", relu_2_64_1_plain_row},
        {"16-32-32-1 tanh float, one sample, without -march", tanh_16_32_32_1_plain_row},
        {"784-128-10 float, one sample, without -march", relu_784_128_10_plain_row},
        {"784-128-10 float, batch 256", relu_784_128_10_batch_row},
        {"2-64-1 trained: 100 samples, batch 32, 100 epochs, Adam", train_2_64_1_row},
        {"784-128-10 trained: 10 000 samples, batch 64, 5 epochs, Adam", train_784_128_10_row},
        {"CSV, 1 000 000 x 10, full precision", csv_row},
        {"standardize fit, 100 000 x 20", standardize_fit_row},
        {"standardize + polynomial<2>, 100 000 x 20", standardize_polynomial_row},
        {"impute + one_hot fitted and applied, 1 000 000 x 6 mixed", impute_one_hot_row},
        {"PCA, 100 000 x 100 to 10", pca_row},
        {"linear regression, 1 000 000 x 50", linear_regression_row},
    };
    const std::string wanted = argc > 1 ? argv[1] : "";
    int run = 0;
    for (const registered& r : all) {
        const std::string workload = r.workload;
        if (workload.find(wanted) == std::string::npos) continue;
        r.run(workload);
        ++run;
    }
    if (run > 0) return 0;
    std::fprintf(stderr, "no workload's name contains '%s'\n", wanted.c_str());
    return 1;
}
