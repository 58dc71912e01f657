// Layers of one value each, and softmax: every width, with the rest of a register behind it, against the standard library.
#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tenon/core/random.hpp>
#include <tenon/model/elementwise.hpp>
#include <tenon/model/softmax.hpp>
#include <vector>

namespace {

namespace tn = tenon;

constexpr double root_half = 0.70710678118654752440, root_two_pi = 2.50662827463100050242;
double below(double v) {
    return std::erfc(-v * root_half) / 2;
}

/// The largest error of a layer's values and slopes at widths 1 to 40, in roundings of the larger of the result and 1.
template <class T, class L, class Value, class Slope>
double worst_error(L, double option, Value value, Slope slope) {
    tn::philox random(4);
    double worst = 0;
    const std::array<T, 1> constants{static_cast<T>(option)};
    const tn::layer_values<const T> l{{}, constants};
    for (std::size_t width = 1; width <= 40; ++width) {
        std::vector<T> x(width), z(width), dz(width), dx(width);
        for (T& v : x) v = static_cast<T>(3 * random.normal());
        for (T& v : dz) v = static_cast<T>(random.normal());
        L::forward(l, std::span<const T>(x), std::span<T>(z));
        L::backward(l, std::span<const T>(x), std::span<const T>(z), std::span<const T>(dz), std::span<T>(dx),
                    std::span<T>());
        for (std::size_t i = 0; i < width; ++i) {
            const double at = static_cast<double>(x[i]), pull = static_cast<double>(dz[i]);
            const auto look = [&](T got, double exact) {
                const double error =
                    std::abs(static_cast<double>(got) - exact) / std::max(1.0, std::abs(exact));
                worst = std::max(worst, error / static_cast<double>(std::numeric_limits<T>::epsilon()));
            };
            look(z[i], value(at));
            look(dx[i], pull * slope(at));
        }
    }
    return worst;
}

} // namespace

TEMPLATE_TEST_CASE("layers of one value are right to a few roundings", "[network]", float, double) {
    using T = TestType;
    const auto logistic = [](double v) { return 1 / (1 + std::exp(-v)); };
    CHECK(worst_error<T>(
              tn::gelu, 0, [](double v) { return v * below(v); },
              [](double v) { return below(v) + v * std::exp(-v * v / 2) / root_two_pi; }) < 5);
    CHECK(worst_error<T>(
              tn::silu, 0, [&](double v) { return v * logistic(v); },
              [&](double v) { return logistic(v) * (1 + v * (1 - logistic(v))); }) < 5);
    CHECK(worst_error<T>(
              tn::elu(0.75), 0.75, [](double v) { return v < 0 ? 0.75 * std::expm1(v) : v; },
              [](double v) { return v < 0 ? 0.75 * std::exp(v) : 1; }) < 3);
    CHECK(worst_error<T>(
              tn::leaky_relu(0.25), 0.25, [](double v) { return v < 0 ? 0.25 * v : v; },
              [](double v) { return v < 0 ? 0.25 : 1; }) < 2);
}

TEMPLATE_TEST_CASE("softmax adds up to 1, wherever its largest score stands, and keeps NaN", "[network]",
                   float, double) {
    using T = TestType;
    for (std::size_t width = 1; width <= 40; ++width) {
        std::vector<T> x(width), z(width);
        const auto run = [&] {
            tn::softmax_layer::forward(tn::layer_values<const T>{}, std::span<const T>(x), std::span<T>(z));
            T sum = 0;
            for (const T v : z) sum += v;
            return static_cast<double>(sum);
        };
        for (std::size_t place = 0; place < width; ++place) {
            for (std::size_t i = 0; i < width; ++i) x[i] = static_cast<T>(i % 5) - 400;
            x[place] = 400;
            CHECK(std::abs(run() - 1) < 1e-5);
            CHECK(z[place] == 1);
        }
        x[width / 2] = std::numeric_limits<T>::quiet_NaN();
        CHECK(std::isnan(run()));
    }
}
