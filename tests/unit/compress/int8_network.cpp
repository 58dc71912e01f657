#include "networks.hpp"

#include <array>
#include <limits>

using tenon::classes;
using tenon::dynamic;
using tenon::matrix;
using tenon::real;
using tenon::relu_activation;
using tenon::tanh_activation;
using tenon_test::field;
using tenon_test::linear;
using tenon_test::mlp;
using tenon_test::quantized;
using tenon_test::random_network;
using tenon_test::random_rows;
using tenon_test::scores_of;
using tenon_test::to_int8;

namespace {

static_assert(tenon::FittedModel<quantized<mlp<relu_activation, real, 2, 8>>>);
static_assert(tenon::FittedModel<quantized<mlp<tanh_activation, classes<dynamic>, dynamic, 8>>>);
static_assert(tenon::FittedModel<quantized<linear<real, dynamic>>>);
template <class M>
concept HasParameters = requires(M m) { m.parameters(); };
static_assert(HasParameters<mlp<relu_activation, real, 2, 8>>);
static_assert(!HasParameters<quantized<mlp<relu_activation, real, 2, 8>>>);
static_assert(quantized<linear<real, 3>>::is_quantized);
static_assert(sizeof(quantized<mlp<relu_activation, classes<10>, 784, 128>>) <
              20'000); // weights are on the heap

/// A model for so many features and scores.
template <std::size_t In, std::size_t Out, class M>
struct sized {
    using model = M;
    static constexpr tenon::model_shape shape{In, Out};
};

} // namespace

TEMPLATE_TEST_CASE("an int8 network computes by the rule and stays near its model", "",
                   (sized<1, 1, linear<real, 1>>), (sized<7, 3, linear<classes<3>, 7>>),
                   (sized<70, 300, linear<classes<dynamic>, dynamic>>),
                   (sized<5000, 1, linear<real, dynamic>>), (sized<2, 1, mlp<relu_activation, real, 2, 64>>),
                   (sized<100, 10, mlp<relu_activation, classes<10>, 100, 33>>),
                   (sized<9, 5, mlp<relu_activation, classes<5>, 9, 3, 300, 17>>),
                   (sized<16, 1, mlp<tanh_activation, real, 16, 32, 32>>),
                   (sized<4500, 2, mlp<tanh_activation, classes<2>, dynamic, 20>>),
                   (sized<3, 1, mlp<tenon::identity_activation, real, 3, 2>>)) {
    using M = typename TestType::model;
    constexpr tenon::model_shape shape = TestType::shape;
    tenon::philox random(shape.inputs);
    const M m = random_network<M>(random, shape);
    const matrix<float> x = random_rows(random, 40, shape.inputs);
    matrix<typename M::scalar> features(x.rows(), x.columns());
    for (std::size_t k = 0; k < x.rows() * x.columns(); ++k)
        features.data()[k] = static_cast<typename M::scalar>(x.data()[k]);
    const auto q = to_int8(m, features.view());
    CHECK(q.is_consistent());
    CHECK(q.inputs() == shape.inputs);
    CHECK(q.width_out() == shape.outputs);
    for (std::size_t r = 0; r < x.rows(); ++r)
        REQUIRE(scores_of(q, x.row(r)) == tenon_test::by_the_rule(q, x.row(r)));
    const matrix<float> others = random_rows(random, 40, shape.inputs); // some beyond the ranges
    for (std::size_t r = 0; r < x.rows(); ++r)
        REQUIRE(scores_of(q, others.row(r)) == tenon_test::by_the_rule(q, others.row(r)));
    CHECK(tenon_test::relative_error(m, q, x) < 0.05);
}

TEST_CASE("static and dynamic widths give the same bits") {
    using fixed = mlp<relu_activation, classes<4>, 6, 20, 10>;
    using open = mlp<relu_activation, classes<dynamic>, dynamic, 20, 10>;
    tenon::philox random(1);
    const fixed m = random_network<fixed>(random, {6, 4});
    open n(tenon::model_shape{6, 4});
    std::copy(m.parameters().begin(), m.parameters().end(), n.parameters().begin());
    const matrix<float> x = random_rows(random, 100, 6);
    const auto a = to_int8(m, x.view());
    const auto b = to_int8(n, x.view());
    CHECK(tenon_test::numbers_of(a) == tenon_test::numbers_of(b));
    for (std::size_t r = 0; r < x.rows(); ++r) REQUIRE(scores_of(a, x.row(r)) == scores_of(b, x.row(r)));
}

TEST_CASE("what is not a number is a quantized zero") {
    using M = mlp<relu_activation, classes<3>, 4, 16>;
    tenon::philox random(6);
    const M m = random_network<M>(random, {4, 3});
    const auto q = to_int8(m, random_rows(random, 100, 4).view());
    std::array<float, 4> x{0.5F, 0, -0.25F, 1};
    const auto with_zero = scores_of(q, x);
    x[1] = std::numeric_limits<float>::quiet_NaN();
    CHECK(scores_of(q, x) == with_zero);
    x[1] = std::numeric_limits<float>::infinity();
    const auto with_infinity = scores_of(q, x);
    x[1] = 1e30F;
    CHECK(scores_of(q, x) == with_infinity);
    CHECK(with_infinity != with_zero);
}

TEST_CASE("a network is named and counted") {
    using Q = quantized<mlp<tanh_activation, classes<3>, 4, 16, 8>>;
    CHECK(Q::name == "quantized");
    CHECK(Q::signature() == "16,8 tanh int8 single rounding");
    CHECK(quantized<linear<real, 4>>::signature() == "identity int8 single rounding");
    std::vector<std::string> names;
    Q q;
    Q::fields(q, [&](const char* name, const auto&) { names.emplace_back(name); });
    CHECK(names == std::vector<std::string>{"input_scale", "input_shifts", "input_zeros", "weights", "biases",
                                            "multipliers", "right_shifts", "zeros", "tables", "output_scales",
                                            "output_offsets"});
    CHECK(q.is_consistent());
    std::size_t bytes = 0;
    quantized<mlp<relu_activation, classes<10>, 784, 128>> large;
    for (const auto& [name, values] : tenon_test::numbers_of(large)) bytes += values.size();
    CHECK(bytes < 785 * 128 + 129 * 10 + 10'000); // of 407 080 in float
    quantized<mlp<relu_activation, classes<dynamic>, dynamic, 16>> open;
    names.clear();
    decltype(open)::fields(open, [&](const char* name, const auto&) { names.emplace_back(name); });
    CHECK(names.front() == "inputs");
    CHECK(names[1] == "outputs");
    CHECK(open.is_consistent());
}

TEST_CASE("damaged fields are found") {
    using Q = quantized<mlp<tanh_activation, real, dynamic, 6>>;
    tenon::philox random(7);
    const auto m = random_network<mlp<tanh_activation, real, dynamic, 6>>(random, {3, 1});
    const Q whole = to_int8(m, random_rows(random, 30, 3).view());
    REQUIRE(whole.is_consistent());
    const double infinite = std::numeric_limits<double>::infinity();

    for (const std::size_t inputs : {std::size_t{0}, std::size_t{2}, std::size_t{5}, std::size_t{65537},
                                     std::size_t{1} << 60, std::size_t(-1)}) {
        Q q = whole;
        field<std::size_t>(q, "inputs")[0] = inputs;
        CHECK_FALSE(q.is_consistent());
    }
    for (const double scale : {0.0, -1.0, 1e-200, 1e200, infinite, infinite - infinite}) {
        Q q = whole;
        field<double>(q, "input_scale")[0] = scale;
        CHECK_FALSE(q.is_consistent());
    }
    for (const std::int32_t zero : {INT32_MIN, INT32_MAX, tenon::farthest_zero + 1}) {
        Q q = whole;
        field<std::int32_t>(q, "input_zeros")[2] = zero;
        CHECK_FALSE(q.is_consistent());
    }
    for (const int shift : {0, 63, 64, 255}) {
        Q q = whole;
        field<std::uint8_t>(q, "right_shifts")[5] = static_cast<std::uint8_t>(shift);
        CHECK_FALSE(q.is_consistent());
    }
    for (const double scale : {1.0 / 3, infinite, 1e-300, infinite - infinite}) {
        Q q = whole;
        field<double>(q, "output_scales")[0] = scale;
        CHECK_FALSE(q.is_consistent());
    }
    {
        Q q = whole;
        field<std::int32_t>(q, "multipliers")[0] = -1;
        CHECK_FALSE(q.is_consistent());
        q = whole;
        field<double>(q, "output_offsets")[0] = infinite;
        CHECK_FALSE(q.is_consistent());
    }
    // Storages that a file made too short or too long.
    for (const std::string_view name : {"input_shifts", "input_zeros", "weights", "biases"})
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1000}}) {
            Q q = whole;
            Q::fields(q, [&](std::string_view is, auto& values) {
                if constexpr (requires { values.resize(size); })
                    if (is == name) values.resize(size);
            });
            INFO(name << " of " << size);
            CHECK_FALSE(q.is_consistent());
        }
}

TEST_CASE("any consistent fields can be predicted with") {
    using Q = quantized<mlp<tanh_activation, classes<3>, 5, 7, 20>>;
    tenon::philox random(8);
    for (int k = 0; k < 300; ++k) {
        Q q;
        Q::fields(q, [&](std::string_view, auto& values) {
            if constexpr (requires { values.size(); }) {
                auto* const bytes = reinterpret_cast<unsigned char*>(values.data());
                for (std::size_t b = 0; b < values.size() * sizeof(*values.data()); ++b)
                    bytes[b] = static_cast<unsigned char>(random.below(256));
            }
        });
        field<double>(q, "input_scale")[0] = std::pow(10, random.uniform() * 200 - 100);
        for (std::int32_t& zero : field<std::int32_t>(q, "input_zeros")) zero /= 4;
        for (std::int32_t& m : field<std::int32_t>(q, "multipliers")) m = m < 0 ? -(m + 1) : m;
        for (std::uint8_t& n : field<std::uint8_t>(q, "right_shifts"))
            n = static_cast<std::uint8_t>(1 + random.below(62));
        for (double& scale : field<double>(q, "output_scales"))
            scale = tenon::round_to_22_bits(random.normal());
        for (double& offset : field<double>(q, "output_offsets")) offset = random.normal() * 1e300;
        REQUIRE(q.is_consistent());
        for (const double size : {0.0, 1.0, 1e300}) {
            std::array<double, 5> x;
            for (double& v : x) v = random.normal() * size;
            for (const double score : scores_of(q, x)) REQUIRE(std::isfinite(score));
        }
    }
}
