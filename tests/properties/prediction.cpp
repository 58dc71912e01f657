// Prediction is const, safe from many threads, the same every time, without allocation, and says so where an input was
// missing.

#include "properties/allocations.hpp"
#include "support/catch.hpp"
#include "support/random_pipelines.hpp"

#include <cmath>
#include <tenon/compress.hpp>
#include <tenon/features/fourier.hpp>
#include <tenon/features/nystroem.hpp>
#include <tenon/features/polynomial.hpp>
#include <tenon/features/random_fourier_features.hpp>
#include <tenon/loss.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/logistic_regression.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/prepare.hpp>
#include <thread>

namespace tn = tenon;
using namespace tenon_test;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house", "barge">,
                          tn::numeric<"age">, tn::target<"price">> {};
struct flower : tn::schema<tn::numeric<"width">, tn::categorical<"colour", "red", "blue">,
                           tn::numeric<"height">, tn::label<"species", "aster", "lily", "rose">> {};
struct frame
    : tn::schema<tn::numeric<"a", float>, tn::numeric<"b", float>, tn::numeric<"c", float>, tn::target<"y">> {
};

const auto fills = tn::impute(tn::median) | tn::one_hot() | tn::standardize() | tn::polynomial<2>();
const auto keeps = tn::one_hot() | tn::standardize(); // nothing fills what is missing
const auto trainer = tn::minimize(tn::squared_error(), tn::adam(1e-3));
const auto classifier = tn::minimize(tn::cross_entropy(), tn::adam(1e-3));

/// A pipeline with random parameters, and the data behind its preprocessing.
template <class S, class Transforms, class Model>
struct built {
    using model = tn::fitted_t<decltype(std::declval<Transforms>() | std::declval<Model>()), S>;
    tn::dataset<S> data = random_dataset<S>(200, 3, S::info());
    model dense;
    built(const Transforms& transforms, const Model&) : dense(random_pipeline<model>(transforms, data, 5)) {}
};

template <class S, class Transforms, class Model>
auto build(const Transforms& transforms, const Model& model) {
    return built<S, Transforms, Model>(transforms, model);
}

template <class D, class P>
auto int8_of(const D& data, const P& dense) {
    return tn::compress(dense, data, tn::quantize<std::int8_t>());
}

/// A matrix column by column.
template <class T>
struct by_column {
    std::vector<T> values;
    tn::matrix_view<const T> view;
    explicit by_column(tn::matrix_view<const T> x)
        : values(x.rows() * x.columns()),
          view(values.data(), x.rows(), x.columns(), 1, static_cast<std::ptrdiff_t>(x.rows())) {
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < x.columns(); ++c) values[c * x.rows() + r] = x(r, c);
    }
};

/// One row with what is missing at `column`.
template <class D>
auto with_gap(const D& data, std::size_t column) {
    tn::sample<D::schema_type::width, typename D::scalar> x{};
    std::copy_n(data.row(0).begin(), x.size(), x.begin());
    x[column] = std::numeric_limits<typename D::scalar>::quiet_NaN();
    return x;
}

/// Whether a whole row has an answer, and one with a gap NaN, wherever that is.
template <class P, class D>
bool regression_tells_gaps(const P& model, const D& data) {
    bool tells = std::isfinite(model(data.row(0)));
    for (std::size_t c = 0; c < data.x().columns(); ++c) tells &= std::isnan(model(with_gap(data, c)));
    return tells;
}

/// Whether a whole row has a class, and one with a gap none and NaN for probabilities, wherever that is.
template <class P, class D>
bool classification_tells_gaps(const P& model, const D& data) {
    bool tells = model(data.row(0)) < model.output_count();
    for (std::size_t c = 0; c < data.x().columns(); ++c) {
        const auto x = with_gap(data, c);
        tells &= model(x) == tn::no_class;
        for (double p : model.probabilities(x)) tells &= std::isnan(p);
    }
    return tells;
}

/// Whether four threads with one model between them answer what one alone does.
template <class P, class D>
bool threads_agree(const P& model, const D& data) {
    using answer = typename P::answer;
    std::vector<answer> alone(data.size());
    model.predict(data.x(), alone);
    std::vector<std::vector<answer>> answers(4, std::vector<answer>(data.size()));
    std::vector<std::thread> threads;
    threads.reserve(answers.size());
    for (std::vector<answer>& mine : answers)
        threads.emplace_back([&] {
            for (int turn = 0; turn < 20; ++turn) {
                model.predict(data.x(), mine);
                if (mine != alone) return;
                for (std::size_t r = 0; r < data.size(); ++r) mine[r] = model(data.row(r));
                if (mine != alone) return;
            }
        });
    for (std::thread& t : threads) t.join();
    return std::all_of(answers.begin(), answers.end(), [&](const auto& mine) { return mine == alone; });
}

} // namespace

TEST_CASE("static pipelines predict without asking for memory", "[allocation]") {
    // Every way to an answer: one row, scores, batches of both layouts, features, probabilities.
    const auto check = [](const auto& model, const auto& data) {
        using P = std::remove_cvref_t<decltype(model)>;
        INFO(P::model_type::name << " " << sizeof(typename P::model_type));
        STATIC_REQUIRE(noexcept(model(data.row(0))));
        using answer = typename P::answer;
        std::vector<answer> answers(data.size()), again(data.size());
        tn::matrix<typename P::scalar> features(data.size(), model.feature_count());
        tn::matrix<typename P::score> probabilities(data.size(), model.output_count());
        const by_column<typename P::scalar> columns(data.x());
        std::array<typename P::score, P::outputs> scores{};
        const allocations asked = allocated_by([&] {
            for (std::size_t r = 0; r < data.size(); ++r) answers[r] = model(data.row(r));
            model.scores_into(data.row(0), scores);
            model.predict(data.x(), again);
            model.predict(columns.view, again);
            model.transform(data.x(), features.view());
            if constexpr (tn::is_classification<typename P::schema_type::kind>) {
                model.probabilities(data.x(), probabilities.view());
                scores = model.probabilities(data.row(1));
            }
        });
        CHECK(asked.count == 0);
        CHECK(answers == again);
        CHECK(std::any_of(answers.begin(), answers.end(), [&](answer a) { return a != answers[0]; }));
    };
    const auto line = build<house>(fills, tn::linear_regression());
    check(line.dense, line.data);

    const auto net = build<house>(fills, tn::mlp<32>(tn::relu) | trainer);
    check(net.dense, net.data);
    check(tn::compress(net.dense, net.data, tn::prune(tn::by_magnitude, 0.5)), net.data);
    check(int8_of(net.data, net.dense), net.data);

    const auto classes =
        build<flower>(fills, tn::mlp<512, 16>(tn::tanh) | classifier); // parameters on the heap
    check(classes.dense, classes.data);
    check(int8_of(classes.data, classes.dense), classes.data);

    const auto logistic = build<flower>(keeps, tn::logistic_regression());
    check(logistic.dense, logistic.data);
    check(int8_of(logistic.data, logistic.dense), logistic.data);

    const auto narrow = build<frame>(tn::standardize(), tn::mlp<8>(tn::tanh) | trainer);
    check(narrow.dense, narrow.data);
}

TEST_CASE("a fitted transformer transforms and inverts without asking for memory", "[allocation]") {
    const auto data = random_dataset<house>(100, 3, house::info());
    const auto fitted = (tn::impute(tn::mean) | tn::one_hot() | tn::standardize()).fit(data);
    std::array<double, 5> z{};
    std::array<double, 3> back{};
    const allocations asked = allocated_by([&] {
        fitted.transform(data.row(4), z);
        fitted.inverse(z, back);
    });
    CHECK(asked.count == 0);
    CHECK_THAT(back[0], WithinRel(data.row(4)[0], 1e-12));
}

TEST_CASE("pipelines of run-time widths ask for memory once", "[allocation]") {
    using S = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;
    const auto data = random_dataset<S>(60, 9, S::info(4, 3));
    using P =
        tn::fitted_t<decltype(tn::standardize() | tn::polynomial<2>() | tn::mlp<6>(tn::relu) | classifier),
                     S>;
    const P model = random_pipeline<P>(tn::standardize() | tn::polynomial<2>(), data, 5);
    P::workspace room;
    std::vector<double> p(3);
    const tn::class_index first = model(data.row(0), room);
    model.probabilities(data.row(0), p, room);
    tn::class_index again = tn::no_class;
    const allocations asked = allocated_by([&] {
        for (std::size_t r = 1; r < data.size(); ++r) model.probabilities(data.row(r), p, room);
        again = model(data.row(0), room);
    });
    CHECK(asked.count == 0);
    CHECK(again == first);
    CHECK(allocated_by([&] { again = model(data.row(0)); }).count > 0); // the count counts
}

TEST_CASE("what is missing makes the answer of a regression NaN", "[missing]") {
    const auto line = build<house>(keeps, tn::linear_regression());
    CHECK(regression_tells_gaps(line.dense, line.data));
    const auto relu = build<house>(keeps, tn::mlp<8, 8>(tn::relu) | trainer);
    CHECK(regression_tells_gaps(relu.dense, relu.data));
    CHECK(regression_tells_gaps(tn::compress(relu.dense, relu.data, tn::prune(tn::by_magnitude, 0.2)),
                                relu.data));
    const auto tanh = build<frame>(tn::standardize(), tn::mlp<8>(tn::tanh) | trainer);
    CHECK(regression_tells_gaps(tanh.dense, tanh.data));
}

TEST_CASE("what is missing leaves a classification without a class", "[missing]") {
    const auto logistic = build<flower>(keeps, tn::logistic_regression());
    CHECK(classification_tells_gaps(logistic.dense, logistic.data));
    const auto net = build<flower>(keeps, tn::mlp<8>(tn::relu) | classifier);
    CHECK(classification_tells_gaps(net.dense, net.data));
}

TEST_CASE("an impute stage answers what is missing as its fill", "[missing]") {
    const auto net = build<flower>(fills, tn::mlp<8>(tn::relu) | classifier);
    for (std::size_t c = 0; c < 3; ++c) {
        auto x = with_gap(net.data, c);
        const tn::class_index answer = net.dense(x);
        x[c] = net.dense.stage<0>().fill[c];
        CHECK(answer == net.dense(x));
        CHECK(answer != tn::no_class);
    }
}

TEST_CASE("texts, waves and kernels ask for no memory", "[allocation]") {
    const std::string text =
        "The lathe and the chisel: a text of the usual length, counted before every answer";
    tn::fitted_tf_idf<64, double> weigh;
    tn::fitted_fourier<64, 1, double> waves;
    tn::fitted_random_fourier_features<128, 16, double> cosines;
    tn::fitted_nystroem<16, 8, double> kernels;
    for (double& w : weigh.weight) w = 1;
    for (double& p : waves.period) p = 24;
    kernels.normalization[0] = 1;
    std::array<double, 64> counts{}, weights{};
    std::array<double, 128> wave{};
    std::array<double, 16> cosine{};
    std::array<double, 8> kernel{};
    const allocations asked = allocated_by([&] {
        tn::hashed_counts<64>(text, counts);
        weigh(counts, weights);
        waves(weights, wave);
        cosines(wave, cosine);
        kernels(cosine, kernel);
    });
    CHECK(asked.count == 0);
    CHECK(kernel[0] > 0);
}

TEST_CASE("what is missing is the quantized zero in int8", "[missing]") {
    const auto net = build<flower>(keeps, tn::mlp<8>(tn::relu) | classifier);
    const auto small = int8_of(net.data, net.dense);
    std::array<double, 4> features{};
    small.transform(net.data.row(2), features);
    for (std::size_t c = 0; c < features.size(); ++c) {
        auto gap = features, zero = features;
        gap[c] = std::numeric_limits<double>::quiet_NaN();
        zero[c] = 0;
        std::array<double, 3> with_gap{}, with_zero{};
        small.model()(gap, with_gap);
        small.model()(zero, with_zero);
        CHECK(with_gap == with_zero);
        CHECK(std::isfinite(with_gap[0]));
    }
}

TEST_CASE("threads share one fitted pipeline", "[threads]") {
    const auto net = build<house>(fills, tn::mlp<32>(tn::relu) | trainer);
    CHECK(threads_agree(net.dense, net.data));
    CHECK(threads_agree(int8_of(net.data, net.dense), net.data));
    const auto classes = build<flower>(keeps, tn::mlp<16>(tn::tanh) | classifier);
    CHECK(threads_agree(classes.dense, classes.data));
}
