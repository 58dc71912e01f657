#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <tenon/core/concepts.hpp>
#include <tenon/model/mlp.hpp>
#include <tuple>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::WithinAbs;

namespace {

struct flower
    : tn::schema<tn::numeric<"width">, tn::numeric<"length">, tn::label<"kind", "rose", "lily", "iris">> {};
struct coloured : tn::schema<tn::categorical<"colour", "red", "blue">, tn::target<"price">> {};

using relu_spec = tn::mlp_spec<tn::relu_activation, float, 64>;
using tanh_spec = tn::mlp_spec<tn::tanh_activation, double, 8, 5>;
static_assert(tn::Model<relu_spec> && tn::Model<tanh_spec>);
static_assert(tn::TrainableFor<relu_spec, flower> && !tn::SolverFor<relu_spec, flower>);
static_assert(std::is_same_v<relu_spec::fitted<flower>,
                             tn::fitted_mlp<tn::relu_activation, tn::classes<3>, float, double, 2, 64>>);
static_assert(std::is_same_v<decltype(tn::mlp<64>(tn::relu)), tn::pipeline<relu_spec>>);
static_assert(std::is_same_v<decltype(tn::mlp<double, 8, 5>(tn::tanh)), tn::pipeline<tanh_spec>>);
static_assert(!tn::no_objection<relu_spec::objection<coloured>>);
static_assert(tn::no_objection<relu_spec::objection<flower>>);

/// The root of the mean square of n numbers uniform in ±limit is limit/√3, give or take.
void check_uniform(std::span<const float> weights, double limit) {
    double squares = 0;
    for (float w : weights) {
        CHECK(std::abs(w) <= limit);
        squares += static_cast<double>(w) * static_cast<double>(w);
    }
    const auto n = static_cast<double>(weights.size());
    CHECK_THAT(squares / n / (limit * limit), WithinAbs(1.0 / 3, 5 * 0.3 / std::sqrt(n)));
}

template <class M, class Spec>
M started(const Spec& spec, std::uint64_t seed, tn::model_shape shape) {
    return spec.start(std::type_identity<M>{}, shape, seed);
}

} // namespace

TEST_CASE("weights start uniform in He's bounds before relu, in Glorot's before the scores", "[model]") {
    using M = tn::fitted_mlp<tn::relu_activation, tn::classes<3>, float, double, 20, 300>;
    const auto m = started<M>(tn::mlp_spec<tn::relu_activation, float, 300>{}, 5, {20, 3});
    const auto hidden = m.layer(0), last = m.layer(1);
    check_uniform(hidden.weights, std::sqrt(6.0 / 20));
    check_uniform(last.weights, std::sqrt(6.0 / (300 + 3)));
    for (float b : hidden.biases) CHECK(b == 0);
    for (float b : last.biases) CHECK(b == 0);
}

TEST_CASE("weights start uniform in Glorot's bounds everywhere with tanh", "[model]") {
    using M = tn::fitted_mlp<tn::tanh_activation, tn::real, float, double, tn::dynamic, 40, 30>;
    const auto m = started<M>(tn::mlp_spec<tn::tanh_activation, float, 40, 30>{}, 5, {25, 1});
    CHECK(m.sizes() == M::shape{25, 40, 30, 1});
    check_uniform(m.layer(0).weights, std::sqrt(6.0 / (25 + 40)));
    check_uniform(m.layer(1).weights, std::sqrt(6.0 / (40 + 30)));
    check_uniform(m.layer(2).weights, std::sqrt(6.0 / (30 + 1)));
}

TEST_CASE("the same seed starts the same model, another seed another", "[model]") {
    using M = relu_spec::fitted<flower>;
    auto weights = [](std::uint64_t seed) {
        const auto m = started<M>(relu_spec{}, seed, {2, 3});
        return std::vector<float>(m.parameters().begin(), m.parameters().end());
    };
    CHECK(weights(7) == weights(7));
    CHECK(weights(7) != weights(8));
}

TEST_CASE("a network says its layers, activation and scalar", "[model]") {
    CHECK(relu_spec::fitted<flower>::signature() == "64 relu float");
    CHECK(tanh_spec::fitted<flower>::signature() == "8,5 tanh double");
    CHECK(relu_spec::fitted<flower>::name == "mlp");
}
