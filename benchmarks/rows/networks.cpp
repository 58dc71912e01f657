// One sample through small networks.

#include <memory>
#include <string>
#include <vector>

#include "peaks/bandwidth.hpp"
#include "peaks/fma.hpp"
#include "rows/workloads.hpp"
#include "support/as_tenon.hpp"
#include "support/networks.hpp"
#include "support/one_sample.hpp"
#include "support/row.hpp"

namespace tenon_benchmark {

namespace {

/// A network with its inputs and the exact answers (of several outputs: the first).
template <class Network>
struct task {
    std::unique_ptr<Network> network = std::make_unique<Network>();
    aligned_array<float> x;
    std::vector<double> expected;

    explicit task(std::size_t samples) : x(samples * Network::inputs) {
        numbers from(7);
        fill(*network, from);
        from.fill(x, 1.7F);
        for (const float* row = x.begin(); row != x.end(); row += Network::inputs) {
            expected.push_back(exact(*network, row)[0]);
        }
        escape(network.get());
    }
};

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

template <class Network, class Predict>
program independent(const char* name, const task<Network>& t, Predict predict) {
    const double quality = r_squared(t.expected, answers(predict, t.x, Network::inputs));
    return {name, one_by_one(predict, t.x, Network::inputs), static_cast<double>(t.expected.size()), quality};
}

template <class Network, class Predict>
program dependent(const char* name, task<Network>& t, Predict predict) {
    const double quality = r_squared(t.expected, answers(predict, t.x, Network::inputs));
    return {name, one_after_the_other(predict, t.x, Network::inputs), static_cast<double>(t.expected.size()),
            quality};
}

/// A fitted pipeline asked for one row.
template <class Pipe>
auto caller_of(const Pipe& pipe) {
    return [&pipe](const float* x) { return pipe(std::span<const float, Pipe::width>(x, Pipe::width)); };
}

auto small_relu(const relu_2_64_1& net) {
    return as_tenon<pixels<2, tn::real>>(trained(tn::mlp<64>(tn::relu)), net);
}
auto small_tanh(const tanh_16_32_32_1& net) {
    return as_tenon<pixels<16, tn::real>>(trained(tn::mlp<32, 32>(tn::tanh)), net);
}

using digits = pixels<784, tn::classes<10>>;
const auto digit_network = tn::mlp<128>(tn::relu) | tn::minimize(tn::cross_entropy(), tn::adam(1e-3));

constexpr std::size_t relu_2_64_1_work = 2 * 64 + 64;
constexpr std::size_t tanh_16_32_32_1_work = 16 * 32 + 32 * 32 + 32;

} // namespace

void relu_2_64_1_row(const std::string& workload) {
    task<relu_2_64_1> t(256);
    const auto predict = [&](const float* x) { return limits::predict(*t.network, x); };
    const auto pipe = small_relu(*t.network);
    escape(&pipe);
    measure({workload,
             "ns",
             {independent("tenon", t, caller_of(pipe)), independent("limit", t, predict),
              arithmetic(relu_2_64_1_work)}});
}

void relu_2_64_1_dependent_row(const std::string& workload) {
    task<relu_2_64_1> t(256);
    const auto predict = [&](const float* x) { return limits::predict(*t.network, x); };
    const auto pipe = small_relu(*t.network);
    escape(&pipe);
    measure({workload,
             "ns",
             {dependent("tenon", t, caller_of(pipe)), dependent("limit", t, predict),
              arithmetic(relu_2_64_1_work)}});
}

void tanh_16_32_32_1_row(const std::string& workload) {
    task<tanh_16_32_32_1> t(256);
    const auto predict = [&](const float* x) { return limits::predict(*t.network, x); };
    const auto pipe = small_tanh(*t.network);
    escape(&pipe);
    measure({workload,
             "ns",
             {independent("tenon", t, caller_of(pipe)), independent("limit", t, predict),
              arithmetic(tanh_16_32_32_1_work)}});
}

void tanh_16_32_32_1_dependent_row(const std::string& workload) {
    task<tanh_16_32_32_1> t(256);
    const auto predict = [&](const float* x) { return limits::predict(*t.network, x); };
    const auto pipe = small_tanh(*t.network);
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
    const auto pipe = as_tenon<digits>(digit_network, *t.network);
    const auto ask = [&](const float* x) {
        alignas(64) float out[10];
        pipe.scores_into(std::span<const float, 784>(x, 784), out);
        escape(out);
        return out[0];
    };
    escape(&pipe);
    measure({workload,
             "ns",
             {independent("tenon", t, ask), independent("limit", t, predict),
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
    const auto pipe = tn::compress(as_tenon<digits>(digit_network, *t.network),
                                   tn::view_as<digits>(rows, labels), tn::quantize<std::int8_t>());
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
