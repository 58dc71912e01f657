#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <tenon/core/lanes.hpp>
#include <type_traits>
#include <utility>

using namespace tenon::detail;

/// A set of instructions of its own, as model/kernels.hpp makes them.
namespace other_set {
inline constexpr std::size_t register_bytes = 8; // narrower than every vector
#include <tenon/core/lanes.inc>
} // namespace other_set

namespace {

/// 1 2 3 …
template <class T, std::size_t Count>
constexpr std::array<T, Count> counted() {
    std::array<T, Count> values{};
    for (std::size_t i = 0; i < Count; ++i) values[i] = static_cast<T>(i + 1);
    return values;
}

} // namespace

TEST_CASE("a register is as wide as the unit is compiled for", "[lanes]") {
#if defined(__AVX512F__)
    CHECK(unit_register_bytes == 64);
#elif defined(__AVX__)
    CHECK(unit_register_bytes == 32);
#else
    CHECK(unit_register_bytes == 16);
#endif
    STATIC_REQUIRE(register_bytes == unit_register_bytes);
}

TEMPLATE_TEST_CASE("vectors are values side by side", "[lanes]", double, float, std::int32_t, std::uint8_t) {
    constexpr std::size_t n = register_bytes / sizeof(TestType);
    using vector = lanes<TestType, n>;
    STATIC_REQUIRE(sizeof(vector) == register_bytes);
    STATIC_REQUIRE(alignof(vector) == register_bytes);
    STATIC_REQUIRE(sizeof(lanes<TestType, 4 * n>) == 4 * register_bytes); // wider than a register
    const vector v = vector{} + TestType{3};
    for (std::size_t i = 0; i < n; ++i) CHECK(v[i] == 3);
}

TEMPLATE_TEST_CASE("lanes are loaded and added from wherever values lie", "[lanes]", double, float,
                   std::int32_t) {
    constexpr std::size_t n = register_bytes / sizeof(TestType);
    constexpr std::array<TestType, n + 2> values = counted<TestType, n + 2>();
    lanes<TestType, n> v;
    load_lanes(v, values.data() + 1); // where no register is aligned
    for (std::size_t i = 0; i < n; ++i) CHECK(v[i] == values[i + 1]);
    add_lanes(v, values.data() + 2);
    add_lanes(v, values.data());
    stay_in_register(v);
    for (std::size_t i = 0; i < n; ++i) CHECK(v[i] == 3 * values[i + 1]); // (i + 1) + i + (i + 2)
}

TEST_CASE("one number is lanes, too", "[lanes]") {
    const std::array<double, 2> values{2.5, 4};
    double v = 0;
    load_lanes(v, values.data());
    CHECK(v == 2.5);
    add_lanes(v, values.data() + 1);
    CHECK(v == 6.5);
}

TEST_CASE("a bundle is zero at first, and loads vectors that lie one behind the other", "[lanes]") {
    constexpr std::size_t n = register_bytes / sizeof(float);
    using vector = lanes<float, n>;
    constexpr auto values = counted<float, 3 * n>();
    bundle<vector, 3> three;
    for (std::size_t i = 0; i < n; ++i) CHECK(three.at<2>()[i] == 0);
    three.load(values.data());
    three.stay_in_registers();
    for (std::size_t i = 0; i < n; ++i) {
        CHECK(three.at<0>()[i] == values[i]);
        CHECK(three.at<1>()[i] == values[n + i]);
        CHECK(three.at<2>()[i] == values[2 * n + i]);
    }
    three.at<1>() += three.at<0>();
    CHECK(three.at<1>()[0] == 1 + static_cast<float>(n + 1));
    CHECK(three.at<2>()[0] == values[2 * n]); // its neighbours stay
    STATIC_REQUIRE(sizeof(three) == 3 * register_bytes);
    STATIC_REQUIRE(std::is_empty_v<bundle<vector, 0>>);
}

TEST_CASE("each set of instructions has bundles of its own", "[lanes]") {
    using vector = lanes<double, register_bytes / sizeof(double)>;
    STATIC_REQUIRE(!std::is_same_v<other_set::bundle<vector, 2>, bundle<vector, 2>>);
    constexpr auto values = counted<double, 2 * register_bytes / sizeof(double)>();
    other_set::bundle<vector, 2> two;
    two.load(values.data());
    two.stay_in_registers(); // no register is wide enough, and nothing happens
    CHECK(two.at<1>()[0] == values[register_bytes / sizeof(double)]);
    CHECK(two.at<0>()[1] == 2);
}

TEMPLATE_TEST_CASE("a tile adds the products of a column and a row", "[lanes]", double, float) {
    constexpr std::size_t n = register_bytes / sizeof(TestType), vectors = 2, rows = 3;
    using vector = lanes<TestType, n>;
    const auto start = counted<TestType, vectors * n>(), right = counted<TestType, vectors * n>();
    const std::array<TestType, 9> left{5, 0, 0, 0, 7,
                                       0, 0, 0, -2}; // row r's number is the fourth behind that above it
    constexpr std::array<std::ptrdiff_t, rows> below{0, 4, 8};
    std::array<TestType, rows * vectors * n> c{};
    TestType* to[rows] = {c.data(), c.data() + vectors * n, c.data() + 2 * vectors * n};

    tile_sums<vector, vectors, std::make_index_sequence<rows * vectors>> sums;
    sums.begin_with(start.data());
    bundle<vector, vectors> row;
    row.load(right.data());
    sums.add_products(row, left.data(), below.data());
    sums.store(to);
    sums.add(to);
    sums.store(to);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t k = 0; k < vectors * n; ++k)
            CHECK(to[r][k] == 2 * (start[k] + left[4 * r] * right[k]));
}
