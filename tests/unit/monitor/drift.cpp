#include "support/catch.hpp"
#include "support/random_pipelines.hpp"

#include <cmath>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/logistic_regression.hpp>
#include <tenon/monitor/drift.hpp>
#include <tenon/prepare.hpp>

namespace tn = tenon;
using tenon_test::random_dataset;
using tenon_test::random_pipeline;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house", "barge">,
                          tn::target<"price">> {};
struct flower
    : tn::schema<tn::numeric<"width">, tn::numeric<"height">,
                 tn::label<"a label with a name that no table of eighty columns can hold", "aster", "lily">> {
};

const auto prepared = tn::impute(tn::median) | tn::one_hot() | tn::standardize();
using priced = tn::fitted_t<decltype(prepared | tn::linear_regression()), house>;
using sorted = tn::fitted_t<decltype(tn::standardize() | tn::logistic_regression()), flower>;

tn::dataset<house> houses(std::uint64_t seed, std::size_t rows = 600) {
    return random_dataset<house>(rows, seed, house::info());
}
priced house_model() {
    return random_pipeline<priced>(prepared, houses(1), 5);
}

/// Rows of which the first column is changed.
template <class Change>
tn::dataset<house> changed(tn::dataset<house> data, Change change) {
    for (std::size_t r = 0; r < data.size(); ++r) change(data.values().row(r), r);
    return data;
}

} // namespace

TEST_CASE("a monitor answers as its model does and counts every row", "[drift]") {
    const priced model = house_model();
    tn::drift_monitor watch(model);
    const auto data = houses(2, 60);
    for (std::size_t r = 0; r < data.size(); ++r) CHECK(watch(data.row(r)) == model(data.row(r)));
    CHECK(watch.report().rows == 60);
    CHECK(watch.model().record().seed == model.record().seed);

    const tn::drift_report report = watch.report();
    REQUIRE(report.columns.size() == 3);
    CHECK(report.columns[0].name == "area");
    CHECK(report.columns[1].name == "kind");
    CHECK(report.columns[2].name == "prediction of price");
}

TEST_CASE("rows of the reference raise no alarm, moved ones do and say which column moved", "[drift]") {
    const priced model = house_model();
    tn::drift_monitor watch(model);
    watch.observe(houses(1).x());
    CHECK(!watch.report().is_alarm());
    for (const tn::column_drift& c : watch.report().columns) CHECK(c.psi < 1e-9);

    watch.reset();
    CHECK(watch.report().rows == 0);
    CHECK(!watch.report().is_alarm());
    watch.observe(changed(houses(3), [](auto x, std::size_t) { x[0] += 6; }).x());
    CHECK(watch.report().is_alarm());
    CHECK(watch.report().columns[0].is_alarm);
    CHECK(!watch.report().columns[1].is_alarm);
    CHECK(watch.report().columns[0].psi > watch.report().columns[0].threshold);
}

TEST_CASE("other levels, and values that go missing, are drift", "[drift]") {
    tn::drift_monitor watch(house_model());
    watch.observe(changed(houses(4), [](auto x, std::size_t r) { x[1] = r % 3 == 0 ? x[1] : 2; }).x());
    CHECK(watch.report().columns[1].is_alarm);
    CHECK(!watch.report().columns[0].is_alarm);

    watch.reset();
    watch.observe(changed(houses(4), [](auto x, std::size_t r) { x[0] = r % 5 == 0 ? NAN : x[0]; }).x());
    CHECK(watch.report().columns[0].is_alarm);
}

TEST_CASE("no alarm before enough rows were seen", "[drift]") {
    tn::drift_monitor watch(house_model(), {.least_rows = 40});
    const auto moved = changed(houses(5, 40), [](auto x, std::size_t) { x[0] += 100; });
    for (std::size_t r = 0; r < 39; ++r) watch(moved.row(r));
    CHECK(!watch.report().is_alarm());
    watch(moved.row(39));
    CHECK(watch.report().is_alarm());
}

TEST_CASE("a smaller alpha asks for more", "[drift]") {
    const priced model = house_model();
    tn::drift_monitor strict(model, {.alpha = 0.001}), loose(model, {.alpha = 0.1});
    strict.observe(houses(6, 80).x());
    loose.observe(houses(6, 80).x());
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(strict.report().columns[c].threshold > loose.report().columns[c].threshold);
        CHECK(strict.report().columns[c].psi == loose.report().columns[c].psi);
    }
}

TEST_CASE("monitors that are merged have seen what both saw", "[drift]") {
    const priced model = house_model();
    tn::drift_monitor first(model), second(model), whole(model);
    const auto a = houses(7, 90), b = changed(houses(8, 50), [](auto x, std::size_t) { x[0] += 3; });
    first.observe(a.x());
    second.observe(b.x());
    whole.observe(a.x());
    whole.observe(b.x());
    first.merge(second);
    CHECK(first.report().rows == 140);
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(first.report().columns[c].psi == whole.report().columns[c].psi);
        CHECK(first.report().columns[c].threshold == whole.report().columns[c].threshold);
    }
}

TEST_CASE("classes are watched too, and the table fits 80 columns", "[drift]") {
    const auto data = random_dataset<flower>(400, 9, flower::info());
    const sorted model = random_pipeline<sorted>(tn::standardize(), data, 3);
    tn::drift_monitor watch(model);
    auto moved = data;
    for (std::size_t r = 0; r < moved.size(); ++r)
        if (model(moved.row(r)) == 0) std::copy_n(moved.row(0).begin(), 2, moved.values().row(r).begin());
    watch.observe(moved.x());
    CHECK(watch.report().columns.back().is_alarm);

    const std::string text = watch.report().text();
    CHECK_THAT(text, tenon_test::ContainsSubstring("ALARM"));
    CHECK_THAT(text, tenon_test::ContainsSubstring("400 rows"));
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        CHECK(end - at <= 80);
        at = end + 1;
    }
}

TEST_CASE("answers that are no class are counted as missing", "[drift]") {
    const auto data = random_dataset<flower>(400, 9, flower::info());
    tn::drift_monitor watch(random_pipeline<sorted>(tn::standardize(), data, 3));
    for (int i = 0; i < 100; ++i) CHECK(watch(std::array<double, 2>{NAN, 1}) == tn::no_class);
    CHECK(watch.report().columns[0].is_alarm);
    CHECK(watch.report().columns[2].is_alarm);
}

TEST_CASE("a pipeline of run-time widths is watched", "[drift]") {
    using S = tn::columns<tn::dynamic>;
    using P = tn::fitted_t<decltype(tn::standardize() | tn::linear_regression()), S>;
    const auto data = random_dataset<S>(300, 12, S::info(2));
    tn::drift_monitor watch(random_pipeline<P>(tn::standardize(), data, 4));
    watch.observe(data.x());
    CHECK(watch.report().rows == 300);
    CHECK(!watch.report().is_alarm());
    CHECK_THROWS_WITH(watch.observe(tn::matrix<double>(5, 3).view()),
                      "drift_monitor: a row has 3 values, expected 2");
    CHECK(watch.report().rows == 300);
}

TEST_CASE("a pipeline without profiles cannot be watched", "[drift]") {
    priced model = house_model();
    tn::training_record record = model.record();
    record.columns.clear();
    model.record() = record;
    CHECK_THROWS_AS(tn::drift_monitor(model), tn::data_error);
}
