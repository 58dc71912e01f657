#include "support/catch.hpp"

#include "unit/evaluate/observed.hpp"
#include <cmath>
#include <cstddef>
#include <tenon/evaluate/latency.hpp>
#include <vector>

namespace tn = tenon;

namespace {

/// Work that notes which repetitions it was asked for.
struct noted_work {
    std::size_t next = 0, calls = 0;
    bool in_order = true;
    tn::detail::repeated_work work() {
        return {this, [](void* self, std::size_t first, std::size_t count) {
                    auto& n = *static_cast<noted_work*>(self);
                    n.in_order &= first == n.next;
                    n.next = first + count;
                    ++n.calls;
                    double volatile sink = 0;
                    for (std::size_t i = 0; i < count; ++i) sink = sink + 1;
                }};
    }
};

} // namespace

TEST_CASE("every work is repeated in its own order, in several passes", "[evaluate]") {
    noted_work a, b;
    const tn::detail::repeated_work works[] = {a.work(), b.work()};
    const std::vector<double> times = tn::detail::median_nanoseconds(works);
    REQUIRE(times.size() == 2);
    for (double t : times) CHECK((t > 0 && std::isfinite(t)));
    CHECK((a.in_order && b.in_order));
    CHECK((a.calls > 5 && b.calls > 5));
}

TEST_CASE("rows to time are spread over all rows, whatever their layout", "[evaluate]") {
    std::vector<double> columns(2 * 10);
    for (std::size_t i = 0; i < 20; ++i) columns[i] = static_cast<double>(i);
    const tn::matrix_view<const double> x(columns.data(), 10, 2, 1, 10);
    const tn::matrix<double> few = tn::detail::spread_rows(x, 4);
    REQUIRE(few.rows() == 4);
    for (std::size_t r = 0; r < 4; ++r) {
        const double expected[] = {0, 2, 5, 7};
        CHECK(few(r, 0) == expected[r]);
        CHECK(few(r, 1) == expected[r] + 10);
    }
    CHECK(tn::detail::spread_rows(x, 100).rows() == 10);
}

TEST_CASE("the time of a prediction is a positive number for static and dynamic widths", "[evaluate]") {
    using wide = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;
    const auto fixed =
        tenon_test::pipeline_of<tn::columns<2>>(tenon_test::first_input{}, tn::columns<2>::info());
    const auto loose = tenon_test::pipeline_of<wide>(tenon_test::inputs_as_scores{3}, wide::info(3, 3));
    const tn::matrix<double> x(1, 2), z(7, 3);
    for (double t :
         {tn::prediction_nanoseconds(fixed, x.view()), tn::prediction_nanoseconds(loose, z.view())})
        CHECK((t > 0 && std::isfinite(t)));
}
