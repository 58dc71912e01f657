// Generated headers, compiled as a user would for a chip without a library, against the pipelines they were made of.

#include "support/catch.hpp"
#include "support/freestanding.hpp"
#include "support/random_pipelines.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <tenon/compress/prune.hpp>
#include <tenon/compress/quantize.hpp>
#include <tenon/deploy/header.hpp>
#include <tenon/features/polynomial.hpp>
#include <tenon/loss/cross_entropy.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/dense_magnitude.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/logistic_regression.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/model/ridge.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/prepare/clip.hpp>
#include <tenon/prepare/impute.hpp>
#include <tenon/prepare/log1p.hpp>
#include <tenon/prepare/max_abs.hpp>
#include <tenon/prepare/min_max.hpp>
#include <tenon/prepare/normalize.hpp>
#include <tenon/prepare/on.hpp>
#include <tenon/prepare/one_hot.hpp>
#include <tenon/prepare/quantile_transform.hpp>
#include <tenon/prepare/robust.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/prepare/yeo_johnson.hpp>
#include <tenon/train/minimize.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house", "old \"mill\"\n">,
                          tn::numeric<"age">, tn::target<"price">> {};
struct flower : tn::schema<tn::numeric<"width", float>, tn::numeric<"height", float>,
                           tn::label<"species", "aster", "lily", "rose">> {};
using sensors = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;

const auto adam = tn::minimize(tn::squared_error(), tn::adam(1e-3), {});
const auto adam_classes = tn::minimize(tn::cross_entropy(), tn::adam(1e-3), {});
const auto prepared = tn::impute(tn::median) | tn::one_hot() | tn::standardize();
const auto expanded = prepared | tn::polynomial<3>();
const auto by_column =
    tn::on<"age", "area">(tn::impute(tn::median) | tn::standardize() | tn::polynomial<2>()) |
    tn::on<"kind">(tn::impute(tn::most_frequent) | tn::one_hot());
const auto scaled = tn::standardize();
const auto int8 = tn::quantize_spec<std::int8_t>{};

template <class S, class Recipe>
using fitted = tn::fitted_t<std::remove_cvref_t<Recipe>, S>;

/// Rows to compare on: of the data, far outside of them, and with missing values.
template <class P>
tn::matrix<typename P::scalar> rows_for(const P& model, std::size_t rows) {
    using T = typename P::scalar;
    const tn::schema_info& schema = model.record().schema;
    tn::philox random(99);
    tn::matrix<T> x(rows, schema.columns.size());
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < x.columns(); ++c) {
            const auto& levels = schema.columns[c].levels;
            x(r, c) = levels.empty() ? static_cast<T>(10 + (r % 8 == 7 ? 300 : 3) * random.normal())
                                     : static_cast<T>(random.below(levels.size()));
            if (r % 16 == 15 && random.below(4) == 0) x(r, c) = std::numeric_limits<T>::quiet_NaN();
        }
    return x;
}

/// Whether two scores may stand for the same: every bit of int8, rounding errors of the last layer's sums in float.
template <class P>
bool agree(const P& model, std::span<const typename P::model_type::scalar> features,
           typename P::score expected, typename P::score got) {
    if (expected != expected || got != got) return expected != expected && got != got;
    if constexpr (requires { requires P::model_type::is_quantized; }) {
        return expected == got;
    } else {
        const double size =
            magnitude_of(model.model(), tn::row<P::model_type::in, typename P::model_type::scalar>(features));
        const double difference = static_cast<double>(expected) - static_cast<double>(got);
        // The inputs far outside of the data make some sums overflow in float.
        return std::abs(difference) <= 1e-5 * std::max(1.0, size) || !std::isfinite(size);
    }
}

/// Rows on which the header and the pipeline differ.
template <class P>
std::size_t differences(const P& model, const freestanding_library& built, const std::string& name,
                        const tn::matrix<typename P::scalar>& x) {
    using T = typename P::scalar;
    using M = typename P::model_type;
    const auto scores = built.find<void(const T*, typename P::score*)>(name + "_scores");
    const auto predict = built.find<void(const T*, typename P::answer*)>(name + "_predict");
    REQUIRE(scores != nullptr);
    REQUIRE(predict != nullptr);
    const auto features =
        tn::detail::features_of<typename M::scalar, std::tuple_size_v<typename P::fitted_stages> - 1>(
            model.stages(), x.view());
    std::vector<typename P::score> expected(model.output_count()), got(expected.size());
    std::size_t count = 0;
    for (std::size_t r = 0; r < x.rows(); ++r) {
        const auto seen = features.row(r);
        model.model()(tn::row<M::in, typename M::scalar>(seen.data(), seen.size()),
                      tn::row_out<M::outputs, typename P::score>(expected.data(), expected.size()));
        scores(x.row(r).data(), got.data());
        bool same = true;
        for (std::size_t k = 0; k < expected.size(); ++k) same &= agree(model, seen, expected[k], got[k]);
        // Its answer is what the library makes of these scores.
        typename P::answer answer{};
        predict(x.row(r).data(), &answer);
        if constexpr (tn::is_classification<typename P::schema_type::kind>)
            same &= answer == tn::detail::largest_of(std::span<const typename P::score>(got));
        else
            same &= answer == got[0] || (answer != answer && got[0] != got[0]);
        count += same ? 0 : 1;
    }
    return count;
}

/// Rows whose values lie half-way between two bytes of an int8 model without transforms, or are huge.
template <class P>
tn::matrix<double> ties_of(const P& model) {
    const tn::int8_inputs inputs = model.model().input_bytes();
    tn::matrix<double> x(600, model.model().inputs());
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c)
            x(r, c) = inputs.scale_of(c) * (static_cast<double>(r) - 300.5);
    for (std::size_t c = 0; c < x.columns(); ++c) {
        x(0, c) = 1e300, x(1, c) = -1e300;
        x(2, c) = std::numeric_limits<double>::infinity(), x(3, c) = -x(2, c);
        x(4, c) = std::numeric_limits<double>::quiet_NaN(), x(5, c) = -0.0;
    }
    return x;
}

template <class P>
std::string driver_of(const P& model, const temporary_folder& folder, const std::string& name) {
    tn::write_header(model, folder / (name + ".hpp"), name);
    const std::string space = name + "::";
    return "#include \"" + name + ".hpp\"\nextern \"C\" void " + name + "_scores(const " + space +
           "scalar* x, " + space + "score* z) { " + space + "scores(x, z); }\nextern \"C\" void " + name +
           "_predict(const " + space + "scalar* x, " + space + "answer* y) {\n    " + space + "scalar row[" +
           space + "columns];\n    for (std::size_t i = 0; i < " + space +
           "columns; ++i) row[i] = x[i];\n    *y = " + space + "predict(row);\n}\n";
}

} // namespace

TEST_CASE("generated headers answer as their pipelines, compiled without a library") {
    const auto houses = random_dataset<house>(300, 1, house::info(), true);
    const auto flowers = random_dataset<flower>(200, 2, flower::info());
    tn::schema_info open = sensors::info(6, 4);
    const auto readings = random_dataset<sensors>(200, 3, open);

    const auto relu = random_pipeline<fitted<house, decltype(expanded | tn::mlp<16>(tn::relu) | adam)>>(
        expanded, houses, 1);
    const auto tanh = random_pipeline<fitted<house, decltype(prepared | tn::mlp<12, 7>(tn::tanh) | adam)>>(
        prepared, houses, 2);
    const auto tanh_double =
        random_pipeline<fitted<flower, decltype(scaled | tn::mlp<double, 9>(tn::tanh) | adam_classes)>>(
            scaled, flowers, 3);
    const auto linear =
        random_pipeline<fitted<house, decltype(by_column | tn::linear_regression())>>(by_column, houses, 4);
    const auto ridge = random_pipeline<fitted<tn::columns<5>, decltype(tn::impute(tn::mean) | tn::ridge(1))>>(
        tn::impute(tn::mean), random_dataset<tn::columns<5>>(50, 8, tn::columns<5>::info()), 4);
    const auto logistic =
        random_pipeline<fitted<flower, decltype(scaled | tn::logistic_regression())>>(scaled, flowers, 5);
    const auto open_mlp =
        random_pipeline<fitted<sensors, decltype(scaled | tn::mlp<8, 20>(tn::relu) | adam_classes)>>(
            scaled, readings, 6);
    const auto half = tn::prune_spec(0.5);
    const auto pruned = compressed_pipeline<
        fitted<house, decltype(expanded | tn::mlp<16>(tn::relu) | adam | tn::prune(tn::by_magnitude, 0.5))>>(
        relu, half, houses);
    const auto relu_int8 = compressed_pipeline<
        fitted<house, decltype(expanded | tn::mlp<16>(tn::relu) | adam | tn::quantize<std::int8_t>())>>(
        relu, int8, houses);
    const auto tanh_int8 = compressed_pipeline<
        fitted<house, decltype(prepared | tn::mlp<12, 7>(tn::tanh) | adam | tn::quantize<std::int8_t>())>>(
        tanh, int8, houses);
    const auto logistic_int8 = compressed_pipeline<
        fitted<flower, decltype(scaled | tn::logistic_regression() | tn::quantize<std::int8_t>())>>(
        logistic, int8, flowers);
    const auto open_int8 =
        compressed_pipeline<fitted<sensors, decltype(scaled | tn::mlp<8, 20>(tn::relu) | adam_classes |
                                                     tn::quantize<std::int8_t>())>>(open_mlp, int8, readings);
    using raw_model = tn::fitted_ridge<5>;
    using raw_int8_model = tn::quantize_spec<std::int8_t>::result<raw_model>;
    const tn::fitted_pipeline<tn::columns<5>, raw_model> raw({ridge.model()}, ridge.record());
    const auto raw_int8 = compressed_pipeline<tn::fitted_pipeline<tn::columns<5>, raw_int8_model>>(
        raw, int8, random_dataset<tn::columns<5>>(50, 8, tn::columns<5>::info()));
    const auto transforms = expanded.fit(houses);

    const temporary_folder folder;
    std::string driver;
    auto each = [&](auto&& visit) {
        visit(relu, "relu"), visit(tanh, "tanh_float"), visit(tanh_double, "tanh_double");
        visit(linear, "linear"), visit(ridge, "ridge"), visit(logistic, "logistic");
        visit(open_mlp, "open_mlp"), visit(pruned, "pruned");
        visit(relu_int8, "relu_int8"), visit(tanh_int8, "tanh_int8"), visit(logistic_int8, "logistic_int8");
        visit(open_int8, "open_int8"), visit(raw_int8, "raw_int8");
    };
    each([&](const auto& model, const char* name) { driver += driver_of(model, folder, name); });
    tn::write_header(transforms, folder / "transforms.hpp", "shop::transforms");
    driver += "#include \"transforms.hpp\"\nextern \"C\" void transforms(const double* x, double* z) { "
              "shop::transforms::transform(x, z); }\n"
              "static_assert(shop::transforms::features == 55, \"\");\n"
              "extern \"C\" const char* level() { return linear::levels_of_column_1[2]; }\n"
              "extern \"C\" const char* species() { return logistic::class_names[1]; }\n"
              "static_assert(logistic::classes == 3 && logistic::columns == 2, \"\");\n";

    for (const std::string flags : {"-O0", "-O2", "-O3 -march=native"}) {
        const freestanding_library built(folder, driver, flags);
        INFO(flags);
        REQUIRE(built.output() == "");
        REQUIRE(built.is_open());
        std::set<std::string> needs = built.needs();
        needs.erase("memcpy"), needs.erase("memset");
        CHECK(needs == std::set<std::string>{});

        each([&](const auto& model, const char* name) {
            INFO(name);
            CHECK(differences(model, built, name, rows_for(model, 2000)) == 0);
        });
        CHECK(differences(raw_int8, built, "raw_int8", ties_of(raw_int8)) == 0);
        const auto transform = built.find<void(const double*, double*)>("transforms");
        const tn::matrix<double> x = rows_for(transforms, 200);
        std::size_t count = 0;
        for (std::size_t r = 0; r < x.rows(); ++r) {
            std::array<double, 55> expected, got;
            transforms.transform(tn::row<3>(x.row(r)), expected);
            transform(x.row(r).data(), got.data());
            for (std::size_t i = 0; i < 55; ++i)
                count += std::abs(expected[i] - got[i]) <= 1e-12 * std::abs(expected[i]) ? 0 : 1;
        }
        CHECK(count == 0);
        CHECK(std::string(built.find<const char*()>("level")()) == "old \"mill\"\n");
        CHECK(std::string(built.find<const char*()>("species")()) == "lily");
    }
}

namespace {

/// Values that the header makes of rows and the transforms do not.
template <class P>
std::size_t wrong_values(const P& fitted, const freestanding_library& built, const std::string& name) {
    using T = typename P::scalar;
    const auto transform = built.find<void(const T*, T*)>(name + "_of");
    REQUIRE(transform != nullptr);
    const tn::matrix<T> x = rows_for(fitted, 1000);
    std::array<T, P::width> expected, got;
    const double tolerance = sizeof(T) == 8 ? 1e-12 : 1e-5;
    std::size_t count = 0;
    for (std::size_t r = 0; r < x.rows(); ++r) {
        fitted.transform(tn::row<P::width, T>(x.row(r)), expected);
        transform(x.row(r).data(), got.data());
        for (std::size_t i = 0; i < P::width; ++i) {
            const auto a = static_cast<double>(expected[i]), b = static_cast<double>(got[i]);
            const bool both_missing = a != a && b != b;
            count += both_missing || std::abs(a - b) <= tolerance * std::max(1.0, std::abs(a)) ? 0 : 1;
        }
    }
    return count;
}

} // namespace

TEST_CASE("generated scalers and powers give what the stages give") {
    using five = tn::columns<5, tn::none>;
    using narrow = tn::columns<3, tn::none, float>;
    const auto doubles = random_dataset<five>(200, 11, five::info());
    const auto floats = random_dataset<narrow>(200, 12, narrow::info());
    const auto scales = (tn::min_max() | tn::robust() | tn::clip_iqr() | tn::normalize()).fit(doubles);
    const auto sizes = (tn::max_abs() | tn::clip_z() | tn::normalize(tn::row_norm::l1)).fit(floats);
    const auto powers = (tn::yeo_johnson() | tn::normalize(tn::row_norm::max)).fit(doubles);
    const auto logs = (tn::clip_quantiles() | tn::max_abs() | tn::log1p()).fit(doubles);
    const auto narrow_powers = (tn::max_abs() | tn::log1p() | tn::yeo_johnson()).fit(floats);
    const auto shares = tn::quantile_transform({.quantiles = 30}).fit(floats);
    const auto ranks = tn::quantile_transform({.output = tn::quantile_output::normal}).fit(doubles);

    const temporary_folder folder;
    std::string driver;
    auto each = [&](auto&& visit) {
        visit(scales, "scales"), visit(sizes, "sizes"), visit(powers, "powers"), visit(logs, "logs");
        visit(narrow_powers, "narrow_powers"), visit(shares, "shares"), visit(ranks, "ranks");
    };
    each([&](const auto& fitted, const std::string& name) {
        tn::write_header(fitted, folder / (name + ".hpp"), name);
        driver += "#include \"" + name + ".hpp\"\nextern \"C\" void " + name + "_of(const " + name +
                  "::scalar* x, " + name + "::scalar* z) { " + name + "::transform(x, z); }\n";
    });
    const freestanding_library built(folder, driver, "-O2");
    REQUIRE(built.output() == "");
    REQUIRE(built.is_open());
    std::set<std::string> needs = built.needs();
    needs.erase("memcpy"), needs.erase("memset");
    CHECK(needs == std::set<std::string>{});
    each([&](const auto& fitted, const std::string& name) {
        INFO(name);
        CHECK(wrong_values(fitted, built, name) == 0);
    });
}
