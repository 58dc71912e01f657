#include "support/catch.hpp"

#include <cstdint>
#include <tenon/core/storage.hpp>

namespace tn = tenon;

namespace {

bool is_on_a_cache_line(const void* p) {
    return reinterpret_cast<std::uintptr_t>(p) % 64 == 0;
}

constexpr std::size_t most_doubles = tn::largest_inside / sizeof(double);

} // namespace

TEST_CASE("storage of a small static size lies in the object", "[storage]") {
    STATIC_REQUIRE(sizeof(tn::storage<double, 3>) == 24);
    STATIC_REQUIRE(alignof(tn::storage<double, 3>) == alignof(double));
    STATIC_REQUIRE(sizeof(tn::storage<std::uint8_t, 5>) == 5);
    STATIC_REQUIRE(alignof(tn::storage<float, 16>) == 64);
    STATIC_REQUIRE(sizeof(tn::storage<double, most_doubles>) == tn::largest_inside);
    constexpr tn::storage<int, 4> zeros;
    STATIC_REQUIRE(zeros[3] == 0);
    STATIC_REQUIRE(tn::storage<int, 4>::size() == 4);
    CHECK(tn::storage<int, 0>().begin() == tn::storage<int, 0>().end());
}

TEST_CASE("storage of a large static size lies on the heap", "[storage]") {
    using large = tn::storage<double, most_doubles + 1>;
    STATIC_REQUIRE(sizeof(large) <= 64);
    const large values;
    CHECK(values.size() == most_doubles + 1);
    CHECK(values[most_doubles] == 0);
    CHECK(is_on_a_cache_line(values.data()));
    const tn::storage<double, 100> inside;
    CHECK(is_on_a_cache_line(inside.data()));
}

TEST_CASE("storage of a run-time size begins empty and can grow", "[storage]") {
    tn::storage<float, tn::dynamic> values;
    CHECK(values.size() == 0);
    values.resize(70);
    CHECK(values.size() == 70);
    CHECK(values[69] == 0);
    CHECK(is_on_a_cache_line(values.data()));
    CHECK(tn::storage<float, tn::dynamic>(5).size() == 5);
}

TEST_CASE("copies of storage are their own", "[storage]") {
    auto check = [](auto values) {
        values[2] = 4;
        auto copy = values;
        copy[2] = 5;
        CHECK(values[2] == 4);
        CHECK(copy[2] == 5);
        CHECK(copy.size() == values.size());
        double sum = 0;
        for (const auto v : copy) sum += static_cast<double>(v);
        CHECK(sum == 5);
    };
    check(tn::storage<double, 3>());
    check(tn::storage<double, most_doubles + 1>());
    check(tn::storage<double, tn::dynamic>(3));
}
