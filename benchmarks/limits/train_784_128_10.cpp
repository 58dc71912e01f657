// Trains the 784→128 relu→10 network with Eigen: a sample is a column, so that all products take and leave whole columns;
// nothing is allocated within an epoch; the optimizer's update goes over pieces that stay in the first-level cache.

#include "limits/train_784_128_10.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace tenon_benchmark::limits {

namespace {

using columns = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic>;
using numbers = Eigen::VectorXf;
constexpr auto inputs = static_cast<Eigen::Index>(digit_training::inputs);
constexpr auto hidden = static_cast<Eigen::Index>(digit_training::hidden);
constexpr auto outputs = static_cast<Eigen::Index>(digit_training::outputs);

/// Parameters, or their gradient, as matrices.
struct layers {
    Eigen::Map<Eigen::Matrix<float, hidden, inputs>> first;
    Eigen::Map<Eigen::Matrix<float, hidden, 1>> first_bias;
    Eigen::Map<Eigen::Matrix<float, outputs, hidden>> second;
    Eigen::Map<Eigen::Matrix<float, outputs, 1>> second_bias;

    explicit layers(float* at)
        : first(at), first_bias(at + inputs * hidden), second(at + (inputs + 1) * hidden),
          second_bias(at + (inputs + 1) * hidden + hidden * outputs) {}
};

/// What Adam keeps, and its step.
struct adam_state {
    numbers mean = numbers::Zero(digit_training::parameters), square = mean;
    double power1 = 1.0, power2 = 1.0;

    void step(const digit_training& how, numbers& parameters, const numbers& gradient) {
        power1 *= static_cast<double>(how.beta1), power2 *= static_cast<double>(how.beta2);
        const auto rate = static_cast<float>(static_cast<double>(how.rate) / (1.0 - power1));
        const auto correction = static_cast<float>(1.0 / std::sqrt(1.0 - power2));
        constexpr Eigen::Index piece = 1024;
        for (Eigen::Index at = 0; at < parameters.size(); at += piece) {
            const Eigen::Index size = std::min(piece, parameters.size() - at);
            const auto g = gradient.segment(at, size).array();
            auto m = mean.segment(at, size).array();
            auto v = square.segment(at, size).array();
            m = how.beta1 * m + (1.0F - how.beta1) * g;
            v = how.beta2 * v + (1.0F - how.beta2) * g.square();
            parameters.segment(at, size).array() -= rate * m / (v.sqrt() * correction + how.epsilon);
        }
    }
};

/// An order of the samples, shuffled anew for each epoch by Fisher and Yates with a hashed counter.
struct shuffled_order {
    std::uint64_t state;
    std::vector<std::uint32_t> order;

    shuffled_order(std::uint64_t seed, std::size_t samples) : state(seed), order(samples) {
        for (std::size_t i = 0; i < samples; ++i) order[i] = static_cast<std::uint32_t>(i);
    }
    void shuffle() {
        for (std::size_t left = order.size(); left > 1; --left) {
            state += 0x9e3779b97f4a7c15ULL;
            std::uint64_t z = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9ULL;
            z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
            std::swap(order[left - 1], order[((z >> 32) * left) >> 32]);
        }
    }
};

void train(float* from, const float* x, const std::uint32_t* labels, const digit_training& how) {
    numbers parameters = Eigen::Map<const numbers>(from, digit_training::parameters);
    numbers gradient(parameters.size());
    const layers net(parameters.data());
    layers slope(gradient.data());
    adam_state adam;
    shuffled_order order(how.seed, how.samples);

    const auto most = static_cast<Eigen::Index>(how.batch);
    columns batch_x(inputs, most), batch_h(hidden, most), batch_z(outputs, most), batch_d(hidden, most);
    for (std::size_t epoch = 0; epoch < how.epochs; ++epoch) {
        order.shuffle();
        for (std::size_t start = 0; start < how.samples; start += how.batch) {
            const auto count = static_cast<Eigen::Index>(std::min(how.batch, how.samples - start));
            auto rows = batch_x.leftCols(count);
            auto h = batch_h.leftCols(count);
            auto z = batch_z.leftCols(count);
            auto d = batch_d.leftCols(count);
            const std::uint32_t* const chosen = order.order.data() + start;
            for (Eigen::Index i = 0; i < count; ++i)
                rows.col(i) = Eigen::Map<const numbers>(x + chosen[i] * digit_training::inputs, inputs);

            h.noalias() = net.first * rows;
            h = (h.colwise() + net.first_bias).cwiseMax(0.0F);
            z.noalias() = net.second * h;
            z.colwise() += net.second_bias;
            for (Eigen::Index i = 0; i < count; ++i) {
                auto scores = z.col(i).array();
                scores = (scores - scores.maxCoeff()).exp();
                scores *= 1.0F / (scores.sum() * static_cast<float>(count));
                scores[labels[chosen[i]]] -= 1.0F / static_cast<float>(count);
            }

            slope.second.noalias() = z * h.transpose();
            slope.second_bias = z.rowwise().sum();
            d.noalias() = net.second.transpose() * z;
            d = (h.array() > 0.0F).select(d, 0.0F);
            slope.first.noalias() = d * rows.transpose();
            slope.first_bias = d.rowwise().sum();
            adam.step(how, parameters, gradient);
        }
    }
    Eigen::Map<numbers>(from, digit_training::parameters) = parameters;
}

#define TENON_BENCHMARK_TEXT_OF(x) #x
#define TENON_BENCHMARK_TEXT(x) TENON_BENCHMARK_TEXT_OF(x)
#if defined(EIGEN_VERSION_STRING)
#define TENON_BENCHMARK_EIGEN_VERSION EIGEN_VERSION_STRING
#else
#define TENON_BENCHMARK_EIGEN_VERSION                                                                        \
    TENON_BENCHMARK_TEXT(EIGEN_WORLD_VERSION)                                                                \
    "." TENON_BENCHMARK_TEXT(EIGEN_MAJOR_VERSION) "." TENON_BENCHMARK_TEXT(EIGEN_MINOR_VERSION)
#endif

#if defined(__clang__)
#define TENON_BENCHMARK_COMPILER                                                                             \
    "clang " TENON_BENCHMARK_TEXT(__clang_major__) "." TENON_BENCHMARK_TEXT(                                 \
        __clang_minor__) "." TENON_BENCHMARK_TEXT(__clang_patchlevel__)
#else
#define TENON_BENCHMARK_COMPILER                                                                             \
    "GNU " TENON_BENCHMARK_TEXT(__GNUC__) "." TENON_BENCHMARK_TEXT(__GNUC_MINOR__) "." TENON_BENCHMARK_TEXT( \
        __GNUC_PATCHLEVEL__)
#endif

} // namespace

/// Its name comes from whoever compiles this, like the text of the flags.
eigen_program TENON_BENCHMARK_PROGRAM() {
    return {"Eigen " TENON_BENCHMARK_EIGEN_VERSION " by " TENON_BENCHMARK_COMPILER " " TENON_BENCHMARK_FLAGS,
            train};
}

} // namespace tenon_benchmark::limits
