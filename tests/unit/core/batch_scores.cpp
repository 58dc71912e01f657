// Large networks take many rows at a time: the answers are those of the rows one by one.

#include "support/catch.hpp"

#include <cmath>
#include <tenon/data.hpp>
#include <tenon/loss.hpp>
#include <tenon/model.hpp>
#include <tenon/optim.hpp>
#include <tenon/prepare.hpp>
#include <tenon/train.hpp>
#include <vector>

namespace tn = tenon;

namespace {

using numbers = tn::columns<33>;
using pictures = tn::columns<70, tn::classes<3>, float>;

template <class S, class Target>
tn::dataset<S> some_rows(std::size_t rows, Target&& target) {
    tn::matrix<typename S::scalar> x(rows, S::width);
    std::vector<tn::target_value<typename S::kind>> y(rows);
    tn::philox random(rows);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < S::width; ++c) x(r, c) = static_cast<typename S::scalar>(random.normal());
        y[r] = target(x.row(r));
    }
    return {std::move(x), std::move(y)};
}

template <class T>
tn::matrix<T> by_columns(tn::matrix_view<const T> x) {
    tn::matrix<T> turned(x.columns(), x.rows());
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c) turned(c, r) = x(r, c);
    return turned;
}

constexpr tn::minimize_options briefly{.epochs = 2, .seed = 3, .show = tn::progress::off};

} // namespace

TEST_CASE("a batch of numbers is answered as its rows are, whatever its size and layout", "[network]") {
    const auto data = some_rows<numbers>(101, [](auto x) { return 3 * x[0] - x[1] * x[2] + 5; });
    const auto model = (tn::standardize() | tn::mlp<130, 41>(tn::tanh) |
                        tn::minimize(tn::squared_error(), tn::adam(1e-3), briefly))
                           .fit(data);
    STATIC_REQUIRE(tn::detail::PredictsBatches<typename decltype(model)::model_type>);
    for (const std::size_t rows : {1U, 7U, 8U, 33U, 101U}) {
        const auto x = data.x().middle_rows(0, rows);
        const auto turned = by_columns<double>(x);
        std::vector<double> answers(rows), again(rows);
        model.predict(x, answers);
        model.predict({turned.data(), rows, 33, 1, static_cast<std::ptrdiff_t>(rows)}, again);
        CHECK(answers == again);
        for (std::size_t r = 0; r < rows; ++r)
            CHECK_THAT(answers[r], Catch::Matchers::WithinAbs(model(data.row(r)), 2e-5));
    }
}

TEST_CASE("a batch of pictures is told apart as its rows are, through layers of every kind", "[network]") {
    const auto data = some_rows<pictures>(
        75, [](auto x) { return static_cast<tn::class_index>(x[0] > 0 ? (x[1] > 0 ? 2 : 1) : 0); });
    const auto model =
        (tn::network(tn::dense<72>, tn::layer_norm, tn::gelu, tn::dropout(0.1),
                     tn::residual(tn::dense<30>, tn::relu, tn::dense<72>), tn::batch_norm, tn::dense<3>) |
         tn::minimize(tn::cross_entropy(), tn::adam(1e-3), briefly))
            .fit(data);
    STATIC_REQUIRE(tn::detail::PredictsBatches<typename decltype(model)::model_type>);
    tn::matrix<float> probabilities(75, 3);
    std::vector<tn::class_index> classes(75);
    model.predict(data.x(), classes);
    model.probabilities(data.x(), probabilities.view());
    for (std::size_t r = 0; r < 75; ++r) {
        const auto alone = model.probabilities(data.row(r));
        CHECK(classes[r] == model(data.row(r)));
        for (std::size_t k = 0; k < 3; ++k)
            CHECK_THAT(probabilities(r, k), Catch::Matchers::WithinAbs(alone[k], 1e-6));
    }
}

TEST_CASE("small networks are asked row by row", "[network]") {
    const auto data = some_rows<numbers>(20, [](auto x) { return x[0]; });
    const auto model =
        (tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3), briefly)).fit(data);
    STATIC_REQUIRE(!tn::detail::PredictsBatches<typename decltype(model)::model_type>);
    std::vector<double> answers(20);
    model.predict(data.x(), answers);
    for (std::size_t r = 0; r < 20; ++r) CHECK(answers[r] == model(data.row(r)));
}
