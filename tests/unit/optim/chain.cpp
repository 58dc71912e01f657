// chain, and what stands in one. Paths against PyTorch are in tests/conformance/trajectories.cpp.

#include "support/catch.hpp"

#include "unit/optim/descent.hpp"
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/optim/average_iterates.hpp>
#include <tenon/optim/chain.hpp>
#include <tenon/optim/gradient_descent.hpp>
#include <tenon/optim/schedule.hpp>
#include <tenon/optim/scheduled.hpp>
#include <tenon/optim/sgd.hpp>
#include <tenon/optim/transforms.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::descent;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

/// A transformation that the library does not know: the sign of the gradient.
struct sign {
    template <class T>
    struct state {
        explicit state(std::size_t) {}
    };
    template <class T>
    void before(state<T>&, std::span<const T>, std::span<T> g) const {
        for (T& v : g) v = v > 0 ? T(1) : (v < 0 ? T(-1) : T(0));
    }
};

static_assert(tn::GradientTransform<sign> && tn::GradientTransform<tn::average_iterates_transform> &&
              tn::GradientTransform<tn::accumulate_transform<3>>);
static_assert(!tn::GradientTransform<tn::sgd_optimizer> && !tn::Optimizer<tn::clip_by_norm_transform>);
static_assert(tn::Optimizer<decltype(tn::chain(sign{}, tn::weight_decay(0.1), tn::sgd(0.1)))>);
template <class... A>
using answer = decltype(tn::chain(std::declval<A>()...));
static_assert(
    std::is_same_v<answer<sign, sign>, tn::refused<tn::because::the_last_argument_is_not_an_Optimizer>>);
static_assert(std::is_same_v<answer<tn::sgd_optimizer, tn::sgd_optimizer>,
                             tn::refused<tn::because::one_of_the_arguments_does_not_transform_gradients>>);

/// What plain descent with rate 1 takes off weights of 0 along g, behind transformations.
template <class... X>
std::vector<double> transformed(std::vector<double> g, const X&... transforms) {
    const auto optimizer = tn::chain(transforms..., tn::gradient_descent(1));
    typename decltype(optimizer)::template state<double> state(g.size());
    std::vector<double> w(g.size());
    optimizer.step(state, std::span<double>(w), std::span<const double>(g));
    for (double& v : w) v = 0 - v;
    return w;
}

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST_CASE("a gradient that is too long is shortened, its direction kept", "[optim]") {
    const auto shorter = transformed({3, -4}, tn::clip_by_norm(1));
    CHECK_THAT(shorter[0], WithinRel(0.6, 1e-6));
    CHECK_THAT(shorter[1], WithinRel(-0.8, 1e-6));
    CHECK(transformed({3, -4}, tn::clip_by_norm(6)) == std::vector<double>{3, -4});
    CHECK(transformed({0, 0}, tn::clip_by_norm(6)) == std::vector<double>{0, 0});
    CHECK(std::isnan(transformed({not_a_number, 1}, tn::clip_by_norm(1))[0]));
}

TEST_CASE("components that are too large are cut", "[optim]") {
    CHECK(transformed({3, -4, 0.5}, tn::clip_by_value(1)) == std::vector<double>{1, -1, 0.5});
    CHECK(std::isnan(transformed({not_a_number, 1}, tn::clip_by_value(1))[0]));
}

TEST_CASE("transformations see the gradient in their order", "[optim]") {
    CHECK(transformed({3, -4}, sign{}, tn::clip_by_value(0.25)) == std::vector<double>{0.25, -0.25});
    CHECK(transformed({3, -4}, tn::clip_by_value(0.25), sign{}) == std::vector<double>{1, -1});
}

TEST_CASE("weight decay adds its share of the weights", "[optim]") {
    descent<decltype(tn::chain(tn::weight_decay(0.5), tn::gradient_descent(0.1)))> run{
        tn::chain(tn::weight_decay(0.5), tn::gradient_descent(0.1))};
    const auto before = run.w, g = tenon_test::quadratic_gradient(run.w);
    run.step();
    for (std::size_t i = 0; i < 3; ++i)
        CHECK_THAT(run.w[i], WithinRel(before[i] - 0.1 * (g[i] + 0.5 * before[i]), 1e-14));
}

TEST_CASE("N gradients make one step along their mean", "[optim]") {
    const auto optimizer = tn::chain(tn::accumulate<3>(), tn::sgd(1, {.momentum = 0.5}));
    decltype(optimizer)::state<double> state(1);
    double w = 0;
    std::vector<double> seen;
    for (const double g : {1.0, 2.0, 6.0, 0.0, 0.0, 3.0, 9.0}) {
        optimizer.step(state, std::span(&w, 1), std::span<const double>(&g, 1));
        seen.push_back(w);
        CHECK(optimizer.reach(state)(0) == (seen.size() % 3 == 0 ? 2 : 0)); // no step, no reach
    }
    CHECK(seen == std::vector<double>{0, 0, -3, -3, -3, -5.5, -5.5});
}

TEST_CASE("between epochs the weights are the average of those that were gone through", "[optim]") {
    const auto optimizer = tn::chain(tn::average_iterates(), tn::gradient_descent(0.05));
    descent<std::remove_const_t<decltype(optimizer)>> run{optimizer};
    descent<tn::gradient_descent_optimizer> plain{tn::gradient_descent(0.05)};
    tenon_test::three<> sum{};
    int steps = 0;
    for (int epoch = 0; epoch < 4; ++epoch) {
        const std::span<double> w(run.w);
        optimizer.begin_epoch(run.state, w);
        for (int t = 0; t < 3; ++t, ++steps) {
            run.step();
            plain.step();
            for (std::size_t i = 0; i < 3; ++i) sum[i] += plain.w[i];
        }
        CHECK(run.w == plain.w); // steps go on from where they are
        optimizer.end_epoch(run.state, w);
        for (std::size_t i = 0; i < 3; ++i) CHECK_THAT(run.w[i], WithinRel(sum[i] / steps, 1e-13));
    }
}

TEST_CASE("steps at the beginning may be left out of the average", "[optim]") {
    const auto optimizer =
        tn::chain(tn::average_iterates({.decay = 0.75, .after = 2}), tn::gradient_descent(1));
    std::remove_const_t<decltype(optimizer)>::state<double> state(1);
    double w = 0;
    const double slope = -1;
    std::vector<double> seen;
    for (int epoch = 0; epoch < 5; ++epoch) {
        optimizer.begin_epoch(state, std::span(&w, 1));
        optimizer.step(state, std::span(&w, 1), std::span<const double>(&slope, 1));
        optimizer.after_step(state, std::span<const double>(&w, 1));
        optimizer.end_epoch(state, std::span(&w, 1));
        seen.push_back(w);
    }
    CHECK(seen == std::vector<double>{1, 2, 3, 3.25, 3.6875});
}

TEST_CASE("a chain may be scheduled, and an optimizer in it", "[optim]") {
    const auto falls = tn::exponential(0.5);
    auto path = [](const auto& optimizer) {
        typename std::remove_cvref_t<decltype(optimizer)>::template state<double> state(1);
        double w = 0;
        const double slope = 9;
        std::vector<double> all;
        for (int t = 0; t < 3; ++t) {
            optimizer.step(state, std::span(&w, 1), std::span<const double>(&slope, 1));
            all.push_back(-w);
            tn::detail::end_epoch(optimizer, state, std::span(&w, 1));
        }
        return all;
    };
    const auto plain = tn::gradient_descent(1);
    const std::vector<double> wanted{1, 1.5, 1.75};
    CHECK(path(tn::scheduled(tn::chain(tn::clip_by_value(1), plain), falls)) == wanted);
    CHECK(path(tn::chain(tn::clip_by_value(1), tn::scheduled(plain, falls))) == wanted);
    CHECK(path(tn::scheduled(tn::chain(tn::clip_by_value(1), plain), falls, tn::per::step)) == wanted);
}

TEST_CASE("the state of a chain is all there is to save", "[optim]") {
    const auto optimizer = tn::chain(tn::clip_by_norm(2), tn::accumulate<2>(), tn::average_iterates(),
                                     tn::sgd(0.01, {.momentum = 0.9}));
    using O = std::remove_const_t<decltype(optimizer)>;
    descent<O> run{optimizer};
    for (int t = 0; t < 5; ++t) run.step();
    // Field by field into the state of another run.
    descent<O> other{optimizer};
    other.w = run.w;
    std::vector<std::vector<double>> vectors;
    std::vector<std::uint64_t> counts;
    std::string names;
    O::state<double>::fields(run.state, [&](const char* name, const auto& field) {
        names += name + std::string(" ");
        if constexpr (requires { field.size(); })
            vectors.emplace_back(field.begin(), field.end());
        else
            counts.push_back(field);
    });
    CHECK(names == "sum count mean steps shown velocity ");
    std::size_t v = 0, c = 0;
    O::state<double>::fields(other.state, [&](const char*, auto& field) {
        if constexpr (requires { field.size(); })
            field.assign(vectors[v].begin(), vectors[v].end()), ++v;
        else
            field = counts[c++];
    });
    for (int t = 0; t < 6; ++t) {
        run.step();
        other.step();
    }
    CHECK(run.w == other.w);
    CHECK(run.w != descent<O>{optimizer}.w);
}
