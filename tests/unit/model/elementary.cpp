#include "support/catch.hpp"
#include "support/elementary_functions.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <tenon/core/random.hpp>
#include <tenon/model/exponential.hpp>
#include <tenon/model/hyperbolic_tangent.hpp>
#include <tenon/model/normal_distribution.hpp>
#include <type_traits>

// Every float is looked at in properties/every_float.cpp.

using tenon::exponential_function;
using tenon::hyperbolic_tangent;
using tenon::logistic_function;
using tenon_test::exponential;
using tenon_test::exponential_less_one;
using tenon_test::logistic;
using tenon_test::tangent;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

template <class T>
using bits_of = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

/// |got - exact| in units of the last place of exact.
template <class T>
double units(T got, long double exact) {
    using limits = std::numeric_limits<T>;
    const int lowest = limits::min_exponent - limits::digits;
    int exponent = lowest;
    if (exact != 0) std::frexp(exact, &exponent);
    exponent = std::max(exponent - limits::digits, lowest);
    return static_cast<double>(std::ldexp(std::abs(static_cast<long double>(got) - exact), -exponent));
}

/// f in T against the standard library in long double, at 300 000 random points, half of each sign, of sizes from `least`
/// to `most`, and at the neighbours of multiples of ln2 / 2 and of powers of 2, where formulas change.
template <class T, class F, class R>
double worst_units(F f, R reference, double least, double most) {
    tenon::philox random(1);
    double worst = 0;
    const auto look = [&](T v) {
        for (const T x : {v, -v})
            worst = std::max(worst, units(f(x), reference(static_cast<long double>(x))));
    };
    for (int i = 0; i < 150000; ++i)
        look(static_cast<T>(std::exp(random.uniform(std::log(least), std::log(most)))));
    for (int i = 0; i < 50000; ++i) look(static_cast<T>(random.uniform(0.25, 2)));
    const auto around = [&](double center) {
        T v = static_cast<T>(center);
        for (int k = 0; k < 10; ++k) v = std::nextafter(v, T{0});
        for (int k = 0; k < 20; ++k, v = std::nextafter(v, static_cast<T>(most)))
            if (v < most) look(v);
    };
    for (int n = 1; n * std::numbers::ln2 / 2 < most; ++n) around(n * std::numbers::ln2 / 2);
    for (double power = least; power < most; power *= 2) around(power);
    around(0.8);
    return worst;
}

/// F as it is compiled here, and with products and sums contracted.
template <class F, class T>
T plain(T v) {
    F::apply(v);
    return v;
}
#if defined(__x86_64__)
template <class F, class T>
[[gnu::target("avx2,fma")]] T fused(T v) {
    F::apply(v);
    return v;
}
#endif
template <class F, class T, class R>
double worst_of_both(R reference, double least, double most) {
    const double worst = worst_units<T>(plain<F, T>, reference, least, most);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return std::max(worst, worst_units<T>(fused<F, T>, reference, least, most));
#endif
    return worst;
}

} // namespace

TEMPLATE_TEST_CASE("tanh is within 2 units in the last place", "[model]", float, double) {
    const auto reference = [](long double v) { return std::tanh(v); };
    CHECK(worst_of_both<tangent, TestType>(reference, 1e-8, 22) <= 2);
}

TEMPLATE_TEST_CASE("the exponential is within 1.1 units in the last place", "[model]", float, double) {
    const double most = sizeof(TestType) == 4 ? 88.7 : 709.7;
    const auto reference = [](long double v) { return std::exp(v); };
    CHECK(worst_of_both<exponential, TestType>(reference, 1e-9, most) <= 1.1);
}

TEMPLATE_TEST_CASE("the logistic function is within 2 units in the last place", "[model]", float, double) {
    const double most = sizeof(TestType) == 4 ? 103 : 744;
    const auto reference = [](long double v) { return 1 / (1 + std::exp(-v)); };
    CHECK(worst_of_both<logistic, TestType>(reference, 1e-9, most) <= 2);
}

TEMPLATE_TEST_CASE("e^v - 1 below zero is within 3 units in the last place", "[model]", float, double) {
    const auto reference = [](long double v) { return v > 0 ? 0 : std::expm1(v); };
    CHECK(worst_of_both<exponential_less_one, TestType>(reference, 1e-9, 80) <= 3);
}

TEMPLATE_TEST_CASE("the normal distribution is right to 6 + v^2 roundings", "[model]", float, double) {
    using T = TestType;
    tenon::philox random(3);
    double worst = 0, worst_decay = 0;
    for (int i = 0; i < 100000; ++i) {
        const T v = static_cast<T>(random.uniform(-1, 1) * (sizeof(T) == 4 ? 12 : 36));
        T below{}, decay{};
        tenon::normal_distribution_of(v, below, decay);
        const long double x = static_cast<long double>(v), scale = std::numeric_limits<T>::epsilon() / 2;
        const long double share = std::erfc(-x / std::numbers::sqrt2_v<long double>) / 2;
        const long double exact = std::exp(-x * x / 2), room = (6 + x * x) * scale;
        worst = std::max(worst, static_cast<double>(std::abs(below - share) / (share * room)));
        worst_decay = std::max(worst_decay, static_cast<double>(std::abs(decay - exact) / (exact * room)));
    }
    CHECK(worst <= 1);
    CHECK(worst_decay <= 1);
}

TEMPLATE_TEST_CASE("tanh is odd, between -1 and 1, and keeps the sign of 0", "[model]", float, double) {
    CHECK(hyperbolic_tangent(TestType{0}) == 0);
    CHECK(std::signbit(hyperbolic_tangent(-TestType{0})));
    bool odd = true, bounded = true;
    for (int i = 1; i < 4000; ++i) {
        const TestType v = static_cast<TestType>(i) / 100;
        const TestType t = hyperbolic_tangent(v);
        bounded = bounded && t > 0 && t <= 1;
        odd = odd && hyperbolic_tangent(-v) == -t;
    }
    CHECK(bounded);
    CHECK(odd);
}

TEMPLATE_TEST_CASE("at their ends the functions are flat, and NaN comes through", "[model]", float, double) {
    using limits = std::numeric_limits<TestType>;
    for (const TestType far : {limits::infinity(), limits::max(), TestType(2000)}) {
        CHECK(hyperbolic_tangent(far) == 1);
        CHECK(hyperbolic_tangent(-far) == -1);
        CHECK(exponential_function(far) == limits::infinity());
        CHECK(exponential_function(-far) == 0);
        CHECK(logistic_function(far) == 1);
        CHECK(logistic_function(-far) == 0);
    }
    const TestType missing = limits::quiet_NaN(), least = limits::denorm_min();
    CHECK(std::isnan(hyperbolic_tangent(missing)));
    CHECK(std::isnan(exponential_function(missing)));
    CHECK(std::isnan(logistic_function(missing)));
    CHECK(hyperbolic_tangent(least) == least);
    CHECK(exponential_function(least) == 1);
    CHECK(logistic_function(least) == TestType(0.5));
    TestType below{}, decay{};
    tenon::normal_distribution_of(missing, below, decay);
    CHECK((std::isnan(below) && std::isnan(decay)));
}

TEST_CASE("a denormal exponential is rounded once", "[model]") {
    CHECK(exponential_function(-100.0F) == static_cast<float>(std::exp(-100.0L)));
    CHECK(exponential_function(-740.0) == static_cast<double>(std::exp(-740.0L)));
}

TEST_CASE("the functions can be computed by the compiler", "[model]") {
    constexpr double half = hyperbolic_tangent(0.5), e = exponential_function(1.0),
                     third = logistic_function(-1.0);
    constexpr float flat = hyperbolic_tangent(1e30F);
    STATIC_REQUIRE((half > 0.46211715726000 && half < 0.46211715726002));
    STATIC_REQUIRE((e > 2.7182818284589 && e < 2.7182818284591));
    STATIC_REQUIRE((third > 0.26894142136998 && third < 0.26894142137001));
    STATIC_REQUIRE(flat == 1);
}

namespace {

/// How many of many values come out of a vector of so many bytes with other bits than alone.
template <class T, std::size_t Bytes, class F>
int other_bits(F f) {
    typedef T vector __attribute__((vector_size(Bytes))); // NOLINT(modernize-use-using)
    constexpr std::size_t n = Bytes / sizeof(T);
    tenon::philox random(7);
    int count = 0;
    for (int i = 0; i < 3000; ++i) {
        vector v{};
        T alone[n];
        for (std::size_t k = 0; k < n; ++k) {
            v[k] = alone[k] = static_cast<T>(random.normal() * (i % 3 == 0 ? 0.1 : i % 3 == 1 ? 2 : 60));
            f(alone[k]);
        }
        f(v);
        for (std::size_t k = 0; k < n; ++k) {
            const T one = v[k];
            count += std::bit_cast<bits_of<T>>(one) == std::bit_cast<bits_of<T>>(alone[k]) ? 0 : 1;
        }
    }
    return count;
}

} // namespace

// Where products and sums may be contracted a compiler may contract them differently.
#if !defined(__FMA__) && (defined(__x86_64__) || defined(__i386__))
TEMPLATE_TEST_CASE("a vector's numbers have the bits of each alone", "[model]", float, double) {
    const auto each = [](auto f) {
        CHECK(other_bits<TestType, 16>(f) == 0);
        CHECK(other_bits<TestType, 32>(f) == 0);
        CHECK(other_bits<TestType, 64>(f) == 0);
    };
    each([](auto& v) __attribute__((always_inline)) { tangent::apply(v); });
    each([](auto& v) __attribute__((always_inline)) { logistic::apply(v); });
    each([](auto& v) __attribute__((always_inline)) {
        auto below = v, decay = v;
        tenon::normal_distribution_of(v, below, decay);
        v = below * decay; // through e^v too
    });
}
#endif
