#include "networks.hpp"

#include <limits>
#include <tenon/compress/compress.hpp>
#include <tenon/compress/prune.hpp>
#include <tenon/loss.hpp>
#include <tenon/model.hpp>
#include <tenon/optim.hpp>
#include <tenon/train.hpp>

using tenon::classes;
using tenon::dynamic;
using tenon::matrix;
using tenon::real;
using tenon::relu_activation;
using tenon::tanh_activation;
using tenon_test::linear;
using tenon_test::mlp;
using tenon_test::numbers_of;
using tenon_test::quantized;
using tenon_test::random_network;
using tenon_test::random_rows;
using tenon_test::relative_error;
using tenon_test::scores_of;
using tenon_test::to_int8;

namespace {

static_assert(tenon::Quantizable<mlp<relu_activation, real, 2, 8>>);
static_assert(tenon::Quantizable<tenon::pruned<mlp<relu_activation, real, 2, 8>>>);
static_assert(tenon::Quantizable<linear<classes<3>, dynamic>>);
static_assert(!tenon::Quantizable<quantized<mlp<relu_activation, real, 2, 8>>>);
static_assert(!tenon::Quantizable<int>);
static_assert(std::is_same_v<tenon::quantize_spec<std::int8_t>::objection_to<int>,
                             tenon::because::this_Model_has_no_layers_to_quantize>);
static_assert(tenon::no_objection<tenon::quantize_spec<std::int8_t>::objection_to<linear<real, 3>>>);
static_assert(std::is_same_v<quantized<mlp<tanh_activation, classes<3>, 4, 16, 8>>,
                             tenon::int8_network<tanh_activation, classes<3>, double, 4, 16, 8>>);
static_assert(std::is_same_v<quantized<tenon::pruned<mlp<relu_activation, real, 2, 8>>>,
                             quantized<mlp<relu_activation, real, 2, 8>>>);
static_assert(tenon::Quantizer<tenon::quantize_spec<std::int8_t>>);
static_assert(tenon::CompressorFor<tenon::quantize_spec<std::int8_t>, mlp<relu_activation, real, 2, 8>>);

} // namespace

TEST_CASE("a pruned model is quantized as it is") {
    using M = mlp<relu_activation, real, 5, 24>;
    tenon::philox random(2);
    const M m = random_network<M>(random, {5, 1});
    const matrix<float> x = random_rows(random, 200, 5);
    const auto small = tenon::prune_spec(0.5)(m, x.view());
    const auto q = to_int8(small, x.view());
    CHECK(numbers_of(q) == numbers_of(to_int8(static_cast<const M&>(small), x.view())));
    for (std::size_t l = 0; l < 2; ++l) {
        const auto d = small.layer(l);
        const tenon::int8_layer layer = q.layer(l);
        for (std::size_t i = 0; i < d.inputs; ++i)
            for (std::size_t o = 0; o < d.outputs; ++o)
                if (d.weights[i * d.outputs + o] == 0) REQUIRE(layer.weights[layer.shape.index(i, o)] == 0);
    }
    CHECK(relative_error(small, q, x) < 0.05);
}

TEST_CASE("channels without weights") {
    using M = mlp<relu_activation, real, 3, 4>;
    M m;
    const matrix<float> x = [] {
        tenon::philox random(3);
        return random_rows(random, 50, 3);
    }();

    SECTION("all parameters zero: the answer is zero") {
        const auto q = to_int8(m, x.view());
        CHECK(q.is_consistent());
        CHECK(scores_of(q, x.row(0)) == std::vector<double>{0});
    }
    SECTION("only biases: they come through, with a factor of 1") {
        for (float& b : m.parameters().subspan(12, 4)) b = 0.75F;
        m.parameters()[16] = 2; // one weight of the last layer
        m.parameters()[20] = 0.5F;
        const auto q = to_int8(m, x.view());
        CHECK(q.is_consistent());
        const tenon::int8_layer hidden = q.layer(0);
        CHECK(hidden.rescaling.multipliers[0] == 1 << 30);
        CHECK(hidden.rescaling.right_shifts[0] == 30);
        CHECK_THAT(scores_of(q, x.row(0))[0], tenon_test::WithinRel(2.0, 1e-6));
    }
    SECTION("tiny weights beside a large bias leave the bias whole") {
        for (float& w : m.parameters().first(12)) w = 1e-15F;
        for (float& b : m.parameters().subspan(12, 4)) b = 0.75F;
        m.parameters()[16] = 2;
        const auto q = to_int8(m, x.view());
        CHECK(q.is_consistent());
        CHECK_THAT(scores_of(q, x.row(0))[0], tenon_test::WithinRel(1.5, 0.01));
    }
}

TEST_CASE("a tanh far out in its flat ends keeps its steep middle") {
    using M = mlp<tanh_activation, real, 16, 32, 32>;
    tenon::philox random(16);
    M m = random_network<M>(random, {16, 1});
    for (float& w : m.parameters().first(16 * 32)) w *= 50;
    const matrix<float> x = random_rows(random, 500, 16);
    CHECK(relative_error(m, to_int8(m, x.view()), x) < 0.06); // 0.077 with bytes spread over the whole range
}

TEST_CASE("the units of a real target are folded into the last layer") {
    using M = mlp<tanh_activation, real, 4, 16>;
    tenon::philox random(4);
    M m = random_network<M>(random, {4, 1});
    const matrix<float> x = random_rows(random, 200, 4);
    const auto plain = to_int8(m, x.view());
    for (const double scale : {1e5, -3.0, 1e-7}) {
        m.enter_target_units(7, scale, true);
        const auto q = to_int8(m, x.view());
        CHECK(q.is_consistent());
        for (std::size_t r = 0; r < x.rows(); ++r)
            REQUIRE_THAT(
                scores_of(q, x.row(r))[0] - 7,
                tenon_test::WithinAbs(scale * scores_of(plain, x.row(r))[0], 1e-5 * std::abs(scale)));
    }
}

TEST_CASE("features need not be scaled alike") {
    using M = linear<real, 4>;
    M m;
    const double centers[] = {0, 2000, -1e-6, 3e9}, spreads[] = {1, 15, 1e-7, 1e8};
    matrix<double> x(300, 4);
    tenon::philox random(5);
    for (std::size_t r = 0; r < 300; ++r)
        for (std::size_t c = 0; c < 4; ++c) x(r, c) = centers[c] + spreads[c] * random.normal();
    double mean = 0;
    for (std::size_t c = 0; c < 4; ++c) {
        m.parameters()[c] = 1 / spreads[c];
        mean += centers[c] / spreads[c];
    }
    m.parameters()[4] = -mean;
    const auto q = to_int8(m, x.view());
    CHECK(q.is_consistent());
    double error = 0;
    for (std::size_t r = 0; r < 300; ++r) {
        const double miss = scores_of(m, x.row(r))[0] - scores_of(q, x.row(r))[0];
        error += miss * miss / 300;
    }
    CHECK(std::sqrt(error) < 0.04); // the scores' deviation is 2

    SECTION("a constant is seen too") {
        for (std::size_t r = 0; r < 300; ++r) x(r, 1) = 2000;
        const auto flat = to_int8(m, x.view());
        CHECK(flat.is_consistent());
        CHECK_THAT(scores_of(flat, x.row(0))[0],
                   tenon_test::WithinAbs(scores_of(m, x.row(0))[0], 0.1 * 2000 / 15));
    }
}

TEST_CASE("features at the ends of the numbers") {
    using M = linear<real, 2>;
    for (const double size : {0.0, 5e-324, 1e-300, 1e-120, 1e120, 1e300}) {
        INFO(size);
        M m;
        m.parameters()[0] = 1;
        m.parameters()[1] = -2;
        matrix<double> x(2, 2);
        x(0, 0) = size;
        x(1, 1) = -size;
        const auto q = to_int8(m, x.view());
        CHECK(q.is_consistent());
        CHECK(std::isfinite(scores_of(q, x.row(0))[0]));
    }
}

TEST_CASE("what cannot be quantized is refused") {
    using M = linear<real, dynamic>;
    M m(tenon::model_shape{2, 1});
    const matrix<double> x(3, 2);
    const double infinite = std::numeric_limits<double>::infinity();
    for (const double p : {infinite, -infinite, infinite - infinite}) {
        m.parameters()[1] = p;
        CHECK_THROWS_AS(to_int8(m, x.view()), tenon::fit_error);
    }
    m.parameters()[1] = 1e300;
    CHECK_THROWS_AS(to_int8(m, x.view()), tenon::fit_error);

    using deep = tenon::fitted_mlp<relu_activation, real, double, double, 2, 3>;
    deep d;
    d.parameters()[0] = 1e300;
    CHECK_THROWS_AS(to_int8(d, x.view()), tenon::fit_error);
    d.parameters()[0] = 1e100;
    CHECK(to_int8(d, x.view()).is_consistent());

    const M wide(tenon::model_shape{65537, 1});
    CHECK_THROWS_WITH(to_int8(wide, matrix<double>(1, 65537).view()),
                      tenon_test::ContainsSubstring("at most 65536 inputs"));
}

TEST_CASE("the widest layer does not overflow") {
    using M = linear<real, dynamic>;
    M m(tenon::model_shape{65536, 1});
    matrix<double> x(2, 65536);
    for (double& w : m.parameters().first(65536)) w = 1;
    for (std::size_t i = 0; i < 65536; ++i) x(0, i) = 1, x(1, i) = -1;
    const auto q = to_int8(m, x.view());
    CHECK_THAT(scores_of(q, x.row(0))[0], tenon_test::WithinRel(65536.0, 0.01));
    CHECK_THAT(scores_of(q, x.row(1))[0], tenon_test::WithinRel(-65536.0, 0.01));
}

namespace {

/// Two columns in, a curved surface or three bands of it out.
template <class Kind>
auto curved_data(std::size_t rows, std::uint64_t seed) {
    tenon::philox random(seed);
    matrix<double> x(rows, 2);
    std::vector<tenon::target_value<Kind>> y(rows);
    for (std::size_t r = 0; r < rows; ++r) {
        x(r, 0) = random.normal();
        x(r, 1) = 2 * random.uniform() - 1;
        const double v = std::sin(2 * x(r, 0)) + x(r, 1) * x(r, 1);
        if constexpr (std::is_same_v<Kind, real>)
            y[r] = 1000 * v + 50;
        else
            y[r] = v < 0 ? 0 : v < 0.8 ? 1 : 2;
    }
    return tenon::dataset<tenon::columns<2, Kind>>(std::move(x), std::move(y));
}

} // namespace

TEMPLATE_TEST_CASE("a trained regression loses little", "", relu_activation, tanh_activation) {
    const auto train = curved_data<real>(400, 11), test = curved_data<real>(400, 12);
    const auto recipe =
        tenon::mlp<32>(TestType{}) |
        tenon::minimize(tenon::squared_error(), tenon::adam(1e-2), {.epochs = 150, .seed = 3});
    const auto dense = recipe.fit(train);
    const auto small = (recipe | tenon::quantize<std::int8_t>()).fit(train);
    static_assert(noexcept(small(test.row(0))));
    double dense_error = 0, small_error = 0, spread = 0, mean = 0;
    for (std::size_t r = 0; r < 400; ++r) mean += test.target(r) / 400;
    for (std::size_t r = 0; r < 400; ++r) {
        dense_error += std::pow(dense(test.row(r)) - test.target(r), 2);
        small_error += std::pow(small(test.row(r)) - test.target(r), 2);
        spread += std::pow(test.target(r) - mean, 2);
    }
    CHECK(dense_error / spread < 0.05);
    CHECK((small_error - dense_error) / spread < 0.005); // of R²
    CHECK(small.model().is_consistent());
    CHECK(numbers_of(small.model()) ==
          numbers_of(tenon::compress(dense, train, tenon::quantize<std::int8_t>()).model()));
}

TEST_CASE("a trained classifier keeps its classes") {
    const auto train = curved_data<classes<3>>(600, 13), test = curved_data<classes<3>>(1000, 14);
    const auto recipe =
        tenon::mlp<32>(tenon::relu) |
        tenon::minimize(tenon::cross_entropy(), tenon::adam(1e-2), {.epochs = 100, .seed = 3});
    const auto dense = recipe.fit(train);
    const auto small = (recipe | tenon::quantize<std::int8_t>()).fit(train);
    int dense_hits = 0, small_hits = 0;
    for (std::size_t r = 0; r < 1000; ++r) {
        dense_hits += dense(test.row(r)) == test.target(r);
        small_hits += small(test.row(r)) == test.target(r);
    }
    CHECK(dense_hits > 900);
    CHECK(std::abs(dense_hits - small_hits) <= 10);
}
