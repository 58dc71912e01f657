// Folds: rows split at random, folded in parts and merged in any order give what one pass over all of them gives.

#include "support/catch.hpp"
#include "support/errors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tenon/core/random.hpp>
#include <tenon/model/least_squares.hpp>
#include <tenon/prepare.hpp>
#include <utility>
#include <vector>

namespace tn = tenon;

namespace {

using view = tn::matrix_view<const double>;

/// Columns of very different sizes; some values are missing, and one column is nearly empty.
tn::matrix<double> rows_with_gaps(std::size_t n, tn::philox& random) {
    tn::matrix<double> x(n, 4);
    for (std::size_t r = 0; r < n; ++r) {
        x(r, 0) = 1e6 + random.normal();
        x(r, 1) = 1e-4 * random.normal();
        x(r, 2) = static_cast<double>(random.below(5));
        x(r, 3) = r == n / 2 ? 7.0 : std::numeric_limits<double>::quiet_NaN();
        if (random.below(10) == 0) x(r, 1) = std::numeric_limits<double>::quiet_NaN();
    }
    return x;
}

/// Places where to cut n rows: parts of any size, empty ones too.
std::vector<std::size_t> random_cuts(std::size_t n, tn::philox& random) {
    std::vector<std::size_t> cuts{0, n};
    for (std::uint64_t k = random.below(7); k > 0; --k) cuts.push_back(random.below(n + 1));
    std::sort(cuts.begin(), cuts.end());
    return cuts;
}

/// The state after folding the parts, some of them one after the other, and merging in random order.
template <class State, class Update, class Merge>
State folded(const State& empty, std::size_t n, tn::philox& random, Update update, Merge merge) {
    const std::vector<std::size_t> cuts = random_cuts(n, random);
    std::vector<State> parts;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        if (parts.empty() || random.below(3) > 0) parts.push_back(empty);
        update(parts.back(), cuts[i], cuts[i + 1] - cuts[i]);
    }
    tn::shuffle(parts, random);
    while (parts.size() > 1) {
        const auto into = random.below(parts.size() - 1);
        merge(parts[into], parts.back());
        parts.pop_back();
    }
    return parts[0];
}

/// The largest error of a fill, relative to the root mean square of its column.
template <class Rule>
double fill_error(Rule, std::uint64_t seed) {
    using spec = tn::impute_spec<Rule>;
    const std::type_identity<typename spec::template fitted<tn::columns<4>>> type;
    const std::vector<tn::column_info> columns(4);
    tn::philox random(seed);
    const std::size_t n = 30 + random.below(900);
    const tn::matrix<double> x = rows_with_gaps(n, random);
    const auto state = folded(
        typename spec::state(columns), n, random,
        [&](auto& s, std::size_t first, std::size_t count) {
            spec::update(s, view(x.view().middle_rows(first, count)));
        },
        spec::merge);
    const auto merged = spec{}.finish(type, state, columns);
    const auto whole = spec{}.fit(type, x.view(), tn::vector_view<const double>(),
                                  std::span<const tn::column_info>(columns));
    const double sizes[] = {1e6, 1e-4, 2.5, 7};
    double error = 0;
    for (std::size_t c = 0; c < 4; ++c)
        error = tenon_test::worst({error, std::abs(merged.fill[c] - whole.fill[c]) / sizes[c]});
    return error;
}

/// What the stage of a recipe fits to in parts that are merged, and in one pass.
template <class Spec>
auto merged_and_whole(const tn::pipeline<Spec>& recipe, std::uint64_t seed) {
    using fitted = typename Spec::template fitted<tn::columns<4>>;
    const std::type_identity<fitted> type;
    const std::vector<tn::column_info> columns(4);
    const Spec& spec = recipe.template stage<0>();
    tn::philox random(seed);
    const std::size_t n = 30 + random.below(900);
    const tn::matrix<double> x = rows_with_gaps(n, random);
    const auto state = folded(
        typename Spec::state(4), n, random,
        [&](auto& s, std::size_t first, std::size_t count) {
            Spec::update(s, view(x.view().middle_rows(first, count)));
        },
        Spec::merge);
    return std::pair<fitted, fitted>(spec.finish(type, state, columns),
                                     spec.fit(type, x.view(), tn::vector_view<const double>(), columns));
}

/// Whether all fields of two fitted stages are the same numbers.
template <class F>
bool same_fields(const F& a, const F& b) {
    std::vector<double> numbers[2];
    for (const F* fitted : {&a, &b})
        tn::visit_fields(*fitted, [&](const char*, const auto& field) {
            auto& all = numbers[fitted == &b ? 1 : 0];
            if constexpr (requires { field.size(); })
                all.insert(all.end(), field.begin(), field.end());
            else
                all.push_back(static_cast<double>(field));
        });
    return numbers[0] == numbers[1];
}

} // namespace

TEST_CASE("scalers and fences of merged parts are those of all rows, to the last bit", "[merge]") {
    const auto check = [](const auto& recipe, std::uint64_t seed) {
        const auto [merged, whole] = merged_and_whole(recipe, seed);
        CHECK(same_fields(merged, whole));
    };
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        check(tn::min_max(), seed);
        check(tn::max_abs(), seed);
        check(tn::robust(), seed);
        check(tn::clip_quantiles(), seed);
        check(tn::clip_iqr(), seed);
        check(tn::quantile_transform({.quantiles = 50}), seed);
    }
}

TEST_CASE("fences by deviations of merged parts are those of all rows", "[merge]") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        const auto [merged, whole] = merged_and_whole(tn::clip_z(), seed);
        for (std::size_t c = 0; c < 3; ++c) {
            CHECK_THAT(merged.lower[c], tenon_test::WithinRel(whole.lower[c], 1e-9));
            CHECK_THAT(merged.upper[c], tenon_test::WithinRel(whole.upper[c], 1e-9));
        }
        CHECK(merged.upper[3] == whole.upper[3]); // one value: none
    }
}

TEST_CASE("fills of merged parts are those of all rows; medians and modes to the last bit", "[merge]") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        CHECK(fill_error(tn::mean, seed) <= 1e-12);
        CHECK(fill_error(tn::median, seed) == 0);
        CHECK(fill_error(tn::most_frequent, seed) == 0);
    }
}

TEST_CASE("means and deviations of merged parts are those of all rows", "[merge]") {
    using spec = tn::standardize_spec;
    const std::type_identity<spec::fitted<tn::columns<4>>> type;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        tn::philox random(seed);
        const std::size_t n = 2 + random.below(3000);
        const tn::matrix<double> x = rows_with_gaps(n, random);
        const auto state = folded(
            spec::state(4), n, random,
            [&](auto& s, std::size_t first, std::size_t count) {
                spec::update(s, view(x.view().middle_rows(first, count)));
            },
            spec::merge);
        const auto merged = spec::finish(type, state);
        const auto whole = spec{}.fit(type, x.view(), tn::vector_view<const double>());
        for (std::size_t c = 0; c < 4; ++c) {
            INFO("seed " << seed << ", column " << c);
            // A mean near zero keeps the error of the values that made it.
            CHECK_THAT(merged.mean[c], tenon_test::WithinRel(whole.mean[c], 1e-12) ||
                                           tenon_test::WithinAbs(whole.mean[c], 1e-14));
            // Deviations of 1 at 1e6: a millionth of the digits is left to the squares.
            CHECK_THAT(merged.inverse_scale[c], tenon_test::WithinRel(whole.inverse_scale[c], 1e-9));
        }
    }
}

TEST_CASE("moments of merged parts are those of all rows", "[merge]") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        tn::philox random(seed);
        const std::size_t n = 2 + random.below(3000);
        tn::matrix<double> x(n, 3);
        std::vector<double> y(n);
        for (std::size_t r = 0; r < n; ++r) {
            for (std::size_t c = 0; c < 3; ++c) x(r, c) = 10 * static_cast<double>(c) + random.normal();
            y[r] = x(r, 0) - x(r, 2) + random.normal();
        }
        using moments = tn::co_moments<double>;
        auto update = [&](moments& m, std::size_t first, std::size_t count) {
            m.update(view(x.view().middle_rows(first, count)), {y.data() + first, count});
        };
        const moments merged =
            folded(moments(3), n, random, update, [](moments& a, const moments& b) { a.merge(b); });
        moments whole(3);
        update(whole, 0, n);
        CHECK(merged.count() == static_cast<double>(n));
        CHECK_THAT(merged.target_mean(), tenon_test::WithinAbs(whole.target_mean(), 1e-11));
        for (std::size_t i = 0; i < 3; ++i) {
            CHECK_THAT(merged.feature_means()[i], tenon_test::WithinAbs(whole.feature_means()[i], 1e-11));
            CHECK_THAT(merged.cross()[i],
                       tenon_test::WithinAbs(whole.cross()[i], 1e-11 * static_cast<double>(n)));
            for (std::size_t j = 0; j <= i; ++j)
                CHECK_THAT(merged.gram()(i, j),
                           tenon_test::WithinAbs(whole.gram()(i, j), 1e-11 * static_cast<double>(n)));
        }
    }
}

TEST_CASE("weights of words of merged parts are those of all rows, to the last bit", "[merge]") {
    using spec = tn::tf_idf_spec;
    const std::type_identity<spec::fitted<tn::columns<4>>> type;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        tn::philox random(seed);
        const std::size_t n = 1 + random.below(900);
        tn::matrix<double> x(n, 4);
        for (std::size_t r = 0; r < n; ++r)
            for (double& count : x.row(r)) count = static_cast<double>(random.below(6)) - 2;
        const auto state = folded(
            spec::state(4), n, random,
            [&](auto& s, std::size_t first, std::size_t count) {
                spec::update(s, view(x.view().middle_rows(first, count)));
            },
            spec::merge);
        CHECK(
            same_fields(spec::finish(type, state), spec{}.fit(type, view(x), tn::vector_view<const double>(),
                                                              tn::columns<4>::info().columns)));
    }
}
