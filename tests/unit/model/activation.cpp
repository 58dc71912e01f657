#include "support/catch.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tenon/model/activation.hpp>
#include <type_traits>

using tenon_test::WithinAbs;

static_assert(tenon::Activation<tenon::relu_activation>);
static_assert(tenon::Activation<tenon::tanh_activation>);
static_assert(tenon::Activation<tenon::identity_activation>);
static_assert(!tenon::Activation<int>);

static_assert(tenon::relu.apply(-3.0) == 0 && tenon::relu.apply(2.5F) == 2.5F && tenon::relu.apply(0.0) == 0);
static_assert(tenon::relu.slope(0.0) == 0 && tenon::relu.slope(7.0) == 1);
static_assert(tenon::identity.apply(-3.0) == -3 && tenon::identity.slope(-3.0) == 1);
static_assert(tenon::relu.name == "relu" && tenon::tanh.name == "tanh" && tenon::identity.name == "identity");

TEST_CASE("NaN passes through every activation", "[model]") {
    const float missing = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::isnan(tenon::relu.apply(missing)));
    CHECK(std::isnan(tenon::tanh.apply(missing)));
    CHECK(std::isnan(tenon::sigmoid.apply(missing)));
    CHECK(std::isnan(tenon::identity.apply(missing)));
}

TEMPLATE_TEST_CASE("a vector of values is activated as each by itself, to the bit", "[model]", float,
                   double) {
    using T = TestType;
    using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    typedef T vector __attribute__((vector_size(16))); // NOLINT(modernize-use-using)
    constexpr std::size_t n = 16 / sizeof(T);
    const T missing = std::numeric_limits<T>::quiet_NaN(), infinite = std::numeric_limits<T>::infinity();
    const T all[] = {T(0),  T(-0.0), T(1.5),   T(-1.5),   T(1e-30), T(-1e-30),
                     T(30), T(-30),  infinite, -infinite, T(0.123), missing};
    auto check = [&]<class A>(A) {
        for (std::size_t first = 0; first < std::size(all); first += n) {
            vector v, slopes;
            for (std::size_t i = 0; i < n; ++i) v[i] = all[first + i];
            tenon::detail::activate<A, T, n>(v);
            slopes = v;
            A::slope_to(slopes);
            for (std::size_t i = 0; i < n; ++i) {
                const T value = A::apply(all[first + i]), each = v[i], slope = slopes[i];
                CHECK((std::isnan(value) ? std::isnan(each)
                                         : std::bit_cast<bits>(value) == std::bit_cast<bits>(each)));
                CHECK((A::slope(value) == slope || (std::isnan(value) && std::isnan(slope))));
            }
        }
    };
    check(tenon::relu);
    check(tenon::tanh);
    check(tenon::sigmoid);
}

TEST_CASE("the slope, a function of the output, is the slope of the function", "[model]") {
    const double h = 1e-6;
    for (double v : {-3.0, -0.7, -0.01, 0.02, 0.5, 4.0}) {
        auto check = [&](auto activation) {
            const double slope = (activation.apply(v + h) - activation.apply(v - h)) / (2 * h);
            CHECK_THAT(activation.slope(activation.apply(v)), WithinAbs(slope, 1e-9));
        };
        check(tenon::relu);
        check(tenon::tanh);
        check(tenon::sigmoid);
        check(tenon::identity);
    }
}

TEST_CASE("tanh is that of the standard library within its accuracy", "[model]") {
    for (double v : {-5.0, -0.3, 0.0, 1e-7, 0.9, 12.0})
        CHECK_THAT(tenon::tanh.apply(v), WithinAbs(std::tanh(v), 1e-15));
}
