#pragma once

// The one-sample workloads: a network with its inputs and exact answers, the programs that are asked for one row after
// the other, and tenon's pipelines for the networks. Compiled natively for the rows, and once more without -march.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/as_tenon.hpp"
#include "support/networks.hpp"
#include "support/one_sample.hpp"
#include "support/row.hpp"

namespace tenon_benchmark {

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

using digits = pixels<784, tn::classes<10>>;

inline auto pipeline_of(const relu_2_64_1& net) {
    return as_tenon<pixels<2, tn::real>>(trained(tn::mlp<64>(tn::relu)), net);
}
inline auto pipeline_of(const tanh_16_32_32_1& net) {
    return as_tenon<pixels<16, tn::real>>(trained(tn::mlp<32, 32>(tn::tanh)), net);
}
inline auto pipeline_of(const relu_784_128_10& net) {
    return as_tenon<digits>(tn::mlp<128>(tn::relu) | tn::minimize(tn::cross_entropy(), tn::adam(1e-3)), net);
}

/// A fitted pipeline asked for one row: its answer, of several outputs the first.
template <class Pipe>
auto caller_of(const Pipe& pipe) {
    return [&pipe](const float* x) {
        const std::span<const float, Pipe::width> row(x, Pipe::width);
        if constexpr (Pipe::outputs == 1) {
            return pipe(row);
        } else {
            alignas(64) float out[Pipe::outputs];
            pipe.scores_into(row, out);
            escape(out);
            return out[0];
        }
    };
}

/// tenon's program for a network, with all that it needs.
template <class Network>
program tenon_one_sample(std::size_t samples) {
    struct needed {
        task<Network> work;
        decltype(pipeline_of(std::declval<const Network&>())) pipe;
        explicit needed(std::size_t count) : work(count), pipe(pipeline_of(*work.network)) {}
    };
    const auto all = std::make_shared<needed>(samples);
    escape(&all->pipe);
    program one = independent("tenon", all->work, caller_of(all->pipe));
    one.batch = [all, batch = std::move(one.batch)] { batch(); };
    return one;
}

} // namespace tenon_benchmark
