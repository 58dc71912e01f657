#include "support/catch.hpp"
#include "support/random_pipelines.hpp"
#include "unit/train/line.hpp"

#include <cmath>
#include <tenon/compress.hpp>
#include <tenon/loss.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/optim.hpp>
#include <tenon/prepare.hpp>
#include <tenon/train.hpp>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::line;

namespace {

struct house
    : tn::schema<tn::numeric<"area">, tn::numeric<"age">, tn::numeric<"floor">, tn::target<"price">> {};
struct town : tn::schema<tn::numeric<"area">, tn::categorical<"country">, tn::target<"rent">> {};

constexpr auto quiet = tn::progress::off;

/// price = slope·area - age + 50·floor, about.
tn::dataset<house> houses(std::uint64_t seed, double slope, std::size_t rows = 200) {
    auto data = tenon_test::random_dataset<house>(rows, seed, house::info());
    for (std::size_t r = 0; r < rows; ++r) {
        const auto x = data.row(r);
        data.targets()[r] = 1000 * (slope * x[0] - x[1] + 0.1 * x[2] + 0.05 * data.target(r));
    }
    return data;
}

template <class P>
double mean_squared_error(const P& model, const tn::dataset<house>& data) {
    double sum = 0;
    for (std::size_t r = 0; r < data.size(); ++r) {
        const double away = static_cast<double>(model(data.row(r))) - data.target(r);
        sum += away * away / static_cast<double>(data.size());
    }
    return sum;
}

template <class P>
auto parameters_of(const P& fitted) {
    const auto p = fitted.model().parameters();
    return std::vector<typename P::model_type::scalar>(p.begin(), p.end());
}

/// How far the weights, not the biases, are apart.
template <class P>
double weights_apart(const P& a, const P& b) {
    double most = 0;
    for (const tn::parameter_block& block : a.model().blocks())
        for (std::size_t i = 0; block.is_weight && i < block.size(); ++i)
            most = std::max(most, std::abs(static_cast<double>(a.model().parameters()[block.offset + i] -
                                                               b.model().parameters()[block.offset + i])));
    return most;
}

tn::minimize_options epochs(int n) {
    return {.epochs = n, .batch_size = 20, .seed = 3, .show = quiet};
}

const auto by_line =
    tn::standardize() | line() | tn::minimize(tn::squared_error(), tn::sgd(0.05), epochs(40));
const auto by_net =
    tn::standardize() | tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-2), epochs(40));

} // namespace

TEST_CASE("fine_tune trains the model further and leaves what is before it alone", "[fine_tune]") {
    const auto before = houses(1, 2), now = houses(2, 5);
    const auto trained = by_line.fit(before);
    const auto tuned =
        tn::fine_tune(trained, now, tn::minimize(tn::squared_error(), tn::sgd(0.05), epochs(30)));
    STATIC_REQUIRE(std::is_same_v<decltype(tuned), decltype(trained)>);
    CHECK(mean_squared_error(tuned, now) < 0.1 * mean_squared_error(trained, now));
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(tuned.stage<0>().mean[c] == trained.stage<0>().mean[c]);
        CHECK(tuned.stage<0>().inverse_scale[c] == trained.stage<0>().inverse_scale[c]);
    }
    CHECK(tuned.record().rows == now.size());
    CHECK(tuned.record().fingerprint != trained.record().fingerprint);
    CHECK(tuned.record().prediction != trained.record().prediction);
}

TEST_CASE("the metric of a network improves on data that have shifted", "[fine_tune]") {
    const auto before = houses(1, 2), now = houses(2, 4), unseen = houses(4, 4);
    const auto trained = by_net.fit(before);
    const auto tuned = tn::fine_tune(
        trained, now, tn::minimize(tn::squared_error(), tn::adam(1e-2), epochs(30), tn::l2_sp(1e-3)));
    CHECK(mean_squared_error(tuned, unseen) < 0.2 * mean_squared_error(trained, unseen));
}

TEST_CASE("fine-tuning begins at the trained parameters", "[fine_tune]") {
    const auto before = houses(1, 2), now = houses(2, 4);
    const auto standstill = tn::minimize(tn::squared_error(), tn::sgd(1e-30), epochs(2));
    const auto net = by_net.fit(before);
    CHECK(parameters_of(tn::fine_tune(net, now, standstill)) == parameters_of(net));

    // A linear model borrows the units of the new target and gives them back.
    using priced = tn::fitted_t<decltype(tn::standardize() | tn::linear_regression()), house>;
    const auto line = tenon_test::random_pipeline<priced>(tn::standardize(), before, 5);
    const auto same = tn::fine_tune(line, now, standstill);
    for (std::size_t r = 0; r < now.size(); ++r)
        CHECK_THAT(same(now.row(r)), tenon_test::WithinAbs(line(now.row(r)), 1e-9));
    const auto tuned = tn::fine_tune(line, now, tn::minimize(tn::squared_error(), tn::adam(0.1), epochs(40)));
    CHECK(mean_squared_error(tuned, now) < 1e-2 * mean_squared_error(line, now));
}

TEST_CASE("l2_sp holds the weights where they were, the more the stronger it is", "[fine_tune]") {
    const auto before = houses(1, 2), now = houses(2, 5);
    const auto trained = by_net.fit(before);
    auto tuned = [&](double strength) {
        return tn::fine_tune(
            trained, now, tn::minimize(tn::squared_error(), tn::sgd(1e-4), epochs(50), tn::l2_sp(strength)));
    };
    const double free = weights_apart(tuned(0), trained), held = weights_apart(tuned(100), trained),
                 fixed = weights_apart(tuned(9000), trained);
    CHECK(held < free);
    CHECK(fixed < 1e-2 * free);
    CHECK(fixed < held);

    // l2 pulls to zero instead.
    const auto shrunk = tn::fine_tune(
        trained, now, tn::minimize(tn::squared_error(), tn::sgd(1e-4), epochs(50), tn::l2(9000)));
    double largest = 0;
    for (const tn::parameter_block& block : shrunk.model().blocks())
        for (std::size_t i = 0; block.is_weight && i < block.size(); ++i)
            largest = std::max(largest,
                               std::abs(static_cast<double>(shrunk.model().parameters()[block.offset + i])));
    CHECK(largest < 1e-2);
}

TEST_CASE("pruned weights stay zero under every optimizer, and the others move", "[fine_tune]") {
    const auto before = houses(1, 2), now = houses(2, 4);
    const auto pruned = tn::compress(by_net.fit(before), before, tn::prune(tn::by_magnitude, 0.5));
    auto check = [&](const auto& optimizer) {
        const auto tuned = tn::fine_tune(
            pruned, now, tn::minimize(tn::squared_error(), optimizer, epochs(5), tn::l2_sp(0.1)));
        std::size_t zeros = 0, moved = 0;
        for (std::size_t i = 0; i < tuned.model().parameters().size(); ++i) {
            if (pruned.model().kept[i] == 0) {
                CHECK(tuned.model().parameters()[i] == 0);
                ++zeros;
            } else
                moved += tuned.model().parameters()[i] != pruned.model().parameters()[i];
        }
        CHECK(zeros == 16); // half of 3·8 + 8 weights
        CHECK(moved >= 5);
    };
    check(tn::adam(1e-2));
    check(tn::sgd(1e-2, {.momentum = 0.9}));
}

TEST_CASE("fine-tuning depends on its seed, keeps rows out to watch, and stops early", "[fine_tune]") {
    const auto before = houses(1, 2), now = houses(2, 5);
    const auto trained = by_line.fit(before);
    auto tuned = [&](std::uint64_t seed, double validation, int patience) {
        return parameters_of(tn::fine_tune(trained, now,
                                           tn::minimize(tn::squared_error(), tn::adam(0.05),
                                                        {.epochs = 30,
                                                         .batch_size = 20,
                                                         .seed = seed,
                                                         .validation = validation,
                                                         .patience = patience,
                                                         .show = quiet})));
    };
    CHECK(tuned(7, 0, 0) == tuned(7, 0, 0));
    CHECK(tuned(8, 0, 0) != tuned(7, 0, 0));
    CHECK(tuned(7, 0.5, 0) != tuned(7, 0, 0));
    CHECK(tuned(7, 0.5, 3) == tuned(7, 0.5, 3));
}

TEST_CASE("data of other levels or names than the model's are refused", "[fine_tune]") {
    auto towns = [](std::vector<std::string> levels) {
        tn::schema_info info = town::info();
        info.columns[1].levels = std::move(levels);
        return tenon_test::random_dataset<town>(60, 3, info);
    };
    const auto trained =
        (tn::one_hot() | tn::mlp<4>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3), epochs(1)))
            .fit(towns({"France", "Spain"}));
    const auto further = tn::minimize(tn::squared_error(), tn::adam(1e-3), epochs(1));
    CHECK_NOTHROW(tn::fine_tune(trained, towns({"France", "Spain"}), further));
    CHECK_THROWS_WITH(tn::fine_tune(trained, towns({"Spain", "France"}), further),
                      "column 'country' has other levels than the model was fitted on");
    CHECK_THROWS_AS(tn::fine_tune(trained, towns({"France", "Spain", "Italy"}), further), tn::data_error);

    tn::schema_info renamed = town::info();
    renamed.columns[0].name = "width";
    renamed.columns[1].levels = {"France", "Spain"};
    CHECK_THROWS_WITH(tn::fine_tune(trained, tenon_test::random_dataset<town>(60, 3, renamed), further),
                      ContainsSubstring("'area'") && ContainsSubstring("'width'"));

    auto gaps = towns({"France", "Spain"});
    gaps.values()(5, 0) = NAN; // nothing fills it
    CHECK_THROWS_WITH(tn::fine_tune(trained, gaps, further),
                      ContainsSubstring("column 'area', row 6 is missing"));
}
