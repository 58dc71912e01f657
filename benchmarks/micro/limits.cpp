// The limit programs by themselves under Google Benchmark: `one sample` rows are independent calls, `dependent calls`
// each wait for the answer before.

#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "limits/linear_regression.hpp"
#include "limits/standardize_polynomial.hpp"
#include "limits/train_2_64_1.hpp"
#include "support/aligned_array.hpp"
#include "support/networks.hpp"

namespace {

using namespace tenon_benchmark;

constexpr std::size_t samples = 32;

aligned_array<float> inputs(std::size_t width) {
    aligned_array<float> x(samples * width);
    numbers from(11);
    from.fill(x, 1.7F);
    return x;
}

template <class Network>
std::unique_ptr<Network> network() {
    auto net = std::make_unique<Network>();
    numbers from(7);
    fill(*net, from);
    return net;
}

template <>
std::unique_ptr<int8_784_128_10> network() {
    const auto dense = network<relu_784_128_10>();
    const auto x = inputs(relu_784_128_10::inputs);
    auto net = std::make_unique<int8_784_128_10>();
    quantize(*dense, x.data(), samples, *net);
    return net;
}

/// The answer of any of the networks, of several outputs the first.
template <class Network>
float first_output(const Network& net, const float* x) {
    if constexpr (requires { limits::predict(net, x); }) {
        return limits::predict(net, x);
    } else if constexpr (requires(float* out) { limits::predict(net, x, out); }) {
        alignas(64) float out[Network::padded];
        limits::predict(net, x, out);
        benchmark::DoNotOptimize(out);
        return out[0];
    } else {
        double out[Network::outputs];
        limits::predict(net, x, out);
        benchmark::DoNotOptimize(out);
        return static_cast<float>(out[0]);
    }
}

template <class Network, bool Dependent>
void one_sample(benchmark::State& state) {
    const auto net = network<Network>();
    auto x = inputs(Network::inputs);
    const float* weights = reinterpret_cast<const float*>(net.get());
    benchmark::DoNotOptimize(weights);
    std::size_t sample = 0;
    float answer = 0.0F;
    for (auto _ : state) {
        float* row = x.data() + sample * Network::inputs;
        if constexpr (Dependent) row[0] += 0.0F * answer;
        answer = first_output(*net, row);
        benchmark::DoNotOptimize(answer);
        benchmark::ClobberMemory();
        sample = (sample + 1) % samples;
    }
}

void training(benchmark::State& state) {
    const auto x = inputs(2 * limits::adam_training::samples / samples + 1);
    const auto start = network<relu_2_64_1>();
    float y[limits::adam_training::samples];
    for (std::size_t i = 0; i < limits::adam_training::samples; ++i)
        y[i] = x[2 * i] - x[2 * i + 1] * x[2 * i + 1];
    for (auto _ : state) {
        relu_2_64_1 net = *start;
        float loss = limits::train(net, x.data(), y);
        benchmark::DoNotOptimize(loss);
        benchmark::ClobberMemory();
    }
}

aligned_array<double> table(std::size_t size) {
    aligned_array<double> x(size);
    numbers from(11);
    for (double& value : x) value = static_cast<double>(from.next(1.7F));
    return x;
}

void features(benchmark::State& state) {
    constexpr std::size_t rows = 100000, columns = limits::polynomial_inputs;
    const auto x = table(rows * columns), mean = table(columns);
    const std::vector<double> deviation(columns, 1.25);
    aligned_array<double> out(rows * limits::polynomial_outputs);
    for (auto _ : state) {
        limits::standardize_polynomial(x.data(), rows, mean.data(), deviation.data(), out.data());
        benchmark::ClobberMemory();
    }
}

void regression(benchmark::State& state) {
    constexpr std::size_t rows = 1000000, columns = 50;
    const auto x = table(rows * columns), y = table(rows);
    double coefficients[columns];
    for (auto _ : state) {
        double intercept = limits::linear_regression(x.data(), y.data(), rows, coefficients);
        benchmark::DoNotOptimize(intercept);
        benchmark::ClobberMemory();
    }
}

BENCHMARK(one_sample<relu_2_64_1, false>)->Name("2-64-1 float, one sample/limit");
BENCHMARK(one_sample<relu_2_64_1, true>)->Name("2-64-1 float, dependent calls/limit");
BENCHMARK(one_sample<tanh_16_32_32_1, false>)->Name("16-32-32-1 tanh float, one sample/limit");
BENCHMARK(one_sample<tanh_16_32_32_1, true>)->Name("16-32-32-1 tanh float, dependent calls/limit");
BENCHMARK(one_sample<relu_784_128_10, false>)->Name("784-128-10 float, one sample/limit");
BENCHMARK(one_sample<relu_784_128_10, true>)->Name("784-128-10 float, dependent calls/limit");
BENCHMARK(one_sample<int8_784_128_10, false>)->Name("784-128-10 int8, one sample/limit");
BENCHMARK(one_sample<int8_784_128_10, true>)->Name("784-128-10 int8, dependent calls/limit");
BENCHMARK(training)
    ->Name("2-64-1 trained: 100 samples, batch 32, 100 epochs, Adam/limit")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(features)->Name("standardize + polynomial<2>, 100 000 x 20/limit")->Unit(benchmark::kMillisecond);
BENCHMARK(regression)->Name("linear regression, 1 000 000 x 50/limit")->Unit(benchmark::kMillisecond);

} // namespace
