#include "support/catch.hpp"
#include "support/errors.hpp"

#include <cmath>
#include <limits>
#include <tenon/compress/calibration.hpp>
#include <tenon/core/random.hpp>
#include <tenon/model/mlp.hpp>

using tenon::calibration;
using tenon::value_range;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

template <class Act>
using network = tenon::fitted_mlp<Act, tenon::real, double, double, 3, 5, 4>;

template <class M>
M random_network(tenon::philox& random) {
    M m;
    for (auto& p : m.parameters()) p = static_cast<typename M::scalar>(random.normal());
    return m;
}

/// The ranges by the definition, one row and one output at a time.
template <class M>
calibration by_definition(const M& m, const tenon::matrix<double>& x) {
    calibration ranges{std::vector<value_range>(3), std::vector<value_range>(2), std::vector<value_range>(2)};
    for (std::size_t r = 0; r < x.rows(); ++r) {
        std::vector<double> values(x.row(r).begin(), x.row(r).end());
        for (std::size_t i = 0; i < values.size(); ++i) ranges.features[i].include(values[i]);
        for (std::size_t l = 0; l < 2; ++l) {
            const auto d = m.layer(l);
            std::vector<double> next;
            for (std::size_t o = 0; o < d.outputs; ++o) {
                double sum = d.biases[o];
                for (std::size_t i = 0; i < d.inputs; ++i) sum += values[i] * d.weights[i * d.outputs + o];
                ranges.before[l].include(sum);
                next.push_back(M::activation::apply(sum));
                ranges.after[l].include(next.back());
            }
            values = next;
        }
    }
    return ranges;
}

std::vector<double> ends_of(const std::vector<value_range>& ranges) {
    std::vector<double> ends;
    for (const value_range& range : ranges) ends.insert(ends.end(), {range.low, range.high});
    return ends;
}

/// How far the ends of two calibrations' ranges are apart at most.
double distance(const calibration& a, const calibration& b) {
    return tenon_test::worst({tenon_test::absolute_error(ends_of(a.features), ends_of(b.features)),
                              tenon_test::absolute_error(ends_of(a.before), ends_of(b.before)),
                              tenon_test::absolute_error(ends_of(a.after), ends_of(b.after))});
}

} // namespace

TEST_CASE("a range holds what is finite") {
    value_range range;
    CHECK(range.is_empty());
    for (const double v : {not_a_number, infinite, -infinite}) range.include(v);
    CHECK(range.is_empty());
    for (const double v : {2.0, -1.0, not_a_number, 1.0, infinite}) range.include(v);
    CHECK(range.low == -1);
    CHECK(range.high == 2);
}

TEMPLATE_TEST_CASE("calibration notes the ranges that a network meets", "", tenon::relu_activation,
                   tenon::tanh_activation) {
    tenon::philox random(1);
    const auto m = random_network<network<TestType>>(random);
    for (const std::size_t rows : {1U, 15U, 16U, 17U, 100U}) {
        tenon::matrix<double> x(rows, 3);
        for (std::size_t k = 0; k < rows * 3; ++k) x.data()[k] = random.normal();
        CAPTURE(rows);
        CHECK(distance(tenon::calibrate(m, x.view()), by_definition(m, x)) <= 1e-12);
    }
}

TEST_CASE("calibration reads any layout") {
    tenon::philox random(2);
    const auto m = random_network<network<tenon::relu_activation>>(random);
    tenon::matrix<double> x(20, 3), columns(3, 20);
    for (std::size_t r = 0; r < 20; ++r)
        for (std::size_t c = 0; c < 3; ++c) x(r, c) = columns(c, r) = random.normal();
    const calibration a = tenon::calibrate(m, x.view());
    const calibration b = tenon::calibrate(m, tenon::matrix_view<const double>(columns.data(), 20, 3, 1, 20));
    CHECK(distance(a, b) <= 1e-12);
}

TEST_CASE("nothing is met without rows") {
    const calibration ranges =
        tenon::calibrate(network<tenon::relu_activation>{}, tenon::matrix<double>(0, 3).view());
    CHECK(ranges.features.size() == 3);
    CHECK(ranges.features[2].is_empty());
    CHECK(ranges.after[1].is_empty());
}

TEST_CASE("the flat ends of an activation take no bytes") {
    const double step = 0.5 / 127;
    const value_range bent = tenon::where_it_bends<tenon::tanh_activation>({-20, 50}, step);
    const double flat = std::atanh(1 - step); // from here on tanh moves by less than a step
    CHECK((bent.low > -20 && bent.low <= -flat && bent.low > -flat - 0.1));
    CHECK((bent.high < 50 && bent.high >= flat && bent.high < flat + 0.1));

    SECTION("a range that bends everywhere stays") {
        const value_range narrow = tenon::where_it_bends<tenon::tanh_activation>({-1, 2}, 1e-9);
        CHECK(narrow.low == -1);
        CHECK(narrow.high == 2);
    }
    SECTION("it contains zero") {
        const value_range above = tenon::where_it_bends<tenon::tanh_activation>({30, 50}, step);
        CHECK(above.low == 0);
        CHECK(above.high > flat);
        const value_range empty = tenon::where_it_bends<tenon::tanh_activation>({}, step);
        CHECK((empty.low == 0 && empty.high == 0));
    }
}
