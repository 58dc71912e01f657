// Every loss, layer and penalty against finite differences, in double: error at most 1e-7 of the largest slope, or of 1.
// Networks as a whole are in gradients.cpp.

#include "properties/differences.hpp"
#include "support/catch.hpp"
#include "support/errors.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <tenon/core/random.hpp>
#include <tenon/loss.hpp>
#include <tenon/model/dropout.hpp>
#include <tenon/model/network.hpp>
#include <tenon/model/normalization.hpp>
#include <tenon/model/residual.hpp>
#include <tenon/model/softmax.hpp>
#include <tenon/optim/penalty.hpp>
#include <tenon/optim/proximal.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::differences;
using tenon_test::gradient_error;
using tenon_test::worst;

namespace {

using values = std::vector<double>;

values normal_values(std::size_t n, std::uint64_t seed, double size = 1) {
    tn::philox random(seed, 5);
    values all(n);
    for (double& v : all) v = size * random.normal();
    return all;
}

double dot(std::span<const double> a, std::span<const double> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

using real_loss = std::function<double(std::span<const double>, double, std::span<double>)>;
using class_loss = std::function<double(std::span<const double>, tn::class_index, std::span<double>)>;

/// The largest of twenty places; infinite where no slope is above 0.1.
template <class Y>
double loss_error(const std::function<double(std::span<const double>, Y, std::span<double>)>& loss,
                  std::size_t scores, Y y) {
    double error = 0, largest = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        values z = normal_values(scores, seed, 3), g(scores), ignored(scores);
        loss(z, y, g);
        error = worst({error, gradient_error(g, differences(z, [&] { return loss(z, y, ignored); }))});
        for (const double v : g) largest = std::max(largest, std::abs(v));
    }
    return largest > 0.1 ? error : INFINITY;
}

/// Layers on seven rows of In values: what backward_rows says of the inputs and of the parameters, where the outputs are pulled
/// by dz; infinite where that of the inputs is nearly 0. Each batch draws the same, so that dropout keeps its mask.
template <std::size_t In, class... L>
double layer_error(L... layers) {
    using sequence = tn::detail::layer_sequence<tn::detail::layer_for<L>...>;
    constexpr std::size_t rows = 7;
    const std::size_t out = sequence::width_out(In);
    values constants(sequence::constant_count(In)), p(sequence::parameter_count(In));
    tn::philox random(1);
    sequence::start(tn::detail::stage_list<tn::detail::layer_for<L>...>(tn::detail::as_layer(layers)...),
                    tn::layer_values<double>{p, constants}, In, false, random);
    for (double& v : p) v += 0.3 * random.normal();
    values x = normal_values(rows * In, 2, 1.5);
    const values dz = normal_values(rows * out, 3);

    typename sequence::template training<double> room;
    const auto given = [&] {
        tn::philox drawn(9);
        return sequence::forward_rows(tn::layer_values<const double>{p, constants}, x.data(), rows, In, room,
                                      &drawn);
    };
    const auto pull = [&] { return dot({given(), rows * out}, dz); };
    values dx(x.size()), dp(p.size(), 7.0); // what dp held before does not count
    given();
    sequence::backward_rows(tn::layer_values<const double>{p, constants}, x.data(), rows, In, dz.data(),
                            dx.data(), std::span<double>(dp), room);
    if (!(dot(dx, dx) > 1e-2)) return INFINITY;
    return worst({gradient_error(dx, differences(x, pull)), gradient_error(dp, differences(p, pull))});
}

using penalty_function =
    std::function<double(std::span<const double>, std::span<const double>, std::span<double>)>;

/// The slopes of a penalty at w, by its values alone.
values slopes_of(const penalty_function& penalty, values w, const values& start) {
    values ignored(w.size());
    return differences(w, [&] { return penalty(w, start, ignored); });
}

} // namespace

TEST_CASE("the gradient of every loss of numbers is its slope", "[gradients]") {
    const auto check = [](const char* name, const real_loss& loss, double y = 0.7) {
        INFO(name);
        CHECK(loss_error<double>(loss, 1, y) <= 1e-7);
    };
    check("squared_error", tn::squared_error());
    check("absolute_error", tn::absolute_error());
    check("huber", tn::huber(2));
    check("quantile", tn::quantile(0.8));
    check("poisson", tn::poisson(), 4);
}

TEST_CASE("the gradient of every loss of classes is its slope", "[gradients]") {
    const auto check = [](const char* name, const class_loss& loss) {
        INFO(name);
        for (const tn::class_index y : {0u, 1u, 2u}) CHECK(loss_error<tn::class_index>(loss, 3, y) <= 1e-7);
    };
    const std::array weights{0.5, 2.0, 3.5};
    check("cross_entropy", tn::cross_entropy());
    check("smoothed", tn::cross_entropy({.label_smoothing = 0.2}));
    check("weighted", tn::cross_entropy(weights));
    check("weighted and smoothed", tn::cross_entropy(weights, {.label_smoothing = 0.1}));
    check("hinge", tn::hinge());
    check("squared_hinge", tn::squared_hinge());
}

TEST_CASE("the gradient of every layer is its slope", "[gradients]") {
    CHECK(layer_error<5>(tn::dense<3>) <= 1e-7);
    CHECK(layer_error<4>(tn::identity) <= 1e-7);
    CHECK(layer_error<4>(tn::relu) <= 1e-7);
    CHECK(layer_error<4>(tn::tanh) <= 1e-7);
    CHECK(layer_error<4>(tn::sigmoid) <= 1e-7);
    CHECK(layer_error<4>(tn::leaky_relu(0.2)) <= 1e-7);
    CHECK(layer_error<4>(tn::elu(1.5)) <= 1e-7);
    CHECK(layer_error<4>(tn::gelu) <= 1e-7);
    CHECK(layer_error<4>(tn::silu) <= 1e-7);
    CHECK(layer_error<4>(tn::softmax) <= 1e-7);
    CHECK(layer_error<5>(tn::layer_norm) <= 1e-7);
    CHECK(layer_error<5>(tn::batch_norm) <= 1e-7);
    CHECK(layer_error<5>(tn::dropout(0.4)) <= 1e-7);
    CHECK(layer_error<4>(
              tn::residual(tn::dense<6>, tn::batch_norm, tn::tanh, tn::dropout(0.3), tn::dense<4>)) <= 1e-7);
}

TEST_CASE("the gradient of a network with weights of rows and of classes is its slope", "[gradients]") {
    const auto recipe =
        tn::network<double>(tn::dense<6>, tn::layer_norm, tn::gelu, tn::dropout(0.3),
                            tn::residual(tn::dense<6>, tn::batch_norm, tn::silu), tn::dense<3>);
    using spec = std::remove_cvref_t<decltype(recipe.stage<0>())>;
    using model = spec::fitted<tn::columns<4, tn::classes<3>>>;
    model m = recipe.stage<0>().start(std::type_identity<model>{}, {4, 3}, 6);
    tn::matrix<double> x(9, 4);
    std::vector<tn::class_index> y;
    values weights;
    for (std::size_t r = 0; r < 9; ++r) {
        const values row = normal_values(4, 100 + r);
        std::copy(row.begin(), row.end(), x.row(r).begin());
        y.push_back(static_cast<tn::class_index>(r % 3));
        weights.push_back(static_cast<double>(r % 4) / 1.5);
    }
    model::scratch room;
    values g(m.parameters().size()), ignored(g.size());
    const auto loss = [&](std::span<double> into) {
        room.begin_step(2, 8); // the same values left out each time
        return m.gradient(tn::cross_entropy(std::array{0.5, 2.0, 3.5}, {.label_smoothing = 0.1}), x.view(),
                          std::span<const tn::class_index>(y), into, room, std::span<const double>(weights));
    };
    loss(g);
    const values slopes = differences(m.parameters(), [&] { return loss(ignored); });
    CHECK(gradient_error(g, slopes) <= 1e-7);
    CHECK(dot(g, g) > 1e-2);
}

TEST_CASE("the gradient of a smooth penalty is its slope", "[gradients]") {
    const values w = normal_values(6, 1), start = normal_values(6, 2);
    const auto check = [&](const char* name, const penalty_function& penalty, double kink) {
        INFO(name);
        values g(w.size(), 3.0); // what the loss left there stays
        penalty(w, start, g);
        for (std::size_t i = 0; i < w.size(); ++i) g[i] += std::copysign(kink, w[i]) - 3;
        CHECK(gradient_error(g, slopes_of(penalty, w, start)) <= 1e-7);
    };
    check("l2", tn::l2(0.7), 0);
    check("l2_sp", tn::l2_sp(0.7), 0);
    // What has a kink at 0 is left to the proximal step, and is no part of the gradient.
    check("elastic", tn::elastic({.l1 = 0.4, .l2 = 0.7}), 0.4);
    check("l1", tn::l1(0.4), 0.4);
}

// The step from u to x makes Σ (x - u)² / (2·reach) + penalty(x) smallest: the slope of that at x is 0.
TEST_CASE("a proximal step ends where the penalty's slope balances it", "[gradients]") {
    const values u = normal_values(6, 4, 2), reach{0.5, 0.1, 0.4, 0.2, 0.3, 0.6};
    const auto check = [&](const char* name, const auto& penalty) {
        INFO(name);
        values x = u, balanced;
        penalty.proximal(std::span<double>(x), [&](std::size_t i) { return reach[i]; });
        for (std::size_t i = 0; i < x.size(); ++i) {
            REQUIRE(std::abs(x[i]) > 1e-3);
            balanced.push_back((u[i] - x[i]) / reach[i]);
        }
        CHECK(gradient_error(balanced, slopes_of(penalty, x, x)) <= 1e-7);
    };
    check("l1", tn::l1(0.4));
    check("elastic", tn::elastic({.l1 = 0.4}));
    check("group_lasso", tn::group_lasso(0.4));
}
