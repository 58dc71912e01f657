// One sample through small networks.

#include <memory>
#include <string>
#include <vector>

#include "peaks/bandwidth.hpp"
#include "peaks/fma.hpp"
#include "rows/tasks.hpp"
#include "rows/workloads.hpp"

namespace tenon_benchmark {

namespace {

/// What the arithmetic alone would take: `multiply_adds` of them at the rate of the units.
program arithmetic(std::size_t multiply_adds) {
    const double operations = peaks::fma_chains<floats>::flops() / (2.0 * static_cast<double>(multiply_adds));
    return {"peak", peaks::fma_chains<floats>(), operations};
}

/// What reading the weights once would take, from where a working set of that size lies.
program one_read(std::size_t bytes) {
    const auto reader = std::make_shared<peaks::read_stream>(bytes);
    return {"peak", [reader] { (*reader)(); }, reader->bytes() / static_cast<double>(bytes)};
}

constexpr std::size_t relu_2_64_1_work = 2 * 64 + 64;
constexpr std::size_t tanh_16_32_32_1_work = 16 * 32 + 32 * 32 + 32;

} // namespace

void relu_2_64_1_row(const std::string& workload) {
    task<relu_2_64_1> t(256);
    const auto predict = [&](const float* x) { return limits::predict(*t.network, x); };
    const auto pipe = pipeline_of(*t.network);
    escape(&pipe);
    measure({workload,
             "ns",
             {independent("tenon", t, caller_of(pipe)), independent("limit", t, predict),
              arithmetic(relu_2_64_1_work)}});
}

void relu_2_64_1_dependent_row(const std::string& workload) {
    task<relu_2_64_1> t(256);
    const auto predict = [&](const float* x) { return limits::predict(*t.network, x); };
    const auto pipe = pipeline_of(*t.network);
    escape(&pipe);
    measure({workload,
             "ns",
             {dependent("tenon", t, caller_of(pipe)), dependent("limit", t, predict),
              arithmetic(relu_2_64_1_work)}});
}

void tanh_16_32_32_1_row(const std::string& workload) {
    task<tanh_16_32_32_1> t(256);
    const auto predict = [&](const float* x) { return limits::predict(*t.network, x); };
    const auto pipe = pipeline_of(*t.network);
    escape(&pipe);
    measure({workload,
             "ns",
             {independent("tenon", t, caller_of(pipe)), independent("limit", t, predict),
              arithmetic(tanh_16_32_32_1_work)}});
}

void tanh_16_32_32_1_dependent_row(const std::string& workload) {
    task<tanh_16_32_32_1> t(256);
    const auto predict = [&](const float* x) { return limits::predict(*t.network, x); };
    const auto pipe = pipeline_of(*t.network);
    escape(&pipe);
    measure({workload,
             "ns",
             {dependent("tenon", t, caller_of(pipe)), dependent("limit", t, predict),
              arithmetic(tanh_16_32_32_1_work)}});
}

void relu_784_128_10_row(const std::string& workload) {
    task<relu_784_128_10> t(32);
    const auto predict = [&](const float* x) {
        alignas(64) float out[relu_784_128_10::padded];
        limits::predict(*t.network, x, out);
        escape(out);
        return out[0];
    };
    const auto pipe = pipeline_of(*t.network);
    escape(&pipe);
    measure({workload,
             "ns",
             {independent("tenon", t, caller_of(pipe)), independent("limit", t, predict),
              one_read((784 * 128 + 128 * 10) * sizeof(float))}});
}

void int8_784_128_10_row(const std::string& workload) {
    task<relu_784_128_10> t(32);
    const auto quantized = std::make_unique<int8_784_128_10>();
    quantize(*t.network, t.x.data(), t.expected.size(), *quantized);
    escape(quantized.get());
    const auto predict = [&](const float* x) {
        double out[int8_784_128_10::outputs];
        limits::predict(*quantized, x, out);
        escape(out);
        return out[0];
    };
    const tn::matrix_view<const float> rows(t.x.data(), t.expected.size(), 784);
    std::vector<tn::class_index> labels(t.expected.size());
    for (std::size_t r = 0; r < labels.size(); ++r) labels[r] = static_cast<tn::class_index>(r % 10);
    const auto pipe =
        tn::compress(pipeline_of(*t.network), tn::view_as<digits>(rows, labels), tn::quantize<std::int8_t>());
    const auto ask = [&](const float* x) {
        float out[10];
        pipe.scores_into(std::span<const float, 784>(x, 784), out);
        escape(out);
        return static_cast<double>(out[0]);
    };
    escape(&pipe);
    measure(
        {workload,
         "ns",
         {independent("tenon", t, ask), independent("limit", t, predict), one_read(784 * 128 + 128 * 10)}});
}

} // namespace tenon_benchmark
