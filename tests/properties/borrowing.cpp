// Data that come from elsewhere are seen where they lie: what is asked of the heap is for names, whatever the rows.

#include "properties/allocations.hpp"
#include "support/catch.hpp"

#include <Eigen/Core>
#include <span>
#include <tenon/data/arrow.hpp>
#include <tenon/data/batches.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::allocated_by;

namespace {

using four = tn::columns<4>;
constexpr std::size_t rows = 10'000;      // 320 kB
constexpr std::size_t for_names = 10'000; // bytes

} // namespace

TEST_CASE("Eigen's matrices and maps, spans and vectors are borrowed", "[borrowing]") {
    const Eigen::MatrixXd by_column = Eigen::MatrixXd::Random(rows, 4);
    const Eigen::Matrix<double, Eigen::Dynamic, 4, Eigen::RowMajor> by_row = by_column;
    const Eigen::Map<const Eigen::MatrixXd, 0, Eigen::OuterStride<>> mapped(by_column.data(), rows / 2, 4,
                                                                            Eigen::OuterStride<>(rows));
    const std::vector<double> y(rows, 1.0);
    const Eigen::Map<const Eigen::VectorXd> mapped_y(y.data(), rows / 2);
    const auto check = [&](const auto& x, const auto& targets) {
        std::size_t found = 0;
        const auto asked = allocated_by([&] {
            const auto data = tn::view_as<four>(x, targets);
            for (const auto& batch : tn::batches(data, rows / 4)) found += batch.size();
            CHECK(data.x().data() == x.data());
            CHECK(data.y().data() == y.data());
        });
        CHECK(asked.bytes < for_names);
        CHECK(found == static_cast<std::size_t>(targets.size()));
    };
    check(by_column, std::span(y));
    check(by_row, y);
    check(mapped, mapped_y);
    check(mapped, std::span(y).first(rows / 2));
}

TEST_CASE("columns go out and in through Arrow where they lie", "[borrowing]") {
    const Eigen::MatrixXd x = Eigen::MatrixXd::Random(rows, 4);
    const std::vector<double> y(rows, 1.0);
    const auto asked = allocated_by([&] {
        ArrowSchema schema;
        ArrowArray array;
        tn::to_arrow(tn::view_as<four>(x, y), &schema, &array);
        const tn::arrow_batch batch(&schema, &array);
        CHECK(tn::view_arrow<four>(batch).x().data() == x.data());
        CHECK(batch.column<double>("x3").data() == &x(0, 3));
    });
    CHECK(asked.bytes < for_names);
}
