#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <tenon/data/dataset.hpp>
#include <tenon/train/training_data.hpp>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

struct flat : tn::schema<tn::numeric<"area">, tn::numeric<"rooms">, tn::target<"price">> {};
struct flower : tn::schema<tn::numeric<"width">, tn::label<"kind", "rose", "lily">> {};

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

tn::dataset<flat> flats(std::size_t rows = 3) {
    return {tn::matrix<double>(rows, 2), std::vector<double>(rows, 1.0)};
}

/// What a pipeline says of the columns in which a row may lack a value.
struct fills_all {
    static constexpr bool may_lack(std::size_t) { return true; }
};
struct fills_none {
    static constexpr bool may_lack(std::size_t) { return false; }
};

} // namespace

TEST_CASE("data without rows are refused", "[train]") {
    CHECK_THROWS_AS(tn::detail::check_training_data<fills_all>(flats(0)), tn::data_error);
    CHECK_THROWS_WITH(tn::detail::check_training_data<fills_all>(flats(0)), "fit: the data have no rows");
    CHECK_NOTHROW(tn::detail::check_training_data<fills_none>(flats()));
}

TEST_CASE("a feature that is missing or infinite is refused with column and row", "[train]") {
    auto data = flats();
    data.values()(1, 1) = missing;
    CHECK_NOTHROW(tn::detail::check_training_data<fills_all>(data)); // a stage fills it
    CHECK_THROWS_AS(tn::detail::check_training_data<fills_none>(data), tn::data_error);
    CHECK_THROWS_WITH(
        tn::detail::check_training_data<fills_none>(data),
        ContainsSubstring("fit: column 'rooms', row 2 is missing and no stage fills missing values"));
    for (double v : {infinity, -infinity}) {
        data.values()(2, 0) = v;
        CHECK_THROWS_AS(tn::detail::check_training_data<fills_all>(data), tn::data_error);
        CHECK_THROWS_WITH(tn::detail::check_training_data<fills_all>(data),
                          "fit: column 'area', row 3 is infinite");
    }
}

TEST_CASE("a target that is not finite is refused with its row", "[train]") {
    for (double v : {missing, infinity}) {
        auto data = flats();
        data.targets()[2] = v;
        CHECK_THROWS_AS(tn::detail::check_training_data<fills_all>(data), tn::data_error);
        CHECK_THROWS_WITH(tn::detail::check_training_data<fills_all>(data),
                          "fit: target column 'price', row 3 is not a finite number");
    }
}

TEST_CASE("labels of one class, or beyond the schema's, are refused", "[train]") {
    const tn::dataset<flower> one(tn::matrix<double>(3, 1), {1, 1, 1});
    CHECK_THROWS_AS(tn::detail::check_training_data<fills_all>(one), tn::data_error);
    CHECK_THROWS_WITH(tn::detail::check_training_data<fills_all>(one),
                      "fit: label 'kind' has one class only in these rows");
    const tn::dataset<flower> beyond(tn::matrix<double>(3, 1), {0, 1, 2});
    CHECK_THROWS_AS(tn::detail::check_training_data<fills_all>(beyond), tn::data_error);
    CHECK_THROWS_WITH(tn::detail::check_training_data<fills_all>(beyond),
                      "fit: label column 'kind', row 3 is 2, the schema has 2 classes");
    CHECK_NOTHROW(
        tn::detail::check_training_data<fills_all>(tn::dataset<flower>(tn::matrix<double>(2, 1), {0, 1})));
}

TEST_CASE("columns that differ from those of a fitted pipeline are refused by name", "[train]") {
    const tn::schema_info known = flower::info();
    CHECK_NOTHROW(tn::detail::check_same_columns(known, flower::info()));

    tn::schema_info renamed = known;
    renamed.columns[0].name = "height";
    CHECK_THROWS_AS(tn::detail::check_same_columns(known, renamed), tn::data_error);
    CHECK_THROWS_WITH(tn::detail::check_same_columns(known, renamed),
                      "the model was fitted on column 'width', the data have 'height' in its place");

    tn::schema_info relabelled = known;
    std::swap(relabelled.target.levels[0], relabelled.target.levels[1]);
    CHECK_THROWS_WITH(tn::detail::check_same_columns(known, relabelled),
                      "column 'kind' has other levels than the model was fitted on");

    tn::schema_info wider = known;
    wider.columns.push_back({"height", false, {}});
    CHECK_THROWS_WITH(tn::detail::check_same_columns(known, wider),
                      "the model was fitted on 1 columns, the data have 2");
}

TEST_CASE("rows that watch are a share of all, and no row does both", "[train]") {
    for (std::size_t n : {std::size_t{3}, std::size_t{10}, std::size_t{101}})
        for (double share : {0.2, 0.34, 0.5}) {
            const auto parts = tn::detail::hold_out_rows(n, share, 7);
            CHECK(parts.held_out.size() ==
                  static_cast<std::size_t>(std::lround(share * static_cast<double>(n))));
            std::vector<std::size_t> all = parts.training;
            all.insert(all.end(), parts.held_out.begin(), parts.held_out.end());
            CHECK(std::is_sorted(parts.training.begin(), parts.training.end()));
            CHECK(std::is_sorted(parts.held_out.begin(), parts.held_out.end()));
            std::sort(all.begin(), all.end());
            REQUIRE(all.size() == n);
            for (std::size_t r = 0; r < n; ++r) CHECK(all[r] == r);
        }
}

TEST_CASE("which rows watch depends on the seed alone", "[train]") {
    auto held_out = [](std::uint64_t seed) { return tn::detail::hold_out_rows(100, 0.2, seed).held_out; };
    CHECK(held_out(1) == held_out(1));
    CHECK(held_out(1) != held_out(2));
    CHECK(tn::detail::hold_out_rows(100, 0, 1).held_out.empty());

    // Every row is as likely as any other: 400 draws of 20 of 100 rows, 80 expected of each, deviation 8.
    std::vector<int> times(100);
    for (std::uint64_t seed = 0; seed < 400; ++seed)
        for (std::size_t r : held_out(seed)) ++times[r];
    for (int t : times) CHECK((t > 40 && t < 120));
}

TEST_CASE("a validation share that leaves nothing to train on or to watch is refused", "[train]") {
    for (double share : {-0.1, 1.0, 1.5, missing}) {
        CHECK_THROWS_AS(tn::detail::hold_out_rows(10, share, 1), tn::fit_error);
        CHECK_THROWS_WITH(tn::detail::hold_out_rows(10, share, 1),
                          ContainsSubstring(".validation is a share of the rows from 0 to below 1"));
    }
    for (double share : {0.01, 0.99}) {
        CHECK_THROWS_AS(tn::detail::hold_out_rows(10, share, 1), tn::fit_error);
        CHECK_THROWS_WITH(tn::detail::hold_out_rows(10, share, 1),
                          ContainsSubstring("of 10 rows leaves no rows to train on or to watch"));
    }
}
