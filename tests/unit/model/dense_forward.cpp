#include "support/catch.hpp"
#include "support/errors.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <tenon/core/random.hpp>
#include <tenon/model/activation.hpp>
#include <tenon/model/dense_forward.hpp>
#include <vector>

namespace {

/// The largest error of an output relative to the sizes of its terms.
template <std::size_t In, std::size_t Out, class T>
double layer_error() {
    tenon::philox random(In * 1000 + Out);
    std::vector<T> weights(In * Out), biases(Out), x(In), z(Out);
    for (auto* values : {&weights, &biases, &x})
        for (T& v : *values) v = static_cast<T>(random.uniform(-1, 1));
    tenon::dense_forward<tenon::identity_activation, In, Out>(weights.data(), biases.data(), x.data(),
                                                              z.data());
    double error = 0;
    for (std::size_t o = 0; o < Out; ++o) {
        double sum = biases[o], size = std::abs(sum);
        for (std::size_t i = 0; i < In; ++i) {
            const double term = static_cast<double>(x[i]) * static_cast<double>(weights[i * Out + o]);
            sum += term;
            size += std::abs(term);
        }
        error = tenon_test::worst({error, std::abs(static_cast<double>(z[o]) - sum) / size});
    }
    return error;
}

} // namespace

// A block of outputs is 256 bytes: 64 floats or 32 doubles. Sizes on both sides of its edges.
TEMPLATE_TEST_CASE("a dense layer is biases + weights applied to the input", "[model]", float, double) {
    constexpr double rounding = sizeof(TestType) == 4 ? 1e-6 : 1e-14;
    CHECK(layer_error<1, 1, TestType>() <= rounding);
    CHECK(layer_error<3, 31, TestType>() <= rounding);
    CHECK(layer_error<5, 32, TestType>() <= rounding);
    CHECK(layer_error<2, 33, TestType>() <= rounding);
    CHECK(layer_error<7, 64, TestType>() <= rounding);
    CHECK(layer_error<16, 65, TestType>() <= rounding);
    CHECK(layer_error<33, 130, TestType>() <= rounding);
}

TEST_CASE("a dense layer writes its outputs and nothing behind them", "[model]") {
    const std::array<float, 6> weights{1, 2, 3, 4, 5, 6};
    const std::array<float, 3> biases{0.5F, 0, -1};
    const std::array<float, 2> x{1, -1};
    std::array<float, 4> z{9, 9, 9, 9};
    tenon::dense_forward<tenon::identity_activation, 2, 3>(weights.data(), biases.data(), x.data(), z.data());
    CHECK(z == std::array<float, 4>{-2.5F, -3, -4, 9});
}
