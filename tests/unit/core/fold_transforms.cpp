#include "support/catch.hpp"

#include <algorithm>
#include <limits>
#include <tenon/core/fold_transforms.hpp>

namespace tn = tenon;
using namespace tn::detail;
using tn::memory;
using view = tn::matrix_view<const double>;

namespace {

/// Takes a number off each value of a column, and puts a star behind the column's name.
struct fitted_less {
    [[maybe_unused]] static constexpr std::string_view name = "less";
    static constexpr std::size_t in = 1, out = 1;
    using scalar = double;
    double taken = 0;
    void operator()(tn::row<1> x, tn::row_out<1> z) const noexcept { z[0] = x[0] - taken; }
    static std::size_t width_in() { return in; }
    static std::size_t width_out() { return out; }
    static std::vector<tn::column_info> describe(std::span<const tn::column_info> columns) {
        return {{columns[0].name + '*', false, {}}};
    }
};

/// Learns the sum of the values that are there, and a quarter more behind another stage.
template <class State>
struct learns_sum : tn::stage<tn::role::preprocessor> {
    using state = State;
    static void update(State& s, view x) {
        for (std::size_t r = 0; r < x.rows(); ++r) s.sum += x(r, 0) == x(r, 0) ? x(r, 0) : 0;
    }
    static fitted_less finish(std::type_identity<fitted_less>, const State& s,
                              std::span<const tn::column_info> columns) {
        return {s.sum + (columns[0].name == "ab" ? 0 : 0.25)};
    }
};
struct of_numbers {
    explicit of_numbers(std::size_t columns) : sum(100 * static_cast<double>(columns)) {}
    static bool is_finite() { return true; } // so it takes no gaps
    double sum;
};
struct with_gaps {
    static constexpr bool keeps_all_values = true;
    explicit with_gaps(std::span<const tn::column_info> columns)
        : sum(1000 * static_cast<double>(columns[0].name.size())) {}
    double sum;
};
using sums = learns_sum<of_numbers>;
using gaps = learns_sum<with_gaps>;
/// Learns nothing; no value may be negative.
struct checks : tn::stage<tn::role::preprocessor> {
    static constexpr bool learns_nothing = true;
    static fitted_less fit(std::type_identity<fitted_less>, view x, tn::vector_view<const double>) {
        for (std::size_t r = 0; r < x.rows(); ++r)
            if (x(r, 0) < 0) fail<tn::data_error>({"row ", r + 1, " is negative"});
        return {0.5};
    }
};

template <class Stage>
using fitted_to = fitted_less;
/// Passes over numbers in blocks of `size`; `out` is what came through all stages in the last one.
template <class... Stages>
struct folding {
    transforms_fold<std::tuple<fitted_to<Stages>...>, Stages...> stages{Stages{}...};
    std::vector<double> out;
    void pass(const std::vector<double>& x, std::size_t size) {
        const std::vector<tn::column_info> names{{"ab", false, {}}};
        out.clear();
        for (std::size_t at = 0; at < x.size(); at += size) {
            travelling_rows<double> rows(view(x.data() + at, std::min(size, x.size() - at), 1));
            if (!stages.see(rows, tn::vector_view<const double>(), {at, names})) continue;
            for (std::size_t r = 0; r < rows.view().rows(); ++r) out.push_back(rows.view()(r, 0));
        }
        stages.end_pass();
    }
};

template <memory Memory, class... Stages>
using objection = decltype(objection_of_folds<Memory, Stages...>());
constexpr double gap = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST_CASE("a stage is fitted in blocks if it folds rows or learns nothing", "[fold_transforms]") {
    using namespace tn::because;
    using no_fold = tn::stage<tn::role::preprocessor>;
    STATIC_REQUIRE(tn::no_objection<objection<memory::bounded>>);
    STATIC_REQUIRE(tn::no_objection<objection<memory::bounded, sums, checks>>);
    STATIC_REQUIRE(tn::no_objection<objection<memory::unbounded, gaps, sums>>);
    using keeps_all = this_Stage_keeps_all_values__if_they_fit_write_fit_chunks_of_memory_unbounded<gaps>;
    STATIC_REQUIRE(std::is_same_v<objection<memory::bounded, sums, gaps, no_fold>, keeps_all>);
    CHECK(std::is_same_v<objection<memory::unbounded, gaps, no_fold>,
                         this_Stage_cannot_be_fitted_in_chunks<no_fold>>);
}

TEST_CASE("each stage that learns takes a pass over what those before it make", "[fold_transforms]") {
    for (const std::size_t size : {1u, 2u, 5u, 100u}) {
        folding<checks, sums, gaps> fold;
        fold.pass({1, 7, 3}, size); // the sum is of 0.5, 6.5 and 2.5
        CHECK(!fold.stages.is_fitted());
        fold.pass({1, 7, 3}, size);
        CHECK(fold.out.empty());
        CHECK(fold.stages.is_fitted());
        const auto [check, sum, last] = fold.stages.fitted();
        CHECK(check.taken == 0.5);
        CHECK(sum.taken == 109.75);
        CHECK(last.taken == 4000 + 9.5 - 3 * 109.75 + 0.25); // four letters of "ab**"
        fold.pass({1, 7, 3}, size);
        CHECK(fold.out == std::vector<double>{-3789.75, -3783.75, -3787.75});
    }
}

TEST_CASE("gaps are for stages whose state takes them", "[fold_transforms]") {
    folding<gaps, sums> fold;
    fold.pass({1, gap, 3, gap}, 3);
    CHECK_THROWS_WITH(fold.pass({1, 2, 3, gap}, 3), "less: column 'ab*', row 4 is missing");
    CHECK_THROWS_WITH(folding<gaps>().pass({1, 1e308, -std::numeric_limits<double>::infinity()}, 1),
                      "less: column 'ab', row 3 is infinite");
    folding<gaps> alone;
    alone.pass({1, gap, 3, gap}, 3);
    CHECK(std::get<0>(alone.stages.fitted()).taken == 2004);
}

TEST_CASE("what learns nothing looks through all rows once", "[fold_transforms]") {
    CHECK_THROWS_WITH(folding<checks>().pass({1, -2, 3}, 2), "row 2 is negative");
    CHECK_THROWS_WITH(folding<checks>().pass({1, 2, 3, -4}, 2), "row 2 is negative (counted from row 3 on)");
    folding<checks> good;
    good.pass({1, 2, 3}, 2);
    CHECK(good.out == std::vector<double>{0.5, 1.5, 2.5}); // in the first pass already
    good.pass({-1}, 2);
    CHECK(good.out == std::vector<double>{-1.5});
}

TEST_CASE("nothing is fitted to no rows, and no stages need none", "[fold_transforms]") {
    folding<checks, sums> fold;
    fold.pass({}, 2);
    CHECK(!fold.stages.is_fitted());
    fold.pass({5}, 2);
    CHECK(fold.stages.is_fitted());
    folding<> empty;
    empty.pass({5, 6}, 1);
    CHECK(empty.stages.is_fitted());
    CHECK(empty.out == std::vector<double>{5, 6});
}
