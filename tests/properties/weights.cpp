// Sample weights: they follow their rows everywhere, an integer weight is a row that is repeated, a weight of 0 one that
// is not there, and nobody who cannot use them ignores them.

#include "support/catch.hpp"
#include "support/errors.hpp"
#include "unit/train/line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <tenon/core/random.hpp>
#include <tenon/data/concatenate.hpp>
#include <tenon/data/drop.hpp>
#include <tenon/data/fingerprint.hpp>
#include <tenon/data/split.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/least_squares.hpp>
#include <tenon/model/logistic_solver.hpp>
#include <tenon/optim/gradient_descent.hpp>
#include <tenon/train/fit_chunks.hpp>
#include <tenon/train/train_model.hpp>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::numeric<"age">, tn::numeric<"tax">, tn::target<"price">> {
};
struct flower : tn::schema<tn::numeric<"width">, tn::numeric<"height">, tn::label<"kind", "a", "b", "c">> {};

/// Rows with a weight of 0 to 3 each, the first of which is 0, and the same rows repeated so often.
template <class S>
struct weighted_rows {
    tn::dataset<S> weighted, repeated;
};
template <class S, class Target>
weighted_rows<S> random_rows(std::size_t n, std::uint64_t seed, Target target) {
    tn::philox random(seed);
    tn::matrix<double> x(n, S::width);
    std::vector<tn::target_value<typename S::kind>> y;
    std::vector<double> weights;
    std::vector<std::size_t> often;
    for (std::size_t r = 0; r < n; ++r) {
        for (double& v : x.row(r)) v = 50 + 10 * random.normal();
        y.push_back(target(x.row(r), random));
        weights.push_back(r == 0 ? 0.0 : static_cast<double>(random.below(4)));
        for (double w = 0; w < weights.back(); ++w) often.push_back(r);
    }
    const tn::dataset<S> rows(std::move(x), std::move(y));
    return {rows.with_weights(weights), tn::select_rows(rows, often)};
}
weighted_rows<house> random_houses(std::size_t n, std::uint64_t seed, bool is_collinear = false) {
    return random_rows<house>(n, seed, [&](std::span<double> x, tn::philox& random) {
        if (is_collinear) x[2] = 3 * x[0] + 1;
        return 20 + 3 * x[0] - 2 * x[1] + random.normal();
    });
}

/// For the one score of two classes.
tn::dataset<tn::columns<2, tn::classes<2>>> first_two_classes(const tn::dataset<flower>& data) {
    std::vector<double> values, weights;
    std::vector<tn::class_index> y;
    for (std::size_t r = 0; r < data.size(); ++r) {
        if (data.target(r) == 2) continue;
        values.insert(values.end(), data.row(r).begin(), data.row(r).end());
        y.push_back(data.target(r));
        weights.push_back(data.weights().size() == 0 ? 1.0 : data.weights()[r]);
    }
    tn::matrix<double> x(y.size(), 2);
    std::copy(values.begin(), values.end(), x.data());
    return tn::dataset<tn::columns<2, tn::classes<2>>>(std::move(x), std::move(y)).with_weights(weights);
}

/// The largest difference of two models' parameters, over the largest of them.
template <class A, class B>
double parameter_error(const A& a, const B& b) {
    return tenon_test::error_of_largest(a.model().parameters(), b.model().parameters());
}

/// A line whose gradient weighs rows.
struct fitted_weighing_line : tenon_test::fitted_line<3> {
    static constexpr std::string_view name = "weighing line";
    template <class L, class Y>
    double gradient(const L& loss, tn::matrix_view<const double> x, std::span<const Y> y, std::span<double> g,
                    scratch&, std::span<const double> weights = {}) const {
        double sum = 0;
        for (double& v : g) v = 0;
        for (std::size_t r = 0; r < x.rows(); ++r) {
            const double share = (weights.empty() ? 1 : weights[r]) / static_cast<double>(x.rows());
            double z = values[3], slope = 0;
            for (std::size_t i = 0; i < 3; ++i) z += values[i] * x(r, i);
            sum += loss(std::span<const double>(&z, 1), y[r], std::span(&slope, 1)) * share;
            if (g.empty()) continue;
            for (std::size_t i = 0; i < 3; ++i) g[i] += slope * x(r, i) * share;
            g[3] += slope * share;
        }
        return sum;
    }
    static constexpr bool keeps_target_units = false;
    void enter_target_units(double, double, bool) noexcept {}
    void leave_target_units(double shift, double scale) noexcept {
        for (double& v : parameters()) v *= scale;
        values[3] += shift;
    }
};
struct weighing_line_spec : tenon_test::line_spec {
    template <class In>
    using fitted = fitted_weighing_line;
};

auto minimized(int epochs) {
    return tn::minimize(tn::squared_error(), tn::gradient_descent(1e-5),
                        {.epochs = epochs, .batch_size = 100000, .show = tn::progress::off});
}

/// A dataset in chunks.
struct in_chunks {
    using schema_type = house;
    const tn::dataset<house>* data;
    std::size_t at = 0;
    void rewind() { at = 0; }
    std::optional<tn::dataset<house>> next(std::size_t most) {
        std::vector<std::size_t> rows;
        for (; at < data->size() && rows.size() < most; ++at) rows.push_back(at);
        if (rows.empty()) return std::nullopt;
        return tn::select_rows(*data, rows);
    }
};

} // namespace

TEST_CASE("integer weights are repeated rows to least squares", "[weights]") {
    for (const std::size_t n : {std::size_t{30}, std::size_t{5000}}) {
        const auto rows = random_houses(n, n);
        CHECK(parameter_error(tn::linear_regression().fit(rows.weighted),
                              tn::linear_regression().fit(rows.repeated)) <= 1e-9);
        CHECK(parameter_error(tn::ridge(7).fit(rows.weighted), tn::ridge(7).fit(rows.repeated)) <= 1e-9);
        const auto collinear = random_houses(n, n, true);
        CHECK(parameter_error(tn::linear_regression().fit(collinear.weighted),
                              tn::linear_regression().fit(collinear.repeated)) <= 1e-9);
    }
}

TEST_CASE("integer weights are repeated rows to logistic regression", "[weights]") {
    const auto rows = random_rows<flower>(200, 3, [](std::span<double> x, tn::philox& random) {
        const double z = x[0] - x[1] + 10 * random.normal();
        return static_cast<tn::class_index>(z < -5 ? 0 : z < 5 ? 1 : 2);
    });
    CHECK(parameter_error(tn::logistic_regression().fit(rows.weighted),
                          tn::logistic_regression().fit(rows.repeated)) <= 1e-7);
    CHECK(parameter_error(tn::logistic_regression().fit(first_two_classes(rows.weighted)),
                          tn::logistic_regression().fit(first_two_classes(rows.repeated))) <= 1e-7);
}

TEST_CASE("integer weights are repeated rows to minimize, whatever their mean", "[weights]") {
    const auto rows = random_houses(60, 5);
    const auto recipe = tn::pipeline{weighing_line_spec{}} | minimized(50);
    const auto repeated = recipe.fit(rows.repeated);
    CHECK(parameter_error(recipe.fit(rows.weighted), repeated) <= 1e-9);
    std::vector<double> halves;
    for (std::size_t r = 0; r < 60; ++r) halves.push_back(rows.weighted.weights()[r] / 2);
    CHECK(parameter_error(recipe.fit(tn::dataset<house>(rows.weighted).with_weights(halves)), repeated) <=
          1e-9);
}

TEST_CASE("the library's models weigh rows under minimize", "[weights]") {
    const auto rows = random_houses(60, 5);
    const auto recipe = tn::linear_regression() | minimized(50);
    CHECK(parameter_error(recipe.fit(rows.weighted), recipe.fit(rows.repeated)) <= 1e-9);
}

TEST_CASE("weights go through chunks", "[weights]") {
    const auto rows = random_houses(5000, 8);
    const auto whole = tn::ridge(1).fit(rows.weighted);
    const auto chunks = tn::fit_chunks(tn::ridge(1), in_chunks{&rows.weighted}, {.rows = 999});
    CHECK(std::ranges::equal(whole.model().parameters(), chunks.model().parameters()));
    CHECK(whole.record().fingerprint == chunks.record().fingerprint);
    CHECK(whole.record().fingerprint != tn::fingerprint(rows.repeated));
}

TEST_CASE("weights follow their rows", "[weights]") {
    tn::dataset<house> data(tn::matrix<double>(6, 3), {0, 1, 2, 3, 4, 5});
    CHECK(data.weights().size() == 0);
    const std::vector<double> weights{0, 10, 20, 30, 40, 50};
    const auto weighted = data.with_weights(weights);
    const auto follow = [](const auto& rows) {
        REQUIRE(rows.weights().size() == rows.size());
        for (std::size_t r = 0; r < rows.size(); ++r) CHECK(rows.weights()[r] == 10 * rows.target(r));
    };
    follow(weighted);
    const auto [train, test] = tn::split(weighted, 0.5, tn::seed{1});
    follow(train);
    follow(test);
    follow(tn::concatenate(test, train));
    follow(tn::drop<"age">(weighted));
    CHECK_THROWS_WITH(tn::concatenate(test, data), ContainsSubstring("some of the data have weights"));
    CHECK_THROWS_WITH(tn::concatenate(data, test), ContainsSubstring("some of the data have weights"));
    const tn::dataset_view<house> view(data.x(), data.y());
    CHECK(tn::fingerprint(view.with_weights(std::span<const double>(weights))) == tn::fingerprint(weighted));
    CHECK(tn::fingerprint(view) == tn::fingerprint(data));
    CHECK(tn::fingerprint(view) != tn::fingerprint(weighted));
}

TEST_CASE("weights that are none are one clear error", "[weights]") {
    const tn::dataset<house> data(tn::matrix<double>(3, 3), {1, 2, 3});
    const auto with = [&](std::vector<double> weights) { return data.with_weights(weights); };
    CHECK_THROWS_WITH(with({1, 2}), ContainsSubstring("the data have 3 rows but 2 weights"));
    CHECK_THROWS_WITH(with({1, -1, 1}), ContainsSubstring("the weight of row 2 is -1"));
    CHECK_THROWS_WITH(with({1, 1, std::numeric_limits<double>::infinity()}), ContainsSubstring("row 3"));
    CHECK_THROWS_WITH(with({std::numeric_limits<double>::quiet_NaN(), 1, 1}), ContainsSubstring("row 1"));
    CHECK_THROWS_WITH(with({0, 0, 0}), ContainsSubstring("the weights of all 3 rows are 0"));
    const std::vector<std::size_t> first{0, 0};
    CHECK_THROWS_WITH(tn::ridge(1).fit(tn::select_rows(with({0, 1, 1}), first)),
                      ContainsSubstring("fit: the weights of all rows are 0"));
}

TEST_CASE("a model that takes no weights refuses them", "[weights]") {
    const auto rows = random_houses(20, 2);
    const auto recipe = tenon_test::line() | minimized(1);
    CHECK_THROWS_WITH(recipe.fit(rows.weighted), ContainsSubstring("line takes no weights"));
    CHECK_NOTHROW(recipe.fit(rows.repeated));
}
