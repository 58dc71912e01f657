#include "support/catch.hpp"

#include "unit/evaluate/observed.hpp"
#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/evaluate/classification.hpp>
#include <tenon/evaluate/compare.hpp>
#include <tenon/evaluate/regression.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::first_input;
using tenon_test::matrix_of;
using tenon_test::pipeline_of;
using tenon_test::WithinRel;

namespace {

struct flat : tn::schema<tn::numeric<"area">, tn::numeric<"rooms">, tn::target<"price">> {};
struct house : tn::schema<tn::numeric<"area">, tn::numeric<"garden">, tn::target<"price">> {};

/// Another type of model, with more to store.
struct table_model : first_input {
    static constexpr std::string_view name = "table";
    tn::storage<double, 16> unused;
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        first_input::fields(self, visit);
        visit("unused", self.unused);
    }
};

const auto good = pipeline_of<flat>(first_input{1}, flat::info());
const auto poor = pipeline_of<flat>(first_input{0.5}, flat::info());
const auto table = pipeline_of<flat>(table_model{}, flat::info());
const tn::dataset<flat> flats(matrix_of({{2.5, 1}, {0, 1}, {2, 1}, {8, 1}}), {3, -0.5, 2, 7});

using good_type = std::remove_const_t<decltype(good)>;
using r2_set = tn::metric_set<tn::r2_metric>;
template <class D, class M, class... Models>
using objection = decltype(tn::detail::objection_to_compare<D, M, Models...>());
static_assert(tn::no_objection<objection<tn::dataset<flat>, r2_set, good_type, good_type>>);
static_assert(
    tn::no_objection<objection<tn::dataset<flat>, tn::r2_metric, tn::named_model<const good_type&>>>);
static_assert(std::is_same_v<objection<tn::dataset<flat>, r2_set, good_type, tn::pipeline<int>>,
                             tn::because::this_pipeline_is_not_fitted__call_fit_first>);
static_assert(std::is_same_v<objection<tn::dataset<house>, r2_set, good_type>,
                             tn::because::the_data_have_another_schema_than_the_model>);
static_assert(std::is_same_v<objection<tn::dataset<flat>, good_type, good_type>,
                             tn::because::one_of_the_arguments_is_not_a_Metric>);
static_assert(std::is_same_v<objection<tn::dataset<flat>, tn::metric_set<tn::f1_metric>, good_type>,
                             tn::because::this_Metric_does_not_suit_the_target<tn::f1_metric>>);
static_assert(std::is_same_v<objection<int, r2_set, good_type>, tn::because::the_argument_is_not_a_Dataset>);

} // namespace

TEST_CASE("compare evaluates every model as evaluate does, and measures it", "[evaluate]") {
    const tn::comparison all = tn::compare(flats, tn::metrics(tn::r2(), tn::rmse()), good, poor, table);
    CHECK(all.rows() == 4);
    CHECK(all.metrics() == std::vector<std::string>{"r2", "rmse"});
    REQUIRE(all.models().size() == 3);
    const double good_rmse = tn::evaluate(good, flats, tn::rmse())["rmse"];
    const double poor_rmse = tn::evaluate(poor, flats, tn::rmse())["rmse"];
    CHECK(all.value("first_input", "rmse") == good_rmse);
    CHECK(all.value("first_input 2", "rmse") == poor_rmse);
    CHECK(all.change("first_input", "rmse") == 0);
    CHECK(all.change("first_input 2", "rmse") == poor_rmse - good_rmse);
    CHECK(all.models()[0].bytes == sizeof(double));
    CHECK(all.models()[2].bytes == 17 * sizeof(double));
    for (const auto& m : all.models()) CHECK(m.nanoseconds > 0);
}

TEST_CASE("models are called what they are, what the user says, and never the same", "[evaluate]") {
    const tn::comparison all =
        tn::compare(flats, tn::r2(), table, tn::named("table", good), tn::named("mine", poor), good,
                    tn::named("table", pipeline_of<flat>(first_input{2}, flat::info())));
    std::vector<std::string> names;
    for (const auto& m : all.models()) names.push_back(m.name);
    CHECK(names == std::vector<std::string>{"table", "table 2", "mine", "first_input", "table 3"});
}

TEST_CASE("a comparison lists all its numbers", "[evaluate]") {
    const tn::comparison all = tn::compare(flats, tn::metrics(tn::r2(), tn::mae()), good, poor);
    const std::vector<tn::compared_value> values = all.values();
    REQUIRE(values.size() == 8);
    CHECK(values[0] == tn::compared_value{"first_input", "r2", all.value("first_input", "r2")});
    CHECK(values[2] == tn::compared_value{"first_input", "bytes", 8});
    CHECK(values[3] == tn::compared_value{"first_input", "nanoseconds", all.models()[0].nanoseconds});
    CHECK(values[5].model == "first_input 2");
    CHECK(values[5].metric == "mae");
}

TEST_CASE("names that a comparison does not have are refused with those it has", "[evaluate]") {
    const tn::comparison two(4, {"r2", "rmse"}, {{"mlp", {1, 2}}, {"pruned", {3, 4}}});
    CHECK_THROWS_AS(two.value("mlp", "mae"), tn::error);
    CHECK_THROWS_WITH(two.value("mlp", "mae"), "the comparison has no metric 'mae'; it has r2, rmse");
    CHECK_THROWS_WITH(two.change("quantized", "r2"),
                      "the comparison has no model 'quantized'; it has mlp, pruned");
}

TEST_CASE("a comparison is written as a table of at most 80 columns", "[evaluate]") {
    const tn::comparison two(
        4, {"r2", "rmse"},
        {{"mlp", {0.9876, 1234.5}, 1076, 172.84}, {"pruned", {0.98, 1250}, 1333, 98765.4}});
    CHECK(two.text() == "model        r2    change    rmse  change  bytes     ns\n"
                        "mlp     0.98760            1234.5           1076  172.8\n"
                        "pruned  0.98000  -0.00760  1250.0   +15.5   1333  98765\n");
    std::ostringstream out;
    out << two;
    CHECK(out.str() == two.text());

    const tn::comparison one(4, {"r2"}, {{"mlp", {0.5}, 8, 1.25}});
    CHECK_THAT(one.text(), !ContainsSubstring("change"));

    std::vector<std::string> metrics;
    std::vector<double> values;
    for (int i = 0; i < 12; ++i) {
        metrics.push_back("metric number " + std::to_string(i));
        values.push_back(1e7 * i);
    }
    const tn::comparison wide(4, metrics, {{std::string(60, 'a'), values}, {"b", values}});
    std::istringstream lines(wide.text());
    std::size_t longest = 0;
    for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
    CHECK(longest <= 80);
    CHECK(longest > 60);
}

TEST_CASE("compare refuses the data that evaluate refuses", "[evaluate]") {
    CHECK_THROWS_AS(tn::compare(tn::dataset<flat>(tn::matrix<double>(0, 2), {}), tn::r2(), good),
                    tn::data_error);
}
