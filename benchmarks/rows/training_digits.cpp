// The larger network trained: samples of ten classes, each the class's own pattern under noise many times as strong.

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <tenon/core/threads.hpp>
#include <tenon/tenon.hpp>
#include <type_traits>
#include <utility>
#include <vector>

#include "limits/train_784_128_10.hpp"
#include "peaks/fma.hpp"
#include "rows/tasks.hpp"
#include "rows/workloads.hpp"

namespace tenon_benchmark {

namespace {

using limits::digit_training;

struct samples_of_digits {
    aligned_array<float> x{digit_training{}.samples * digit_training::inputs};
    std::vector<tn::class_index> labels;
    std::vector<float> start; ///< the parameters before training
};

/// One stream gives the patterns, the samples and the network to start from, in this order.
samples_of_digits draw_samples() {
    constexpr float signal = 0.08F;
    samples_of_digits drawn;
    numbers from(7);
    aligned_array<float> patterns(digit_training::outputs * digit_training::inputs);
    from.fill(patterns, 1.0F);
    for (std::size_t r = 0; r < digit_training{}.samples; ++r) {
        const std::size_t label = r % digit_training::outputs;
        drawn.labels.push_back(static_cast<tn::class_index>(label));
        for (std::size_t c = 0; c < digit_training::inputs; ++c)
            drawn.x[r * digit_training::inputs + c] =
                signal * patterns[label * digit_training::inputs + c] + from.next(1.0F);
    }
    const auto start = std::make_unique<relu_784_128_10>();
    fill(*start, from);
    drawn.start = parameters_of(*start);
    return drawn;
}

/// Operations that no program for this can do without, counted as for the small network.
double training_flops(const digit_training& how) {
    constexpr double first = digit_training::inputs * digit_training::hidden,
                     second = digit_training::hidden * digit_training::outputs;
    const double steps = std::ceil(static_cast<double>(how.samples) / static_cast<double>(how.batch));
    const double epoch = (2.0 * first + 3.0 * second) * static_cast<double>(how.samples) +
                         8.0 * static_cast<double>(digit_training::parameters) * steps;
    return 2.0 * epoch * static_cast<double>(how.epochs);
}

std::vector<limits::eigen_program> eigen_programs() {
    std::vector<limits::eigen_program> all{limits::eigen_by_this_compiler()};
#if defined(TENON_BENCHMARK_EIGEN_BY_CLANG)
    all.push_back(limits::eigen_by_clang());
#endif
    return all;
}

} // namespace

void train_784_128_10_row(const std::string& workload) {
    const samples_of_digits drawn = draw_samples();
    const tn::matrix_view<const float> x(drawn.x.data(), digit_training{}.samples, digit_training::inputs);
    const std::span<const tn::class_index> labels(drawn.labels);
    using network =
        std::remove_cvref_t<decltype(pipeline_of(std::declval<const relu_784_128_10&>()).model())>;

    // The run itself: what fit does once its stages are fitted.
    const auto begin = [&](const std::vector<float>& parameters, const auto&... more) {
        network net;
        std::copy(parameters.begin(), parameters.end(), net.parameters().begin());
        tn::training_run fit(std::move(net), tn::cross_entropy(), tn::adam(1e-3), tn::no_penalty{}, 7,
                             digit_training{}.batch);
        (fit.use(more), ...);
        return fit;
    };
    const auto run = [&](const auto&... more) {
        auto fit = begin(drawn.start, more...);
        for (std::size_t epoch = 0; epoch < digit_training{}.epochs; ++epoch) fit.epoch(x, labels);
        return fit;
    };
    const auto loss = [&](const std::vector<float>& parameters) { return begin(parameters).loss(x, labels); };
    const auto trained_by = [&](const char* name, const auto&... more) {
        const auto fit = [&run, more...] {
            auto trained = run(more...);
            escape(&trained);
        };
        return program{name, fit, 1.0, run(more...).loss(x, labels)};
    };

    std::vector<program> programs{trained_by("tenon")};
    std::vector<double> alone;
    for (const limits::eigen_program& one : eigen_programs()) {
        const auto train = [&drawn, one] {
            std::vector<float> parameters = drawn.start;
            one.train(parameters.data(), drawn.x.data(), drawn.labels.data(), {});
            escape(parameters.data());
            return parameters;
        };
        programs.push_back({one.made_of, [train] { train(); }, 1.0, loss(train())});
        alone.push_back(median_ns(programs.back().batch, {.repetitions = 3, .repetition_ns = 1}));
    }
    // The fastest of them is the limit.
    const auto fastest = std::min_element(alone.begin(), alone.end()) - alone.begin();
    program& limit = programs[static_cast<std::size_t>(fastest) + 1];
    const std::string flags = environment("TENON_BENCHMARK_FLAGS") + "; limit: " + limit.name;
    limit.name = "limit";
    programs.push_back(
        {"peak", peaks::fma_chains<floats>(), peaks::fma_chains<floats>::flops() / training_flops({})});
    measure({workload, "ms", programs, {.repetitions = 7}, flags});
    measure({workload + ", 2 threads",
             "ms",
             {trained_by("tenon", tn::threads{2}), trained_by("one thread")},
             {.repetitions = 7, .wall = true}});
}

} // namespace tenon_benchmark
