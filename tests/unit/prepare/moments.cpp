#include "support/catch.hpp"
#include "support/errors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tenon/core/random.hpp>
#include <tenon/prepare/moments.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::relative_error;
using tenon_test::WithinRel;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

/// Columns of means 10, -300 and 0.01, one in ten values missing.
tn::matrix<double> random_rows(std::size_t n, std::uint64_t key) {
    tn::philox random(key);
    tn::matrix<double> x(n, 3);
    for (std::size_t r = 0; r < n; ++r) {
        x(r, 0) = 10 + 3 * random.normal();
        x(r, 1) = -300 + 50 * random.normal();
        x(r, 2) = 0.01 + 0.002 * random.normal();
        for (std::size_t c = 0; c < 3; ++c)
            if (random.uniform() < 0.1) x(r, c) = gap;
    }
    return x;
}

tn::column_moments moments_of(tn::matrix_view<const double> x) {
    tn::column_moments moments(x.columns());
    moments.update(x);
    return moments;
}

/// Count, mean and variance in two passes of long double.
struct reference {
    reference(tn::matrix_view<const double> x, std::size_t c) {
        long double sum = 0, squares = 0;
        for (std::size_t r = 0; r < x.rows(); ++r)
            if (x(r, c) == x(r, c)) {
                sum += x(r, c);
                ++count;
            }
        for (std::size_t r = 0; r < x.rows(); ++r)
            if (x(r, c) == x(r, c)) squares += (x(r, c) - sum / count) * (x(r, c) - sum / count);
        mean = static_cast<double>(sum / count);
        variance = static_cast<double>(squares / count);
    }
    double count = 0, mean = 0, variance = 0;
};

/// The largest difference of a mean or a variance, relative to it; infinite where counts differ.
double difference(const tn::column_moments& a, const tn::column_moments& b) {
    if (a.width() != b.width()) return INFINITY;
    double largest = 0;
    for (std::size_t c = 0; c < a.width(); ++c) {
        if (a.count(c) != b.count(c)) return INFINITY;
        largest = tenon_test::worst(
            {largest, relative_error(a.mean(c), b.mean(c)), relative_error(a.variance(c), b.variance(c))});
    }
    return largest;
}

} // namespace

TEST_CASE("moments leave missing values out", "[moments]") {
    for (std::size_t n : {2u, 511u, 512u, 513u, 3000u}) {
        const tn::matrix<double> x = random_rows(n, n);
        const auto moments = moments_of(x);
        for (std::size_t c = 0; c < 3; ++c) {
            const reference expected(x, c);
            CHECK(moments.count(c) == expected.count);
            CHECK_THAT(moments.mean(c), WithinRel(expected.mean, 1e-13));
            CHECK_THAT(moments.variance(c), WithinRel(expected.variance, 1e-12));
        }
    }
}

TEST_CASE("moments of no rows, of one, and of columns without a value", "[moments]") {
    tn::matrix<double> x(1, 2);
    x(0, 0) = 7;
    x(0, 1) = gap;
    const auto one = moments_of(x);
    CHECK(one.count(0) == 1);
    CHECK(one.mean(0) == 7);
    CHECK(one.variance(0) == 0);
    CHECK(one.count(1) == 0);
    CHECK(one.mean(1) == 0);
    CHECK(one.variance(1) == 0);
    const auto none = moments_of(tn::matrix<double>(0, 2));
    CHECK(none.count(0) == 0);
    CHECK(none.is_constant(0));
}

TEST_CASE("a column is constant if it varies no more than rounding makes it", "[moments]") {
    tn::matrix<double> x(1000, 4);
    for (std::size_t r = 0; r < 1000; ++r) {
        x(r, 0) = 0.1;
        x(r, 1) = r == 0 ? std::nextafter(1e6, 2e6) : 1e6;
        x(r, 2) = r == 0 ? 1e6 + 1 : 1e6;
        x(r, 3) = r == 0 ? 1e-200 : 0;
    }
    const auto moments = moments_of(x);
    CHECK(moments.is_constant(0));
    CHECK(moments.is_constant(1));
    CHECK_FALSE(moments.is_constant(2));
    CHECK(moments.mean(0) > 0.1 - 1e-15);
}

TEST_CASE("row-major and column-major data give identical bits", "[moments]") {
    const tn::matrix<double> x = random_rows(1300, 5);
    std::vector<double> by_column(3 * 1300);
    for (std::size_t r = 0; r < 1300; ++r)
        for (std::size_t c = 0; c < 3; ++c) by_column[c * 1300 + r] = x(r, c);
    const auto a = moments_of(x);
    const auto b = moments_of(tn::matrix_view<const double>(by_column.data(), 1300, 3, 1, 1300));
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(a.count(c) == b.count(c));
        CHECK(a.mean(c) == b.mean(c));
        CHECK(a.variance(c) == b.variance(c));
    }
}

TEST_CASE("merging any split of the rows gives the single pass", "[moments]") {
    tn::philox random(12);
    tn::matrix<double> x = random_rows(4000, 6);
    const auto whole = moments_of(x);
    for (int run = 0; run < 20; ++run) {
        std::vector<std::size_t> order(x.rows());
        for (std::size_t r = 0; r < order.size(); ++r) order[r] = r;
        tn::shuffle(order, random);
        tn::matrix<double> shuffled(x.rows(), 3);
        for (std::size_t r = 0; r < order.size(); ++r)
            for (std::size_t c = 0; c < 3; ++c) shuffled(r, c) = x(order[r], c);

        std::vector<tn::column_moments> parts;
        for (std::size_t first = 0; first < order.size();) {
            const std::size_t size = std::min<std::size_t>(random.below(1500), order.size() - first);
            parts.push_back(moments_of(shuffled.view().middle_rows(first, size)));
            first += size;
        }
        while (parts.size() > 1) {
            const std::size_t from = random.below(parts.size() - 1);
            parts.back().merge(parts[from]);
            std::swap(parts[from], parts.back());
            parts.pop_back();
        }
        CHECK(difference(parts.front(), whole) <= 1e-12);
    }
    // update goes on where it was.
    tn::column_moments twice(3);
    twice.update(tn::matrix_view<const double>(x.view().middle_rows(0, 1234)));
    twice.update(tn::matrix_view<const double>(x.view().middle_rows(1234, 4000 - 1234)));
    CHECK(difference(twice, whole) <= 1e-12);
}

TEST_CASE("a large offset does not drown the variance", "[moments]") {
    tn::matrix<double> x(2000, 1), shifted(2000, 1);
    for (std::size_t r = 0; r < 2000; ++r) {
        x(r, 0) = static_cast<double>(r % 17);
        shifted(r, 0) = x(r, 0) + 1e9;
    }
    CHECK_THAT(moments_of(shifted).variance(0), WithinRel(moments_of(x).variance(0), 1e-9));
}
