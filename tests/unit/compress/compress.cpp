#include "support/catch.hpp"
#include "support/random_pipelines.hpp"

#include <cmath>
#include <tenon/compress.hpp>
#include <tenon/loss.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/prepare.hpp>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::random_dataset;
using tenon_test::random_pipeline;

namespace {

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};
struct town : tn::schema<tn::numeric<"area">, tn::categorical<"country">, tn::target<"rent">> {};

const auto prepared = tn::one_hot() | tn::standardize();
const auto net = tn::mlp<64, 16>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3));
using dense = tn::fitted_t<decltype(prepared | net), house>;
const auto pruning = tn::prune(tn::by_magnitude, 0.5);
const auto int8 = tn::quantize<std::int8_t>();

template <class P, class D, class C>
concept Compresses = requires(const P p, const D d, const C c) { tn::compress(p, d, c).bytes(); };

} // namespace

TEST_CASE("compress keeps the stages before the model and changes the model's type", "[compress]") {
    const auto data = random_dataset<house>(100, 3, house::info());
    const dense model = random_pipeline<dense>(prepared, data, 5);
    const auto small = tn::compress(model, data, pruning);
    STATIC_REQUIRE(std::is_same_v<std::remove_cv_t<decltype(small)>,
                                  tn::fitted_t<decltype(prepared | net | pruning), house>>);
    const auto smaller = tn::compress(model, data, pruning | int8);
    STATIC_REQUIRE(std::is_same_v<std::remove_cv_t<decltype(smaller)>,
                                  tn::fitted_t<decltype(prepared | net | pruning | int8), house>>);
    for (std::size_t c = 0; c < 3; ++c) CHECK(small.stage<1>().mean[c] == model.stage<1>().mean[c]);
    CHECK(small.record().schema == model.record().schema);
    CHECK(small.record().seed == model.record().seed);
    CHECK(small.record().fingerprint == model.record().fingerprint);
    CHECK(small.record().columns == model.record().columns);
    CHECK(small.record().prediction != model.record().prediction); // of its own answers
    CHECK(smaller.bytes() < model.bytes());
}

TEST_CASE("the model that is compressed stays as it was", "[compress]") {
    const auto data = random_dataset<house>(100, 3, house::info());
    const dense model = random_pipeline<dense>(prepared, data, 5);
    const double before = model(data.row(0));
    const auto small = tn::compress(model, data, tn::prune(tn::by_magnitude, 1.0));
    CHECK(model(data.row(0)) == before);
    CHECK(small(data.row(0)) == small(data.row(1))); // only biases are left
}

TEST_CASE("the record of what is compressed is as much as is asked for", "[compress]") {
    const auto data = random_dataset<house>(100, 3, house::info());
    const dense model = random_pipeline<dense>(prepared, data, 5);
    const auto small = tn::compress(model, data, pruning, {.profile = false, .fingerprint = false});
    CHECK(small.record().columns.empty());
    CHECK(small.record().fingerprint.empty());
    CHECK(small.record().rows == 100);
}

TEST_CASE("compress refuses data that the model does not know", "[compress]") {
    using town_model = tn::fitted_t<decltype(prepared | net), town>;
    tn::schema_info info = town::info();
    info.columns[1].levels = {"France", "Spain"};
    const auto data = random_dataset<town>(50, 3, info);
    const town_model model = random_pipeline<town_model>(prepared, data, 5);
    CHECK_NOTHROW(tn::compress(model, data, int8));
    info.columns[1].levels = {"France", "Italy"};
    CHECK_THROWS_WITH(tn::compress(model, random_dataset<town>(50, 3, info), int8),
                      "column 'country' has other levels than the model was fitted on");
    auto gaps = data;
    gaps.values()(2, 0) = NAN;
    CHECK_THROWS_WITH(tn::compress(model, gaps, pruning),
                      ContainsSubstring("column 'area', row 3 is missing"));
    CHECK_THROWS_AS(tn::compress(model, tn::select_rows(data, std::span<const std::size_t>()), pruning),
                    tn::data_error);
}

TEST_CASE("compress takes what is fitted, its data and compressors, and nothing else", "[compress]") {
    using data = tn::dataset<house>;
    using prunes = decltype(tn::prune(tn::by_magnitude, 0.5));
    using quantizes = decltype(tn::quantize<std::int8_t>());
    using quantized = tn::fitted_t<decltype(prepared | net | int8), house>;
    using transformer = tn::fitted_t<decltype(tn::one_hot() | tn::standardize()), house>;
    STATIC_REQUIRE(Compresses<dense, data, prunes>);
    STATIC_REQUIRE(Compresses<dense, data, quantizes>);
    STATIC_REQUIRE(!Compresses<quantized, data, prunes>);
    STATIC_REQUIRE(!Compresses<transformer, data, prunes>);
    STATIC_REQUIRE(!Compresses<decltype(prepared | net), data, prunes>);
    STATIC_REQUIRE(!Compresses<dense, tn::dataset<town>, prunes>);
    STATIC_REQUIRE(!Compresses<dense, int, prunes>);
    STATIC_REQUIRE(!Compresses<dense, data, decltype(tn::standardize())>);
    CHECK(tn::Predictor<quantized>);
}
