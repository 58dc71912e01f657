#include "support/catch.hpp"

#include <tenon/predict.hpp>

namespace tn = tenon;
namespace because = tn::because;

namespace {

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};
struct flower : tn::schema<tn::numeric<"width">, tn::label<"species", "aster", "lily">> {};

template <class Recipe, class S>
using why = typename Recipe::template objection<S>;
template <class Why, class Recipe, class S>
constexpr bool objects(const Recipe&, std::type_identity<S>) {
    return std::is_same_v<why<Recipe, S>, Why>;
}

constexpr std::type_identity<house> houses;
constexpr std::type_identity<flower> flowers;

const auto training = tn::minimize(tn::squared_error(), tn::adam(1e-3), {.epochs = 3, .seed = 9});

} // namespace

TEST_CASE("| joins stages, recipes and fragments into one flat recipe and keeps their values", "[pipeline]") {
    const auto recipe =
        tn::standardize() | (tn::polynomial<2>() | tn::ridge(0.25)) | tn::prune(tn::by_magnitude, 0.5);
    STATIC_REQUIRE(decltype(recipe)::stage_count == 4);
    CHECK(recipe.stage<2>().penalty == 0.25);
    CHECK(recipe.stage<3>().fraction == 0.5);

    const auto one_by_one =
        ((tn::standardize() | tn::polynomial<2>()) | tn::ridge(0.25)) | tn::prune(tn::by_magnitude, 0.5);
    STATIC_REQUIRE(std::is_same_v<decltype(recipe), decltype(one_by_one)>);
    CHECK(one_by_one.stage<2>().penalty == 0.25);
}

TEST_CASE("a bare stage of one's own joins without a factory", "[pipeline]") {
    const auto recipe = tn::standardize_spec{} | tn::ridge_spec(2);
    STATIC_REQUIRE(std::is_same_v<decltype(recipe), const decltype(tn::standardize() | tn::ridge(2))>);
    CHECK(recipe.stage<1>().penalty == 2);
}

TEST_CASE("a recipe can be used again and again in others", "[pipeline]") {
    const auto preparation = tn::impute(tn::median) | tn::one_hot();
    const auto first = preparation | tn::ridge(1);
    const auto second = preparation | tn::standardize() | tn::ridge(3);
    CHECK(first.stage<2>().penalty == 1);
    CHECK(second.stage<3>().penalty == 3);
    const auto copy = second; // a value
    CHECK(copy.stage<3>().penalty == 3);
}

TEST_CASE("options travel with the recipe", "[pipeline]") {
    const auto recipe = tn::mlp<4>(tn::relu) | training;
    CHECK(recipe.stage<1>().options.epochs == 3);
    CHECK(recipe.stage<1>().options.seed == 9);
    CHECK(recipe.stage<1>().options.batch_size == 32);
    CHECK(recipe.stage<1>().optimizer.rate == 1e-3);
}

TEST_CASE("a recipe says why it cannot be fitted to columns", "[pipeline]") {
    CHECK(objects<because::nothing>(tn::one_hot() | tn::ridge(1), houses));
    CHECK(objects<because::a_regression_Model_cannot_fit_class_labels>(tn::ridge(1), flowers));
    CHECK(objects<because::a_classification_Model_cannot_fit_real_targets>(
        tn::one_hot() | tn::logistic_regression(), houses));
    CHECK(objects<because::this_Model_needs_minimize>(tn::mlp<4>(tn::relu), flowers));
    CHECK(objects<because::this_Model_needs_minimize>(tn::mlp<4>(tn::relu) | tn::prune(tn::by_magnitude, 0.5),
                                                      flowers));
    CHECK(objects<because::a_regression_loss_cannot_fit_class_labels>(tn::mlp<4>(tn::relu) | training,
                                                                      flowers));
    CHECK(objects<because::a_categorical_column_must_be_encoded_first__put_one_hot_before_this<"kind">>(
        tn::standardize() | tn::ridge(1), houses));
    CHECK(objects<because::l2_sp_pulls_towards_a_trained_Model__use_it_in_fine_tune>(
        tn::one_hot() | tn::mlp<4>(tn::relu) |
            tn::minimize(tn::squared_error(), tn::adam(1e-3), {}, tn::l2_sp(1)),
        houses));
}

TEST_CASE("the type that a recipe fits to follows from recipe and schema", "[pipeline]") {
    using recipe = decltype(tn::impute(tn::median) | tn::one_hot() | tn::polynomial<2>() | tn::ridge(1));
    using fitted = tn::fitted_t<recipe, house>;
    STATIC_REQUIRE(
        std::is_same_v<
            fitted, tn::fitted_pipeline<house, tn::fitted_impute<2, double>, tn::fitted_one_hot<2, 3, double>,
                                        tn::fitted_polynomial<3, 2, double>, tn::fitted_ridge<9>>>);
    STATIC_REQUIRE(!std::is_default_constructible_v<fitted>);
    CHECK(fitted::width_out == 9);
}
