// What happens around the epochs of minimize: callbacks, history, a metric that is watched, layers that are frozen.

#include "support/catch.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/evaluate/classification.hpp>
#include <tenon/evaluate/log_loss.hpp>
#include <tenon/evaluate/regression.hpp>
#include <tenon/format/file.hpp>
#include <tenon/loss/cross_entropy.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/network.hpp>
#include <tenon/model/normalization.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/optim/adamw.hpp>
#include <tenon/optim/chain.hpp>
#include <tenon/optim/cosine.hpp>
#include <tenon/optim/proximal.hpp>
#include <tenon/optim/scheduled.hpp>
#include <tenon/optim/transforms.hpp>
#include <tenon/train/fine_tune.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/history.hpp>
#include <tenon/train/train_model.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

using numbers = tn::columns<2>;
using kinds = tn::columns<2, tn::classes<2>>;

tn::dataset<numbers> sloped(std::size_t count) {
    tn::philox random(2);
    tn::matrix<double> x(count, 2);
    std::vector<double> y;
    for (std::size_t r = 0; r < count; ++r) {
        for (std::size_t c = 0; c < 2; ++c) x(r, c) = random.normal();
        y.push_back(50 * x(r, 0) - 20 * x(r, 1) + 700 + random.normal());
    }
    return {std::move(x), std::move(y)};
}

tn::minimize_options quiet(int epochs) {
    return {.epochs = epochs, .batch_size = 8, .seed = 4, .show = tn::progress::off};
}
tn::minimize_options telling(int epochs, tn::callback_list callbacks) {
    tn::minimize_options options = quiet(epochs);
    options.callbacks = std::move(callbacks);
    return options;
}

const auto line = tn::linear_regression();
const auto deep = tn::network(tn::dense<3>, tn::batch_norm, tn::relu, tn::dense<3>, tn::relu, tn::dense<1>);
/// With a schedule, a metric and a penalty.
auto minimize_slowing(const tn::minimize_options& options, tn::l2_penalty penalty = tn::l2(1e-3)) {
    return tn::minimize(tn::squared_error(), tn::scheduled(tn::adam(0.05), tn::cosine(5)), options,
                        tn::rmse(), penalty);
}
template <class... More>
auto fitted_line(const tn::minimize_options& options, const More&... more) {
    return (line | tn::minimize(tn::squared_error(), tn::adam(0.05), options, more...))
        .fit(sloped(60))
        .model();
}

static_assert(std::is_same_v<
              decltype(tn::minimize(tn::squared_error(), tn::adam(1), {}, tn::l2(1))),
              tn::pipeline<tn::minimize_spec<tn::squared_error_loss, tn::adam_optimizer, tn::l2_penalty>>>);
static_assert(
    std::is_same_v<decltype(tn::minimize(tn::squared_error(), tn::adam(1), {}, tn::l2(1), tn::rmse())),
                   decltype(tn::minimize(tn::squared_error(), tn::adam(1), {}, tn::rmse(), tn::l2(1)))>);
static_assert(tn::Callback<tn::record_callback> && !tn::Callback<int>);
static_assert(!tn::Callback<int (*)(const tn::epoch_result&)>);

} // namespace

TEST_CASE("callbacks are told of every epoch, in order, and one may stop", "[train]") {
    std::vector<tn::epoch_result> seen;
    std::string order;
    tn::callback_list all{[&](const tn::epoch_result& e) { seen.push_back(e), order += 'a'; },
                          [&](const tn::epoch_result& e) {
                              order += 'b';
                              return e.epoch == 3 ? tn::after_epoch::stop : tn::after_epoch::go_on;
                          },
                          [&](const tn::epoch_result&) { order += 'c'; }};
    const auto stopped = fitted_line(telling(10, all));
    CHECK(order == "abcabcabc");
    const auto three = fitted_line(quiet(3));
    CHECK(stopped.coefficients()(0, 0) == three.coefficients()(0, 0));

    REQUIRE(seen.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(seen[i].epoch == static_cast<int>(i) + 1);
        CHECK(seen[i].epochs == 10);
        CHECK(seen[i].rate == 0.05);
        CHECK(std::isnan(seen[i].validation_loss));
        CHECK(std::isnan(seen[i].metric));
        CHECK(seen[i].metric_name.empty());
        CHECK(seen[i].is_best);
        CHECK(seen[i].seconds >= (i == 0 ? 0 : seen[i - 1].seconds));
    }
    CHECK(seen[2].loss < seen[0].loss);
}

TEST_CASE("an exception from a callback ends fit with that exception", "[train]") {
    tn::history seen;
    CHECK_THROWS_AS(fitted_line(telling(10, {tn::record(seen),
                                             [](const tn::epoch_result& e) {
                                                 if (e.epoch == 4) throw std::string("enough");
                                             }})),
                    std::string);
    CHECK(seen.size() == 4);
}

TEST_CASE("lists of callbacks are copied with what they hold", "[train]") {
    int alive = 0;
    struct counted {
        int* count;
        explicit counted(int* c) : count(c) { ++*count; }
        counted(const counted& other) : count(other.count) { ++*count; }
        counted& operator=(const counted&) = delete;
        ~counted() { --*count; }
        void operator()(const tn::epoch_result&) const {}
    };
    {
        tn::callback_list first{counted(&alive), counted(&alive)};
        CHECK(alive == 2);
        tn::callback_list second = first;
        CHECK(alive == 4);
        second = tn::callback_list{counted(&alive)};
        CHECK(alive == 3);
        first = std::move(second);
        CHECK(alive == 1);
        CHECK(second.empty()); // NOLINT(bugprone-use-after-move)
        CHECK(!first.empty());
    }
    CHECK(alive == 0);
}

TEST_CASE("a history is filled anew by every fit, and read back from its CSV", "[train]") {
    tn::history seen;
    tn::minimize_options options = telling(5, {tn::record(seen)});
    options.validation = 0.25;
    const auto recipe = line | minimize_slowing(options);
    recipe.fit(sloped(60));
    recipe.fit(sloped(60));
    REQUIRE(seen.size() == 5);
    CHECK(seen.epochs()[0].rate == 0.05);
    CHECK_THAT(seen.epochs()[4].rate, WithinRel(0.05 * (1 + std::cos(0.8 * 3.14159265358979)) / 2, 1e-12));
    CHECK(seen.epochs()[0].metric_name == "rmse");

    const std::string table = seen.to_string(), csv = seen.to_csv();
    CHECK_THAT(table, ContainsSubstring("   epoch         loss   validation             rmse"));
    CHECK_THAT(table, ContainsSubstring("\n       5"));
    std::size_t widest = 0, lines = 0;
    for (std::size_t at = 0, end = 0; (end = table.find('\n', at)) != table.npos; at = end + 1, ++lines)
        widest = end - at > widest ? end - at : widest;
    CHECK(lines == 6);
    CHECK(widest <= 80);

    CHECK(csv.substr(0, csv.find('\n')) == "epoch,loss,validation_loss,rmse,rate,seconds,is_best");
    const std::string second = csv.substr(csv.find("\n2,") + 3);
    CHECK(std::stod(second) == seen.epochs()[1].loss);
    const std::string path = "tenon_history.csv";
    seen.write_csv(path);
    CHECK(tn::read_text(path) == csv);
    std::remove(path.c_str());
    CHECK_THROWS_AS(seen.write_csv("no such folder/history.csv"), tn::data_error);
    CHECK(tn::history().to_csv() == "epoch,loss,validation_loss,metric,rate,seconds,is_best\n");
}

TEST_CASE("the best epoch is that of the lowest loss on the rows that watch", "[train]") {
    tn::history seen;
    tn::minimize_options options = telling(30, {tn::record(seen)});
    options.validation = 0.3;
    (line | tn::minimize(tn::squared_error(), tn::adam(1.5), options)).fit(sloped(40));
    double best = 1e300;
    int times = 0;
    for (const tn::epoch_result& e : seen.epochs()) {
        CHECK(e.is_best == (e.validation_loss < best));
        best = e.is_best ? e.validation_loss : best;
        times += e.is_best ? 1 : 0;
    }
    CHECK(times < 30);
}

TEST_CASE("a metric is that of the model as it would be if training ended, in the units of the target",
          "[train]") {
    tn::history seen;
    const auto data = sloped(60);
    // A linear model gives its units back, a network keeps them.
    const auto model = (line | minimize_slowing(telling(3, {tn::record(seen)}))).fit(data);
    const auto rmse_of = [&](const auto& fitted) {
        double sum = 0;
        for (std::size_t r = 0; r < data.size(); ++r)
            sum += std::pow(fitted(data.row(r)) - data.y()[r], 2) / static_cast<double>(data.size());
        return std::sqrt(sum);
    };
    CHECK_THAT(seen.epochs()[2].metric, WithinRel(rmse_of(model), 1e-9));
    const auto net = (deep | minimize_slowing(telling(3, {tn::record(seen)}))).fit(data);
    CHECK_THAT(seen.epochs()[2].metric, WithinRel(rmse_of(net), 1e-5));
}

TEST_CASE("metrics of classes see answers, probabilities and names", "[train]") {
    tn::philox random(6);
    tn::matrix<double> x(80, 2);
    std::vector<tn::class_index> y;
    for (std::size_t r = 0; r < 80; ++r) {
        x(r, 0) = random.normal();
        x(r, 1) = random.normal();
        y.push_back(x(r, 0) > 0.3 * x(r, 1) ? 1 : 0);
    }
    tn::matrix<float> features(80, 2);
    for (std::size_t r = 0; r < 80; ++r)
        for (std::size_t c = 0; c < 2; ++c) features(r, c) = static_cast<float>(x(r, c));
    const tn::dataset<kinds> data(std::move(x), std::move(y));
    const std::vector<std::string>& names = data.info().target.levels;
    tn::history found;
    const auto model = (tn::network(tn::dense<4>, tn::relu, tn::dense<2>) |
                        tn::minimize(tn::cross_entropy(), tn::adam(0.05), telling(6, {tn::record(found)}),
                                     tn::recall({.positive = names[1]})))
                           .fit(data);
    double correct = 0, loss = 0, hits = 0, ones = 0;
    for (std::size_t r = 0; r < 80; ++r) {
        const tn::class_index truth = data.y()[r];
        const bool is_right = model(data.row(r)) == truth;
        correct += is_right ? 1.0 / 80 : 0;
        loss -= std::log(static_cast<double>(model.probabilities(data.row(r))[truth])) / 80;
        ones += truth == 1 ? 1 : 0;
        hits += truth == 1 && is_right ? 1 : 0;
    }
    CHECK_THAT(found.epochs()[5].metric, WithinAbs(hits / ones, 1e-12));
    CHECK(found.epochs()[5].metric_name == "recall of " + names[1]);
    const auto value_of = [&](const auto& metric) {
        return tn::detail::metric_of_classes(metric, model.model(),
                                             tn::matrix_view<const float>(features.view()),
                                             tn::vector_view<const tn::class_index>(data.y()), names);
    };
    CHECK_THAT(value_of(tn::accuracy()), WithinAbs(correct, 1e-12));
    CHECK_THAT(value_of(tn::log_loss()), WithinRel(loss, 1e-4));
}

namespace {

/// Everything that could move a weight: decay inside and outside the moments, clipping, l1's proximal steps.
auto forceful(tn::minimize_options options) {
    return tn::minimize(
        tn::squared_error(),
        tn::chain(tn::clip_by_norm(1), tn::weight_decay(0.1), tn::adamw(0.01, {.weight_decay = 0.5})),
        std::move(options), tn::l1(0.05));
}
tn::minimize_options freezing(std::vector<std::string> names, int epochs = 6) {
    tn::minimize_options options = quiet(epochs);
    options.frozen = std::move(names);
    return options;
}

/// Whether parameters [from, to) have the same bits.
template <class M>
bool are_same(const M& a, const M& b, std::size_t from, std::size_t to) {
    return std::memcmp(a.parameters().data() + from, b.parameters().data() + from,
                       (to - from) * sizeof(float)) == 0;
}

} // namespace

TEST_CASE("frozen layers keep their bits whatever optimizer and penalty do", "[train]") {
    // Places: layer 0 has 9 parameters, layer 1 6, layer 3 12, layer 5 4.
    const auto data = sloped(60);
    const auto start = (deep | forceful(freezing({"layer 0", "layer 1", "layer 3", "layer 5"}))).fit(data);
    CHECK(start.model().parameters().size() == 31);
    const auto check = [&](const auto& trained, bool first, bool biases) {
        CHECK(are_same(trained.model(), start.model(), 0, 9) == first);
        CHECK(are_same(trained.model(), start.model(), 24, 27) == biases);
        CHECK(!are_same(trained.model(), start.model(), 15, 24));
        CHECK(!are_same(trained.model(), start.model(), 27, 31));
    };
    check((deep | forceful(freezing({"layer 0", "layer 3 biases"}))).fit(data), true, true);
    check((deep | forceful(freezing({"layer 0 weights", "layer 0 biases"}))).fit(data), true, false);
    check(tn::fine_tune(start, data, forceful(freezing({"layer 3 biases"}))), false, true);
    // The running statistics of batch_norm follow all the same.
    CHECK(start.model().constants()[0] != 0);
}

TEST_CASE("no penalty counts what is frozen, and it gets no slopes", "[train]") {
    tn::history free, frozen;
    tn::minimize_options options = freezing({"layer 0", "layer 1", "layer 3", "layer 5"}, 1);
    options.callbacks = {tn::record(frozen)};
    const auto with = [&](const auto& penalty) {
        return (deep | minimize_slowing(options, penalty)).fit(sloped(60));
    };
    with(tn::l2(0));
    const double bare = frozen.epochs()[0].loss;
    with(tn::l2(1e6));
    CHECK(frozen.epochs()[0].loss == bare);
    options.frozen = {"layer 0"};
    with(tn::l2(1e6));
    CHECK(frozen.epochs()[0].loss > 10 * bare);
}

TEST_CASE("a linear model that is tuned further keeps what is frozen in the units of the data", "[train]") {
    const auto data = sloped(60);
    const auto first = (line | tn::minimize(tn::squared_error(), tn::adam(0.05), quiet(3))).fit(data);
    const auto tuned = tn::fine_tune(
        first, data, tn::minimize(tn::squared_error(), tn::adam(0.05), freezing({"layer 0 weights"})));
    CHECK(tuned.model().coefficients()(0, 0) == first.model().coefficients()(0, 0));
    CHECK(tuned.model().coefficients()(1, 0) == first.model().coefficients()(1, 0));
    CHECK(tuned.model().intercept() != first.model().intercept());
}

TEST_CASE("a name that no parameters have is an error that lists those there are", "[train]") {
    for (const char* name : {"layer", "layer 2", "layer 00", "layer 0 weight", "weights", ""})
        if (std::string(name) != "layer")
            CHECK_THROWS_WITH(
                (deep | forceful(freezing({name}))).fit(sloped(60)),
                ContainsSubstring("no parameters are called '" + std::string(name) +
                                  "'; there are layer 0 weights, layer 0 biases, layer 1 parameters"));
    CHECK_NOTHROW((deep | forceful(freezing({"layer"}))).fit(sloped(60)));
}
