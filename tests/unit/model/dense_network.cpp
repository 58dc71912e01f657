#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/random.hpp>
#include <tenon/model/dense_network.hpp>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

using small = tn::dense_network<tn::relu_activation, tn::real, double, double, 2, 3>;
using three_classes = tn::dense_network<tn::tanh_activation, tn::classes<3>, float, double, 4, 8, 5>;
using loose_classes =
    tn::dense_network<tn::tanh_activation, tn::classes<tn::dynamic>, float, double, tn::dynamic, 8, 5>;
using large = tn::dense_network<tn::relu_activation, tn::real, float, double, 50, 100>;

/// The models name themselves; for the concept a name is all that is missing.
template <class M>
struct called : M {
    static constexpr std::string_view name = "network";
    using M::M;
};
static_assert(tn::FittedModel<called<small>>);
static_assert(tn::FittedModel<called<three_classes>>);
static_assert(tn::FittedModel<called<loose_classes>>);

static_assert(small::parameter_count == 2 * 3 + 3 + 3 * 1 + 1);
static_assert(loose_classes::parameter_count == tn::dynamic);
static_assert(three_classes::is_static && !loose_classes::is_static);
// Beyond 16 KiB the parameters are on the heap.
static_assert(sizeof(small) < 512 && sizeof(large) < 512 && large::parameter_count * sizeof(float) > 16384);

template <class M>
void fill(M& m, std::uint64_t seed) {
    tn::philox random(seed);
    for (auto& p : m.parameters()) p = static_cast<typename M::scalar>(random.uniform(-1, 1));
}

double answer_of(const small& m, std::array<double, 2> x) {
    std::array<double, 1> z{};
    m(x, z);
    return z[0];
}

} // namespace

TEST_CASE("a network computes its layers in order", "[model]") {
    small m;
    // Layer 0: in × out weights, row i is what input i gives; then biases; then layer 1.
    const std::array<double, 13> p{1, -1, 0.5, 2, 1, -0.5, 0.25, 0, 1, 3, -2, 4, 10};
    std::copy(p.begin(), p.end(), m.parameters().begin());
    // x = (1, 2): hidden = (1+4+0.25, -1+2+0, 0.5-1+1) = (5.25, 1, 0.5), all positive; 15.75 - 2 + 2 + 10
    CHECK(answer_of(m, {1, 2}) == 25.75);
    // x = (-1, 0): hidden = (-0.75, 1, 0.5) → relu (0, 1, 0.5); 0 - 2 + 2 + 10
    CHECK(answer_of(m, {-1, 0}) == 10);
}

TEST_CASE("layers are seen with their parts of the parameter vector", "[model]") {
    three_classes m;
    CHECK(m.sizes() == three_classes::shape{4, 8, 5, 3});
    const auto first = m.layer(0), last = m.layer(2);
    CHECK(first.weights.data() == std::as_const(m).parameters().data());
    CHECK((first.inputs == 4 && first.outputs == 8 && first.activation == "tanh"));
    CHECK((last.inputs == 5 && last.outputs == 3 && last.activation == "identity"));
    CHECK(last.biases.data() + 3 == std::as_const(m).parameters().data() + three_classes::parameter_count);
}

TEST_CASE("static and dynamic widths give the same scores", "[model]") {
    three_classes fixed;
    loose_classes loose({4, 3});
    fill(fixed, 3);
    std::copy(fixed.parameters().begin(), fixed.parameters().end(), loose.parameters().begin());
    CHECK((loose.inputs() == 4 && loose.width_out() == 3));
    tn::philox random(8);
    for (int i = 0; i < 50; ++i) {
        std::array<float, 4> x{};
        for (float& v : x) v = static_cast<float>(random.normal());
        std::array<double, 3> a{}, b{};
        fixed(x, a);
        loose(std::span<const float>(x), std::span<double>(b));
        for (std::size_t k = 0; k < 3; ++k) CHECK_THAT(a[k], WithinAbs(b[k], 1e-5));
    }
}

TEST_CASE("a real answer is in the target's units", "[model]") {
    small m;
    fill(m, 4);
    const double before = answer_of(m, {0.5, -0.25});
    m.enter_target_units(1000, 50, true);
    CHECK_THAT(answer_of(m, {0.5, -0.25}), WithinRel(1000 + 50 * before, 1e-15));
    CHECK((m.output_shift() == 1000 && m.output_scale() == 50));
}

TEST_CASE("what is learned is carried over to other units of the target", "[model]") {
    small m;
    fill(m, 5);
    m.enter_target_units(1000, 50, true);
    const double before = answer_of(m, {0.5, -0.25});
    m.enter_target_units(-3, 7, false);
    CHECK_THAT(answer_of(m, {0.5, -0.25}), WithinRel(before, 1e-13));
    CHECK((m.output_shift() == -3 && m.output_scale() == 7));
}

TEST_CASE("a missing input gives NaN in every score that depends on it", "[model]") {
    three_classes m;
    fill(m, 6);
    std::array<double, 3> z{};
    m(std::array<float, 4>{0, std::numeric_limits<float>::quiet_NaN(), 0, 0}, z);
    for (double v : z) CHECK(std::isnan(v));
    small r;
    fill(r, 6);
    CHECK(std::isnan(answer_of(r, {std::numeric_limits<double>::quiet_NaN(), 1}))); // relu keeps it
}

TEST_CASE("a copy is a model of its own, inside and on the heap", "[model]") {
    large a;
    fill(a, 7);
    large b = a;
    b.parameters()[0] += 1;
    CHECK(a.parameters()[0] != b.parameters()[0]);
    CHECK(a.parameters()[1] == b.parameters()[1]);
}

TEST_CASE("the fields are what a file must hold", "[model]") {
    auto names = [](const auto& m) {
        std::string all;
        tn::visit_fields(m, [&](const char* name, const auto&) { all += std::string(name) + " "; });
        return all;
    };
    CHECK(names(small{}) == "parameters output_shift output_scale ");
    CHECK(names(three_classes{}) == "parameters ");
    CHECK(names(loose_classes({4, 3})) == "inputs outputs parameters ");
}

TEST_CASE("sizes and parameters that do not agree are noticed", "[model]") {
    loose_classes m({4, 3});
    CHECK(m.is_consistent());
    CHECK(small{}.is_consistent());
    tn::visit_fields(m, [](std::string_view name, auto& field) {
        if constexpr (std::is_same_v<std::remove_reference_t<decltype(field)>, std::size_t>)
            if (name == "inputs") field = 5;
    });
    CHECK(!m.is_consistent());
}
