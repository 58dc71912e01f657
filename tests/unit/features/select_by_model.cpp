// Selection by what a model learns, and by mutual information.

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tenon/core/random.hpp>
#include <tenon/features/from_coefficients.hpp>
#include <tenon/features/mutual_information.hpp>
#include <tenon/features/recursive_elimination.hpp>
#include <tenon/model/least_squares.hpp>
#include <tenon/model/logistic_solver.hpp>
#include <tenon/prepare/standardize.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::WithinAbs;

namespace {

using numbers = tn::columns<tn::dynamic, tn::real>;
using labels = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;
const double missing = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

tn::matrix<double> random_rows(std::size_t rows, std::size_t columns, std::uint64_t seed) {
    tn::philox random(seed);
    tn::matrix<double> x(rows, columns);
    for (std::size_t r = 0; r < rows; ++r)
        for (double& v : x.row(r)) v = random.normal();
    return x;
}

/// The places that the selector keeps.
template <class Spec, class Y>
std::vector<std::uint32_t> kept(const tn::pipeline<Spec>& recipe, const tn::matrix<double>& x,
                                const std::vector<Y>& y) {
    using schema = std::conditional_t<std::is_same_v<Y, double>, numbers, labels>;
    const auto columns = numbers::info(x.columns()).columns;
    const auto fitted = recipe.template stage<0>().fit(
        std::type_identity<typename Spec::template fitted<schema>>{}, x.view(),
        tn::vector_view<const Y>(std::span<const Y>(y)), std::span<const tn::column_info>(columns));
    return {fitted.places.begin(), fitted.places.end()};
}

template <class Y>
std::vector<double> information(const tn::matrix<double>& x, const std::vector<Y>& y,
                                const std::vector<tn::column_info>& columns, std::uint64_t seed = 0) {
    return tn::mutual_information_score{seed}(tn::matrix_view<const double>(x),
                                              tn::vector_view<const Y>(std::span<const Y>(y)), columns);
}

using places = std::vector<std::uint32_t>;

} // namespace

TEST_CASE("selectors by a model keep the columns that make the target", "[from_coefficients]") {
    const auto x = random_rows(80, 6, 1);
    std::vector<double> y;
    std::vector<tn::class_index> classes; // 1 is seen by no row
    for (std::size_t r = 0; r < x.rows(); ++r) {
        y.push_back(3 * x(r, 1) - 5 * x(r, 4) + 0.1 * x(r, 0));
        classes.push_back(x(r, 2) > 0.5 ? 2 : x(r, 5) > 0 ? 3 : 0);
    }
    CHECK(kept(tn::from_coefficients<2>(tn::ridge(1.0)), x, y) == places{1, 4});
    CHECK(kept(tn::recursive_elimination<2>(tn::ridge(1.0)), x, y) == places{1, 4});
    CHECK(kept(tn::recursive_elimination<2>(tn::ridge(1.0), {.step = 100}), x, y) == places{1, 4});
    CHECK(kept(tn::from_coefficients<2>(tn::logistic_regression()), x, classes) == places{2, 5});
    CHECK(kept(tn::recursive_elimination<2>(tn::logistic_regression()), x, classes) == places{2, 5});
}

TEST_CASE("elimination sees what two columns say together", "[recursive_elimination]") {
    // The target is column 2; columns 0 and 1 share it with large opposite coefficients as long as both are there.
    auto x = random_rows(200, 3, 2);
    const auto noise = random_rows(200, 1, 3);
    std::vector<double> y;
    for (std::size_t r = 0; r < x.rows(); ++r) {
        x(r, 1) = x(r, 0) + 0.1 * x(r, 1);
        y.push_back(x(r, 1) - x(r, 0) + 0.05 * x(r, 2) + 0.01 * noise(r, 0));
    }
    CHECK(kept(tn::from_coefficients<2>(tn::ridge(1e-6)), x, y) == places{0, 1});
    CHECK(kept(tn::recursive_elimination<2>(tn::ridge(1e-6)), x, y) == places{0, 1});
    CHECK(kept(tn::from_coefficients<3>(tn::ridge(1e-6)), x, y) == places{0, 1, 2});
}

TEST_CASE("constant columns go first, and of equal ones the last", "[from_coefficients]") {
    auto x = random_rows(30, 4, 4);
    std::vector<double> y;
    for (std::size_t r = 0; r < x.rows(); ++r) {
        x(r, 0) = 7;
        x(r, 2) = 7;
        y.push_back(0.01 * x(r, 3) + x(r, 1));
    }
    CHECK(kept(tn::from_coefficients<2>(tn::ridge(1.0)), x, y) == places{1, 3});
    CHECK(kept(tn::recursive_elimination<2>(tn::ridge(1.0)), x, y) == places{1, 3});
    CHECK(kept(tn::from_coefficients<3>(tn::ridge(1.0)), x, y) == places{0, 1, 3});
    for (double& v : y) v *= 1e200; // no square of a coefficient overflows
    CHECK(kept(tn::recursive_elimination<2>(tn::ridge(1.0)), x, y) == places{1, 3});
    x(5, 1) = 1e300;
    CHECK_THROWS_AS(kept(tn::recursive_elimination<2>(tn::ridge(1.0)), x, y), tn::error);
    const tn::matrix<double> one(1, 4);
    CHECK(kept(tn::recursive_elimination<2>(tn::ridge(1.0)), one, std::vector{5.0}) == places{0, 1});
}

TEST_CASE("selectors by a model refuse what they cannot use", "[from_coefficients]") {
    auto x = random_rows(10, 3, 1);
    std::vector<double> y(10, 1.0);
    x(4, 2) = missing;
    CHECK_THROWS_WITH(kept(tn::from_coefficients<2>(tn::ridge(1.0)), x, y),
                      ContainsSubstring("from_coefficients: column 'x2', row 5 is missing"));
    x(4, 2) = -infinity;
    CHECK_THROWS_WITH(kept(tn::recursive_elimination<2>(tn::ridge(1.0)), x, y),
                      ContainsSubstring("recursive_elimination: column 'x2', row 5 is infinite"));
    x(4, 2) = 0;
    CHECK_THROWS_WITH(kept(tn::recursive_elimination<2>(tn::ridge(1.0), {.step = 0}), x, y),
                      ContainsSubstring(".step is 1 or more"));
    CHECK_THROWS_WITH(kept(tn::from_coefficients<2>(tn::ridge(1.0)), random_rows(10, 1, 1), y),
                      ContainsSubstring("asked for 2 columns, there are 1"));
    CHECK_THROWS_WITH(
        kept(tn::from_coefficients<2>(tn::logistic_regression()), x, std::vector<tn::class_index>(10, 3)),
        ContainsSubstring("one class only"));

    using by_ridge = tn::from_coefficients_spec<2, tn::ridge_spec>;
    STATIC_REQUIRE(tn::no_objection<by_ridge::objection<tn::columns<3>>>);
    STATIC_REQUIRE(std::is_same_v<by_ridge::objection<tn::columns<1>>,
                                  tn::because::this_stage_is_asked_for_more_columns_than_there_are<2, 1>>);
    STATIC_REQUIRE(
        std::is_same_v<by_ridge::objection<labels>, tn::because::a_regression_Model_cannot_fit_class_labels>);
    STATIC_REQUIRE(std::is_same_v<by_ridge::objection<tn::columns<3, tn::none>>,
                                  tn::because::a_Model_needs_a_target_but_the_schema_has_none>);
}

namespace {

/// A Model with a solver that has nothing to say about its columns.
struct guess_spec : tn::stage<tn::role::model> {
    template <std::size_t W>
    struct guess {
        static constexpr std::string_view name = "guess";
        static constexpr std::size_t in = W, outputs = 1;
        using scalar = double;
        using score = double;
        std::size_t inputs() const noexcept { return 0; }
        std::size_t width_out() const noexcept { return 1; }
        void operator()(tn::row<W>, tn::row_out<1> z) const noexcept { z[0] = 0; }
    };
    template <class In>
    using fitted = guess<In::width>;
    template <class M>
    M fit(std::type_identity<M>, tn::matrix_view<const double>, tn::vector_view<const double>,
          tn::model_shape) const {
        return {};
    }
};

} // namespace

TEST_CASE("a model without coefficients is refused by name", "[from_coefficients]") {
    STATIC_REQUIRE(tn::ModelFor<guess_spec, numbers>);
    STATIC_REQUIRE(std::is_same_v<tn::recursive_elimination_spec<2, guess_spec>::objection<numbers>,
                                  tn::because::this_Model_has_no_coefficients_to_select_columns_by>);
    using refused = tn::refused<tn::because::a_selector_by_a_Model_takes_one_Model_alone>;
    STATIC_REQUIRE(
        std::is_same_v<decltype(tn::from_coefficients<2>(tn::standardize() | tn::ridge(1.0))), refused>);
    STATIC_REQUIRE(std::is_same_v<decltype(tn::from_coefficients<2>(7)), refused>);
}

TEST_CASE("mutual_information of numbers comes out as theory has it", "[mutual_information]") {
    const std::size_t n = 3000;
    auto x = random_rows(n, 5, 5);
    std::vector<double> y(n);
    std::vector<tn::class_index> classes(n);
    for (std::size_t r = 0; r < n; ++r) {
        y[r] = x(r, 0);
        x(r, 1) = 0.8 * x(r, 0) + 0.6 * x(r, 1); // correlation 0.8
        x(r, 2) = 1e6 * x(r, 0) * x(r, 0) + 5e6; // no correlation at all
        x(r, 4) = 4;
        classes[r] = x(r, 0) > 0 ? 1 : 0;
    }
    const auto columns = numbers::info(5).columns;
    const auto of_numbers = information(x, y, columns);
    CHECK_THAT(of_numbers[1], WithinAbs(-0.5 * std::log(1 - 0.64), 0.05));
    CHECK(of_numbers[2] > 2);
    CHECK_THAT(of_numbers[3], WithinAbs(0, 0.05)); // independent
    CHECK(of_numbers[4] == 0);
    const auto of_classes = information(x, classes, columns);
    CHECK_THAT(of_classes[0], WithinAbs(std::log(2.0), 0.02)); // it says all of the two classes
    CHECK_THAT(of_classes[2], WithinAbs(0, 0.05));             // but its square nothing
    CHECK_THAT(of_classes[3], WithinAbs(0, 0.05));
    CHECK(of_classes[4] == 0);
    for (double& v : y) v = std::round(v); // equal values are told apart at random
    CHECK(information(x, y, columns) == information(x, y, columns));
    CHECK(information(x, y, columns, 1) != information(x, y, columns));
}

TEST_CASE("distances to neighbours are those of a search through all rows", "[mutual_information]") {
    const auto x = random_rows(150, 2, 6);
    std::vector<double> a, b;
    for (std::size_t r = 0; r < x.rows(); ++r) {
        a.push_back(x(r, 0));
        b.push_back(std::round(4 * x(r, 1))); // with ties
    }
    const auto found = tn::detail::distances_in_plane(a, b, 3);
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::vector<double> all;
        for (std::size_t j = 0; j < a.size(); ++j)
            if (j != i) all.push_back(std::max(std::abs(a[i] - a[j]), std::abs(b[i] - b[j])));
        std::sort(all.begin(), all.end());
        CHECK(found[i] == all[2]);
    }
    const tn::detail::close_values<> of_b(b);
    for (const double v : {-9.0, -1.0, 0.0, 2.0}) {
        std::size_t closer = 0;
        for (const double w : b) closer += std::abs(w - v) < 2 ? 1u : 0u;
        CHECK(of_b.count(v, 2) == closer);
    }
    CHECK_THAT(tn::detail::digamma(1), WithinAbs(-0.57721566490153286, 4e-15));
    CHECK_THAT(tn::detail::digamma(4), WithinAbs(1.25611766843180047, 4e-15));
    CHECK_THAT(tn::detail::digamma(1000), WithinAbs(6.90725519564881265, 1e-14));
}

TEST_CASE("mutual_information of categories is that of their counts", "[mutual_information]") {
    tn::matrix<double> x(60, 2);
    std::vector<tn::class_index> y(60);
    for (std::size_t r = 0; r < 60; ++r) {
        x(r, 0) = static_cast<double>(r % 3);
        x(r, 1) = static_cast<double>(r / 3 % 2); // as often with each class
        y[r] = static_cast<tn::class_index>(r % 3);
    }
    std::vector<tn::column_info> columns{{"same", true, {"a", "b", "c"}}, {"other", true, {"a", "b"}}};
    const auto scores = information(x, y, columns);
    CHECK_THAT(scores[0], WithinAbs(std::log(3.0), 1e-14));
    CHECK_THAT(scores[1], WithinAbs(0, 1e-15));
    x(5, 1) = 2;
    CHECK_THROWS_WITH(information(x, y, columns), ContainsSubstring("column 'other' has 2 levels"));
}

TEST_CASE("mutual_information refuses what it cannot use", "[mutual_information]") {
    auto x = random_rows(10, 2, 7);
    std::vector<double> y(10, 3.0);
    const auto columns = numbers::info(2).columns;
    CHECK(information(x, y, columns) == std::vector{0.0, 0.0}); // a constant target
    for (std::size_t r = 0; r < 10; ++r) y[r] = x(r, 0);
    x(2, 1) = missing;
    CHECK_THROWS_WITH(information(x, y, columns),
                      ContainsSubstring("mutual_information: column 'x1', row 3 is missing"));
    x(2, 1) = infinity;
    CHECK_THROWS_WITH(information(x, y, columns), ContainsSubstring("row 3 is infinite"));
    x(2, 1) = 1e300;
    CHECK_THROWS_WITH(information(x, y, columns), ContainsSubstring("column 'x1' are so large"));
    x(2, 1) = 1e150;
    CHECK(std::isfinite(information(x, y, columns)[1]));
    y[0] = 1e300;
    CHECK_THROWS_WITH(information(x, y, columns), ContainsSubstring("the target's values are so large"));
    CHECK_THROWS_WITH(information(random_rows(3, 2, 1), std::vector<double>(3), columns),
                      ContainsSubstring("needs at least 4 rows, the data have 3"));
}
