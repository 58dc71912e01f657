// Many samples at a time through 784→128 relu→10: what a server, or an evaluation, asks for.

#include <algorithm>
#include <string>
#include <vector>

#include "limits/relu_784_128_10_batch.hpp"
#include "peaks/fma.hpp"
#include "rows/tasks.hpp"
#include "rows/workloads.hpp"

namespace tenon_benchmark {

void relu_784_128_10_batch_row(const std::string& workload) {
    constexpr std::size_t samples = 256;
    using network = relu_784_128_10;
    const task<network> t(samples);
    std::vector<tn::class_index> expected, classes(samples), classes_by_hand;
    for (std::size_t r = 0; r < samples; ++r) {
        const auto scores = exact(*t.network, t.x.data() + r * network::inputs);
        expected.push_back(
            static_cast<tn::class_index>(std::max_element(scores.begin(), scores.end()) - scores.begin()));
    }
    // The share of rows that are given the right class.
    const auto accuracy = [&](const std::vector<tn::class_index>& given) {
        double right = 0;
        for (std::size_t r = 0; r < samples; ++r) right += given[r] == expected[r] ? 1.0 : 0.0;
        return right / static_cast<double>(samples);
    };

    aligned_array<float> scores(samples * network::outputs);
    limits::relu_784_128_10_batch blocked(samples);
    const auto limit = [&] {
        blocked.predict(*t.network, t.x.data(), samples, scores.data());
        clobber();
    };
    const auto pipe = pipeline_of(*t.network);
    const tn::matrix_view<const float> x(t.x.data(), samples, network::inputs);
    const auto predict = [&] {
        pipe.predict(x, classes);
        clobber();
    };
    escape(&pipe), escape(classes.data()), escape(scores.data()), escape(t.x.data());
    predict(), limit();
    for (const float* row = scores.begin(); row != scores.end(); row += network::outputs)
        classes_by_hand.push_back(
            static_cast<tn::class_index>(std::max_element(row, row + network::outputs) - row));

    const double flops =
        2.0 * static_cast<double>(network::inputs * network::hidden + network::hidden * network::outputs);
    measure({workload,
             "ns",
             {{"tenon", predict, static_cast<double>(samples), accuracy(classes)},
              {"limit", limit, static_cast<double>(samples), accuracy(classes_by_hand)},
              {"peak", peaks::fma_chains<floats>(), peaks::fma_chains<floats>::flops() / flops}}});
}

} // namespace tenon_benchmark
