#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/dropout.hpp>
#include <tenon/model/network.hpp>
#include <tenon/model/normalization.hpp>
#include <tenon/model/residual.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/optim/penalty.hpp>
#include <tenon/train/training_run.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace mine {

/// z = x + parameters: a layer of one's own.
struct offset_layer {
    static constexpr std::string_view name = "offset";
    static constexpr std::size_t width_out(std::size_t in) { return in; }
    static constexpr std::size_t parameter_count(std::size_t in) { return in; }
    template <class T>
    static void forward(tn::layer_values<const T> l, std::span<const T> x, std::span<T> z) noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) z[i] = x[i] + l.parameters[i];
    }
    template <class T>
    static void backward(tn::layer_values<const T>, std::span<const T> x, std::span<const T>,
                         std::span<const T> dz, std::span<T> dx, std::span<T> dp) noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) dp[i] += dx[i] = dz[i];
    }
};

} // namespace mine

namespace {

static_assert(tn::Layer<mine::offset_layer> && tn::Layer<tn::dense_units<3>> &&
              tn::Layer<tn::batch_norm_layer> && !tn::Layer<int>);

const auto recipe = tn::network<double>(tn::dense<8>, tn::batch_norm, tn::tanh, tn::dropout(0.25),
                                        tn::residual(tn::dense<8>, tn::relu, tn::dense<8>),
                                        mine::offset_layer{}, tn::dense<1>);
using spec = std::remove_cvref_t<decltype(recipe.stage<0>())>;
using numbers = tn::columns<3>;
using model = spec::fitted<numbers>;

template <class In>
using objection = typename spec::template objection<In>;
static_assert(tn::no_objection<objection<numbers>>);
static_assert(tn::no_objection<objection<tn::columns<tn::dynamic>>>);
static_assert(
    std::is_same_v<objection<tn::columns<3, tn::classes<4>>>,
                   tn::because::the_last_layer_must_have_one_output_for_each_number_or_class_of_the_target>);
using narrow =
    std::remove_cvref_t<decltype(tn::network(tn::residual(tn::dense<8>), tn::dense<1>).stage<0>())>;
static_assert(std::is_same_v<narrow::objection<numbers>,
                             tn::because::the_last_layer_of_residual_must_be_as_wide_as_what_comes_in>);
static_assert(tn::no_objection<narrow::objection<tn::columns<8>>>);
static_assert(std::is_same_v<narrow::objection<tn::columns<tn::dynamic>>,
                             tn::because::a_network_over_columns_of_unknown_number_begins_with_dense>);

model started(std::uint64_t seed = 4) {
    return recipe.stage<0>().start(std::type_identity<model>{}, {3, 1}, seed);
}

struct rows {
    tn::matrix<double> x;
    std::vector<double> y;
    explicit rows(std::size_t n) : x(n, 3) {
        tn::philox random(17);
        for (std::size_t r = 0; r < n; ++r) {
            for (std::size_t c = 0; c < 3; ++c) x(r, c) = random.normal();
            y.push_back(std::sin(2 * x(r, 0)) + x(r, 1) * x(r, 2));
        }
    }
    std::span<const double> targets() const { return y; }
};

auto made_run(std::uint64_t seed) {
    return tn::training_run(started(), tn::squared_error(), tn::adam(0.01), tn::no_penalty{}, seed, 16);
}

template <class Run>
std::vector<double> state_of(Run& run) {
    std::vector<double> all(run.model().parameters().begin(), run.model().parameters().end());
    all.insert(all.end(), run.model().constants().begin(), run.model().constants().end());
    return all;
}

} // namespace

TEST_CASE("a network may begin with a layer that is as wide as its inputs", "[network]") {
    const auto widening = tn::network<double>(tn::layer_norm, tn::dense<1>);
    using M = std::remove_cvref_t<decltype(widening.stage<0>())>::fitted<numbers>;
    const M m = widening.stage<0>().start(std::type_identity<M>{}, {3, 1}, 4);
    const std::array<double, 3> x{1, 2, 6};
    std::array<double, 1> z{};
    m(x, z);
    double expected = 0; // mean 3, variance 14/3
    for (std::size_t i = 0; i < 3; ++i)
        expected += (x[i] - 3) / std::sqrt(14.0 / 3 + 1e-5) * m.parameters()[6 + i];
    CHECK_THAT(z[0], WithinRel(expected, 1e-12));
}

TEST_CASE("a network says its layers, widths and parameters", "[network]") {
    const model m = started();
    CHECK(model::parameter_count == (3 + 1) * 8 + 2 * 8 + 2 * (8 + 1) * 8 + 8 + (8 + 1));
    CHECK(model::constant_count == 2 * 8 + 1);
    CHECK(model::signature() ==
          "dense 8, batch_norm, tanh, dropout, residual(dense 8, relu, dense 8), offset, dense 1 double");
    CHECK(m.summary() == "layer                   width         parameters\n"
                         "dense 8                 3 -> 8                32\n"
                         "batch_norm              8 -> 8                16\n"
                         "tanh                    8 -> 8                 0\n"
                         "dropout                 8 -> 8                 0\n"
                         "residual(dense 8, relu, dense 8) 8 -> 8               144\n"
                         "offset                  8 -> 8                 8\n"
                         "dense 1                 8 -> 1                 9\n"
                         "together                                     209\n");
    const auto blocks = m.blocks();
    REQUIRE(blocks.size() == 7);
    CHECK(blocks[0].name == "layer 0 weights");
    CHECK((blocks[0].is_weight && blocks[0].rows == 3 && blocks[0].columns == 8));
    CHECK((blocks[3].name == "layer 4 parameters" && blocks[3].offset == 48 && !blocks[3].is_weight));
    CHECK(blocks[6].offset + blocks[6].size() == m.parameters().size());
}

TEST_CASE("a network's gradient is that of finite differences", "[network]") {
    const rows data(7);
    model m = started();
    model::scratch room;
    const auto loss = [&](std::span<double> g) {
        room.begin_step(3, 9); // the same values left out each time
        return m.gradient(tn::squared_error(), data.x.view(), data.targets(), g, room);
    };
    std::vector<double> g(m.parameters().size()), other(g.size());
    loss(g);
    for (std::size_t i = 0; i < g.size(); ++i) {
        double& p = m.parameters()[i];
        const double old = p, h = 1e-6;
        p = old + h;
        const double up = loss(other);
        p = old - h;
        const double down = loss(other);
        p = old;
        CHECK_THAT((up - down) / (2 * h), WithinAbs(g[i], 1e-7 * (1 + std::abs(g[i]))));
    }
}

TEST_CASE("a batch is judged as its rows are predicted", "[network]") {
    const rows data(5);
    const auto check = [&](const auto& m) {
        typename std::remove_cvref_t<decltype(m)>::scratch room;
        double sum = 0;
        for (std::size_t r = 0; r < 5; ++r) {
            std::array<double, 1> z{};
            m(data.x.row(r).template first<3>(), z);
            sum += (z[0] - data.y[r]) * (z[0] - data.y[r]) / 5;
        }
        CHECK_THAT(m.gradient(tn::squared_error(), data.x.view(), data.targets(), std::span<double>(), room),
                   WithinAbs(sum, 1e-12));
    };
    auto run = made_run(1);
    run.epoch(data.x.view(), data.targets());
    check(run.model());
    using open = spec::fitted<tn::columns<tn::dynamic>>; // the width known to the data alone
    const open m = recipe.stage<0>().start(std::type_identity<open>{}, {3, 1}, 4);
    typename open::scratch room;
    const model same = started();
    std::array<double, 1> z{}, expected{};
    m(data.x.row(2), z);
    same(data.x.row(2).first<3>(), expected);
    CHECK(z == expected);
}

TEST_CASE("training learns, and a run copied in the middle goes on to the same bits", "[network]") {
    const rows data(200);
    auto run = made_run(5);
    const double before = run.loss(data.x.view(), data.targets());
    for (int epoch = 0; epoch < 5; ++epoch) run.epoch(data.x.view(), data.targets());
    auto copy = run;
    for (int epoch = 0; epoch < 60; ++epoch) {
        run.epoch(data.x.view(), data.targets());
        copy.epoch(data.x.view(), data.targets());
    }
    CHECK(run.loss(data.x.view(), data.targets()) < before / 4);
    CHECK(state_of(run) == state_of(copy));
    auto other = made_run(6);
    other.epoch(data.x.view(), data.targets());
    auto again = made_run(5);
    again.epoch(data.x.view(), data.targets());
    CHECK(state_of(other) != state_of(again));
}

TEST_CASE("dropout leaves out the share it is given and keeps the mean", "[network]") {
    const std::vector<double> ones(4000, 1.0);
    std::vector<double> z(4000), factors, constants{0.25};
    tn::philox random(3);
    const tn::layer_values<const double> l{{}, constants};
    tn::dropout_layer::forward_rows(l, tn::layer_rows<double>{40, 100, 100, ones.data(), z.data()}, factors,
                                    &random);
    double sum = 0, zeros = 0;
    for (const double v : z) {
        CHECK((v == 0 || v == 1 / 0.75));
        sum += v / 4000;
        zeros += v == 0 ? 1.0 / 4000 : 0;
    }
    CHECK_THAT(zeros, WithinAbs(0.25, 0.03)); // four deviations
    CHECK_THAT(sum, WithinAbs(1, 0.04));
    const auto bad = tn::network(tn::dense<2>, tn::dropout(1), tn::dense<1>).stage<0>();
    using fitted = decltype(bad)::fitted<numbers>;
    CHECK_THROWS_WITH(bad.start(std::type_identity<fitted>{}, {3, 1}, 0),
                      ContainsSubstring("dropout: the rate is from 0 to below 1, not 1"));
}

TEST_CASE("a network for classes that only the data know is as wide as they are many", "[network]") {
    const auto three = tn::network(tn::dense<3>).stage<0>();
    using fitted = decltype(three)::fitted<tn::columns<3, tn::classes<tn::dynamic>>>;
    CHECK(three.start(std::type_identity<fitted>{}, {3, 3}, 0).width_out() == 3);
    CHECK_THROWS_WITH(three.start(std::type_identity<fitted>{}, {3, 4}, 0),
                      ContainsSubstring("network: the last layer has 3 outputs, the data have 4 classes"));
}
