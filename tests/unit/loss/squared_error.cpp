#include "support/catch.hpp"

#include <array>
#include <span>
#include <tenon/core/concepts.hpp>
#include <tenon/loss/squared_error.hpp>
#include <type_traits>

using loss = tenon::squared_error_loss;

static_assert(tenon::Loss<loss>);
static_assert(tenon::LossFor<loss, tenon::real, float>);
static_assert(tenon::LossFor<loss, tenon::real, double>);
static_assert(tenon::no_objection<loss::accepts<tenon::real>>);
static_assert(std::is_same_v<loss::accepts<tenon::classes<2>>,
                             tenon::because::a_regression_loss_cannot_fit_class_labels>);
static_assert(loss::target_may_be_scaled);

TEST_CASE("squared error and its gradient are those of PyTorch's mse_loss", "[loss]") {
    // torch 2.15: mse_loss(1.5, -0.25) = 3.0625, gradient 3.5
    const std::array<double, 1> score{1.5};
    std::array<double, 1> g{};
    CHECK(tenon::squared_error()(std::span<const double>(score), -0.25, std::span<double>(g)) == 3.0625);
    CHECK(g[0] == 3.5);
}

TEST_CASE("squared error of a perfect prediction is 0 and pulls nowhere", "[loss]") {
    const std::array<float, 1> score{0.1F};
    std::array<float, 1> g{9};
    CHECK(tenon::squared_error()(std::span<const float>(score), 0.1F, std::span<float>(g)) == 0);
    CHECK(g[0] == 0);
}
