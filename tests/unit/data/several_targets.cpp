// Data whose target is several numbers: schemas, files, views, parts.

#include "support/catch.hpp"

#include <Eigen/Core>
#include <array>
#include <string>
#include <tenon/data/arrow.hpp>
#include <tenon/data/batches.hpp>
#include <tenon/data/concatenate.hpp>
#include <tenon/data/csv.hpp>
#include <tenon/data/csv_parallel.hpp>
#include <tenon/data/csv_write.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/drop.hpp>
#include <tenon/data/expect.hpp>
#include <tenon/data/fingerprint.hpp>
#include <tenon/data/split.hpp>
#include <tenon/data/summary.hpp>
#include <tenon/deploy/dataset_file.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

struct arm : tn::schema<tn::target<"x">, tn::numeric<"shoulder">, tn::numeric<"elbow">, tn::target<"y">> {};
using two = std::array<double, 2>;
using three = tn::columns<2, tn::reals<3>>;
using unnamed = tn::columns<2, tn::reals<2>>;

const std::string text = "y,shoulder,note,x,elbow\n"
                         "1.5,10,a,-2,11\n"
                         "\"2.5\",20,b,-4,NA\n"
                         "3.5,30,c,-6,31\n";

bool are_same(const tn::dataset<arm>& a, const tn::dataset<arm>& b) {
    return a.info() == b.info() && tn::fingerprint(a) == tn::fingerprint(b);
}

} // namespace

TEST_CASE("two targets of a schema are one target of two numbers", "[several targets]") {
    STATIC_REQUIRE(std::is_same_v<arm::kind, tn::reals<2>>);
    STATIC_REQUIRE(arm::width == 2);
    STATIC_REQUIRE(std::is_same_v<tn::dataset<arm>::target_type, two>);
    STATIC_REQUIRE(tn::outputs_of<arm::kind> == 2);
    STATIC_REQUIRE(tn::Dataset<tn::dataset<arm>>);
    STATIC_REQUIRE(tn::Dataset<tn::dataset_view<unnamed>>);
    CHECK(arm::info().target.name == "x");
    REQUIRE(arm::info().more_targets.size() == 1);
    CHECK(arm::info().target_column(1).name == "y");
    CHECK(unnamed::info().target.name == "y0");
    CHECK(unnamed::info().more_targets[0].name == "y1");
}

TEST_CASE("several targets are read from CSV in the schema's order, and written", "[several targets]") {
    const auto data = tn::parse_csv<arm>(text);
    REQUIRE(data.size() == 3);
    CHECK(data.target(0) == two{-2, 1.5});
    CHECK(data.y()[1] == two{-4, 2.5}); // a row that is not plain
    CHECK(data.y()[2] == two{-6, 3.5});
    CHECK(tn::csv_of(data) == "shoulder,elbow,x,y\n10,11,-2,1.5\n20,,-4,2.5\n30,31,-6,3.5\n");
    CHECK(are_same(tn::parse_csv<arm>(tn::csv_of(data)), data));
    CHECK(are_same(tn::parse_csv<arm>(text, tn::threads{2}), data));
    CHECK_THROWS_WITH(tn::parse_csv<arm>("x,y,shoulder,elbow\n1,NA,3,4\n", {}, "f"),
                      "f, line 2, column 'y': the target is missing");

    const auto plain = tn::parse_csv<unnamed>("1,2,3,4\n5,6,7,8\n");
    CHECK(plain.target(1) == two{7, 8});
    CHECK(plain.x()(1, 1) == 6);
    const auto named = tn::parse_csv<tn::columns<tn::dynamic, tn::reals<2>>>("a,b,c\n1,2,3\n");
    CHECK(named.info().target.name == "b");
    CHECK(named.info().more_targets[0].name == "c");
    CHECK(named.target(0) == two{2, 3});
    CHECK_THROWS_WITH(tn::parse_csv<unnamed>("1,2,3\n", {}, "f"),
                      ContainsSubstring("expected 2 feature columns and 2 targets, found 3 columns"));
}

TEST_CASE("several targets are seen where they lie, in any layout", "[several targets]") {
    const Eigen::MatrixXd x = Eigen::MatrixXd::Random(5, 2);
    Eigen::MatrixXd y = Eigen::MatrixXd::Random(5, 2);
    const auto seen = tn::view_as<unnamed>(x, y);
    for (Eigen::Index r = 0; r < 5; ++r)
        CHECK(seen.y()[static_cast<std::size_t>(r)] == two{y(r, 0), y(r, 1)});
    y(3, 1) = 7;
    CHECK(seen.y()[3][1] == 7);
    CHECK(&seen.y().values()(0, 1) == &y(0, 1));
    CHECK(seen.middle_rows(2, 2).y()[1][1] == 7);

    const std::vector<two> arrays{{1, 2}, {3, 4}, {5, 6}, {7, 8}, {9, 10}};
    const auto rows = tn::view_as<unnamed>(x, arrays);
    CHECK(rows.y()[4] == two{9, 10});
    CHECK(rows.y().column(1)[2] == 6);
    CHECK(&rows.y().values()(1, 0) == arrays[1].data());
    CHECK_THROWS_WITH(tn::view_as<unnamed>(x, Eigen::MatrixXd(5, 3)),
                      ContainsSubstring("the targets have 3 columns, expected 2"));
    CHECK_THROWS_WITH(tn::view_as<unnamed>(x, Eigen::MatrixXd(4, 2)),
                      ContainsSubstring("5 rows but 4 targets"));
}

TEST_CASE("several targets stay with their rows", "[several targets]") {
    const auto data = tn::parse_csv<arm>(text);
    const std::vector<std::size_t> places{2, 0};
    CHECK(tn::select_rows(data, places).target(0) == two{-6, 3.5});
    const auto [train, test] = tn::split(data, 0.67, tn::seed{3});
    CHECK(train.target(0)[0] == -2 * train.x()(0, 0) / 10);
    CHECK(test.target(0)[0] == -2 * test.x()(0, 0) / 10);
    for (const auto& batch : tn::batches(data, 2)) CHECK(batch.y()[0][0] == -2 * batch.x()(0, 0) / 10);
    const auto both = tn::concatenate(data, data);
    CHECK(both.target(5) == two{-6, 3.5});
    const auto fewer = tn::drop<"elbow">(data);
    CHECK(fewer.target(2) == two{-6, 3.5});
    CHECK(fewer.info().more_targets == data.info().more_targets);
}

TEST_CASE("every target counts in fingerprint, summary and rules", "[several targets]") {
    const auto data = tn::parse_csv<arm>(text);
    auto y = std::vector<two>{data.target(0), data.target(1), data.target(2)};
    y[2][1] = 4;
    tn::matrix<double> x(3, 2);
    for (std::size_t i = 0; i < 6; ++i) x.data()[i] = data.x().data()[i];
    const tn::dataset<arm> other(x, y, data.info());
    CHECK(tn::fingerprint(other) != tn::fingerprint(data));
    auto renamed = data.info();
    renamed.more_targets[0].name = "z";
    y[2][1] = 3.5;
    CHECK(tn::fingerprint(tn::dataset<arm>(x, y, renamed)) != tn::fingerprint(data));

    const tn::data_summary summary = tn::summarize(tn::concatenate(data, other));
    CHECK(summary.duplicate_rows == 2); // in the third row y differs
    REQUIRE(summary.more_targets.size() == 1);
    CHECK(summary.more_targets[0].maximum == 4);
    CHECK_THAT(summary.text(), ContainsSubstring("6 rows, 2 features, targets 'x', 'y'"));
    CHECK_THAT(summary.json(), ContainsSubstring("\"more_targets\":[{\"name\":\"y\""));
    CHECK(tn::check(data, tn::expect<"y">().between(0, 3.5)).holds());
    CHECK_FALSE(tn::check(data, tn::expect<"y">().between(0, 3)).holds());
}

TEST_CASE("several targets go through Arrow and dataset files", "[several targets]") {
    const auto data = tn::parse_csv<arm>(text);
    ArrowSchema schema;
    ArrowArray array;
    tn::to_arrow(data, &schema, &array);
    CHECK(are_same(tn::from_arrow<arm>(&schema, &array), data));

    const auto file = tn::save_dataset_bytes(data);
    CHECK(are_same(tn::load_dataset_bytes<arm>(file), data));
    struct leg : tn::schema<tn::target<"x">, tn::numeric<"shoulder">, tn::numeric<"elbow">, tn::target<"z">> {
    };
    CHECK_THROWS_WITH(tn::load_dataset_bytes<leg>(file), ContainsSubstring("target 1 is 'z' here and 'y'"));
    struct point : tn::schema<tn::numeric<"shoulder">, tn::numeric<"elbow">, tn::target<"x">> {};
    CHECK_THROWS_WITH(tn::load_dataset_bytes<point>(file), ContainsSubstring("real here, reals in the file"));
    CHECK_THROWS_WITH(tn::load_dataset_bytes<three>(file),
                      ContainsSubstring("3 targets that are numbers here, in the file 2"));
}
