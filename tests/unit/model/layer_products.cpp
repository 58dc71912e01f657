#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <tenon/core/random.hpp>
#include <tenon/core/threads.hpp>
#include <tenon/model/layer_products.hpp>
#include <vector>

namespace tn = tenon;

namespace {

template <class T>
std::vector<T> numbers(std::size_t n, tn::philox& random) {
    std::vector<T> values(n);
    for (T& v : values) v = static_cast<T>(random.uniform(-1, 1));
    return values;
}

/// A layer with a batch of inputs and of gradients behind it, and what its products should be.
template <class T>
struct layer {
    std::size_t rows, inputs, outputs;
    std::vector<T> x, weights, biases, delta;
    tn::product_room<T> room;

    layer(std::size_t m, std::size_t k, std::size_t n, std::uint64_t seed = 1)
        : rows(m), inputs(k), outputs(n) {
        tn::philox random(seed, m * 10007 + k * 101 + n);
        x = numbers<T>(m * k, random);
        weights = numbers<T>(k * n, random);
        biases = numbers<T>(n, random);
        delta = numbers<T>(m * n, random);
    }

    // With one number behind the end, which none of them may touch.
    std::vector<T> forward() {
        std::vector<T> z(rows * outputs + 1, T(7));
        tn::layer_forward(x.data(), rows, inputs, weights.data(), biases.data(), outputs, z.data(), room);
        return z;
    }
    std::vector<T> backward() {
        std::vector<T> g((inputs + 1) * outputs + 1, T(7));
        tn::layer_backward(x.data(), delta.data(), rows, inputs, outputs, g.data(), room);
        return g;
    }
    std::vector<T> pass_back() {
        std::vector<T> back(rows * inputs + 1, T(7));
        tn::layer_pass_back(delta.data(), rows, inputs, weights.data(), outputs, back.data(), room);
        return back;
    }
};

/// Whether value is start + Σ term(i), i < count, up to rounding: each partial sum is off by half a unit at most.
template <class T, class Term>
bool is_sum(T value, T start, std::size_t count, Term&& term) {
    long double sum = start, size = std::abs(start);
    for (std::size_t i = 0; i < count; ++i) {
        const long double one = term(i);
        sum += one;
        size += std::abs(one);
    }
    const long double unit = std::numeric_limits<T>::epsilon() / 2;
    return std::abs(static_cast<long double>(value) - sum) <=
           static_cast<long double>(count + 2) * unit * size;
}

template <class T>
bool forward_is_right(layer<T> l) {
    const auto z = l.forward();
    for (std::size_t r = 0; r < l.rows; ++r)
        for (std::size_t o = 0; o < l.outputs; ++o)
            if (!is_sum(z[r * l.outputs + o], l.biases[o], l.inputs, [&](std::size_t i) {
                    return static_cast<long double>(l.x[r * l.inputs + i]) *
                           static_cast<long double>(l.weights[i * l.outputs + o]);
                }))
                return false;
    return z.back() == T(7);
}

template <class T>
bool backward_is_right(layer<T> l) {
    const auto g = l.backward();
    for (std::size_t i = 0; i <= l.inputs; ++i) // the last row: biases
        for (std::size_t o = 0; o < l.outputs; ++o)
            if (!is_sum(g[i * l.outputs + o], T(0), l.rows, [&](std::size_t r) {
                    const long double left = i < l.inputs ? l.x[r * l.inputs + i] : T(1);
                    return left * static_cast<long double>(l.delta[r * l.outputs + o]);
                }))
                return false;
    return g.back() == T(7);
}

template <class T>
bool pass_back_is_right(layer<T> l) {
    const auto back = l.pass_back();
    for (std::size_t r = 0; r < l.rows; ++r)
        for (std::size_t i = 0; i < l.inputs; ++i)
            if (!is_sum(back[r * l.inputs + i], T(0), l.outputs, [&](std::size_t o) {
                    return static_cast<long double>(l.delta[r * l.outputs + o]) *
                           static_cast<long double>(l.weights[i * l.outputs + o]);
                }))
                return false;
    return back.back() == T(7);
}

/// The names of those products that are wrong.
template <class T>
std::string wrong_products(const layer<T>& l) {
    return std::string(forward_is_right(l) ? "" : "forward ") + (backward_is_right(l) ? "" : "backward ") +
           (pass_back_is_right(l) ? "" : "pass_back ");
}

} // namespace

// Tiles are four rows of one, two or four registers of columns; registers hold 2 to 16 values.
TEMPLATE_TEST_CASE("the products of a layer are sums of products, up to rounding", "[model]", float, double) {
    for (std::size_t n = 1; n <= 70; ++n) {
        CAPTURE(n);
        CHECK(wrong_products(layer<TestType>(5, 3, n)) == "");
        CHECK(wrong_products(layer<TestType>(3, n, 5)) == "");
        CHECK(wrong_products(layer<TestType>(n, 4, 3)) == "");
        CHECK(wrong_products(layer<TestType>(n, 7, 17)) == "");
        CHECK(wrong_products(layer<TestType>(2, n, n)) == "");
    }
    for (unsigned m : {1u, 2u, 13u, 32u})
        for (unsigned k : {1u, 2u, 11u, 16u, 37u, 64u})
            for (unsigned n : {1u, 2u, 3u, 10u, 23u, 32u, 47u, 64u, 67u}) {
                CAPTURE(m, k, n);
                CHECK(wrong_products(layer<TestType>(m, k, n)) == "");
            }
}

// Long sums are cut, and large factors packed.
TEMPLATE_TEST_CASE("the products of large layers are right", "[model]", float, double) {
    CHECK(wrong_products(layer<TestType>(33, 521, 79)) == "");
    CHECK(wrong_products(layer<TestType>(19, 1031, 3)) == "");
    CHECK(wrong_products(layer<TestType>(1, 1500, 130)) == "");
    CHECK(wrong_products(layer<TestType>(1027, 6, 5)) == "");
    CHECK(wrong_products(layer<TestType>(1027, 5, 1)) == "");
    CHECK(wrong_products(layer<TestType>(600, 37, 150)) == "");
}

TEMPLATE_TEST_CASE("a NaN reaches every value that depends on it, and no other", "[model]", float, double) {
    const auto missing = std::numeric_limits<TestType>::quiet_NaN();
    for (std::size_t n : {std::size_t{1}, std::size_t{3}, std::size_t{37}}) {
        layer<TestType> l(6, 21, n);
        l.x[4 * 21 + 20] = missing;
        const auto z = l.forward();
        for (std::size_t i = 0; i < 6 * n; ++i) CHECK(std::isnan(z[i]) == (i / n == 4));
        const auto g = l.backward();
        for (std::size_t i = 0; i < 22 * n; ++i) CHECK(std::isnan(g[i]) == (i / n == 20));

        l.delta[5 * n] = missing;
        const auto back = l.pass_back();
        for (std::size_t i = 0; i < 6 * 21; ++i) CHECK(std::isnan(back[i]) == (i / 21 == 5));
    }
}

TEMPLATE_TEST_CASE("a product is the same to the bit again, elsewhere and after others", "[model]", float,
                   double) {
    layer<TestType> small(13, 19, 37, 3);
    const auto z = small.forward(), g = small.backward(), back = small.pass_back();
    layer<TestType> large(70, 600, 66);
    (void)large.forward();
    (void)large.backward();
    small.room = large.room;
    CHECK(small.forward() == z);
    CHECK(small.backward() == g);
    CHECK(small.pass_back() == back);

    // A row's outputs do not depend on the rows beside it.
    for (std::size_t r = 0; r < 13; ++r) {
        layer<TestType> one = small;
        one.rows = 1;
        std::copy_n(small.x.begin() + static_cast<std::ptrdiff_t>(r * 19), 19, one.x.begin());
        const auto alone = one.forward();
        CHECK(std::equal(alone.begin(), alone.end() - 1, z.begin() + static_cast<std::ptrdiff_t>(r * 37)));
    }
}

TEMPLATE_TEST_CASE("rows that lie in any order give the bits of rows side by side", "[model]", float,
                   double) {
    using T = TestType;
    for (const auto& [m, k, n] : {std::array<std::size_t, 3>{37, 530, 40}, {37, 20, 3}, {9, 300, 150}}) {
        CAPTURE(m, k, n);
        layer<T> l(m, k, n);
        const std::size_t step = k + 3, count = 2 * m;
        std::vector<T> all(count * step, T(1e9));
        std::vector<std::uint32_t> places;
        for (std::size_t r = 0; r < m; ++r) {
            places.push_back(static_cast<std::uint32_t>((r * 5 + 1) % count));
            const T* const row = l.x.data() + r * k;
            std::copy_n(row, k, all.begin() + static_cast<std::ptrdiff_t>(places[r] * step));
        }
        const auto z = l.forward(), g = l.backward();
        const tn::input_rows<T> in{all.data(), static_cast<std::ptrdiff_t>(step), places.data()};
        std::vector<T> placed_z(z.size(), T(7)), placed_g(g.size(), T(7));
        tn::layer_forward(in, m, k, l.weights.data(), l.biases.data(), n, placed_z.data(), l.room);
        tn::layer_backward(in, l.delta.data(), m, k, n, placed_g.data(), l.room);
        CHECK(placed_z == z);
        CHECK(placed_g == g);
    }
}

// Shared by rows, and by inputs where these are more than a block for each.
TEMPLATE_TEST_CASE("threads that share a product give the bits of one alone", "[model]", float, double) {
    for (const auto& [m, k, n] :
         {std::array<std::size_t, 3>{64, 784, 40}, {300, 600, 20}, {64, 1031, 130}, {128, 90, 70}}) {
        CAPTURE(m, k, n);
        layer<TestType> l(m, k, n);
        const auto z = l.forward(), g = l.backward(), back = l.pass_back();
        for (const std::size_t count : {2U, 3U, 4U}) {
            const tn::detail::owned_team threads(tn::threads{count});
            l.room.use(threads.get());
            CHECK(l.forward() == z);
            CHECK(l.backward() == g);
            CHECK(l.pass_back() == back);
        }
    }
}
