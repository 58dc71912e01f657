#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <tenon/model/linear_model.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/logistic_regression.hpp>
#include <tenon/model/ridge.hpp>
#include <type_traits>
#include <utility>

namespace tn = tenon;
using tenon_test::WithinRel;

namespace {

struct flower : tn::schema<tn::numeric<"width">, tn::label<"kind", "rose", "lily">> {};
struct flat : tn::schema<tn::numeric<"area">, tn::target<"price">> {};
struct coloured
    : tn::schema<tn::numeric<"area">, tn::categorical<"colour", "red", "blue">, tn::target<"price">> {};

static_assert(tn::no_objection<tn::needs_real_target<flat>>);
static_assert(
    std::is_same_v<tn::needs_real_target<flower>, tn::because::a_regression_Model_cannot_fit_class_labels>);
static_assert(tn::no_objection<tn::needs_class_target<flower>>);
static_assert(std::is_same_v<tn::needs_class_target<flat>,
                             tn::because::a_classification_Model_cannot_fit_real_targets>);
static_assert(!tn::no_objection<tn::needs_real_target<coloured>>);

using regression = tn::fitted_linear_regression<2>;
using classification = tn::fitted_logistic_regression<tn::classes<3>, 2>;
static_assert(tn::FittedModel<regression> && tn::FittedModel<classification> &&
              tn::FittedModel<tn::fitted_ridge<tn::dynamic>>);

double answer_of(const regression& m, std::array<double, 2> x) {
    std::array<double, 1> z{};
    m(x, z);
    return z[0];
}

} // namespace

TEST_CASE("coefficients and intercepts are views of the parameters", "[model]") {
    classification m;
    m.coefficients()(0, 2) = 5;
    m.coefficients()(1, 0) = -1;
    m.intercepts()[1] = 0.5;
    CHECK(std::as_const(m).coefficients()(0, 2) == 5);
    CHECK(m.parameters()[2] == 5);
    CHECK(m.parameters()[3] == -1);
    CHECK(m.parameters()[7] == 0.5);
    std::array<double, 3> z{};
    m(std::array<double, 2>{1, 2}, z);
    CHECK(z == std::array<double, 3>{-2, 0.5, 5});
}

TEST_CASE("a regression has one intercept", "[model]") {
    regression m;
    m.intercepts()[0] = 3;
    m.coefficients()(1, 0) = 2;
    CHECK(std::as_const(m).intercept() == 3);
    CHECK(answer_of(m, {7, 2}) == 7);
}

TEST_CASE("a linear model lends its target's units to training and gets them back", "[model]") {
    regression m;
    m.coefficients()(0, 0) = 40;
    m.coefficients()(1, 0) = -8;
    m.intercepts()[0] = 100;
    m.enter_target_units(20, 4, false); // in units of (y - 20) / 4
    CHECK_THAT(answer_of(m, {1, 2}), WithinRel((100.0 + 40 - 16 - 20) / 4, 1e-15));
    m.leave_target_units(20, 4);
    CHECK_THAT(m.coefficients()(0, 0), WithinRel(40, 1e-15));
    CHECK_THAT(m.intercept(), WithinRel(100, 1e-15));
    CHECK(answer_of(m, {1, 2}) == 124);
}

TEST_CASE("training may start a linear model at zero", "[model]") {
    const auto m = tn::ridge_spec(1).start(std::type_identity<tn::fitted_ridge<2>>{}, {2, 1}, 99);
    for (double p : m.parameters()) CHECK(p == 0);
    const auto wide = tn::linear_regression_spec{}.start(
        std::type_identity<tn::fitted_linear_regression<tn::dynamic>>{}, {7, 1}, 99);
    CHECK(wide.parameters().size() == 8);
}
