#pragma once

// The rows that are timed interleaved. Each function prepares a workload, times its programs and hands them to the
// report; the name of the workload is the key by which peers' figures join it.

#include <string>

namespace tenon_benchmark {

void machine(const std::string& workload);

void relu_2_64_1_row(const std::string& workload);
void relu_2_64_1_dependent_row(const std::string& workload);
void tanh_16_32_32_1_row(const std::string& workload);
void tanh_16_32_32_1_dependent_row(const std::string& workload);
void relu_784_128_10_row(const std::string& workload);
void int8_784_128_10_row(const std::string& workload);
void relu_2_64_1_plain_row(const std::string& workload);
void tanh_16_32_32_1_plain_row(const std::string& workload);
void relu_784_128_10_plain_row(const std::string& workload);
void relu_784_128_10_batch_row(const std::string& workload);
void train_2_64_1_row(const std::string& workload);
void train_784_128_10_row(const std::string& workload);
void csv_row(const std::string& workload);
void standardize_fit_row(const std::string& workload);
void standardize_polynomial_row(const std::string& workload);
void impute_one_hot_row(const std::string& workload);
void pca_row(const std::string& workload);
void linear_regression_row(const std::string& workload);

} // namespace tenon_benchmark
