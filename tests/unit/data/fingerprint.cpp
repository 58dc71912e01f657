#include "support/catch.hpp"

#include <bit>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <tenon/core/random.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/fingerprint.hpp>
#include <vector>

namespace tn = tenon;

namespace {

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};
struct renamed
    : tn::schema<tn::numeric<"size">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};
struct relevelled
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "villa">, tn::target<"price">> {};
struct without_target : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">> {};

template <class S = house>
tn::dataset<S> houses(std::size_t n) {
    tn::philox random(3);
    tn::matrix<double> x(n, 2);
    std::vector<double> y(n);
    for (std::size_t r = 0; r < n; ++r) {
        x(r, 0) = random.normal();
        x(r, 1) = static_cast<double>(random.below(2));
        y[r] = random.normal();
    }
    if constexpr (std::is_same_v<typename S::kind, tn::none>) y.clear();
    return tn::dataset<S>(std::move(x), std::move(y));
}

} // namespace

TEST_CASE("a fingerprint is 64 hexadecimal digits, the same for the same data", "[fingerprint]") {
    const std::string print = tn::fingerprint(houses(100));
    CHECK(print.size() == 64);
    CHECK(print.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(print == tn::fingerprint(houses(100)));
    CHECK(tn::fingerprint(houses(0)).size() == 64);
}

TEST_CASE("a fingerprint does not depend on the memory layout", "[fingerprint]") {
    for (std::size_t n : {1u, 511u, 512u, 513u, 1500u}) {
        const tn::dataset<house> data = houses(n);
        std::vector<double> by_column, spread_y;
        for (std::size_t c = 0; c < 2; ++c)
            for (std::size_t r = 0; r < n; ++r) by_column.push_back(data.x()(r, c));
        for (std::size_t r = 0; r < n; ++r) spread_y.insert(spread_y.end(), {data.y()[r], -1, -1});
        const tn::dataset_view<house> view(
            tn::matrix_view<const double>(by_column.data(), n, 2, 1, static_cast<std::ptrdiff_t>(n)),
            tn::vector_view<const double>(spread_y.data(), n, 3));
        CHECK(tn::fingerprint(view) == tn::fingerprint(data));
    }
}

TEST_CASE("a fingerprint changes with any value, name, level, or order of rows", "[fingerprint]") {
    const tn::dataset<house> data = houses(600);
    std::set<std::string> prints{tn::fingerprint(data)};
    std::size_t changes = 0;
    const auto changed = [&](const std::string& print) {
        prints.insert(print);
        return prints.size() == ++changes + 1;
    };
    for (std::size_t r : {0u, 1u, 100u, 511u, 512u, 599u}) {
        for (std::size_t c = 0; c < 2; ++c) {
            tn::dataset<house> other = data;
            double& value = other.values()(r, c);
            value =
                std::bit_cast<double>(std::bit_cast<std::uint64_t>(value + 1) ^ 1u); // the last bit counts
            CHECK(changed(tn::fingerprint(other)));
        }
        tn::dataset<house> other = data;
        other.targets()[r] = -other.targets()[r]; // and the first one
        CHECK(changed(tn::fingerprint(other)));
        other = data;
        other.values()(r, 0) = std::numeric_limits<double>::quiet_NaN();
        CHECK(changed(tn::fingerprint(other)));
    }
    std::vector<std::size_t> rows(600);
    for (std::size_t r = 0; r < 600; ++r) rows[r] = r;
    std::swap(rows[10], rows[11]);
    CHECK(changed(tn::fingerprint(tn::select_rows(data, rows))));
    rows.pop_back();
    CHECK(changed(tn::fingerprint(tn::select_rows(data, rows))));

    CHECK(changed(tn::fingerprint(houses<renamed>(600))));
    CHECK(changed(tn::fingerprint(houses<relevelled>(600))));
    CHECK(changed(tn::fingerprint(houses<without_target>(600))));
}

TEST_CASE("names and levels do not run into one another", "[fingerprint]") {
    const auto print = [](const tn::schema_info& info) {
        tn::matrix<double> no_rows(0, info.columns.size());
        return tn::fingerprint(tn::dataset<tn::columns<tn::dynamic, tn::none>>(std::move(no_rows), {}, info));
    };
    const tn::column_info target{};
    const std::set<std::string> prints{
        print({{{"a", false, {}}, {"b", false, {}}}, target}), print({{{"a", true, {"b"}}}, target}),
        print({{{"ab", false, {}}}, target}), print({{{"a", true, {"b", "c"}}}, target}),
        print({{{"a", true, {"bc"}}}, target})};
    CHECK(prints.size() == 5);
}

TEST_CASE("every NaN is missing alike, and there is one zero", "[fingerprint]") {
    tn::dataset<house> data = houses(10), other = data;
    data.values()(3, 0) = std::numeric_limits<double>::quiet_NaN();
    other.values()(3, 0) = std::bit_cast<double>(std::uint64_t{0xfff8000000000123u});
    data.values()(4, 1) = 0.0;
    other.values()(4, 1) = -0.0;
    CHECK(tn::fingerprint(data) == tn::fingerprint(other));
}
