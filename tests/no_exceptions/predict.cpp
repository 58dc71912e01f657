// A program without exceptions and without run-time type information that predicts: pipelines put together by hand from
// fitted stages, their answers compared with what the numbers say.

#include <array>
#include <cstdio>
#include <limits>
#include <tenon/predict.hpp>
#include <utility>

#if defined(__cpp_exceptions) || defined(__GXX_RTTI)
#error this program is to be compiled with -fno-exceptions -fno-rtti
#endif

namespace tn = tenon;

namespace {

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};
struct flower
    : tn::schema<tn::numeric<"width">, tn::numeric<"height">, tn::label<"species", "aster", "lily">> {};

int failures = 0;

void expect(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "wrong: %s\n", what);
    ++failures;
}

tn::training_record record_of(tn::schema_info info) {
    tn::training_record record;
    record.schema = std::move(info);
    return record;
}

/// area -> (area - 100) / 50, kind -> two columns, price = 10 + 4·scaled area + 3·house, through relu neurons.
using by_price =
    tn::fitted_t<decltype(tn::impute(tn::median) | tn::one_hot() | tn::standardize() | tn::mlp<2>(tn::relu) |
                          tn::minimize(tn::squared_error(), tn::adam(1e-3))),
                 house>;

by_price price_model() {
    by_price::fitted_stages stages;
    auto& [impute, one_hot, standardize, mlp] = stages;
    impute.fill[0] = 100;
    impute.fill[1] = 1;
    one_hot.levels[0] = 0;
    one_hot.levels[1] = 2;
    standardize.mean[0] = 100;
    for (double& s : standardize.inverse_scale) s = 1;
    standardize.inverse_scale[0] = 1.0 / 50;
    // Two neurons, relu(scaled + 2) and relu(house): inputs x outputs weights, then biases, layer by layer.
    const float parameters[] = {1, 0, 0, 0, 0, 1, 2, 0, 4, 3, 2};
    for (std::size_t i = 0; i < mlp.parameters().size(); ++i) mlp.parameters()[i] = parameters[i];
    return {std::move(stages), record_of(house::info())};
}

using by_species = tn::fitted_t<decltype(tn::polynomial<2>() | tn::logistic_regression()), flower>;

by_species species_model() {
    by_species::fitted_stages stages;
    auto& logistic = std::get<1>(stages);
    logistic.coefficients()(3, 1) = 2; // lily where width·height > 3
    logistic.intercepts()[1] = -6;
    return {std::move(stages), record_of(flower::info())};
}

} // namespace

int main() {
    const by_price price = price_model();
    expect(price(std::array{150.0, 0.0}) == 4 * 3 + 2, "a flat of 150");
    expect(price(std::array{100.0, 1.0}) == 4 * 2 + 3 + 2, "a house of 100");
    expect(price(std::array{-100.0, 1.0}) == 3 + 2, "relu keeps nothing below zero");
    const double gap = std::numeric_limits<double>::quiet_NaN();
    expect(price(std::array{gap, gap}) == price(std::array{100.0, 1.0}), "what is missing is filled");
    expect(price(price.parse(100, "house")) == price(std::array{100.0, 1.0}), "a parsed row");

    const by_species species = species_model();
    expect(species(std::array{2.0, 2.0}) == 1 && species(std::array{2.0, 1.0}) == 0, "classes");
    expect(species(std::array{gap, 1.0}) == tn::no_class, "no class for what is missing");
    expect(species.class_name(species(std::array{2.0, 2.0})) == "lily", "the name of a class");
    const auto p = species.probabilities(std::array{3.0, 1.0});
    expect(p[0] == 0.5 && p[1] == 0.5, "probabilities");

    const std::array<double, 6> rows{2, 2, 2, 1, 5, 5};
    std::array<tn::class_index, 3> answers{};
    species.predict(tn::matrix_view<const double>(rows.data(), 3, 2), answers);
    expect(answers == std::array<tn::class_index, 3>{1, 0, 1}, "a batch");

    const auto small = tn::quantize<std::int8_t>().stage<0>()(
        price.model(), tn::matrix_view<const float>(std::array<float, 6>{-2, 0, 0, 2, 1, 1}.data(), 2, 3));
    std::array<double, 1> score{};
    small(std::array<double, 3>{1, 0, 1}, score);
    expect(score[0] > 16.8 && score[0] < 17.2, "int8"); // 4·3 + 3 + 2 = 17
    return failures;
}
