#include "support/catch.hpp"

#include <tenon/compress/int8_forward.hpp>
#include <tenon/core/random.hpp>
#include <utility>
#include <vector>

using namespace tenon::detail;
using bytes = std::vector<std::uint8_t>;
using ints = std::vector<std::int32_t>;

namespace {

/// Parts of rows that a kernel was asked to make bytes of: their first values and numbers of values.
std::vector<std::pair<std::size_t, std::size_t>> made;

void quantize_and_note(const tenon::int8_inputs& in, std::size_t first, std::size_t count, const double* x,
                       std::uint8_t* to) noexcept {
    made.emplace_back(first, count);
    quantize_scalar(in, first, count, x, to);
}
constexpr int8_kernels noting_kernels{quantize_and_note, accumulate_scalar, rescale_scalar};

/// A layer of random weights, bytes in front of it, and its sums of them by the definition.
struct random_layer {
    std::vector<std::int8_t> weights;
    ints sums;
    bytes x;

    explicit random_layer(tenon::int8_shape shape)
        : weights(shape.weights()), sums(shape.padded_outputs()), x(shape.padded_inputs()) {
        tenon::philox random(shape.inputs, shape.outputs);
        for (auto& b : x) b = static_cast<std::uint8_t>(random.below(256)); // any behind the inputs too
        for (std::size_t o = 0; o < shape.outputs; ++o)
            for (std::size_t i = 0; i < shape.inputs; ++i) {
                weights[shape.index(i, o)] = static_cast<std::int8_t>(random.below(256));
                sums[o] += x[i] * weights[shape.index(i, o)];
            }
    }
};

} // namespace

TEST_CASE("a layer hands on all its sums, some hundred at a time, padded ones too") {
    using shape = tenon::int8_shape;
    for (const shape s : {shape{5, 1}, {64, 3}, {9, 256}, {3, 257}, {4096, 5}, {5000, 300}, {0, 3}, {7, 0}}) {
        INFO(s.inputs << " to " << s.outputs);
        const random_layer some(s);
        ints biases(s.padded_outputs(), 1000), sums;
        sum_layer(int8_kernels_here(), {s, some.weights, biases, {}, {}, {}, {}},
                  bytes_of_layer{some.x.data()},
                  [&](std::size_t first, std::size_t count, const std::int32_t* part) {
                      CHECK((first == sums.size() && count > 0 && count <= outputs_at_once));
                      for (std::size_t o = 0; o < count; ++o) sums.push_back(part[o] - 1000);
                  });
        CHECK(sums == some.sums);
    }
}

TEST_CASE("a row becomes bytes once where there is room for them, else in parts") {
    const std::size_t n = GENERATE(std::size_t{70}, std::size_t{4096}, std::size_t{5000});
    const random_layer some({n, 300}); // more outputs than are summed at once
    const bytes shifts(n, 1);
    const ints zeros(n, 128), biases(304);
    std::vector<double> x;
    for (const std::uint8_t b : some.x) x.push_back(1.5 * (b - 128) + 0.5);
    const tenon::int8_inputs how{3, shifts, zeros};
    bytes_of_row<inputs_at_once> row(noting_kernels, how, x.data());
    ints sums;
    made.clear();
    sum_layer(
        noting_kernels, {{n, 300}, some.weights, biases, {}, {}, {}, {}}, row,
        [&](auto, std::size_t count, const auto* part) { sums.insert(sums.end(), part, part + count); });
    CHECK(sums == some.sums);
    const decltype(made) once{{0, n}}, in_parts{{0, 4096}, {4096, 904}, {0, 4096}, {4096, 904}};
    CHECK(made == (n <= 4096 ? once : in_parts));
}

TEST_CASE("behind the bytes of a row lie zeros") {
    const double x[] = {9, -9, 9, 2, 1};
    const bytes shifts(5);
    const ints zeros(5, 128);
    const tenon::int8_inputs how{1, shifts, zeros};
    bytes_of_row<64> row(scalar_kernels, how, x);
    const std::uint8_t* const held = row(0, 5, 64);
    CHECK(bytes(held, held + 7) == bytes{137, 119, 137, 130, 129, 0, 0});
    CHECK(row(3, 2, 4) == held);
    CHECK(bytes(held, held + 4) == bytes{130, 129, 0, 0});
}

TEST_CASE("a hidden layer rescales its sums and looks them up, the last one answers offset + scale · sum") {
    // From 10 and 20 to 10 · 3 - 20 · 2 + 4 = -6 and 10 - 20 · 5 = -90, which is a shape of 16 inputs to 4 outputs.
    std::vector<std::int8_t> weights(64);
    weights[0] = 3, weights[1] = -2, weights[16] = 1, weights[17] = -5;
    bytes x(16), to(5, 77), table(256), right_shifts(4, 32);
    x[0] = 10, x[1] = 20;
    const ints biases{4, 0, 1000, 0}, quarters(4, 1 << 30);
    tenon::int8_layer layer{{2, 3}, weights, biases, {quarters, right_shifts, 50, 30}, {}, {}, {}};
    run_hidden_layer(int8_kernels_here(), layer, bytes_of_layer{x.data()}, to.data());
    CHECK(to == bytes{49, 30, 255, 50, 77}); // -1.5 goes up, -22.5 below the lowest byte
    for (std::size_t b = 0; b < 256; ++b) table[b] = static_cast<std::uint8_t>(255 - b);
    layer.table = table;
    run_hidden_layer(int8_kernels_here(), layer, bytes_of_layer{x.data()}, to.data());
    CHECK(to == bytes{206, 225, 0, 205, 77});
    const double scales[] = {0.5, -2, 0}, offsets[] = {0.25, 1, -0.5};
    layer.scales = scales, layer.offsets = offsets;
    std::vector<float> scores(5, -7); // none for the padding
    run_last_layer(int8_kernels_here(), layer, bytes_of_layer{x.data()}, scores.data());
    CHECK(scores == std::vector<float>{-2.75, 181, -0.5, -7, -7});
}
