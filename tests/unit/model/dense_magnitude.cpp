#include "support/catch.hpp"

#include <array>
#include <tenon/model/dense_magnitude.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/mlp.hpp>

namespace tn = tenon;
using tenon_test::WithinRel;

TEST_CASE("the magnitude of a linear answer is the sum of its terms' sizes") {
    tn::fitted_linear_regression<2> model(tn::model_shape{2, 1});
    const auto p = model.parameters();
    p[0] = 3, p[1] = -4, p[2] = -5;
    CHECK(magnitude_of(model, tn::row<2>(std::array<double, 2>{10.0, 10.0})) == 75);
    CHECK(magnitude_of(model, tn::row<2>(std::array<double, 2>{-1.0, 0.0})) == 8);
}

TEST_CASE("hidden layers are run, and a target's own units count") {
    using mlp = tn::fitted_mlp<tn::relu_activation, tn::real, float, double, 1, 2>;
    mlp model(tn::model_shape{1, 1});
    const auto p = model.parameters();
    p[0] = 2, p[1] = -2;                // hidden weights: of 3, relu leaves 6 and 0
    p[4] = 0.5f, p[5] = 100, p[6] = -1; // last weights and bias
    model.enter_target_units(-7, 10, true);
    CHECK_THAT(magnitude_of(model, tn::row<1, float>(std::array<float, 1>{3.0f})), WithinRel(47.0, 1e-7));
}

TEST_CASE("of several scores the largest magnitude counts") {
    using mlp = tn::fitted_mlp<tn::tanh_activation, tn::classes<2>, double, double, 1, 1>;
    mlp model(tn::model_shape{1, 2});
    const auto p = model.parameters();
    p[0] = 100;          // tanh(100 · 1) = 1
    p[2] = 2, p[3] = -3; // weights into the scores
    p[4] = -0.5, p[5] = 0;
    CHECK_THAT(magnitude_of(model, tn::row<1>(std::array<double, 1>{1.0})), WithinRel(3.0, 1e-12));
}
