#include "support/catch.hpp"
#include "support/in_chunks.hpp"
#include "support/random_pipelines.hpp"
#include "support/same_fit.hpp"
#include "unit/train/line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <optional>
#include <string>
#include <tenon/data/csv.hpp>
#include <tenon/data/split.hpp>
#include <tenon/evaluate.hpp>
#include <tenon/loss.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/optim.hpp>
#include <tenon/prepare.hpp>
#include <tenon/train/checkpoint.hpp>
#include <tenon/train/fit_chunks.hpp>
#include <type_traits>
#include <utility>
#include <vector>
#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 33)
#include <malloc.h>
#define TENON_TEST_HEAP // mallinfo2 tells what the program holds
#endif
#endif

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::difference;
using tenon_test::in_chunks;
using tenon_test::line;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

struct house
    : tn::schema<tn::numeric<"area">, tn::numeric<"age">, tn::numeric<"floor">, tn::target<"price">> {};

/// price = 3·area - 2·age + noise, in thousands.
tn::dataset<house> houses(std::size_t rows, std::uint64_t seed = 1) {
    auto data = tenon_test::random_dataset<house>(rows, seed, house::info());
    for (std::size_t r = 0; r < rows; ++r) {
        const auto x = data.row(r);
        data.targets()[r] = 1000 * (3 * x[0] - 2 * x[1] + data.target(r));
    }
    return data;
}

tn::minimize_options options(int epochs) {
    return {.epochs = epochs, .batch_size = 20, .seed = 3, .show = tn::progress::off};
}
auto by_net(const tn::minimize_options& how) {
    return tn::standardize() | tn::mlp<6>(tn::tanh) | tn::minimize(tn::squared_error(), tn::adam(1e-2), how);
}
/// A line without target units, by an optimizer that listens to the loss.
auto by_line(const tn::minimize_options& how, double rate = 0.02) {
    const auto listening = tn::scheduled(tn::sgd(rate), tn::on_plateau({.factor = 0.5, .patience = 1}));
    return tn::standardize() | line() | tn::minimize(tn::squared_error(), listening, how);
}

template <class P>
auto parameters_of(const P& fitted) {
    const auto p = fitted.model().parameters();
    return std::vector<typename P::model_type::scalar>(p.begin(), p.end());
}

} // namespace

TEST_CASE("where one chunk holds all rows, minimize gives the bits of fit", "[train_chunks]") {
    const auto data = houses(5000);
    auto patient = options(12);
    patient.patience = 1;
    in_chunks rows(data);
    const auto net = tn::fit_chunks(by_net(options(4)), rows, {.rows = 5000});
    CHECK(difference(net, by_net(options(4)).fit(data), data) == "");
    CHECK(rows.passes() == 5); // the first for standardize and the units of the target
    CHECK(difference(tn::fit_chunks(by_line(patient), rows), by_line(patient).fit(data), data) == "");

    std::vector<double> weights(data.size());
    for (std::size_t r = 0; r < weights.size(); ++r) weights[r] = static_cast<double>(r % 4) + 0.3;
    const auto weighted = data.with_weights(weights);
    const auto heavy = tn::fit_chunks(by_net(options(2)), in_chunks(weighted));
    CHECK(difference(heavy, by_net(options(2)).fit(weighted), weighted) == "");
    CHECK(parameters_of(heavy) != parameters_of(by_net(options(2)).fit(data)));
}

TEST_CASE("the units of a target and weights are those of all rows, whatever the chunks", "[train_chunks]") {
    auto data = houses(3000);
    for (std::size_t r = 0; r < data.size(); ++r)
        if (r >= 1500) data.targets()[r] += 1e6; // chunks are unlike each other
    std::vector<double> weights(data.size());
    for (std::size_t r = 0; r < weights.size(); ++r) weights[r] = r < 700 ? 0.0 : static_cast<double>(r % 3);
    const auto weighted = data.with_weights(weights);
    const auto units = tn::detail::standard_units<double>(weighted.y(), weighted.weights());
    for (const std::size_t chunk : {1u, 64u, 999u}) {
        const auto net = tn::fit_chunks(by_net(options(1)), in_chunks(weighted), {.rows = chunk});
        CHECK_THAT(net.model().output_shift(), WithinRel(units.shift, 1e-12));
        CHECK_THAT(net.model().output_scale(), WithinRel(units.scale, 1e-12));
    }
    std::fill(data.targets().begin(), data.targets().end(), 0.1);
    const auto flat = tn::fit_chunks(by_net(options(1)), in_chunks(data), {.rows = 7});
    CHECK(flat.model().output_scale() == 1);
}

namespace {

struct pair_of_prices : tn::schema<tn::numeric<"area">, tn::target<"price">, tn::target<"rent">> {};

} // namespace

TEST_CASE("several targets have units of their own in chunks too", "[train_chunks]") {
    tn::philox random(3);
    tn::matrix<double> x(500, 1);
    std::vector<std::array<double, 2>> y;
    for (std::size_t r = 0; r < 500; ++r) {
        x(r, 0) = random.normal();
        y.push_back({1e6 * x(r, 0), 7 - x(r, 0) + random.normal()});
    }
    const tn::dataset<pair_of_prices> data(std::move(x), std::move(y));
    const auto whole = by_net(options(3)).fit(data);
    const auto one = tn::fit_chunks(by_net(options(3)), in_chunks(data));
    CHECK(parameters_of(one) == parameters_of(whole));
    const auto many = tn::fit_chunks(by_net(options(3)), in_chunks(data), {.rows = 99});
    for (const std::size_t k : {0u, 1u}) {
        CHECK(one.model().output_scale()[k] == whole.model().output_scale()[k]);
        CHECK_THAT(many.model().output_shift()[k], WithinRel(whole.model().output_shift()[k], 1e-12));
        CHECK_THAT(many.model().output_scale()[k], WithinRel(whole.model().output_scale()[k], 1e-12));
    }
}

TEST_CASE("several chunks give the same bits again, others than other chunks, and as good a model",
          "[train_chunks]") {
    const auto data = houses(2000), unseen = houses(500, 2);
    auto r2 = [&](const auto& model) { return tn::evaluate(model, unseen, tn::r2())["r2"]; };
    const auto whole = by_net(options(20)).fit(data);
    std::vector<std::vector<float>> all;
    for (const std::size_t chunk : {150u, 150u, 600u}) {
        const auto model = tn::fit_chunks(by_net(options(20)), in_chunks(data), {.rows = chunk});
        CHECK_THAT(r2(model), WithinAbs(r2(whole), 0.005));
        all.push_back(parameters_of(model));
    }
    CHECK(r2(whole) > 0.98);
    CHECK(all[0] == all[1]);
    CHECK(all[0] != all[2]);
}

namespace {

struct penguin : tn::schema<tn::numeric<"bill_length_mm">, tn::numeric<"bill_depth_mm">,
                            tn::numeric<"flipper_length_mm">, tn::numeric<"body_mass_g">,
                            tn::categorical<"sex", "female", "male">,
                            tn::label<"species", "Adelie", "Chinstrap", "Gentoo">> {};

} // namespace

TEST_CASE("penguins in chunks are told apart as well as all at once", "[train_chunks]") {
    // split puts rows in the order of the file, which is sorted by species: shuffled, as a file to learn from should be.
    const auto file = tn::read_csv<penguin>(TENON_SOURCE_DIR "/examples/data/penguins.csv");
    const auto data = tn::select_rows(file, tn::detail::shuffled_rows(file.size(), tn::seed{4}));
    const auto [train, test] = tn::stratified_split(data, 0.7, tn::seed{7});
    const auto recipe = tn::impute(tn::mean) | tn::one_hot() | tn::standardize() | tn::mlp<16>(tn::tanh) |
                        tn::minimize(tn::cross_entropy(), tn::adam(1e-2), options(40));
    const double whole = tn::evaluate(recipe.fit(train), test, tn::accuracy())["accuracy"];
    CHECK(whole > 0.96);
    for (const std::size_t chunk : {40u, 100u}) {
        const auto model = tn::fit_chunks(recipe, in_chunks(train), {.rows = chunk});
        CHECK_THAT(tn::evaluate(model, test, tn::accuracy())["accuracy"], WithinAbs(whole, 0.025));
    }
}

TEST_CASE("rows that watch are drawn one by one, leave before all stages, and are the same in all chunks",
          "[train_chunks]") {
    auto data = houses(3000);
    auto how = options(1);
    how.validation = 0.2;
    const tn::detail::row_draws draws(how.validation, how.seed);
    const auto training = draws.rows(0, 3000, false), watching = draws.rows(0, 3000, true);
    CHECK(training.size() + watching.size() == 3000);
    CHECK_THAT(static_cast<double>(watching.size()), WithinAbs(600, 90)); // 4 deviations
    const auto later = draws.rows(1001, 1999, true);                      // from an odd row on
    CHECK(std::equal(later.rbegin(), later.rend(), watching.rbegin(),
                     [](std::size_t a, std::size_t b) { return a + 1001 == b; }));

    const auto prepared = tn::standardize().fit(tn::select_rows(data, training));
    for (const std::size_t r : watching) data.values()(r, 1) = 1e9; // nobody may see it
    for (const std::size_t chunk : {64u, 5000u}) {
        const auto model = tn::fit_chunks(by_line(how), in_chunks(data), {.rows = chunk});
        for (std::size_t c = 0; c < 3; ++c) {
            CHECK(model.stage<0>().mean[c] == prepared.stage<0>().mean[c]);
            CHECK(model.stage<0>().inverse_scale[c] == prepared.stage<0>().inverse_scale[c]);
        }
        CHECK(model.record().rows == 3000);
        CHECK(model.record().fingerprint == tn::fingerprint(data));
    }
}

TEST_CASE("patience keeps the parameters that were best on the rows that watch", "[train_chunks]") {
    const auto data = houses(400);
    auto how = options(60);
    how.validation = 0.3;
    how.patience = 2;
    std::vector<double> losses;
    how.callbacks = {[&losses](const tn::epoch_result& e) { losses.push_back(e.validation_loss); }};
    const auto model = tn::fit_chunks(by_line(how, 0.15), in_chunks(data), {.rows = 70});
    REQUIRE(losses.size() < 60); // it stopped
    const double best = *std::min_element(losses.begin(), losses.end());
    CHECK(losses[losses.size() - 3] == best);
    CHECK(losses.back() > best);
    double squares = 0;
    const auto watching = tn::detail::row_draws(0.3, how.seed).rows(0, 400, true);
    for (const std::size_t r : watching) {
        const double away = model(data.row(r)) - data.target(r);
        squares += away * away / static_cast<double>(watching.size());
    }
    CHECK_THAT(squares, WithinRel(best, 1e-12));
}

TEST_CASE("a run over chunks that is killed goes on from its checkpoint to the same bits", "[train_chunks]") {
    const auto data = houses(400);
    const char* const path = "train_chunks.checkpoint";
    std::remove(path);
    auto how = options(6);
    how.validation = 0.2;
    in_chunks rows(data);
    const auto whole = tn::fit_chunks(by_net(how), rows, {.rows = 100});
    how.callbacks = {tn::checkpoint(path), [](const tn::epoch_result& e) {
                         if (e.epoch == 4) throw tn::fit_error("killed");
                     }};
    CHECK_THROWS_WITH(tn::fit_chunks(by_net(how), rows, {.rows = 100}), "killed");
    how.callbacks = {tn::checkpoint(path)};
    const auto passes = rows.passes();
    CHECK(parameters_of(tn::fit_chunks(by_net(how), rows, {.rows = 100})) == parameters_of(whole));
    CHECK(rows.passes() - passes < 1 + 2 * 6);
    CHECK_THROWS_WITH(tn::fit_chunks(by_net(how), rows, {.rows = 90}), ContainsSubstring("of another run"));
    std::remove(path);
}

TEST_CASE("what cannot be trained is said, and before the first epoch where that can be", "[train_chunks]") {
    auto data = houses(300);
    const auto fit_with = [&](const auto& recipe) {
        in_chunks rows(data);
        try {
            tn::fit_chunks(recipe, rows, {.rows = 100});
        } catch (const std::exception& e) {
            return e.what() + (" passes: " + std::to_string(rows.passes()));
        }
        return std::string();
    };
    auto how = options(3);
    auto reckless = [&] { return by_line(how, 1e30); };
    how.batch_size = 1000;
    // Each chunk is a step, which multiplies the parameters by about 1e30: the sixth is the first whose square is beyond 1e308.
    CHECK_THAT(fit_with(reckless()),
               ContainsSubstring("training diverged in epoch 2, step 3: the loss is inf"));
    how.validation = 1e-9;
    CHECK_THAT(fit_with(reckless()),
               ContainsSubstring("of 300 rows leaves no rows") && ContainsSubstring("passes: 1"));
    how.validation = 1;
    CHECK_THAT(fit_with(reckless()), ContainsSubstring("from 0 to below 1, not 1 passes: 0"));
    how.validation = 0.5;
    how.epochs = 0;
    CHECK_THAT(fit_with(reckless()), ContainsSubstring(".epochs must be 1 or more passes: 0"));

    std::fill(data.targets().begin(), data.targets().end(), 1);
    data.values()(250, 1) = -7;
    const auto counts = tn::log1p() | line() | tn::minimize(tn::poisson(), tn::sgd(1e-3), options(1));
    CHECK_THAT(fit_with(counts),
               ContainsSubstring("log1p: column 'age', row 251 is -7") && ContainsSubstring("passes: 1"));
    data.values()(250, 1) = 7;
    data.targets()[299] = -1;
    CHECK_THAT(fit_with(counts),
               ContainsSubstring("poisson: a target is -1") && ContainsSubstring("passes: 1"));
    std::vector<double> weights(data.size(), 2.0);
    data = std::move(data).with_weights(weights);
    CHECK_THAT(fit_with(by_line(options(1))), ContainsSubstring("line takes no weights"));
}

#ifdef TENON_TEST_HEAP
TEST_CASE("memory does not grow with rows that train or watch", "[train_chunks]") {
    struct made_rows {
        using schema_type = house;
        std::size_t rows, at = 0;
        std::size_t most_held = 0;
        void rewind() { at = 0; }
        std::optional<tn::dataset<house>> next(std::size_t most) {
            const auto heap = mallinfo2();
            most_held = std::max(most_held, heap.uordblks + heap.hblkhd);
            const std::size_t n = std::min(most, rows - at);
            at += n;
            if (n == 0) return std::nullopt;
            return houses(n, at);
        }
    };
    auto how = options(1);
    how.validation = 0.5;
    how.batch_size = 1000;
    made_rows few{10'000}, many{100'000};
    tn::fit_chunks(by_line(how), few, {.rows = 2000});
    CHECK(tn::fit_chunks(by_line(how), many, {.rows = 2000}).record().rows == 100'000);
    CHECK(many.most_held <= few.most_held + 100'000); // all rows are 3.2 MB
}
#endif
