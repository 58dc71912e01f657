// What every compiler and machine must give alike: the order of rows and the first weights to the last bit, the loss of a
// short training to 1e-3. The numbers are those of g++ 12 on x86-64; they change where seeds mean something else, and then
// the changelog says so.

#include "support/catch.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/dense_gradient.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/model/network.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/minimize.hpp>
#include <tenon/train/train_model.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::WithinRel;

namespace {

/// A model that learns nothing and notes which rows it is shown: row r is the number r.
struct note_taker {
    static constexpr std::string_view name = "note taker";
    static constexpr std::size_t in = 1, outputs = 1;
    using scalar = float;
    using score = float;
    std::array<float, 1> nothing{};
    static inline std::vector<int> seen;

    std::size_t inputs() const noexcept { return 1; }
    std::size_t width_out() const noexcept { return 1; }
    std::span<float> parameters() noexcept { return nothing; }
    std::span<const float> parameters() const noexcept { return nothing; }
    void operator()(tn::row<1, float>, tn::row_out<1, float> z) const noexcept { z[0] = 0; }
    struct scratch {};
    template <class L, class Y>
    double gradient(const L&, tn::matrix_view<const float> x, std::span<const Y>, std::span<float> g,
                    scratch&) const {
        for (std::size_t r = 0; r < x.rows(); ++r) seen.push_back(static_cast<int>(x(r, 0)));
        for (float& v : g) v = 0;
        return 0;
    }
};
struct note_taker_spec : tn::stage<tn::role::model> {
    static constexpr bool differentiable = true;
    template <class In>
    using fitted = note_taker;
    template <class M>
    M start(std::type_identity<M>, tn::model_shape, std::uint64_t) const {
        return {};
    }
};

/// The first weights of a model that starts from a seed, as bits.
template <class Recipe, class In>
std::vector<std::uint32_t> first_weights(const Recipe& recipe, std::uint64_t seed) {
    using spec = std::remove_cvref_t<decltype(recipe.template stage<0>())>;
    using model = typename spec::template fitted<In>;
    const model m = recipe.template stage<0>().start(std::type_identity<model>{}, {3, 1}, seed);
    std::vector<std::uint32_t> bits;
    for (const float w : m.parameters().first(4)) bits.push_back(std::bit_cast<std::uint32_t>(w));
    for (const float w : m.parameters().last(5).first(2)) bits.push_back(std::bit_cast<std::uint32_t>(w));
    return bits;
}

/// Three columns, and a target that is no line through them; nothing but sums and products makes them.
tn::dataset<tn::columns<3>> bent_plane() {
    tn::philox random(31);
    tn::matrix<double> x(80, 3);
    std::vector<double> y;
    for (std::size_t r = 0; r < x.rows(); ++r) {
        for (double& v : x.row(r)) v = random.uniform(-1, 1);
        y.push_back(2 * x(r, 0) - x(r, 1) * x(r, 2) + 0.5 * x(r, 0) * x(r, 0));
    }
    return {std::move(x), std::move(y)};
}

template <class Model>
double loss_after_training(const Model& model) {
    const auto data = bent_plane();
    const auto fitted = (tn::standardize() | model |
                         tn::minimize(tn::squared_error(), tn::adam(5e-3),
                                      {.epochs = 40, .batch_size = 16, .seed = 7, .show = tn::progress::off}))
                            .fit(data);
    double squares = 0;
    for (std::size_t r = 0; r < data.size(); ++r)
        squares += std::pow(fitted(data.row(r)) - data.target(r), 2);
    return squares / static_cast<double>(data.size());
}

using bits = std::vector<std::uint32_t>;

} // namespace

TEST_CASE("the order of rows in an epoch is known", "[seed]") {
    tn::matrix<float> x(20, 1);
    for (std::size_t r = 0; r < 20; ++r) x(r, 0) = static_cast<float>(r);
    const tn::dataset<tn::columns<1, tn::real, float>> data(std::move(x), std::vector<double>(20, 1.0));
    note_taker::seen.clear();
    (void)(tn::pipeline{note_taker_spec{}} |
           tn::minimize(tn::squared_error(), tn::adam(1),
                        {.epochs = 2, .batch_size = 20, .seed = 7, .show = tn::progress::off}))
        .fit(data);
    const std::vector<int>& seen = note_taker::seen;
    REQUIRE(seen.size() == 40);
    CHECK(std::vector<int>(seen.begin(), seen.begin() + 8) == std::vector<int>{3, 13, 7, 14, 17, 10, 0, 1});
    CHECK(std::vector<int>(seen.begin() + 20, seen.begin() + 28) ==
          std::vector<int>{7, 11, 16, 19, 9, 14, 3, 18});
}

TEST_CASE("the first weights of networks are known to the bit", "[seed]") {
    using columns = tn::columns<3>;
    const auto rectified = tn::mlp<4>(tn::relu);
    const auto curved = tn::mlp<4>(tn::tanh);
    const auto layers = tn::network(tn::dense<4>, tn::relu, tn::dense<1>);
    const bits of_he{0xbc65dc52, 0xbf08b0a6, 0x3f8c3c05, 0x3f41fba2, 0x3d2c81ca, 0xbeda1d38};
    const bits of_glorot{0xbc167aa7, 0xbeb2f821, 0x3f379c29, 0x3efdfbb9, 0x3d2c81ca, 0xbeda1d38};
    CHECK(first_weights<decltype(rectified), columns>(rectified, 7) == of_he);
    CHECK(first_weights<decltype(curved), columns>(curved, 7) == of_glorot);
    CHECK(first_weights<decltype(layers), columns>(layers, 7) == of_he);
}

TEST_CASE("the loss after a short training is known", "[seed]") {
    CHECK_THAT(loss_after_training(tn::mlp<8>(tn::relu)), WithinRel(0.0182808, 1e-3));
    CHECK_THAT(loss_after_training(tn::network(tn::dense<8>, tn::tanh, tn::dense<1>)),
               WithinRel(0.0834383, 1e-3));
}
