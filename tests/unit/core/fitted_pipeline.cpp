#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <tenon/predict.hpp>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::WithinAbs;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house", "barge">,
                          tn::target<"price">> {};
struct flower
    : tn::schema<tn::numeric<"width">, tn::numeric<"height">, tn::label<"species", "aster", "lily", "rose">> {
};

constexpr double gap = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class S>
tn::training_record record_of(tn::schema_info info = S::info()) {
    tn::training_record record;
    record.schema = std::move(info);
    record.seed = 11;
    return record;
}

/// area + 100·flat + 200·house + 300·barge; missing values become a house of 50.
using priced =
    tn::fitted_t<decltype(tn::impute(tn::median) | tn::one_hot() | tn::linear_regression()), house>;
priced house_model() {
    priced::fitted_stages stages;
    auto& [impute, one_hot, line] = stages;
    impute.fill[0] = 50;
    impute.fill[1] = 1;
    one_hot.levels[1] = 3;
    for (std::size_t i = 0; i < 4; ++i) line.coefficients()(i, 0) = i == 0 ? 1 : 100 * static_cast<double>(i);
    return {std::move(stages), record_of<house>()};
}

/// Scores width, height and 1.
using sorted = tn::fitted_t<decltype(tn::standardize() | tn::logistic_regression()), flower>;
sorted flower_model() {
    sorted::fitted_stages stages;
    auto& [scale, logistic] = stages;
    for (double& s : scale.inverse_scale) s = 1;
    logistic.coefficients()(0, 0) = logistic.coefficients()(1, 1) = logistic.intercepts()[2] = 1;
    return {std::move(stages), record_of<flower>()};
}

/// The same over columns whose number the compiler does not know.
using any = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;
using any_sorted = tn::fitted_t<decltype(tn::standardize() | tn::logistic_regression()), any>;
any_sorted any_model() {
    const tn::model_shape shape{2, 3};
    tn::fitted_standardize<tn::dynamic, double> scale{tn::storage<double, tn::dynamic>(2),
                                                      tn::storage<double, tn::dynamic>(2)};
    for (double& s : scale.inverse_scale) s = 1;
    any_sorted::model_type logistic(shape);
    logistic.coefficients()(0, 0) = logistic.coefficients()(1, 1) = logistic.intercepts()[2] = 1;
    return {std::tuple(scale, logistic), record_of<any>(any::info(2, 3))};
}

template <class P, class... Values>
concept Parses = requires(const P p, const Values... v) {
    { p.parse(v...) } -> std::same_as<tn::sample<P::width>>;
};
template <class P, class X>
concept Predicts = requires(const P p, const X x) {
    { p(x) } -> std::same_as<typename P::answer>;
};
template <class P, class X>
concept GivesProbabilities = requires(const P p, const X x) { p.probabilities(x)[0]; };

} // namespace

TEST_CASE("parse makes a row of numbers and words", "[fitted_pipeline]") {
    const priced model = house_model();
    CHECK(model.parse(30, "flat") == std::array<double, 2>{30, 0});
    CHECK(model(model.parse(30.5, std::string("barge"))) == 330.5);
    CHECK(model(model.parse(30, 2)) == 330);
    CHECK(model(model.parse("NA", "")) == 250); // both are filled
    CHECK(model(model.parse(gap, "flat")) == 150);
}

TEST_CASE("parse refuses what the pipeline cannot take, by column", "[fitted_pipeline]") {
    const priced model = house_model();
    CHECK_THROWS_WITH(model.parse(30, "tent"),
                      "column 'kind' has no level 'tent'; it has flat, house, barge");
    CHECK_THROWS_WITH(model.parse("wide", "flat"), "column 'area' takes a number, not the word 'wide'");
    CHECK_THROWS_WITH(model.parse(infinity, "flat"), "column 'area' is infinite");
    CHECK_THROWS_WITH(model.parse(30, 3), ContainsSubstring("column 'kind' is categorical with 3 levels"));
    CHECK_THROWS_AS(model.parse(30, 0.5), tn::data_error);

    const sorted strict = flower_model(); // fills nothing
    CHECK_THROWS_WITH(strict.parse(1, ""), ContainsSubstring("column 'height' is missing"));
    CHECK_THROWS_AS(strict.parse(gap, 1), tn::data_error);
    CHECK_NOTHROW(strict.parse(1, 2));
}

TEST_CASE("parse and prediction take one value a column", "[fitted_pipeline]") {
    STATIC_REQUIRE(Parses<priced, double, const char*>);
    STATIC_REQUIRE(!Parses<priced, double>);
    STATIC_REQUIRE(!Parses<priced, double, const char*, double>);
    STATIC_REQUIRE(Predicts<priced, std::array<double, 2>>);
    STATIC_REQUIRE(!Predicts<priced, std::array<double, 3>>);
    STATIC_REQUIRE(!Predicts<priced, std::array<float, 2>>);
    STATIC_REQUIRE(!Predicts<priced, std::vector<double>>);
    STATIC_REQUIRE(Predicts<any_sorted, std::vector<double>>);
    const any_sorted model = any_model();
    CHECK(model.parse(1, 2) == std::vector<double>{1, 2});
    CHECK_THROWS_WITH(model.parse(1, 2, 3), "the row has 3 values, expected 2");
}

TEST_CASE("check looks at a row of numbers as parse does", "[fitted_pipeline]") {
    const priced model = house_model();
    CHECK_NOTHROW(model.check(std::array{30.0, 2.0}));
    CHECK_NOTHROW(model.check(std::array{gap, gap}));
    CHECK_THROWS_WITH(model.check(std::array{30.0}), "the row has 1 values, expected 2");
    CHECK_THROWS_WITH(model.check(std::array{-infinity, 0.0}), "column 'area' is infinite");
    CHECK_THROWS_AS(model.check(std::array{30.0, 7.0}), tn::data_error);
    CHECK_THROWS_AS(model.check(std::array{30.0, -1.0}), tn::data_error);
    CHECK_THROWS_AS(flower_model().check(std::array{1.0, gap}), tn::data_error);
}

TEST_CASE("a classification answers with the class of the largest score", "[fitted_pipeline]") {
    const sorted model = flower_model();
    CHECK(model(std::array{2.0, 0.0}) == 0);
    CHECK(model(std::array{0.0, 3.0}) == 1);
    CHECK(model(std::array{0.0, 0.0}) == 2);
    CHECK(model(std::array{gap, 0.0}) == tn::no_class);
    CHECK(model.class_name(1) == "lily");
    CHECK_THROWS_WITH(model.class_name(tn::no_class),
                      ContainsSubstring("not one of the 3 classes of 'species'"));

    const auto p = model.probabilities(std::array{1.0, 1.0});
    for (double each : p) CHECK_THAT(each, WithinAbs(1.0 / 3, 1e-15));
    std::array<double, 3> z{};
    model.scores_into(std::array{2.0, -1.0}, z);
    CHECK(z == std::array<double, 3>{2, -1, 1});
    STATIC_REQUIRE(GivesProbabilities<sorted, std::array<double, 2>>);
    STATIC_REQUIRE(!GivesProbabilities<priced, std::array<double, 2>>);
}

TEST_CASE("run-time widths answer as static ones do", "[fitted_pipeline]") {
    const sorted model = flower_model();
    const any_sorted same = any_model();
    any_sorted::workspace room;
    for (const auto& x :
         {std::array{2.0, 0.0}, std::array{0.0, 3.0}, std::array{0.0, 0.0}, std::array{0.0, gap}}) {
        CHECK(same(x) == model(x));
        CHECK(same(x, room) == model(x));
        std::array<double, 3> p{};
        same.probabilities(x, p, room);
        const auto wanted = model.probabilities(x);
        for (std::size_t k = 0; k < 3; ++k)
            CHECK((p[k] == wanted[k] || (std::isnan(p[k]) && std::isnan(wanted[k]))));
    }
    std::array<double, 2> short_of_one{};
    CHECK_THROWS_WITH(same(std::array{1.0}), "the row has 1 values, expected 2");
    CHECK_THROWS_WITH(same.probabilities(std::array{1.0, 2.0}, short_of_one, room),
                      "the room for probabilities has 2 values, expected 3");
}

TEST_CASE("batches write into the caller's memory, any layout", "[fitted_pipeline]") {
    const std::array<double, 6> values{2, 0, 0, 0, 3, 0}; // column by column: rows (2, 0), (0, 3), (0, 0)
    const tn::matrix_view<const double> rows(values.data(), 3, 2, 1, 3);
    auto check = [&](const auto& model) {
        std::array<tn::class_index, 3> answers{};
        model.predict(rows, answers);
        CHECK(answers == std::array<tn::class_index, 3>{0, 1, 2});

        std::array<double, 9> p{};
        const tn::matrix_view<double> by_column(p.data(), 3, 3, 1, 3);
        model.probabilities(rows, by_column);
        const double most = std::exp(2.0) / (std::exp(2.0) + 1 + std::exp(1.0));
        CHECK_THAT(by_column(0, 0), WithinAbs(most, 1e-15));
        CHECK_THAT(p[0] + p[3] + p[6], WithinAbs(1.0, 1e-15));

        std::array<double, 6> features{};
        model.transform(rows, tn::matrix_view<double>(features.data(), 3, 2));
        CHECK(features == std::array<double, 6>{2, 0, 0, 3, 0, 0});
    };
    check(flower_model());
    check(any_model());
}

TEST_CASE("a batch of another size is refused", "[fitted_pipeline]") {
    const sorted model = flower_model();
    const std::array<double, 6> values{};
    const tn::matrix_view<const double> rows(values.data(), 3, 2), wide(values.data(), 2, 3);
    std::array<tn::class_index, 2> two{};
    std::array<tn::class_index, 3> three{};
    std::array<double, 9> room{};
    CHECK_THROWS_WITH(model.predict(rows, two), "the output has 2 values, expected 3");
    CHECK_THROWS_WITH(model.predict(wide, two), "a row has 3 values, expected 2");
    CHECK_THROWS_WITH(model.probabilities(rows, tn::matrix_view<double>(room.data(), 3, 2)),
                      "a row of the output has 2 values, expected 3");
    CHECK_THROWS_WITH(model.transform(rows, tn::matrix_view<double>(room.data(), 2, 2)),
                      "the output has 2 values, expected 3");
    CHECK_THROWS_AS(any_model().predict(wide, two), tn::data_error);
    CHECK_NOTHROW(model.predict(rows, three));
    CHECK_NOTHROW(model.predict(rows.middle_rows(0, 0), std::span<tn::class_index>()));
}

TEST_CASE("a fitted pipeline knows its stages, columns, bytes and record", "[fitted_pipeline]") {
    priced model = house_model();
    CHECK(model.stage<0>().fill[0] == 50);
    CHECK(model.model().coefficients()(3, 0) == 300);
    CHECK(model.feature_count() == 4);
    CHECK(model.output_count() == 1);
    CHECK(model.features().at(2).name == "kind=house");
    // Two fills, two level counts, what an unknown level gives, four coefficients and an intercept, the target's units.
    CHECK(model.bytes() == 2 * 8 + 2 * 4 + 1 + 5 * 8 + 2 * 8);
    CHECK(model.record().seed == 11);
    tn::training_record other = model.record();
    other.rows = 7;
    model.record() = other;
    CHECK(model.record().rows == 7);
    CHECK(flower_model().output_count() == 3);
    CHECK(any_model().output_count() == 3);
}
