// k_best with its scores, and variance_threshold.

#include "support/catch.hpp"
#include "support/random_pipelines.hpp"

#include <cmath>
#include <limits>
#include <tenon/features/k_best.hpp>
#include <tenon/features/variance_threshold.hpp>
#include <tenon/train/fit.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::WithinRel;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::numeric<"noise">, tn::numeric<"rooms">,
                          tn::numeric<"twin">, tn::target<"price">> {};
struct flower
    : tn::schema<tn::numeric<"width">, tn::numeric<"height">, tn::categorical<"soil", "clay", "sand">,
                 tn::label<"species", "aster", "lily", "rose">> {};
using unnamed = tn::columns<tn::dynamic, tn::real>;
using sorted_kinds = tn::columns<tn::dynamic, tn::classes<3>>;

const double missing = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

tn::matrix<double> rows(std::initializer_list<std::initializer_list<double>> values) {
    tn::matrix<double> x(values.size(), values.begin()->size());
    std::size_t r = 0;
    for (const auto& row : values) std::copy(row.begin(), row.end(), x.row(r++).begin());
    return x;
}

template <class Score, class Y>
std::vector<double> scores_of(Score score, const tn::matrix<double>& x, const std::vector<Y>& y) {
    const tn::schema_info info = unnamed::info(x.columns());
    return score(x.view(), tn::vector_view<const Y>(std::span<const Y>(y)),
                 std::span<const tn::column_info>(info.columns));
}

/// Prices that follow the area and, less closely, the rooms; twin is the area again.
tn::dataset<house> houses() {
    auto data = tenon_test::random_dataset<house>(60, 5, house::info());
    for (std::size_t r = 0; r < data.size(); ++r) {
        data.values()(r, 3) = data.values()(r, 0);
        data.targets()[r] = 5 * data.row(r)[0] + 3 * data.row(r)[2];
    }
    return data;
}

/// NaN for all columns but the last one.
struct last_column {
    template <class Kind>
    using accepts = tn::because::nothing;
    std::vector<double> operator()(tn::matrix_view<const double> x, tn::vector_view<const double>,
                                   std::span<const tn::column_info>) const {
        std::vector<double> scores(x.columns(), missing);
        scores.back() = -infinity;
        return scores;
    }
};

template <class Recipe, class S>
using objection = typename Recipe::template objection<S>;

} // namespace

TEST_CASE("k_best keeps the best columns in their old order, with their names", "[k_best]") {
    const auto data = houses();
    const auto fitted = tn::k_best<3>(tn::f_regression).fit(data);
    STATIC_REQUIRE(decltype(fitted)::width_out == 3);
    std::array<double, 3> z{};
    fitted.transform(data.row(4), z);
    CHECK(z == std::array<double, 3>{data.row(4)[0], data.row(4)[2], data.row(4)[3]});
    const auto columns = fitted.features();
    REQUIRE(columns.size() == 3);
    CHECK(columns[0].name == "area");
    CHECK(columns[1].name == "rooms");
    CHECK(columns[2].name == "twin");
}

TEST_CASE("of equal scores k_best keeps the column that comes first", "[k_best]") {
    const auto fitted = tn::k_best<1>(tn::f_regression).fit(houses());
    CHECK(fitted.stage<0>().places[0] == 0); // not its twin
}

TEST_CASE("k_best finds by brute force what its scores say", "[k_best]") {
    const auto data = tenon_test::random_dataset<sorted_kinds>(40, 9, sorted_kinds::info(7));
    const auto fitted = tn::k_best<4>(tn::f_classif).fit(data);
    std::vector<tn::class_index> y(40);
    tn::matrix<double> x(40, 7);
    for (std::size_t r = 0; r < 40; ++r) {
        y[r] = data.y()[r];
        for (std::size_t c = 0; c < 7; ++c) x(r, c) = data.x()(r, c);
    }
    const auto scores = scores_of(tn::f_classif, x, y);
    for (std::size_t c = 0; c < 7; ++c) {
        std::size_t better = 0;
        for (std::size_t d = 0; d < 7; ++d) better += scores[d] > scores[c] ? 1 : 0;
        const auto& places = fitted.stage<0>().places;
        CHECK((std::find(places.begin(), places.end(), c) != places.end()) == (better < 4));
    }
}

TEST_CASE("what k_best cannot do is an objection that says why", "[k_best]") {
    namespace because = tn::because;
    using regression = decltype(tn::k_best<2>(tn::f_regression));
    using classification = decltype(tn::k_best<2>(tn::f_classif));
    using counts = decltype(tn::k_best<2>(tn::chi2));
    using five = decltype(tn::k_best<5>(tn::f_regression));
    STATIC_REQUIRE(tn::no_objection<objection<regression, house>>);
    STATIC_REQUIRE(std::is_same_v<objection<regression, tn::columns<3, tn::classes<2>>>,
                                  because::this_score_does_not_suit_the_target<tn::f_regression_score>>);
    STATIC_REQUIRE(std::is_same_v<objection<regression, tn::columns<3, tn::none>>,
                                  because::this_score_does_not_suit_the_target<tn::f_regression_score>>);
    STATIC_REQUIRE(std::is_same_v<objection<classification, house>,
                                  because::this_score_does_not_suit_the_target<tn::f_classif_score>>);
    STATIC_REQUIRE(std::is_same_v<objection<counts, house>,
                                  because::this_score_does_not_suit_the_target<tn::chi2_score>>);
    STATIC_REQUIRE(std::is_same_v<objection<five, house>,
                                  because::this_stage_is_asked_for_more_columns_than_there_are<5, 4>>);
    STATIC_REQUIRE(!tn::no_objection<objection<classification, flower>>); // soil is not encoded
    STATIC_REQUIRE(!tn::ColumnScore<double>);
    CHECK_THROWS_WITH(
        tn::k_best<5>(tn::f_regression).fit(tn::dataset<unnamed>(rows({{1, 2}, {2, 1}}), {1, 2})),
        "k_best: asked for 5 columns, there are 2");
}

TEST_CASE("a score of one's own chooses columns", "[k_best]") {
    const auto fitted = tn::k_best<1>(last_column{}).fit(houses());
    CHECK(fitted.stage<0>().places[0] == 3); // NaN ranks below all numbers
    const auto three = tn::k_best<3>(last_column{}).fit(houses());
    CHECK(three.stage<0>().places[1] == 1);
    CHECK(three.stage<0>().places[2] == 3);
}

TEST_CASE("f_regression is the F statistic of a straight line", "[k_best]") {
    // x = 0 1 2 3, y = 0 2 1 3: r = 0.8, F = 0.64 / 0.36 * 2.
    const auto x = rows({{0, 1, 5, 0}, {1, 3, 5, 0}, {2, 5, 5, 0}, {3, 7, 5, 1}});
    const auto scores = scores_of(tn::f_regression, x, std::vector<double>{0, 2, 1, 3});
    CHECK_THAT(scores[0], WithinRel(0.64 / 0.36 * 2, 1e-14));
    CHECK_THAT(scores[1], WithinRel(scores[0], 1e-12)); // shifted and scaled
    CHECK(scores[2] == 0);                              // constant
    const auto straight = scores_of(tn::f_regression, x, std::vector<double>{-3, -5, -7, -9});
    CHECK(straight[0] > 1e12);
    CHECK(scores_of(tn::f_regression, x, std::vector<double>{0.1, 0.1, 0.1, 0.1}) == std::vector<double>(4));
    CHECK_THROWS_WITH(scores_of(tn::f_regression, rows({{1}, {2}}), std::vector<double>{1, 2}),
                      "f_regression needs at least 3 rows, the data have 2");
}

TEST_CASE("f_classif is the F statistic of an analysis of variance", "[k_best]") {
    // Class means 1 and 4 about 2.5: between 9, within 0.5 + 0.5, so F = 9 / (1 / 2).
    const std::vector<tn::class_index> y{0, 2, 0, 2}; // class 1 has no row
    const auto x = rows({{0.5, 3, 0.1}, {3.5, 4, 0.1}, {1.5, 3, 0.1}, {4.5, 4, 0.1}});
    const auto scores = scores_of(tn::f_classif, x, y);
    CHECK_THAT(scores[0], WithinRel(18.0, 1e-14));
    CHECK(scores[1] == infinity); // apart, without spread
    CHECK(scores[2] == 0);        // constant
    CHECK_THROWS_WITH(scores_of(tn::f_classif, x, std::vector<tn::class_index>{1, 1, 1, 1}),
                      ContainsSubstring("4 rows of 1 classes"));
    CHECK_THROWS_AS(scores_of(tn::f_classif, x, std::vector<tn::class_index>{0, 1, 2, 3}), tn::data_error);
}

TEST_CASE("chi2 compares sums with their share and refuses negative values", "[k_best]") {
    const std::vector<tn::class_index> y{0, 1, 0, 1};
    // Sums 6 and 2 where 4 and 4 are expected: 4/4 + 4/4.
    const auto scores = scores_of(tn::chi2, rows({{5, 0, 1}, {2, 0, 2}, {1, 0, 2}, {0, 0, 1}}), y);
    CHECK(scores == std::vector<double>{2, 0, 0});
    CHECK_THROWS_WITH(scores_of(tn::chi2, rows({{5, 0}, {2, 0}, {1, -2.5}, {0, 0}}), y),
                      ContainsSubstring("column 'x1', row 3 is -2.5"));
}

TEST_CASE("scores name the value that is missing or too large", "[k_best]") {
    const std::vector<double> y{1, 2, 4};
    CHECK_THROWS_WITH(scores_of(tn::f_regression, rows({{1, 2}, {1, missing}, {3, 4}}), y),
                      ContainsSubstring("column 'x1', row 2 is missing"));
    CHECK_THROWS_WITH(scores_of(tn::f_regression, rows({{1, 1e300}, {1, -1e300}, {3, 4}}), y),
                      ContainsSubstring("column 'x1' are so large"));
    CHECK_THROWS_WITH(scores_of(tn::f_regression, rows({{1}, {2}, {4}}), std::vector<double>{1e200, 0, 0}),
                      ContainsSubstring("the target's values are so large"));
    const std::vector<tn::class_index> classes{0, 1, 0};
    CHECK_THROWS_WITH(scores_of(tn::f_classif, rows({{1, 2}, {infinity, 1}, {3, 4}}), classes),
                      ContainsSubstring("column 'x0', row 2 is infinite"));
    CHECK_THROWS_WITH(scores_of(tn::chi2, rows({{missing, 2}, {1, 1}, {3, 4}}), classes),
                      ContainsSubstring("column 'x0', row 1 is missing"));
}

TEST_CASE("variance_threshold drops columns that hardly vary", "[variance_threshold]") {
    auto data = houses();
    for (std::size_t r = 0; r < data.size(); ++r) {
        data.values()(r, 1) = 0.1;                       // its mean is rounded
        data.values()(r, 2) = r % 2 == 0 ? 1e-3 : -1e-3; // variance 1e-6
    }
    const auto fitted = tn::variance_threshold().fit(data);
    STATIC_REQUIRE(decltype(fitted)::width_out == tn::dynamic);
    const auto columns = fitted.features();
    REQUIRE(columns.size() == 3);
    CHECK(columns[1].name == "rooms");
    tn::matrix<double> z(data.size(), 3);
    fitted.transform(data.x(), z.view());
    CHECK(z(7, 0) == data.row(7)[0]);
    CHECK(z(7, 1) == data.row(7)[2]);
    CHECK(z(7, 2) == data.row(7)[3]);
    CHECK(tn::variance_threshold(0.99e-6).fit(data).features().size() == 3);
    CHECK(tn::variance_threshold(1.01e-6).fit(data).features().size() == 2);
}

TEST_CASE("variance_threshold says where nothing is left, and takes no negative threshold",
          "[variance_threshold]") {
    const tn::dataset<unnamed> one_row(rows({{1, 2, 3}}), {1});
    CHECK_THROWS_WITH(tn::variance_threshold().fit(one_row),
                      "variance_threshold: none of the 3 columns has a variance above 0");
    CHECK_THROWS_AS(tn::variance_threshold(-1).fit(one_row), tn::fit_error);
    CHECK_THROWS_AS(tn::variance_threshold(missing).fit(one_row), tn::fit_error);
}

TEST_CASE("the rows may be folded in parts and merged", "[variance_threshold]") {
    const auto data = houses();
    using fitted = tn::fitted_variance_threshold<tn::dynamic, double>;
    const tn::variance_threshold_spec spec(5.0);
    tn::column_moments front(4), back(4);
    spec.update(front, data.x().middle_rows(0, 13));
    spec.update(back, data.x().middle_rows(13, 47));
    spec.merge(back, front);
    const auto merged = spec.finish(std::type_identity<fitted>{}, back);
    const auto whole = tn::variance_threshold(5.0).fit(data);
    CHECK(std::vector(merged.places.begin(), merged.places.end()) ==
          std::vector(whole.stage<0>().places.begin(), whole.stage<0>().places.end()));
}

TEST_CASE("places that cannot be are found after loading", "[k_best]") {
    tn::fitted_k_best<4, 2, double> kept;
    const auto columns = house::info().columns;
    kept.places[0] = 1, kept.places[1] = 3;
    CHECK(kept.is_consistent(columns));
    kept.places[1] = 4; // beyond the columns
    CHECK_FALSE(kept.is_consistent(columns));
    kept.places[1] = 1; // twice
    CHECK_FALSE(kept.is_consistent(columns));
    CHECK_FALSE(tn::fitted_variance_threshold<4, double>().is_consistent(columns)); // none
}
