#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/model/logistic_regression.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

namespace tn = tenon;
using tenon_test::WithinAbs;

namespace {

struct flower : tn::schema<tn::numeric<"width">, tn::numeric<"length">, tn::label<"kind", "rose", "lily">> {};
struct flat : tn::schema<tn::numeric<"area">, tn::target<"price">> {};

using spec = tn::logistic_regression_spec;
static_assert(tn::Model<spec> && tn::TrainableFor<spec, flower>);
static_assert(std::is_same_v<spec::fitted<flower>, tn::fitted_logistic_regression<tn::classes<2>, 2>>);
static_assert(
    std::is_same_v<spec::objection<flat>, tn::because::a_classification_Model_cannot_fit_real_targets>);
static_assert(tn::no_objection<spec::objection<flower>>);

} // namespace

TEST_CASE("the options of logistic regression are scikit-learn's defaults", "[model]") {
    const auto recipe = tn::logistic_regression();
    CHECK(recipe.stage<0>().options.l2 == 1);
    CHECK(tn::logistic_regression({.l2 = 0.25}).stage<0>().options.l2 == 0.25);
}

TEST_CASE("two classes: the probability of the second is the logistic function of its score", "[model]") {
    spec::fitted<flower> m;
    m.coefficients()(0, 1) = 2;
    m.coefficients()(1, 1) = -1;
    m.intercepts()[1] = 0.5;
    tn::training_record record;
    record.schema = flower::info();
    const tn::fitted_pipeline<flower, spec::fitted<flower>> fitted(std::tuple<spec::fitted<flower>>(m),
                                                                   std::move(record));
    for (double x : {-40.0, -1.0, 0.0, 0.3, 50.0}) {
        const double score = 2 * x - 1 + 0.5;
        const auto p = fitted.probabilities(std::array<double, 2>{x, 1});
        CHECK_THAT(p[1], WithinAbs(1 / (1 + std::exp(-score)), 1e-15));
        CHECK_THAT(p[0] + p[1], WithinAbs(1, 1e-15));
        CHECK(fitted(std::array<double, 2>{x, 1}) == (score > 0 ? 1U : 0U));
    }
}
