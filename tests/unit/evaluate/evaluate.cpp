#include "support/catch.hpp"

#include "unit/evaluate/observed.hpp"
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/evaluate/classification.hpp>
#include <tenon/evaluate/evaluate.hpp>
#include <tenon/evaluate/log_loss.hpp>
#include <tenon/evaluate/regression.hpp>
#include <tenon/evaluate/roc_auc.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::first_input;
using tenon_test::inputs_as_scores;
using tenon_test::matrix_of;
using tenon_test::pipeline_of;
using tenon_test::WithinRel;

namespace {

struct flat : tn::schema<tn::numeric<"area">, tn::numeric<"rooms">, tn::target<"price">> {};
struct house : tn::schema<tn::numeric<"area">, tn::numeric<"garden">, tn::target<"price">> {};
using three_scores = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;

const auto answers_area = pipeline_of<flat>(first_input{}, flat::info());
const auto answers_largest = pipeline_of<three_scores>(inputs_as_scores{3}, three_scores::info(3, 3));

const tn::dataset<flat> flats(matrix_of({{2.5, 1}, {0, 1}, {2, 1}, {8, 1}}), {3, -0.5, 2, 7});
const tn::dataset<three_scores> scored(matrix_of({{2, 1, 0}, {0, 1, 0}, {0, 0, 5}, {0, 3, 2}}), {0, 1, 2, 2});

/// A metric that counts whether probabilities came.
struct probability_rows {
    static constexpr std::string_view name = "probability rows";
    template <class Kind>
    using accepts = tn::only_class_targets<probability_rows, Kind>;
    double operator()(const tn::class_outcomes& o) const {
        return static_cast<double>(o.probabilities.rows());
    }
};
struct wanted_probability_rows : probability_rows {
    static constexpr bool needs_probabilities = true;
};

struct class_names_length {
    static constexpr std::string_view name = "letters";
    template <class Kind>
    using accepts = tn::only_class_targets<class_names_length, Kind>;
    double operator()(const tn::class_outcomes& o) const {
        std::size_t n = 0;
        for (const auto& class_name : o.class_names) n += class_name.size();
        return static_cast<double>(n);
    }
};

template <class... Arguments>
using objection =
    decltype(tn::detail::objection_to_evaluate<std::remove_const_t<std::remove_reference_t<Arguments>>...>());
using model = decltype(answers_area);
using classifier = decltype(answers_largest);
using data = decltype(flats);

static_assert(tn::no_objection<objection<model, data, tn::r2_metric>>);
static_assert(tn::no_objection<objection<classifier, decltype(scored), tn::metric_set<tn::f1_metric>>>);
static_assert(std::is_same_v<objection<tn::pipeline<int>, data, tn::r2_metric>,
                             tn::because::the_first_argument_is_not_fitted__call_fit_first>);
static_assert(std::is_same_v<objection<model, std::vector<double>, tn::r2_metric>,
                             tn::because::the_argument_is_not_a_Dataset>);
static_assert(std::is_same_v<objection<model, data, tn::r2_metric, int>,
                             tn::because::one_of_the_arguments_is_not_a_Metric>);
static_assert(std::is_same_v<objection<model, tn::dataset<house>, tn::r2_metric>,
                             tn::because::the_data_have_another_schema_than_the_model>);
static_assert(std::is_same_v<objection<model, data, tn::metric_set<tn::r2_metric, tn::roc_auc_metric>>,
                             tn::because::this_Metric_does_not_suit_the_target<tn::roc_auc_metric>>);
static_assert(std::is_same_v<objection<classifier, decltype(scored), tn::f1_metric, tn::mse_metric>,
                             tn::because::this_Metric_does_not_suit_the_target<tn::mse_metric>>);
static_assert(
    std::is_same_v<
        decltype(tn::detail::objection_to_confusion<std::remove_const_t<model>, std::remove_const_t<data>>()),
        tn::because::this_Metric_does_not_suit_the_target<tn::confusion_matrix>>);

} // namespace

TEST_CASE("evaluate gives the metrics of the model's predictions in the order asked for", "[evaluate]") {
    const tn::report all = tn::evaluate(answers_area, flats, tn::metrics(tn::r2(), tn::mse()), tn::mae());
    CHECK(all.rows() == 4);
    REQUIRE(all.values().size() == 3);
    CHECK(all.values()[0].name == "r2");
    CHECK(all.values()[2].name == "mae");
    CHECK_THAT(all["mse"], WithinRel((0.25 + 0.25 + 0 + 1) / 4, 1e-15));
    CHECK_THAT(all["mae"], WithinRel(0.5, 1e-15));
    CHECK_THAT(all["r2"], WithinRel(0.9486081370449679, 1e-15)); // scikit-learn 1.9.1
    CHECK(tn::evaluate(answers_area, flats, tn::r2())["r2"] == all["r2"]);
}

TEST_CASE("a set of metrics and the same metrics one by one give the same report", "[evaluate]") {
    const auto set =
        tn::evaluate(answers_largest, scored, tn::metrics(tn::accuracy(), tn::f1(), tn::roc_auc()));
    const auto each = tn::evaluate(answers_largest, scored, tn::accuracy(), tn::f1(), tn::roc_auc());
    REQUIRE(set.values().size() == each.values().size());
    for (std::size_t i = 0; i < 3; ++i) CHECK(set.values()[i] == each.values()[i]);
    CHECK_THAT(set["accuracy"], WithinRel(0.75, 1e-15));
}

TEST_CASE("probabilities are computed where a metric needs them", "[evaluate]") {
    CHECK(tn::evaluate(answers_largest, scored, probability_rows{})["probability rows"] == 0);
    CHECK(tn::evaluate(answers_largest, scored, wanted_probability_rows{})["probability rows"] == 4);
    CHECK(tn::evaluate(answers_largest, scored, probability_rows{}, tn::log_loss())["probability rows"] == 4);
    // log_loss of softmax(scores), by hand.
    const double e = std::exp(1.0);
    const double expected =
        -(std::log(e * e / (e * e + e + 1)) + std::log(e / (e + 2)) +
          std::log(std::exp(5.0) / (std::exp(5.0) + 2)) + std::log(e * e / (e * e + e * e * e + 1))) /
        4;
    CHECK_THAT(tn::evaluate(answers_largest, scored, tn::log_loss())["log_loss"], WithinRel(expected, 1e-14));
}

TEST_CASE("metrics see the classes' names as the model knows them", "[evaluate]") {
    CHECK(tn::evaluate(answers_largest, scored, class_names_length{})["letters"] == 3); // "0", "1", "2"
}

TEST_CASE("column-major data give the same report as row-major ones", "[evaluate]") {
    const std::vector<double> columns{2.5, 0, 2, 8, 1, 1, 1, 1}, prices{3, -0.5, 2, 7};
    const tn::dataset_view<flat> view(tn::matrix_view<const double>(columns.data(), 4, 2, 1, 4),
                                      std::span<const double>(prices), flat::info());
    CHECK(tn::evaluate(answers_area, view, tn::r2())["r2"] ==
          tn::evaluate(answers_area, flats, tn::r2())["r2"]);
}

TEST_CASE("a missing feature makes a regression's metrics NaN and counts as a wrong class", "[evaluate]") {
    const double missing = std::numeric_limits<double>::quiet_NaN();
    tn::dataset<flat> with_gap = flats;
    with_gap.values()(1, 0) = missing;
    CHECK(std::isnan(tn::evaluate(answers_area, with_gap, tn::rmse())["rmse"]));

    tn::dataset<three_scores> with_gaps = scored;
    with_gaps.values()(0, 1) = missing;
    const auto all = tn::evaluate(answers_largest, with_gaps, tn::accuracy(), tn::log_loss());
    CHECK(all["accuracy"] == 0.5);
    CHECK(std::isfinite(all["log_loss"]));
    CHECK(tn::confusion(answers_largest, with_gaps).unanswered(0) == 1);
}

TEST_CASE("data without rows are refused", "[evaluate]") {
    const tn::dataset<flat> none(tn::matrix<double>(0, 2), {});
    CHECK_THROWS_AS(tn::evaluate(answers_area, none, tn::r2()), tn::data_error);
    CHECK_THROWS_WITH(tn::evaluate(answers_area, none, tn::r2()), "evaluate: the data have no rows");
}

TEST_CASE("a target that is not finite is refused with its row", "[evaluate]") {
    tn::dataset<flat> bad = flats;
    for (double v : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        bad.targets()[2] = v;
        CHECK_THROWS_AS(tn::evaluate(answers_area, bad, tn::r2()), tn::data_error);
        CHECK_THROWS_WITH(tn::evaluate(answers_area, bad, tn::r2()),
                          "evaluate: target 'price', row 3 is not a finite number");
    }
}

TEST_CASE("a class the model does not know is refused, fewer classes are welcome", "[evaluate]") {
    const tn::dataset<three_scores> four(matrix_of({{0, 1, 0}}), {3}, three_scores::info(3, 3));
    CHECK_THROWS_AS(tn::evaluate(answers_largest, four, tn::accuracy()), tn::data_error);
    CHECK_THROWS_WITH(tn::evaluate(answers_largest, four, tn::accuracy()),
                      "evaluate: label 'y', row 1 is 3, the model has 3 classes");
    const tn::dataset<three_scores> two(matrix_of({{0, 1, 0}, {1, 0, 0}}), {1, 0});
    REQUIRE(two.info().target.levels.size() == 2);
    CHECK(tn::evaluate(answers_largest, two, tn::accuracy())["accuracy"] == 1);
}

TEST_CASE("data with other columns or levels than the model's are refused by name", "[evaluate]") {
    tn::schema_info renamed = three_scores::info(3, 3);
    renamed.columns[1].name = "width";
    const tn::dataset<three_scores> other(matrix_of({{0, 1, 0}}), {1}, renamed);
    CHECK_THROWS_WITH(tn::evaluate(answers_largest, other, tn::accuracy()),
                      "the model was fitted on column 'x1', the data have 'width' in its place");

    tn::schema_info relabelled = three_scores::info(3, 3);
    std::swap(relabelled.target.levels[0], relabelled.target.levels[2]);
    const tn::dataset<three_scores> swapped(matrix_of({{0, 1, 0}}), {1}, relabelled);
    CHECK_THROWS_AS(tn::evaluate(answers_largest, swapped, tn::accuracy()), tn::data_error);
    CHECK_THROWS_WITH(tn::evaluate(answers_largest, swapped, tn::accuracy()),
                      "column 'y': the data call level 0 '2', the model '0'");

    const tn::dataset<three_scores> more(matrix_of({{0, 1, 0}}), {1}, three_scores::info(3, 4));
    CHECK_THROWS_WITH(tn::evaluate(answers_largest, more, tn::accuracy()),
                      "column 'y': the data call level 3 '3', the model has no level of this index");

    const tn::dataset<three_scores> wide(matrix_of({{0, 1, 0, 2}}), {1});
    CHECK_THROWS_WITH(tn::evaluate(answers_largest, wide, tn::accuracy()),
                      "the model was fitted on 3 columns, the data have 4");
}

TEST_CASE("confusion counts what the model predicts", "[evaluate]") {
    const tn::confusion_matrix m = tn::confusion(answers_largest, scored);
    CHECK(m.correct(0) == 1);
    CHECK(m.correct(1) == 1);
    CHECK(m.correct(2) == 1);
    CHECK(m.counts()(2, 1) == 1);
    CHECK(m.class_names() == std::vector<std::string>{"0", "1", "2"});
    CHECK_THROWS_AS(tn::confusion(answers_largest, tn::dataset<three_scores>(tn::matrix<double>(0, 3), {})),
                    tn::data_error);
}
