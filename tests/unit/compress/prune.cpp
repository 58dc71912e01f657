#include "support/catch.hpp"

#include "unit/train/line.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <tenon/compress/compress.hpp>
#include <tenon/compress/prune.hpp>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/optim/penalty.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/fine_tune.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/minimize.hpp>
#include <tenon/train/train_model.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

using network = tn::fitted_mlp<tn::relu_activation, tn::classes<3>, float, double, 4, 10, 6>;
using line = tenon_test::fitted_line<4>;

static_assert(tn::Pruner<tn::prune_spec>);
static_assert(tn::CompressorFor<tn::prune_spec, network> && tn::CompressorFor<tn::prune_spec, line>);
static_assert(tn::FittedModel<tn::pruned<network>>);
static_assert(std::is_same_v<tn::prune_spec::result<network>, tn::pruned<network>>);
static_assert(std::is_same_v<tn::prune_spec::result<tn::pruned<network>>, tn::pruned<network>>);

struct without_parameters : tn::stage<tn::role::model> {};
static_assert(std::is_same_v<tn::prune_spec::objection_to<without_parameters>,
                             tn::because::this_Model_has_no_weights_to_prune>);

network random_network(std::uint64_t seed) {
    network m;
    tn::philox random(seed);
    for (float& p : m.parameters()) p = static_cast<float>(random.uniform(-1, 1));
    return m;
}

template <class M>
tn::prune_spec::result<M> pruned(const M& m, double fraction) {
    return tn::prune_spec(fraction)(m, tn::matrix_view<const typename M::scalar>());
}

/// How many weights and biases are zero.
template <class M>
std::pair<std::size_t, std::size_t> zeros(const M& m) {
    std::pair<std::size_t, std::size_t> n{0, 0};
    for (const auto& block : m.blocks())
        for (const auto p : m.parameters().subspan(block.offset, block.size()))
            (block.is_weight ? n.first : n.second) += p == 0;
    return n;
}

constexpr std::size_t weights = 4 * 10 + 10 * 6 + 6 * 3;

using four_numbers = tn::columns<4>;

tn::dataset<four_numbers> sloped_rows(std::size_t rows, double slope) {
    tn::philox random(2);
    tn::matrix<double> x(rows, 4);
    std::vector<double> y;
    for (std::size_t r = 0; r < rows; ++r) {
        for (double& v : x.row(r)) v = random.normal();
        y.push_back(slope * (5 * x(r, 0) - 3 * x(r, 1) + 0.1 * x(r, 2) - 0.2 * x(r, 3)) + 7);
    }
    return {std::move(x), std::move(y)};
}

auto training(int epochs) {
    return tn::minimize(tn::squared_error(), tn::adam(0.05), {.epochs = epochs, .seed = 1});
}

} // namespace

TEST_CASE("the asked share of the weights becomes zero, and no bias", "[compress]") {
    const network m = random_network(1);
    for (double fraction : {0.0, 0.1, 0.5, 0.9, 1.0}) {
        const auto small = pruned(m, fraction);
        const auto [zero_weights, zero_biases] = zeros(small);
        CHECK(std::abs(static_cast<double>(zero_weights) - fraction * static_cast<double>(weights)) <= 3);
        CHECK(zero_biases == 0);
        CHECK(static_cast<std::size_t>(std::count(small.kept.begin(), small.kept.end(), 0)) == zero_weights);
    }
}

TEST_CASE(
    "weights that stay keep their values, and none that goes is larger than one that stays in its layer",
    "[compress]") {
    const network m = random_network(2);
    const auto small = pruned(m, 0.4);
    for (const auto& block : m.blocks()) {
        float largest_gone = 0, smallest_kept = std::numeric_limits<float>::infinity();
        for (std::size_t i = block.offset; i < block.offset + block.size(); ++i) {
            const float before = m.parameters()[i], after = small.parameters()[i];
            if (after != 0) {
                CHECK(after == before);
                smallest_kept = std::min(smallest_kept, std::abs(before));
            } else if (block.is_weight) {
                largest_gone = std::max(largest_gone, std::abs(before));
            }
        }
        if (block.is_weight) CHECK(largest_gone <= smallest_kept);
    }
}

TEST_CASE("equal magnitudes go in the order of their places", "[compress]") {
    line m;
    for (std::size_t i = 0; i < 4; ++i) m.parameters()[i] = i % 2 == 0 ? 1 : -1;
    const auto small = pruned(m, 0.5);
    CHECK(std::vector<double>(small.parameters().begin(), small.parameters().end()) ==
          std::vector<double>{0, 0, 1, -1, 0});
    CHECK(std::vector<int>(small.kept.begin(), small.kept.end()) == std::vector<int>{0, 0, 1, 1, 1});
}

TEST_CASE("pruning what is pruned goes on, and what was gone stays gone", "[compress]") {
    const network m = random_network(3);
    const auto once = pruned(m, 0.3);
    const auto twice = pruned(once, 0.6);
    const auto at_once = pruned(m, 0.6);
    for (std::size_t i = 0; i < m.parameters().size(); ++i) {
        if (once.kept[i] == 0) CHECK(twice.kept[i] == 0);
        CHECK(twice.kept[i] == at_once.kept[i]);
    }
    // A smaller share than is gone already brings nothing back.
    const auto less = pruned(once, 0.1);
    CHECK(std::equal(less.kept.begin(), less.kept.end(), once.kept.begin()));
}

TEST_CASE("a pruned model answers with what is left", "[compress]") {
    line m;
    const std::array<double, 5> p{5, -0.1, 3, 0.2, 7};
    std::copy(p.begin(), p.end(), m.parameters().begin());
    const auto small = pruned(m, 0.5);
    std::array<double, 1> z{};
    small(std::array<double, 4>{1, 10, 2, 10}, z);
    CHECK(z[0] == 5 + 6 + 7);
    CHECK(small.name == "pruned");
    CHECK(tn::pruned<network>::signature() == "mlp 10,6 relu float");
}

TEST_CASE("the mask is one of the fields, and must be as long as the parameters", "[compress]") {
    const auto small = pruned(random_network(4), 0.5);
    std::string names;
    tn::visit_fields(small, [&](const char* name, const auto&) { names += std::string(name) + " "; });
    CHECK(names == "parameters kept ");
    CHECK(small.is_consistent());
}

TEST_CASE("a fraction that is none is refused", "[compress]") {
    const network m = random_network(5);
    for (double fraction : {-0.1, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
        CHECK_THROWS_AS(pruned(m, fraction), tn::fit_error);
        CHECK_THROWS_WITH(pruned(m, fraction), ContainsSubstring("prune: the fraction is from 0 to 1"));
    }
}

TEST_CASE("pruning in the recipe and after the fact is the same to the last bit", "[compress]") {
    const auto data = sloped_rows(60, 1);
    const auto recipe = tn::standardize() | tenon_test::line() | training(30);
    const auto in_recipe = (recipe | tn::prune(tn::by_magnitude, 0.5)).fit(data);
    const auto afterwards = tn::compress(recipe.fit(data), data, tn::prune(tn::by_magnitude, 0.5));
    static_assert(std::is_same_v<decltype(in_recipe), decltype(afterwards)>);
    CHECK(std::equal(in_recipe.model().parameters().begin(), in_recipe.model().parameters().end(),
                     afterwards.model().parameters().begin()));
    CHECK(std::equal(in_recipe.model().kept.begin(), in_recipe.model().kept.end(),
                     afterwards.model().kept.begin()));
    CHECK(zeros(in_recipe.model()).first == 2);
}

TEST_CASE("pruned zeros stay zero when the model is fine-tuned", "[compress]") {
    const auto small =
        (tn::standardize() | tenon_test::line() | training(30) | tn::prune(tn::by_magnitude, 0.5))
            .fit(sloped_rows(60, 1));
    auto check = [&](auto penalty) {
        const auto tuned = tn::fine_tune(
            small, sloped_rows(60, -2),
            tn::minimize(tn::squared_error(), tn::adam(0.05), {.epochs = 20, .seed = 1}, penalty));
        for (std::size_t i = 0; i < 5; ++i) {
            if (small.model().kept[i] == 0)
                CHECK(tuned.model().parameters()[i] == 0);
            else
                CHECK(tuned.model().parameters()[i] != small.model().parameters()[i]);
        }
    };
    check(tn::no_penalty{});
    check(tn::l2(0.1));
    check(tn::l2_sp(0.1));
}
