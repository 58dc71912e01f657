#include "support/catch.hpp"

#include <Eigen/Core>
#include <array>
#include <string>
#include <tenon/data/dataset.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};

tn::matrix<double> counting(std::size_t rows, std::size_t columns) {
    tn::matrix<double> x(rows, columns);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c) x(r, c) = static_cast<double>(10 * r + c);
    return x;
}

} // namespace

TEST_CASE("a dataset owns rows, targets and the schema's face", "[dataset]") {
    STATIC_REQUIRE(tn::Dataset<tn::dataset<house>>);
    STATIC_REQUIRE(tn::Dataset<tn::dataset_view<house>>);
    tn::dataset<house> data(counting(3, 2), {1, 2, 3});
    CHECK(data.size() == 3);
    CHECK(data.info() == house::info());
    CHECK(data.x()(2, 1) == 21);
    CHECK(data.y()[2] == 3);
    CHECK(data.target(1) == 2);
    const auto row = data.row(1);
    STATIC_REQUIRE(decltype(row)::extent == 2);
    CHECK(row[0] == 10);
    CHECK(row[1] == 11);
    CHECK(row.data() == data.x().row(1).data());

    data.values()(1, 0) = -1;
    data.targets()[1] = -2;
    CHECK(data.row(1)[0] == -1);
    CHECK(data.y()[1] == -2);
}

TEST_CASE("shapes that do not meet are refused", "[dataset]") {
    CHECK_THROWS_WITH(tn::dataset<house>(counting(3, 3), {1, 2, 3}),
                      ContainsSubstring("the data have 3 feature columns, the schema has 2"));
    CHECK_THROWS_WITH(tn::dataset<house>(counting(3, 2), {1, 2}),
                      ContainsSubstring("the data have 3 rows but 2 targets"));
    CHECK_THROWS_AS(tn::dataset<tn::columns<3>>(counting(3, 2), {1, 2, 3}), tn::data_error);
    const tn::matrix<double> x = counting(3, 2);
    CHECK_THROWS_AS(tn::dataset_view<tn::columns<3>>(x, tn::vector_view<const double>()), tn::data_error);
    CHECK_THROWS_AS(tn::dataset_view<house>(x, tn::vector_view<const double>()), tn::data_error);
}

TEST_CASE("classes that the type leaves open are counted", "[dataset]") {
    using any = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;
    CHECK(tn::dataset<any>(counting(3, 2), {0, 4, 1}).info() == any::info(2, 5));
    CHECK(tn::dataset<any>(counting(0, 2), {}).info() == any::info(2, 0));
    using three = tn::columns<2, tn::classes<3>>;
    CHECK(tn::dataset<three>(counting(3, 2), {0, 0, 0}).info() == three::info());
}

TEST_CASE("a view borrows any layout without a copy", "[dataset]") {
    using three = tn::columns<3>;
    Eigen::VectorXd y(4);
    y << 1, 2, 3, 4;
    const auto check = [&](const auto& x) {
        const auto view = tn::view_as<three>(x, y);
        CHECK(view.size() == 4);
        CHECK(view.x().data() == x.data());
        CHECK(view.y().data() == y.data());
        CHECK(view.info() == three::info());
        for (Eigen::Index r = 0; r < 4; ++r)
            for (Eigen::Index c = 0; c < 3; ++c)
                CHECK(&view.x()(static_cast<std::size_t>(r), static_cast<std::size_t>(c)) ==
                      &x.coeffRef(r, c));
    };
    const Eigen::MatrixXd by_column = Eigen::MatrixXd::Random(4, 3);
    const Eigen::Matrix<double, 4, 3, Eigen::RowMajor> by_row = by_column;
    check(by_column);
    check(by_row);
    Eigen::MatrixXd large = Eigen::MatrixXd::Random(9, 9);
    check(Eigen::Map<Eigen::MatrixXd, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>(
        large.data(), 4, 3, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(18, 2)));
}

TEST_CASE("a view takes spans, vectors and the library's own views", "[dataset]") {
    const tn::matrix<double> x = counting(3, 2);
    const std::vector<double> y{1, 2, 3};
    const auto from_vector = tn::view_as<house>(x, std::span<const double>(y));
    CHECK(from_vector.x().data() == x.data());
    CHECK(from_vector.y()[2] == 3);
    // Every second target, from the last one on.
    const std::array<double, 5> spread{1, 0, 2, 0, 3};
    const tn::dataset_view<house> backwards(x, tn::vector_view<const double>(spread.data() + 4, 3, -2));
    CHECK(backwards.y()[0] == 3);
    CHECK(backwards.y()[2] == 1);
    const tn::dataset_view<tn::columns<2, tn::none>> without_targets(x);
    CHECK(without_targets.size() == 3);
    CHECK(without_targets.y().size() == 0);
}

TEST_CASE("select_rows copies rows in the order asked for", "[dataset]") {
    const tn::matrix<double> x = counting(4, 2);
    const std::array<double, 8> spread{0, -1, 1, -1, 2, -1, 3, -1};
    const tn::dataset_view<house> data(x, tn::vector_view<const double>(spread.data(), 4, 2));
    const std::vector<std::size_t> rows{3, 0, 3};
    const tn::dataset<house> chosen = tn::select_rows(data, rows);
    REQUIRE(chosen.size() == 3);
    CHECK(chosen.info() == data.info());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CHECK(chosen.x()(i, 0) == x(rows[i], 0));
        CHECK(chosen.x()(i, 1) == x(rows[i], 1));
        CHECK(chosen.y()[i] == static_cast<double>(rows[i]));
    }
    CHECK(tn::select_rows(data, {}).size() == 0);
    CHECK(tn::select_rows(data, {}).x().columns() == 2);

    const tn::dataset_view<tn::columns<2, tn::none>> without_targets(x);
    CHECK(tn::select_rows(without_targets, rows).x()(1, 1) == 1);
    CHECK(tn::select_rows(without_targets, rows).y().size() == 0);
}

TEST_CASE("targets are taken with their stride", "[dataset]") {
    const Eigen::MatrixXd x = Eigen::MatrixXd::Random(4, 3);
    const Eigen::Matrix<double, 4, 3, Eigen::RowMajor> by_row = x;
    const Eigen::VectorXd many = Eigen::VectorXd::Random(8);
    const auto check = [&](const auto& y) {
        const auto seen = tn::view_as<tn::columns<3>>(x, y).y();
        REQUIRE(seen.size() == 4);
        for (Eigen::Index r = 0; r < 4; ++r) CHECK(&seen[static_cast<std::size_t>(r)] == &y.coeffRef(r));
    };
    check(Eigen::Map<const Eigen::VectorXd, 0, Eigen::InnerStride<2>>(many.data(), 4));
    check(by_row.col(1));
    check(x.col(2));
    check(many.head(4));
    check(many.tail(4).transpose());
    CHECK_THROWS_AS(tn::view_as<tn::columns<3>>(x, by_row), tn::data_error);
}

TEST_CASE("rows without a target are borrowed alone", "[dataset]") {
    const std::vector<double> values{1, 2, 3, 4, 5, 6};
    const auto data =
        tn::view_as<tn::columns<3, tn::none>>(tn::matrix_view<const double>(values.data(), 2, 3));
    CHECK(data.size() == 2);
    CHECK(data.x().data() == values.data());
    CHECK(data.x()(1, 0) == 4);
}
