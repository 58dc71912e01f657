// tenon's part of the batch of 784→128 relu→10, as functions for C: run.py calls them in turn with the peers, in one process.

#include <algorithm>
#include <cstddef>

#include "rows/tasks.hpp"

namespace {

using namespace tenon_benchmark;

using fitted_network = decltype(pipeline_of(relu_784_128_10()));

} // namespace

/// A network of these parameters: weights input by input, then biases, layer after layer.
extern "C" [[gnu::visibility("default")]] void* tenon_network(const float* parameters) {
    fitted_network::model_type model;
    std::copy_n(parameters, model.parameters().size(), model.parameters().begin());
    tn::training_record record;
    record.schema = digits::info();
    return new fitted_network(std::tuple(std::move(model)), std::move(record));
}

/// The class of each row of x.
extern "C" [[gnu::visibility("default")]] void tenon_predict(const void* network, const float* x,
                                                             std::size_t rows, tn::class_index* classes) {
    static_cast<const fitted_network*>(network)->predict(
        tn::matrix_view<const float>(x, rows, relu_784_128_10::inputs), std::span(classes, rows));
}
