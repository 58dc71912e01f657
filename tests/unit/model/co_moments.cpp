#include "support/catch.hpp"
#include "support/errors.hpp"

#include "unit/model/forty_rows.hpp"
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tenon/core/random.hpp>
#include <tenon/model/co_moments.hpp>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::column_major;
using tenon_test::relative_error;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;
using tenon_test::worst;
using moments = tn::co_moments<double>;

namespace {

struct random_rows {
    tn::matrix<double> x;
    std::vector<double> y;

    random_rows(std::size_t rows, std::size_t columns, std::uint64_t seed) : x(rows, columns), y(rows) {
        tn::philox random(seed);
        for (std::size_t r = 0; r < rows; ++r) {
            y[r] = 100 + random.normal();
            for (std::size_t c = 0; c < columns; ++c) {
                x(r, c) = 1000.0 * static_cast<double>(c) + random.normal();
                y[r] += x(r, c);
            }
        }
    }
    tn::vector_view<const double> targets() const { return std::span<const double>(y); }
};

template <class X>
moments of(tn::matrix_view<const X> x, tn::vector_view<const double> y) {
    moments m(x.columns());
    m.update(x, y);
    return m;
}

/// The largest difference: of the target's mean relative to itself, of the columns' to 10⁴, of products to 10³ times the
/// lengths of their columns or, with the target, themselves. Infinite where counts differ or products are not symmetric.
double difference(const moments& a, const moments& b) {
    if (a.count() != b.count() || a.width() != b.width()) return INFINITY;
    double largest = relative_error(a.target_mean(), b.target_mean());
    const tn::matrix<double> gram = a.gram(), expected = b.gram();
    for (std::size_t i = 0; i < a.width(); ++i) {
        largest = worst({largest, std::abs(a.feature_means()[i] - b.feature_means()[i]) / 1e4,
                         relative_error(a.cross()[i], b.cross()[i]) / 1e3});
        for (std::size_t j = 0; j < a.width(); ++j) {
            if (gram(i, j) != gram(j, i)) return INFINITY;
            const double lengths = std::sqrt(expected(i, i) * expected(j, j));
            largest = worst({largest, std::abs(gram(i, j) - expected(i, j)) / lengths / 1e3});
        }
    }
    return largest;
}

} // namespace

TEST_CASE("co-moments are the sums over centred columns", "[model]") {
    const tenon_test::forty_rows data;
    const moments m = of(std::as_const(data.x).view(), data.targets());
    CHECK(m.count() == 40);
    double mean[3] = {}, target = 0;
    for (std::size_t r = 0; r < 40; ++r) {
        for (std::size_t c = 0; c < 3; ++c) mean[c] += data.x(r, c) / 40;
        target += data.y[r] / 40;
    }
    for (std::size_t i = 0; i < 3; ++i) {
        double cross = 0;
        for (std::size_t r = 0; r < 40; ++r) cross += (data.x(r, i) - mean[i]) * (data.y[r] - target);
        CHECK_THAT(m.cross()[i], WithinRel(cross, 1e-12));
        for (std::size_t j = 0; j <= i; ++j) {
            double gram = 0;
            for (std::size_t r = 0; r < 40; ++r) gram += (data.x(r, i) - mean[i]) * (data.x(r, j) - mean[j]);
            CHECK_THAT(m.gram()(i, j), WithinAbs(gram, 1e-10));
        }
    }
}

TEST_CASE("any split of the rows, merged, gives the single pass", "[model]") {
    const random_rows data(9300, 4, 3); // many panels
    const moments whole = of(std::as_const(data.x).view(), data.targets());
    for (std::size_t cut :
         {std::size_t{1}, std::size_t{127}, std::size_t{4096}, std::size_t{5000}, std::size_t{9299}}) {
        auto part = [&](std::size_t first, std::size_t count) {
            return of(std::as_const(data.x).view().middle_rows(first, count), {&data.y[first], count});
        };
        moments a = part(0, cut), b = part(cut, 9300 - cut);
        CAPTURE(cut);
        a.merge(b);
        CHECK(difference(a, whole) <= 1e-13);
        b.merge(part(0, cut)); // in any order
        CHECK(difference(b, whole) <= 1e-13);
    }
    moments nothing(4), all = whole;
    all.merge(nothing);
    CHECK(difference(all, whole) == 0);
    nothing.merge(whole);
    CHECK(difference(nothing, whole) == 0);
}

TEST_CASE("co-moments of any width are those of a plain sum", "[model]") {
    for (int columns : {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 50, 67, 130}) {
        const auto width = static_cast<std::size_t>(columns);
        const random_rows data(300, width, 11 + width);
        const moments m = of(std::as_const(data.x).view(), data.targets());
        Eigen::MatrixXd all(300, width + 1);
        for (Eigen::Index r = 0; r < 300; ++r) {
            for (std::size_t c = 0; c < width; ++c)
                all(r, static_cast<Eigen::Index>(c)) = data.x(static_cast<std::size_t>(r), c);
            all(r, static_cast<Eigen::Index>(width)) = data.y[static_cast<std::size_t>(r)];
        }
        for (int again = 0; again < 2; ++again) // far from zero the first mean is a rounded one
            all.rowwise() -= all.colwise().mean().eval();
        const Eigen::MatrixXd expected = all.transpose() * all;
        const tn::matrix<double> gram = m.gram();
        double error = 0; // relative to the columns' lengths
        auto add = [&](double found, std::size_t i, std::size_t j) {
            const auto a = static_cast<Eigen::Index>(i), b = static_cast<Eigen::Index>(j);
            error =
                worst({error, std::abs(found - expected(a, b)) / std::sqrt(expected(a, a) * expected(b, b))});
        };
        for (std::size_t i = 0; i < width; ++i) {
            add(m.cross()[i], i, width);
            for (std::size_t j = 0; j < width; ++j) add(gram(i, j), i, j);
        }
        INFO("width " << width);
        CHECK(error < 1e-11); // the target's mean is a million times its spread
    }
}

TEST_CASE("every layout of the same rows gives the same co-moments", "[model]") {
    const random_rows data(600, 11, 4);
    std::vector<double> room;
    const auto columns = column_major(std::as_const(data.x).view(), room);
    CHECK(difference(of(columns, data.targets()), of(std::as_const(data.x).view(), data.targets())) == 0);
}

TEST_CASE("co-moments of floats are those of the same numbers in double", "[model]") {
    random_rows data(600, 11, 4);
    tn::matrix<float> narrow(600, 11);
    for (std::size_t r = 0; r < 600; ++r)
        for (std::size_t c = 0; c < 11; ++c) data.x(r, c) = narrow(r, c) = static_cast<float>(data.x(r, c));
    CHECK(difference(of(std::as_const(narrow).view(), data.targets()),
                     of(std::as_const(data.x).view(), data.targets())) == 0);
}

TEST_CASE("equal values have no spread at all, whatever they are", "[model]") {
    tn::philox random(8);
    tn::matrix<double> x(10000, 4);
    std::vector<double> y(10000);
    const double values[3] = {0.1, -1234567.1, 0};
    for (std::size_t r = 0; r < 10000; ++r) {
        for (std::size_t c = 0; c < 3; ++c) x(r, c) = values[c];
        x(r, 3) = 1e8 + 1e-6 * random.normal(); // hardly more than the rounding of its mean
        y[r] = random.normal();
    }
    const moments m = of(std::as_const(x).view(), std::span<const double>(y));
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(m.feature_means()[c] == values[c]);
        CHECK(m.gram()(c, c) == 0);
        CHECK(m.is_constant(c));
    }
    CHECK(m.is_constant(3));
}

TEST_CASE("rows whose level drifts far away keep their co-moments", "[model]") {
    tn::matrix<double> x(20000, 2);
    std::vector<double> y(20000);
    tn::philox random(9);
    long double mean = 0, spread = 0;
    for (std::size_t r = 0; r < 20000; ++r) {
        x(r, 0) = (r < 100 ? 0.0 : 1e8) + random.normal();
        x(r, 1) = random.normal();
        mean += static_cast<long double>(x(r, 0)) / 20000;
    }
    for (std::size_t r = 0; r < 20000; ++r) spread += (x(r, 0) - mean) * (x(r, 0) - mean);
    const moments m = of(std::as_const(x).view(), std::span<const double>(y));
    CHECK_THAT(m.feature_means()[0], WithinRel(static_cast<double>(mean), 1e-15));
    CHECK_THAT(m.gram()(0, 0), WithinRel(static_cast<double>(spread), 1e-13));
}
