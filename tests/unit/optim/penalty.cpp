#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <tenon/core/concepts.hpp>
#include <tenon/optim/penalty.hpp>
#include <type_traits>

using tenon_test::WithinAbs;
using tenon_test::WithinRel;

static_assert(tenon::Penalty<tenon::no_penalty>);
static_assert(tenon::Penalty<tenon::l2_penalty>);
static_assert(tenon::Penalty<tenon::l2_sp_penalty>);
static_assert(!tenon::l2_penalty::pulls_to_start && tenon::l2_sp_penalty::pulls_to_start);

namespace {

using values = std::array<double, 4>;
constexpr values w{1, -2, 0.5, 0}, start{1, 1, -0.5, 3}, gradient{0.1, 0.2, 0.3, 0.4};

template <class P>
double apply(const P& penalty, const values& at, values& g) {
    return penalty(std::span<const double>(at), std::span<const double>(start), std::span<double>(g));
}

} // namespace

TEST_CASE("no penalty costs nothing and leaves the gradient alone", "[optim]") {
    values g = gradient;
    CHECK(apply(tenon::no_penalty{}, w, g) == 0);
    CHECK(g == gradient);
}

TEST_CASE("l2 is half its strength times the squared norm, and adds its gradient", "[optim]") {
    values g = gradient;
    CHECK_THAT(apply(tenon::l2(0.5), w, g), WithinRel(0.25 * (1 + 4 + 0.25), 1e-15));
    for (std::size_t i = 0; i < 4; ++i) CHECK_THAT(g[i], WithinRel(gradient[i] + 0.5 * w[i], 1e-15));
}

TEST_CASE("l2_sp is l2 of the way from the start", "[optim]") {
    values g = gradient;
    CHECK_THAT(apply(tenon::l2_sp(2), w, g), WithinRel(0.0 + 9 + 1 + 9, 1e-15));
    for (std::size_t i = 0; i < 4; ++i)
        CHECK_THAT(g[i], WithinRel(gradient[i] + 2 * (w[i] - start[i]), 1e-15));
    values at_start = gradient;
    CHECK(apply(tenon::l2_sp(2), start, at_start) == 0);
    CHECK(at_start == gradient);
}

TEMPLATE_TEST_CASE("the gradient of a penalty is the slope of its value", "[optim]", tenon::l2_penalty,
                   tenon::l2_sp_penalty) {
    const TestType penalty{0.7};
    values g{}, ignored{};
    apply(penalty, w, g);
    for (std::size_t i = 0; i < 4; ++i) {
        const double h = 1e-5;
        values up = w, down = w;
        up[i] += h;
        down[i] -= h;
        CHECK_THAT(g[i],
                   WithinAbs((apply(penalty, up, ignored) - apply(penalty, down, ignored)) / (2 * h), 1e-9));
    }
}

TEST_CASE("penalties work in float", "[optim]") {
    const std::array<float, 2> v{3, 4}, from{0, 0};
    std::array<float, 2> g{};
    CHECK(tenon::l2(2)(std::span<const float>(v), std::span<const float>(from), std::span<float>(g)) == 25);
    CHECK(g == std::array<float, 2>{6, 8});
}
