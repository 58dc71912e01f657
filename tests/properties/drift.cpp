// Drift over 200 seeds and more: how often a monitor alarms where nothing changed, and how often it misses what did.

#include "support/catch.hpp"
#include "support/random_pipelines.hpp"

#include <tenon/model/linear_regression.hpp>
#include <tenon/monitor/drift.hpp>
#include <tenon/prepare.hpp>

namespace tn = tenon;

namespace {

struct station : tn::schema<tn::numeric<"warmth">, tn::numeric<"wind">, tn::numeric<"dust">,
                            tn::categorical<"sky", "clear", "cloudy", "fog", "rain">,
                            tn::categorical<"event", "none", "hail", "storm", "quake">, tn::target<"yield">> {
};

/// A normal column, a skewed one with gaps, one of few values, a category and one with rare levels; `shift` in standard
/// deviations of the first.
tn::dataset<station> sampled(std::size_t rows, tn::philox& random, double shift = 0) {
    tn::matrix<double> x(rows, 5);
    for (std::size_t r = 0; r < rows; ++r) {
        x(r, 0) = 15 + 8 * (random.normal() + shift);
        x(r, 1) = std::exp(0.5 * random.normal());
        x(r, 2) = static_cast<double>(random.below(6));
        const double u = random.uniform();
        x(r, 3) = u < 0.5 ? 0 : u < 0.8 ? 1 : u < 0.9 ? 2 : 3;
        const double v = random.uniform();
        x(r, 4) = v < 0.9 ? 0 : v < 0.98 ? 1 : v < 0.995 ? 2 : 3;
        if (random.below(20) == 0) x(r, 1) = std::numeric_limits<double>::quiet_NaN();
    }
    return {std::move(x), std::vector<double>(rows)};
}

using fitted =
    tn::fitted_t<decltype(tn::impute(tn::mean) | tn::one_hot() | tn::linear_regression()), station>;

/// A model that knows how to answer, and the profile of its reference.
fitted model_of(const tn::dataset<station>& reference) {
    auto before = (tn::impute(tn::mean) | tn::one_hot()).fit(reference, {.profile = false});
    fitted::model_type line;
    for (std::size_t i = 0; i < line.inputs(); ++i)
        line.coefficients()(i, 0) = 1 / static_cast<double>(i + 1);
    return tn::detail::with_record<fitted>(std::tuple_cat(before.stages(), std::tuple(line)), reference, 0,
                                           {.profile = true, .fingerprint = false});
}

/// The share of seeds whose monitor alarms on `now` rows that are `shift` deviations away from the `before` rows.
double alarms(int seeds, std::size_t before, std::size_t now, double shift, double alpha) {
    int count = 0;
    for (int seed = 1; seed <= seeds; ++seed) {
        tn::philox random(static_cast<std::uint64_t>(seed));
        const fitted model = model_of(sampled(before, random));
        tn::drift_monitor watch(model, {.alpha = alpha});
        watch.observe(sampled(now, random, shift).x());
        count += watch.report().is_alarm() ? 1 : 0;
    }
    return static_cast<double>(count) / seeds;
}

} // namespace

TEST_CASE("a monitor seldom alarms where nothing changed", "[drift]") {
    for (const auto& [before, now] :
         {std::pair<std::size_t, std::size_t>{200, 200}, {500, 500}, {1000, 100}, {100, 1000}}) {
        INFO(before << " rows, then " << now);
        CHECK(alarms(200, before, now, 0, 0.05) <= 0.1);
        CHECK(alarms(1000, before, now, 0, 0.01) <= 0.02); // rarer, so that more seeds are needed to tell
    }
}

TEST_CASE("a monitor sees a shift of half a standard deviation", "[drift]") {
    for (const auto& [before, now] :
         {std::pair<std::size_t, std::size_t>{500, 500}, {1000, 500}, {2000, 2000}}) {
        INFO(before << " rows, then " << now);
        CHECK(alarms(200, before, now, 0.5, 0.01) >= 0.95);
        CHECK(alarms(200, before, now, -0.5, 0.01) >= 0.95);
    }
}
