// Encoders of categories, indicators and constant fills against scikit-learn, on the penguins with their gaps. Every value
// is a whole number, or one of the table's own: all of them agree to the last bit.

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <tenon/core/fit_transforms.hpp>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/features/select.hpp>
#include <tenon/prepare/group_rare.hpp>
#include <tenon/prepare/hashing.hpp>
#include <tenon/prepare/impute.hpp>
#include <tenon/prepare/missing_indicators.hpp>
#include <tenon/prepare/one_hot.hpp>
#include <tenon/prepare/one_hot_drop_first.hpp>
#include <tenon/prepare/ordinal.hpp>
#include <tenon/prepare/target_encode.hpp>
#include <tenon/train/fit.hpp>
#include <utility>
#include <vector>

namespace tn = tenon;
using namespace tenon_test;

namespace {

using travelling = tn::detail::travelling_rows<double>;

/// The penguins behind all stages of a recipe, each fitted to those that came through the one before: what fit does to
/// rows, without asking that no value is missing.
struct behind {
    tn::matrix<double> x;
    std::vector<tn::column_info> columns;
};
template <class... Stages>
behind passed(const tn::pipeline<Stages...>& recipe) {
    using fitted = tn::fitted_t<tn::pipeline<Stages...>, penguin>;
    const tn::dataset<penguin> data = penguins();
    travelling rows(data.x()), none(data.x().middle_rows(0, 0));
    std::vector<tn::column_info> columns = data.info().columns;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (tn::detail::fit_and_pass<std::tuple_element_t<I, typename fitted::fitted_stages>>(
             recipe.template stage<I>(), rows, none, tn::vector_view<const tn::class_index>(data.y()),
             columns),
         ...);
    }(std::index_sequence_for<Stages...>{});
    behind result{tn::matrix<double>(data.size(), rows.view().columns()), columns};
    for (std::size_t r = 0; r < result.x.rows(); ++r)
        for (std::size_t c = 0; c < result.x.columns(); ++c) result.x(r, c) = rows.view()(r, c);
    return result;
}

/// Values that differ in the rows that the fixture shows, in columns first …; a missing value is null there.
std::size_t differences(const behind& got, const tn::json_value& expected, std::size_t first = 0) {
    const tn::json_value shown = fixture("encoders");
    const tn::json_array& rows = shown["rows"].as_array();
    REQUIRE(rows.size() == expected.as_array().size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const tn::json_array& values = expected.as_array()[i].as_array();
        REQUIRE(first + values.size() <= got.x.columns());
        for (std::size_t c = 0; c < values.size(); ++c) {
            const double v = got.x(rows[i].as_count(), first + c);
            count += (values[c].is_null() ? std::isnan(v) : v == values[c].as_number()) ? 0 : 1;
        }
    }
    return count;
}

const auto words = tn::select<"island", "sex">();
const auto whole_words = words | tn::impute(tn::most_frequent);

} // namespace

TEST_CASE("impute with a constant is SimpleImputer's", "[impute]") {
    const tn::json_value expected = fixture("encoders");
    CHECK(differences(passed(tn::impute(tn::constant(0))), expected["constant_0"]) == 0);
    CHECK(differences(passed(tn::impute(tn::constant(-1.5))), expected["constant_below"]) == 0);
}

TEST_CASE("missing_indicators gives the columns of MissingIndicator", "[missing_indicators]") {
    const tn::json_value expected = fixture("encoders");
    CHECK(differences(passed(tn::missing_indicators()), expected["indicators"], 6) == 0);
    const behind filled = passed(tn::missing_indicators() | tn::impute(tn::constant(0)));
    CHECK(filled.x.columns() == 12);
    CHECK(differences(filled, expected["constant_0"]) == 0);
    CHECK(differences(filled, expected["indicators"], 6) == 0);
}

TEST_CASE("ordinal is OrdinalEncoder with given categories", "[ordinal]") {
    CHECK(differences(passed(words | tn::ordinal()), fixture("encoders")["ordinal"]) == 0);
}

TEST_CASE("one_hot_drop_first and ignored levels are OneHotEncoder's", "[one_hot]") {
    const tn::json_value expected = fixture("encoders");
    CHECK(differences(passed(whole_words | tn::one_hot_drop_first()), expected["drop_first"]) == 0);
    CHECK(differences(passed(words | tn::one_hot({.unknown = tn::unknown_level::ignored})),
                      expected["ignored"]) == 0);
}

TEST_CASE("hashing is FeatureHasher on words by column", "[hashing]") {
    const tn::json_value expected = fixture("encoders")["hashing"];
    CHECK(differences(passed(whole_words | tn::hashing<2>()), expected["2"]) == 0);
    CHECK(differences(passed(whole_words | tn::hashing<5>()), expected["5"]) == 0);
    CHECK(differences(passed(whole_words | tn::hashing<16>()), expected["16"]) == 0);
}

TEST_CASE("group_rare and one_hot are OneHotEncoder with a least frequency", "[group_rare]") {
    const tn::json_value expected = fixture("encoders");
    auto check = [&](tn::rare_options options, const char* name) {
        const behind got = passed(whole_words | tn::group_rare(options) | tn::one_hot());
        const tn::json_array& names = expected[name]["names"].as_array();
        REQUIRE(got.columns.size() == names.size());
        for (std::size_t c = 0; c < names.size(); ++c) CHECK(got.columns[c].name == names[c].as_string());
        CHECK(differences(got, expected[name]["rows"]) == 0);
    };
    check({.least = 60}, "least");
    check({.share = 0.4}, "share");
}

TEST_CASE("target_encode learns the means of TargetEncoder with a fixed smooth", "[target_encode]") {
    const auto fitted = (tn::select<"island">() | tn::target_encode({.smooth = 10})).fit(penguins());
    const auto& means = fitted.stage<1>().means;
    CHECK(relative_error({means.begin(), means.end()},
                         values_of(table(fixture("encoders")["target_means"]))) <= 1e-12);
}
