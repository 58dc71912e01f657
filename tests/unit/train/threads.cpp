// Training with threads: the same to the last bit as without.

#include "support/catch.hpp"

#include <algorithm>
#include <tenon/core/threads.hpp>
#include <tenon/data.hpp>
#include <tenon/loss.hpp>
#include <tenon/model.hpp>
#include <tenon/optim.hpp>
#include <tenon/train.hpp>
#include <vector>

namespace tn = tenon;

namespace {

using rows_of = tn::columns<270, tn::classes<7>>;

/// Enough rows and columns that products, by rows and by inputs, gathering and steps are shared.
tn::dataset<rows_of> some_rows() {
    constexpr std::size_t count = 300;
    tn::matrix<double> x(count, 270);
    std::vector<tn::class_index> y(count);
    tn::philox random(5);
    for (std::size_t r = 0; r < count; ++r) {
        for (std::size_t c = 0; c < 270; ++c) x(r, c) = random.normal();
        y[r] = x(r, 0) > 0 ? (x(r, 1) > 0 ? 6 : 2) : static_cast<tn::class_index>(r % 3);
    }
    return {std::move(x), std::move(y)};
}

template <class Model, class Optimizer>
std::vector<float> trained(const Model& model, const Optimizer& optimizer, const tn::team_maker& threads) {
    const auto fitted = (model | tn::minimize(tn::cross_entropy(), optimizer,
                                              {.epochs = 3,
                                               .batch_size = 128,
                                               .seed = 3,
                                               .validation = 0.2,
                                               .show = tn::progress::off,
                                               .threads = threads}))
                            .fit(some_rows());
    const auto parameters = fitted.model().parameters();
    return {parameters.begin(), parameters.end()};
}

} // namespace

TEST_CASE("any number of threads trains to the same bits", "[threads]") {
    const auto check = [](const auto& model, const auto& optimizer) {
        const std::vector<float> alone = trained(model, optimizer, {});
        CHECK(std::none_of(alone.begin(), alone.end(), [](float p) { return p != p; }));
        for (const std::size_t count : {1U, 2U, 3U, 4U})
            CHECK(trained(model, optimizer, tn::threads{count}) == alone);
    };
    check(tn::mlp<133, 65>(tn::tanh), tn::scheduled(tn::adam(1e-3), tn::cosine(3)));
    check(tn::network(tn::dense<200>, tn::relu, tn::batch_norm, tn::dropout(0.3), tn::dense<7>),
          tn::sgd(0.05, {.momentum = 0.9}));
}
