// The small network trained: 3x + 2 with noise, from the standardized columns x and x².

#include <cmath>
#include <cstring>
#include <string>

#include "limits/train_2_64_1.hpp"
#include "peaks/fma.hpp"
#include "rows/workloads.hpp"
#include "support/as_tenon.hpp"
#include "support/networks.hpp"
#include "support/numbers.hpp"
#include "support/row.hpp"

namespace tenon_benchmark {

namespace {

void standardize(float* values, std::size_t count, std::size_t stride) {
    double mean = 0.0, square = 0.0;
    const double share = 1.0 / static_cast<double>(count);
    for (std::size_t i = 0; i < count; ++i) mean += static_cast<double>(values[i * stride]) * share;
    for (std::size_t i = 0; i < count; ++i) {
        square += std::pow(static_cast<double>(values[i * stride]) - mean, 2) * share;
    }
    for (std::size_t i = 0; i < count; ++i) {
        float& value = values[i * stride];
        value = static_cast<float>((static_cast<double>(value) - mean) / std::sqrt(square));
    }
}

/// Operations that no program for this can do without: for each sample a multiply-add a weight forwards; backwards one
/// a weight for its gradient, a product a unit for its slope and a sum a unit for its bias; for each step and parameter
/// eight of Adam's. A product or a sum occupies the units as long as a multiply-add, and counts like one.
double training_flops(const limits::adam_training& how) {
    constexpr double hidden = relu_2_64_1::hidden, parameters = 4.0 * hidden + 1.0;
    const double steps = std::ceil(static_cast<double>(how.samples) / static_cast<double>(how.batch));
    const double sample = 3.0 * hidden + 3.0 * hidden + 2.0 * hidden;
    const double epoch = sample * static_cast<double>(how.samples) + 8.0 * parameters * steps;
    return 2.0 * epoch * static_cast<double>(how.epochs);
}

} // namespace

void train_2_64_1_row(const std::string& workload) {
    constexpr std::size_t samples = limits::adam_training::samples;
    float x[2 * samples], y[samples];
    numbers from(7);
    for (std::size_t i = 0; i < samples; ++i) {
        const float u = (from.next(1.0F) + 1.0F) / 2.0F;
        x[2 * i] = u, x[2 * i + 1] = u * u;
        y[i] = 3.0F * u + 2.0F + 0.5F * static_cast<float>(from.noise());
    }
    standardize(x, samples, 2), standardize(x + 1, samples, 2), standardize(y, samples, 1);
    relu_2_64_1 start;
    fill(start, from);

    const auto mean_squared_error = [&](const relu_2_64_1& net) {
        double squares = 0.0;
        for (std::size_t i = 0; i < samples; ++i) {
            squares += std::pow(exact(net, x + 2 * i)[0] - static_cast<double>(y[i]), 2);
        }
        return squares / static_cast<double>(samples);
    };
    // One order of the samples leaves an error some percent beside another's: the mean over many is compared.
    constexpr std::uint64_t orders = 64;
    const auto mean_over_orders = [&](const auto& trained_with) {
        double sum = 0.0;
        for (std::uint64_t seed = 1; seed <= orders; ++seed) sum += mean_squared_error(trained_with(seed));
        return sum / static_cast<double>(orders);
    };
    const auto by_hand = [&](std::uint64_t seed) {
        relu_2_64_1 net = start;
        limits::train(net, x, y, {.seed = seed});
        return net;
    };
    const auto train = [&] {
        relu_2_64_1 net = start;
        limits::train(net, x, y);
        escape(&net);
    };
    // The run itself, from the same start: what fit does once its stages are fitted.
    const auto recipe = trained(tn::mlp<64>(tn::relu));
    const auto dense = as_tenon<pixels<2, tn::real>>(recipe, start).model();
    const tn::matrix_view<const float> rows(x, samples, 2);
    const auto run = [&](std::uint64_t seed) {
        tn::training_run fit(std::remove_const_t<decltype(dense)>(dense), tn::squared_error(), tn::adam(1e-3),
                             tn::no_penalty{}, seed, 32);
        for (int epoch = 0; epoch < 100; ++epoch) fit.epoch(rows, std::span<const float>(y));
        return std::move(fit.model());
    };
    const auto by_tenon = [&](std::uint64_t seed) {
        relu_2_64_1 net = start;
        const auto model = run(seed);
        std::memcpy(&net, model.parameters().data(), model.parameters().size() * sizeof(float));
        return net;
    };
    const auto fit = [&] {
        auto model = run(7);
        escape(&model);
    };
    escape(x), escape(y), escape(&start);
    const double operations = peaks::fma_chains<floats>::flops() / training_flops({});
    measure({workload,
             "us",
             {{"tenon", fit, 1.0, mean_over_orders(by_tenon)},
              {"limit", train, 1.0, mean_over_orders(by_hand)},
              {"peak", peaks::fma_chains<floats>(), operations}}});
}

} // namespace tenon_benchmark
