#include "support/catch.hpp"
#include "support/random_pipelines.hpp"
#include "support/same_fit.hpp"
#include "unit/train/line.hpp"

#include <cmath>
#include <cstddef>
#include <exception>
#include <limits>
#include <string>
#include <tenon/loss.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/least_squares.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/optim.hpp>
#include <tenon/prepare.hpp>
#include <tenon/train/fine_tune.hpp>
#include <tenon/train/online.hpp>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::difference;
using tenon_test::line;
using tenon_test::WithinRel;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::numeric<"age">,
                          tn::target<"price">> {};

/// price = slope·area - age, in thousands, about.
tn::dataset<house> houses(std::uint64_t seed, double slope, std::size_t rows = 300) {
    auto data = tenon_test::random_dataset<house>(rows, seed, house::info());
    for (std::size_t r = 0; r < rows; ++r) {
        data.values()(r, 2) = std::abs(data.values()(r, 2));
        const auto x = data.row(r);
        data.targets()[r] = 1000 * (slope * x[0] - x[2] + 0.05 * data.target(r));
    }
    return data;
}
tn::dataset<house> some_rows(const tn::dataset<house>& data, std::size_t first, std::size_t count) {
    std::vector<std::size_t> rows;
    for (std::size_t r = first; r < first + count; ++r) rows.push_back(r);
    return tn::select_rows(data, rows);
}

template <class P>
auto parameters_of(const P& fitted) {
    const auto p = fitted.model().parameters();
    return std::vector<typename P::model_type::scalar>(p.begin(), p.end());
}

tn::minimize_options once() {
    return {.epochs = 1, .batch_size = 20, .seed = 3, .show = tn::progress::off};
}
auto further(double rate = 1e-2, const tn::minimize_options& options = once()) {
    return tn::minimize(tn::squared_error(), tn::adam(rate), options, tn::l2_sp(0.1));
}
auto by_net() {
    return tn::one_hot() | tn::log1p() | tn::standardize() | tn::mlp<4>(tn::tanh) |
           tn::minimize(tn::squared_error(), tn::adam(1e-2), {.epochs = 30, .show = tn::progress::off});
}

} // namespace

TEST_CASE("all rows learned at once are what fine_tune makes of them in one epoch", "[online]") {
    auto data = houses(2, 5);
    const auto same = [](const auto& fitted, const tn::dataset<house>& rows, const auto& how) {
        tn::online learner(fitted, how);
        learner.partial_fit(rows);
        const auto learned = learner.fitted(), tuned = tn::fine_tune(fitted, rows, how);
        CHECK(parameters_of(learned) == parameters_of(tuned));
        CHECK(parameters_of(learned) != parameters_of(fitted));
        CHECK(difference(learned.record(), tuned.record()) == "");
    };
    const auto net = by_net().fit(houses(1, 2));
    same(net, data, further());
    // A linear model has no units of its own; it takes those of the chunk, as in fine_tune.
    same((tn::one_hot() | tn::linear_regression()).fit(houses(1, 2)), data, further());

    std::vector<double> weights(data.size());
    for (std::size_t r = 0; r < weights.size(); ++r) weights[r] = static_cast<double>(r % 4) + 0.3;
    same(net, data.with_weights(weights), further());
    auto options = once();
    options.frozen = {"layer 0"};
    same(net, data, further(1e-2, options));
}

TEST_CASE("a learner goes on from chunk to chunk, and a copy of it to the same bits", "[online]") {
    const auto data = houses(2, 5), unseen = houses(3, 5);
    const auto net = by_net().fit(houses(1, 2));
    tn::online learner(net, further());
    CHECK(parameters_of(learner.fitted()) == parameters_of(net));
    CHECK(learner.fitted().record().fingerprint == net.record().fingerprint);

    const auto mean_loss = [&](const auto& model) { // in the units of the network
        double sum = 0;
        for (std::size_t r = 0; r < unseen.size(); ++r) {
            const double away = (model(unseen.row(r)) - unseen.target(r)) / model.model().output_scale();
            sum += away * away / static_cast<double>(unseen.size());
        }
        return sum;
    };
    const double before = mean_loss(net);
    for (std::size_t first = 0; first < 300; first += 50) learner.partial_fit(some_rows(data, first, 50));
    auto copy = learner;
    const auto middle = learner.fitted();
    CHECK(mean_loss(middle) < 0.8 * before);
    CHECK(middle.model().output_scale() == net.model().output_scale());
    CHECK(middle.stage<2>().mean[0] == net.stage<2>().mean[0]);
    CHECK(middle.record().rows == 300);
    CHECK(learner.rows() == 300);
    CHECK(middle.record().fingerprint == tn::fingerprint(data)); // of all chunks together

    // The loss is that of rows not learned yet, by the parameters before.
    CHECK_THAT(learner.partial_fit(unseen), WithinRel(mean_loss(middle), 1e-5));
    CHECK(parameters_of(copy.fitted()) == parameters_of(middle)); // on its own
    copy.partial_fit(unseen);
    CHECK(parameters_of(copy.fitted()) == parameters_of(learner.fitted()));
    CHECK(parameters_of(copy.fitted()) != parameters_of(middle));
    // Another order of rows for each chunk, and moments that stay: not what a learner anew makes of the same rows.
    tn::online anew(middle, further());
    anew.partial_fit(unseen);
    CHECK(parameters_of(anew.fitted()) != parameters_of(copy.fitted()));
}

TEST_CASE("rows that cannot be learned leave the learner as it was", "[online]") {
    const auto data = houses(2, 5);
    const auto net = by_net().fit(houses(1, 2));
    tn::online learner(net, further());
    learner.partial_fit(data);
    const auto before = learner.fitted();
    const auto refusal = [&](const tn::dataset<house>& rows) {
        try {
            learner.partial_fit(rows);
        } catch (const tn::error& e) {
            CHECK(parameters_of(learner.fitted()) == parameters_of(before));
            CHECK(learner.fitted().record().fingerprint == before.record().fingerprint);
            return std::string(e.what());
        }
        return std::string();
    };
    const auto with = [&](std::size_t column, double value) {
        auto rows = data;
        rows.values()(299, column) = value; // the last row
        return rows;
    };
    CHECK_THAT(refusal(with(0, std::numeric_limits<double>::infinity())),
               ContainsSubstring("column 'area', row 300 is infinite"));
    CHECK_THAT(refusal(with(2, std::numeric_limits<double>::quiet_NaN())),
               ContainsSubstring("column 'age', row 300 is missing"));
    CHECK_THAT(refusal(with(2, -3)), ContainsSubstring("of row 300 the stages make 'age' = nan"));
    auto targets = data;
    targets.targets()[7] = std::numeric_limits<double>::infinity();
    CHECK_THAT(refusal(targets), ContainsSubstring("'price', row 8 is not a finite number"));
    targets.targets()[7] = 1e300;
    CHECK_THAT(refusal(targets), ContainsSubstring("training diverged in epoch 2"));
    tn::schema_info other = house::info();
    other.columns[1].levels = {"house", "flat"};
    CHECK_THAT(refusal(tenon_test::random_dataset<house>(9, 1, other)),
               ContainsSubstring("column 'kind' has other levels"));
    CHECK_THAT(refusal(some_rows(data, 0, 0)), ContainsSubstring("the data have no rows"));
    CHECK_THAT(refusal(data.with_weights(std::vector<double>(300, 1.0))),
               ContainsSubstring("the rows have weights, unlike those learned from before"));

    // As if nothing had been tried.
    tn::online other_learner(net, further());
    other_learner.partial_fit(data);
    other_learner.partial_fit(data);
    learner.partial_fit(data);
    CHECK(parameters_of(learner.fitted()) == parameters_of(other_learner.fitted()));
}

TEST_CASE("options that need all rows are refused, and profiles are of the last rows", "[online]") {
    const auto net = by_net().fit(houses(1, 2));
    auto options = once();
    options.patience = 2;
    CHECK_THROWS_WITH(tn::online(net, further(1e-2, options)),
                      ContainsSubstring("partial_fit returns the loss"));
    options = once();
    options.validation = 0.1;
    CHECK_THROWS_AS(tn::online(net, further(1e-2, options)), tn::fit_error);
    options = once();
    options.batch_size = 0;
    CHECK_THROWS_WITH(tn::online(net, further(1e-2, options)),
                      ContainsSubstring(".batch_size must be 1 or more"));

    const auto first = houses(4, 2, 3000), second = houses(5, 2, 3000);
    options = once();
    options.batch_size = 3000;
    tn::online learner(net, further(1e-9, options));
    learner.partial_fit(first);
    learner.partial_fit(second);
    const auto learned = learner.fitted();
    const auto& record = learned.record();
    CHECK(record.rows == 6000);
    CHECK(record.profiled_rows == 4096);
    std::vector<double> latest;
    for (std::size_t r = 1904; r < 3000; ++r) latest.push_back(first.row(r)[0]);
    for (std::size_t r = 0; r < 3000; ++r) latest.push_back(second.row(r)[0]);
    CHECK(record.columns[0] == tn::profile_numbers(latest));
    CHECK(record.prediction.counts.size() > 2);

    tn::online silent(net, further(), {.profile = false, .fingerprint = false});
    silent.partial_fit(first);
    CHECK(silent.fitted().record().columns.empty());
    CHECK(silent.fitted().record().fingerprint.empty());
}
