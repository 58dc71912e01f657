// The unit and the zero of a regression's target do not matter to how well it is learned (law 10).

#include "support/catch.hpp"
#include "support/errors.hpp"

#include <cmath>
#include <cstddef>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/evaluate/evaluate.hpp>
#include <tenon/evaluate/regression.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/least_squares.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/minimize.hpp>
#include <tenon/train/train_model.hpp>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::WithinAbs;
using tenon_test::worst;

namespace {

using two_numbers = tn::columns<2>;

/// y = x0² + 2·x1 + noise, in units of `scale` and from `shift` on.
tn::dataset<two_numbers> curved(double scale, double shift) {
    tn::philox random(21);
    tn::matrix<double> x(200, 2);
    std::vector<double> y;
    for (std::size_t r = 0; r < 200; ++r) {
        x(r, 0) = random.normal();
        x(r, 1) = random.normal();
        y.push_back(scale * (x(r, 0) * x(r, 0) + 2 * x(r, 1) + 0.1 * random.normal()) + shift);
    }
    return {std::move(x), std::move(y)};
}

template <class Recipe>
double r2_of(const Recipe& recipe, double scale, double shift) {
    const auto data = curved(scale, shift);
    return tn::evaluate(recipe.fit(data), data, tn::r2())["r2"];
}

/// How far R² moves with the unit or the zero of the target, times 1e8 where that is a power of two, which changes no bit
/// of the standardized target.
template <class Recipe>
double scale_error(const Recipe& recipe) {
    const double r2 = r2_of(recipe, 1, 0);
    return worst({1e8 * std::abs(r2_of(recipe, 131072, 0) - r2), std::abs(r2_of(recipe, 1e5, 0) - r2),
                  std::abs(r2_of(recipe, 1, 1e6) - r2), std::abs(r2_of(recipe, 1e-5, -3) - r2)});
}

} // namespace

TEST_CASE("a network learns as well whatever the unit of its target", "[target scale]") {
    const auto recipe = tn::standardize() | tn::mlp<24>(tn::relu) |
                        tn::minimize(tn::squared_error(), tn::adam(1e-2), {.epochs = 40, .seed = 7});
    CHECK(r2_of(recipe, 1, 0) > 0.95);
    CHECK(scale_error(recipe) <= 1e-4);
}

TEST_CASE("without scaling of the target a network does not", "[target scale]") {
    // What the property above protects from: the same training in the units of the data.
    const auto plain =
        tn::standardize() | tn::mlp<24>(tn::relu) |
        tn::minimize(tn::squared_error(), tn::adam(1e-2), {.epochs = 40, .seed = 7, .scale_target = false});
    CHECK(r2_of(plain, 1, 0) > 0.95);
    CHECK(r2_of(plain, 1e5, 0) < 0.5);
}

TEST_CASE("early stopping does not depend on the unit of the target", "[target scale]") {
    const auto recipe = tn::standardize() | tn::mlp<double, 16>(tn::tanh) |
                        tn::minimize(tn::squared_error(), tn::adam(1e-2),
                                     {.epochs = 60, .seed = 7, .validation = 0.2, .patience = 5});
    CHECK(r2_of(recipe, 1, 0) > 0.9);
    CHECK(scale_error(recipe) <= 1e-4);
}

TEST_CASE("linear models learn as well whatever the unit of their target, solved or trained",
          "[target scale]") {
    const auto trained = tn::linear_regression() |
                         tn::minimize(tn::squared_error(), tn::adam(1e-2), {.epochs = 60, .seed = 7});
    CHECK(r2_of(tn::linear_regression(), 1, 0) > 0.5);
    CHECK(scale_error(tn::linear_regression()) <= 1e-4);
    CHECK(r2_of(tn::ridge(5), 1, 0) > 0.5);
    CHECK(scale_error(tn::ridge(5)) <= 1e-4);
    CHECK(r2_of(trained, 1, 0) > 0.5);
    CHECK(scale_error(trained) <= 1e-4);
}

TEST_CASE("a linear model that was trained keeps its coefficients in the units of the data",
          "[target scale]") {
    const auto data = curved(1e5, 1e6);
    const auto solved = tn::linear_regression().fit(data);
    const auto trained =
        (tn::linear_regression() |
         tn::minimize(tn::squared_error(), tn::adam(1e-2), {.epochs = 400, .batch_size = 200, .seed = 7}))
            .fit(data);
    for (std::size_t i = 0; i < 2; ++i)
        CHECK_THAT(trained.model().coefficients()(i, 0), WithinAbs(solved.model().coefficients()(i, 0), 1e2));
    CHECK_THAT(trained.model().intercept(), WithinAbs(solved.model().intercept(), 1e2));
}
