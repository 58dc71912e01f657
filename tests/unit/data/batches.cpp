#include "support/catch.hpp"

#include <Eigen/Core>
#include <set>
#include <tenon/data/batches.hpp>
#include <vector>

namespace tn = tenon;

namespace {

using two = tn::columns<2>;

tn::dataset<two> counting(std::size_t rows) {
    tn::matrix<double> x(rows, 2);
    std::vector<double> y;
    for (std::size_t r = 0; r < rows; ++r) {
        x(r, 0) = static_cast<double>(r), x(r, 1) = -x(r, 0);
        y.push_back(10 * x(r, 0));
    }
    return {std::move(x), std::move(y)};
}

} // namespace

TEST_CASE("batches in order are views of all rows", "[batches]") {
    const std::vector<double> weights{0, 0, 0, 0, 4, 5, 6, 7, 8, 9}; // the first batch weighs nothing
    const tn::dataset<two> data = counting(10).with_weights(weights);
    std::size_t rows = 0;
    CHECK(tn::batches(data, 4).size() == 3);
    for (const tn::dataset_view<two>& batch : tn::batches(data, 4)) {
        CHECK(batch.size() == (rows < 8 ? 4 : 2));
        CHECK(batch.x().data() == data.x().row(rows).data());
        CHECK(batch.y().data() == data.y().data() + rows);
        CHECK(batch.weights().data() == data.weights().data() + rows);
        CHECK(batch.weights().size() == batch.size());
        CHECK(batch.info() == data.info());
        rows += batch.size();
    }
    CHECK(rows == 10);
    CHECK(tn::batches(data, 100).size() == 1);
    CHECK(tn::batches(counting(0), 4).size() == 0);
    CHECK_THROWS_AS(tn::batches(data, 0), tn::data_error);
    double sum = 0; // a dataset that was given away lives for the loop
    for (const auto& batch : tn::batches(counting(5), 2)) sum += batch.y()[0];
    CHECK(sum == 0 + 20 + 40);
}

TEST_CASE("batches of a view keep its strides", "[batches]") {
    const Eigen::MatrixXd x = Eigen::MatrixXd::Random(7, 2);
    const Eigen::VectorXd y = Eigen::VectorXd::Random(14);
    const Eigen::Map<const Eigen::VectorXd, 0, Eigen::InnerStride<2>> every_second(y.data(), 7);
    std::size_t rows = 0;
    for (const auto& batch : tn::batches(tn::view_as<two>(x, every_second), 3)) {
        const auto first = static_cast<Eigen::Index>(rows);
        CHECK(&batch.x()(0, 1) == &x.coeffRef(first, 1));
        CHECK(batch.y().data() == y.data() + 2 * first);
        CHECK(batch.y().stride() == 2);
        rows += batch.size();
    }
    CHECK(rows == 7);
    const tn::dataset_view<tn::columns<2, tn::none>> alone(tn::view_of(x));
    CHECK(tn::batches(alone, 7).at(0).y().size() == 0);
}

TEST_CASE("shuffled batches have every row once, by the seed", "[batches]") {
    const tn::dataset<two> data = counting(50);
    const auto order = [&](std::uint64_t seed) {
        std::vector<double> rows;
        for (const tn::dataset<two>& batch : tn::batches(data, 16, tn::seed{seed})) {
            CHECK(batch.size() == (rows.size() < 48 ? 16 : 2));
            for (std::size_t r = 0; r < batch.size(); ++r) {
                rows.push_back(batch.x()(r, 0));
                CHECK(batch.target(r) == 10 * rows.back());
            }
        }
        return rows;
    };
    const std::vector<double> first = order(1);
    CHECK(std::set(first.begin(), first.end()).size() == 50);
    CHECK(first == order(1));
    CHECK(first != order(2));
    std::vector<double> moved;
    for (const auto& batch : tn::batches(counting(50), 16, tn::seed{1}))
        for (std::size_t r = 0; r < batch.size(); ++r) moved.push_back(batch.x()(r, 0));
    CHECK(moved == first);
}
