#include "support/catch.hpp"

#include "unit/model/forty_rows.hpp"
#include <cstddef>
#include <tenon/core/random.hpp>
#include <tenon/model/least_squares.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::column_major;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;
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

moments of(tn::matrix_view<const double> x, tn::vector_view<const double> y) {
    moments m(x.columns());
    m.update(x, y);
    return m;
}

void check_same(const moments& a, const moments& b, double tolerance) {
    REQUIRE(a.count() == b.count());
    CHECK_THAT(a.target_mean(), WithinRel(b.target_mean(), tolerance));
    for (Eigen::Index i = 0; i < a.width(); ++i) {
        CHECK_THAT(a.feature_means()(i), WithinAbs(b.feature_means()(i), 1e4 * tolerance));
        CHECK_THAT(a.cross()(i), WithinRel(b.cross()(i), 1e3 * tolerance));
        for (Eigen::Index j = 0; j <= i; ++j)
            CHECK_THAT(a.gram()(i, j), WithinAbs(b.gram()(i, j), 1e6 * tolerance));
    }
}

} // namespace

TEST_CASE("co-moments are the sums over centred columns", "[model]") {
    const tenon_test::forty_rows data;
    const moments m = of(data.x, data.targets());
    CHECK(m.count() == 40);
    double mean[3] = {}, target = 0;
    for (std::size_t r = 0; r < 40; ++r) {
        for (std::size_t c = 0; c < 3; ++c) mean[c] += data.x(r, c) / 40;
        target += data.y[r] / 40;
    }
    for (std::size_t i = 0; i < 3; ++i) {
        double cross = 0;
        for (std::size_t r = 0; r < 40; ++r) cross += (data.x(r, i) - mean[i]) * (data.y[r] - target);
        CHECK_THAT(m.cross()(static_cast<Eigen::Index>(i)), WithinRel(cross, 1e-12));
        for (std::size_t j = 0; j <= i; ++j) {
            double gram = 0;
            for (std::size_t r = 0; r < 40; ++r) gram += (data.x(r, i) - mean[i]) * (data.x(r, j) - mean[j]);
            CHECK_THAT(m.gram()(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)),
                       WithinAbs(gram, 1e-10));
        }
    }
}

TEST_CASE("any split of the rows, merged, gives the single pass", "[model]") {
    const random_rows data(1300, 4, 3); // more than two blocks of 512
    const moments whole = of(data.x, data.targets());
    for (std::size_t cut :
         {std::size_t{1}, std::size_t{511}, std::size_t{512}, std::size_t{777}, std::size_t{1299}}) {
        auto part = [&](std::size_t first, std::size_t count) {
            return of(data.x.view().middle_rows(first, count), {&data.y[first], count});
        };
        moments a = part(0, cut), b = part(cut, 1300 - cut);
        a.merge(b);
        check_same(a, whole, 1e-13);
        b.merge(part(0, cut)); // in any order
        check_same(b, whole, 1e-13);
    }
    moments nothing(4), all = whole;
    all.merge(nothing);
    check_same(all, whole, 0);
    nothing.merge(whole);
    check_same(nothing, whole, 0);
}

TEST_CASE("every layout of the same values gives the same bits", "[model]") {
    const random_rows data(600, 3, 4);
    std::vector<double> room;
    const auto columns = column_major(data.x.view(), room);
    check_same(of(columns, data.targets()), of(data.x, data.targets()), 0);

    const auto a = tn::detail::solve_least_squares<double>(data.x, data.targets(), 0);
    const auto b = tn::detail::solve_least_squares<double>(columns, data.targets(), 0);
    CHECK(a.coefficients == b.coefficients);
    CHECK(a.intercept == b.intercept);
}

TEST_CASE("means far from zero cost no accuracy", "[model]") {
    random_rows data(600, 3, 5);
    const auto plain = tn::detail::solve_least_squares<double>(data.x, data.targets(), 0);
    for (std::size_t r = 0; r < 600; ++r)
        for (std::size_t c = 0; c < 3; ++c) data.x(r, c) += 1e7;
    const auto far = tn::detail::solve_least_squares<double>(data.x, data.targets(), 0);
    for (Eigen::Index i = 0; i < 3; ++i)
        CHECK_THAT(far.coefficients(i), WithinRel(plain.coefficients(i), 1e-8));
}

TEST_CASE("nearly collinear columns are solved as well as the data allow", "[model]") {
    // Two columns that differ by 1e-6: the normal equations alone would lose 12 digits.
    tn::philox random(6);
    tn::matrix<double> x(200, 2);
    std::vector<double> y(200);
    for (std::size_t r = 0; r < 200; ++r) {
        x(r, 0) = random.normal();
        x(r, 1) = x(r, 0) + 1e-6 * random.normal();
        y[r] = 3 * x(r, 0) - 2 * x(r, 1);
    }
    const auto s = tn::detail::solve_least_squares<double>(x, tn::vector_view<const double>(std::span(y)), 0);
    CHECK_THAT(s.coefficients(0), WithinAbs(3, 1e-7));
    CHECK_THAT(s.coefficients(1), WithinAbs(-2, 1e-7));
}

TEST_CASE("without columns the intercept is the mean", "[model]") {
    const std::vector<double> y{1, 2, 6};
    const tn::matrix<double> x(3, 0);
    const auto s = tn::detail::solve_least_squares<double>(x, tn::vector_view<const double>(std::span(y)), 0);
    CHECK(s.coefficients.size() == 0);
    CHECK_THAT(s.intercept, WithinRel(3.0, 1e-15));
}
