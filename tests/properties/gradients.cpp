// The gradients of losses and of networks of dense layers against finite differences, in double: relative error at most
// 1e-6. Other losses, layers and penalties are in gradients_of_parts.cpp.

#include "properties/differences.hpp"
#include "support/catch.hpp"
#include "support/errors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <tenon/core/random.hpp>
#include <tenon/loss/cross_entropy.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/linear_model.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::differences;
using tenon_test::worst;

namespace {

/// The largest difference of two gradients, relative to their largest value; NaN where that is 0.
double relative_error(std::span<const double> a, std::span<const double> b) {
    double largest = 0, off = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        largest = std::max({largest, std::abs(a[i]), std::abs(b[i])});
        off = worst({off, std::abs(a[i] - b[i])});
    }
    return off / largest;
}

template <class L, class Y>
double loss_error(const L& loss, std::size_t scores, Y y, std::uint64_t seed) {
    tn::philox random(seed);
    std::vector<double> z(scores), g(scores), ignored(scores);
    for (double& v : z) v = 3 * random.normal();
    loss(std::span<const double>(z), y, std::span(g));
    const auto slopes = differences(
        z, [&] { return static_cast<double>(loss(std::span<const double>(z), y, std::span(ignored))); });
    return relative_error(g, slopes);
}

/// Thirty rows of W inputs and their targets.
template <class Kind, std::size_t W>
struct random_rows {
    using target = tn::target_value<Kind>;
    tn::matrix<double> x{30, W};
    std::vector<target> y;

    explicit random_rows(std::uint64_t seed) {
        tn::philox random(seed);
        for (std::size_t r = 0; r < 30; ++r) {
            for (double& v : x.row(r)) v = random.normal();
            if constexpr (tn::is_classification<Kind>)
                y.push_back(static_cast<target>(random.below(tn::outputs_of<Kind>)));
            else
                y.push_back(random.normal());
        }
    }
};

/// Of all the gradient, of each of its blocks, so that small ones do not hide behind large ones, and with weights.
template <class M, class L>
double network_error(const L& loss, std::uint64_t seed) {
    using kind = typename M::kind;
    const random_rows<kind, M::in> data(seed);
    M m;
    tn::philox random(seed, 9);
    for (double& p : m.parameters()) p = random.uniform(-1, 1);
    typename M::scratch room;
    std::vector<double> weights;
    const auto value = [&](std::span<double> g) {
        return m.gradient(loss, data.x.view(), std::span<const tn::target_value<kind>>(data.y), g, room,
                          std::span<const double>(weights));
    };
    std::vector<double> g(m.parameters().size());
    value(g);
    const auto slopes = differences(m.parameters(), [&] { return value({}); });
    double error = relative_error(g, slopes);
    for (const auto& block : m.blocks())
        error = worst({error, relative_error(std::span(g).subspan(block.offset, block.size()),
                                             std::span(slopes).subspan(block.offset, block.size()))});

    for (std::size_t r = 0; r < data.y.size(); ++r) weights.push_back(static_cast<double>(r % 4) / 1.5);
    value(g);
    return worst({error, relative_error(g, differences(m.parameters(), [&] { return value({}); }))});
}

template <class Act, class Kind, std::size_t... Hidden>
using network = tn::dense_network<Act, Kind, double, double, 5, Hidden...>;

} // namespace

TEST_CASE("the gradient of squared error is its slope", "[gradients]") {
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        CHECK(loss_error(tn::squared_error(), 1, 0.7, seed) <= 1e-6);
}

TEST_CASE("the gradient of cross-entropy is its slope, for any number of classes", "[gradients]") {
    for (std::size_t classes : {std::size_t{2}, std::size_t{3}, std::size_t{10}})
        for (tn::class_index y = 0; y < classes; ++y)
            CHECK(loss_error(tn::cross_entropy(), classes, y, classes * 100 + y) <= 1e-6);
}

TEMPLATE_TEST_CASE("the gradient of a network is the slope of its mean squared error", "[gradients]",
                   tn::identity_activation, tn::tanh_activation, tn::relu_activation) {
    for (std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{2}}) {
        CHECK(network_error<network<TestType, tn::real>>(tn::squared_error(), seed) <= 1e-6);
        CHECK(network_error<network<TestType, tn::real, 7>>(tn::squared_error(), seed) <= 1e-6);
        CHECK(network_error<network<TestType, tn::real, 8, 6>>(tn::squared_error(), seed) <= 1e-6);
    }
}

TEMPLATE_TEST_CASE("the gradient of a network is the slope of its mean cross-entropy", "[gradients]",
                   tn::identity_activation, tn::tanh_activation, tn::relu_activation) {
    for (std::uint64_t seed : {std::uint64_t{1}, std::uint64_t{2}}) {
        CHECK(network_error<network<TestType, tn::classes<2>>>(tn::cross_entropy(), seed) <= 1e-6);
        CHECK(network_error<network<TestType, tn::classes<4>, 7>>(tn::cross_entropy(), seed) <= 1e-6);
        CHECK(network_error<network<TestType, tn::classes<3>, 8, 6>>(tn::cross_entropy(), seed) <= 1e-6);
    }
}

TEST_CASE("the gradient of a linear model is its slope", "[gradients]") {
    CHECK(network_error<tn::linear_model<tn::real, double, 6>>(tn::squared_error(), 3) <= 1e-6);
    CHECK(network_error<tn::linear_model<tn::classes<3>, double, 6>>(tn::cross_entropy(), 3) <= 1e-6);
}
