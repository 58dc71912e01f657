#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <tenon/core/random.hpp>
#include <tenon/model/activation.hpp>
#include <tenon/model/dense_forward.hpp>
#include <vector>

using tenon_test::WithinAbs;

namespace {

template <std::size_t In, std::size_t Out, class T>
void check_layer() {
    tenon::philox random(In * 1000 + Out);
    std::vector<T> weights(In * Out), biases(Out), x(In), z(Out);
    for (auto* values : {&weights, &biases, &x})
        for (T& v : *values) v = static_cast<T>(random.uniform(-1, 1));
    tenon::dense_forward<tenon::identity_activation, In, Out>(weights.data(), biases.data(), x.data(),
                                                              z.data());
    for (std::size_t o = 0; o < Out; ++o) {
        double sum = biases[o], size = std::abs(sum);
        for (std::size_t i = 0; i < In; ++i) {
            const double term = static_cast<double>(x[i]) * static_cast<double>(weights[i * Out + o]);
            sum += term;
            size += std::abs(term);
        }
        CHECK_THAT(z[o], WithinAbs(sum, size * (sizeof(T) == 4 ? 1e-6 : 1e-14)));
    }
}

} // namespace

// A block of outputs is 256 bytes: 64 floats or 32 doubles. Sizes on both sides of its edges.
TEMPLATE_TEST_CASE("a dense layer is biases + weights applied to the input", "[model]", float, double) {
    check_layer<1, 1, TestType>();
    check_layer<3, 31, TestType>();
    check_layer<5, 32, TestType>();
    check_layer<2, 33, TestType>();
    check_layer<7, 64, TestType>();
    check_layer<16, 65, TestType>();
    check_layer<33, 130, TestType>();
}

TEST_CASE("a dense layer writes its outputs and nothing behind them", "[model]") {
    const std::array<float, 6> weights{1, 2, 3, 4, 5, 6};
    const std::array<float, 3> biases{0.5F, 0, -1};
    const std::array<float, 2> x{1, -1};
    std::array<float, 4> z{9, 9, 9, 9};
    tenon::dense_forward<tenon::identity_activation, 2, 3>(weights.data(), biases.data(), x.data(), z.data());
    CHECK(z == std::array<float, 4>{-2.5F, -3, -4, 9});
}
