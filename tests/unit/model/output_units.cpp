#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <tenon/model/output_units.hpp>
#include <vector>

using tenon::detail::carry_over_units;
using tenon::detail::of_output;

namespace {

/// Output o of a layer for these inputs, in its units.
template <class T, class Unit>
double answer(const std::vector<T>& layer, std::size_t outputs, std::size_t o, const std::vector<double>& x,
              const Unit& shift, const Unit& scale) {
    double z = static_cast<double>(layer[layer.size() - outputs + o]);
    for (std::size_t i = 0; i < x.size(); ++i) z += x[i] * static_cast<double>(layer[i * outputs + o]);
    return of_output(shift, o) + of_output(scale, o) * z;
}

} // namespace

TEST_CASE("a layer that is carried over to other units has the weights of those", "[model]") {
    // 10 + 4 · (3·x - 1) = 2 + 0.5 · (24·x + 8)
    std::vector<double> layer{3, -1};
    carry_over_units(std::span(layer), 1, 10.0, 4.0, 2.0, 0.5);
    CHECK(layer == std::vector<double>{24, 8});
    // Only a bias; and the same units leave every bit.
    std::vector<float> bias{0.1F};
    carry_over_units(std::span(bias), 1, -7.3, 0.7, -7.3, 0.7);
    CHECK(bias == std::vector<float>{0.1F});
    carry_over_units(std::span(bias), 1, 5.0, 0.0, 1.0, 2.0); // it answered 5, whatever came
    CHECK(bias == std::vector<float>{2});
}

TEMPLATE_TEST_CASE("every output keeps its answers in units of its own", "[model]", float, double) {
    using units = std::array<double, 3>;
    const units old_shift{0, 100, -5}, old_scale{1, 0.25, 30}, shift{3, -2, -5}, scale{2, 8, 0.5};
    std::vector<TestType> layer(15); // four inputs
    for (std::size_t i = 0; i < 15; ++i)
        layer[i] = static_cast<TestType>(std::sin(static_cast<double>(i + 1)));
    const std::vector<TestType> before = layer;
    carry_over_units(std::span(layer), 3, old_shift, old_scale, shift, scale);
    const std::vector<double> x{1, -2, 0.5, 3};
    for (std::size_t o = 0; o < 3; ++o) {
        CHECK_THAT(answer(layer, 3, o, x, shift, scale),
                   tenon_test::WithinRel(answer(before, 3, o, x, old_shift, old_scale),
                                         sizeof(TestType) == 4 ? 1e-5 : 1e-13));
        CHECK(layer[o] != before[o]);
    }
}

TEST_CASE("one pair of units may stand for all outputs", "[model]") {
    std::vector<double> layer{1, 2, 3, 4}; // one input, two outputs
    carry_over_units(std::span(layer), 2, 0.0, 1.0, 6.0, 2.0);
    CHECK(layer == std::vector<double>{0.5, 1, -1.5, -1});
}
