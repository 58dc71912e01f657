// Networks in generated headers, compiled for a chip without a library, and in artifacts, read again: rounding errors of
// the largest score.

#include "support/catch.hpp"
#include "support/errors.hpp"
#include "support/freestanding.hpp"

#include <cmath>
#include <tenon/data/dataset.hpp>
#include <tenon/deploy/artifact.hpp>
#include <tenon/deploy/header.hpp>
#include <tenon/loss/cross_entropy.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/network.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/train_model.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

using numbers = tn::columns<3>;
using kinds = tn::columns<3, tn::classes<3>>;

template <class S>
tn::dataset<S> data() {
    tn::philox random(5);
    tn::matrix<double> x(150, 3);
    std::vector<tn::target_value<typename S::kind>> y(150);
    for (std::size_t r = 0; r < 150; ++r) {
        for (double& v : x.row(r)) v = 5 + random.normal();
        if constexpr (tn::is_classification<typename S::kind>)
            y[r] = static_cast<tn::class_index>(random.below(3));
        else
            y[r] = 1e4 * (std::sin(x(r, 0)) + x(r, 1) * x(r, 2));
    }
    return tn::dataset<S>(std::move(x), std::move(y));
}

/// The largest difference between a pipeline and its header's scores, over the largest score.
template <class P>
double difference(const P& model, const freestanding_library& built, const std::string& name) {
    const auto scores = built.find<void(const double*, double*)>(name);
    REQUIRE(scores != nullptr);
    tn::philox random(9);
    double apart = 0, largest = 1;
    for (int i = 0; i < 500; ++i) {
        std::array<double, 3> x;
        for (double& v : x) v = 5 + (i % 8 == 7 ? 30 : 2) * random.normal();
        const auto features = model.template stage<0>();
        std::array<double, 3> z;
        features(x, z);
        std::array<typename P::model_type::scalar, 3> narrow{};
        for (std::size_t c = 0; c < 3; ++c) narrow[c] = static_cast<typename P::model_type::scalar>(z[c]);
        std::array<double, P::model_type::outputs> expected, got;
        model.model()(narrow, expected);
        scores(x.data(), got.data());
        for (std::size_t k = 0; k < expected.size(); ++k) {
            apart = worst({apart, std::abs(expected[k] - got[k])});
            largest = std::max(largest, std::abs(expected[k]));
        }
    }
    return apart / largest;
}

} // namespace

TEST_CASE("networks answer alike in a generated header and in an artifact read again") {
    const auto number =
        (tn::standardize() |
         tn::network<double>(tn::dense<8>, tn::relu, tn::batch_norm,
                             tn::residual(tn::dense<6>, tn::gelu, tn::layer_norm, tn::dense<8>),
                             tn::dropout(0.1), tn::dense<6>, tn::elu(0.7), tn::dense<1>) |
         tn::minimize(tn::squared_error(), tn::adam(1e-2), {.epochs = 20, .seed = 3}))
            .fit(data<numbers>());
    const auto kind = (tn::standardize() |
                       tn::network(tn::dense<8>, tn::tanh, tn::dense<8>, tn::sigmoid, tn::softmax,
                                   tn::dense<8>, tn::silu, tn::dense<8>, tn::leaky_relu(0.2), tn::dense<3>) |
                       tn::minimize(tn::cross_entropy(), tn::adam(1e-2), {.epochs = 20, .seed = 3}))
                          .fit(data<kinds>());

    const temporary_folder folder;
    std::string driver;
    const auto each = [&](auto&& visit) { visit(number, "number"), visit(kind, "kind"); };
    each([&](const auto& model, const std::string& name) {
        tn::write_header(model, folder / (name + ".hpp"), name + "_net");
        driver += "#include \"" + name + ".hpp\"\nextern \"C\" void " + name +
                  "(const double* x, double* z) { " + name + "_net::scores(x, z); }\n";
    });
    const freestanding_library built(folder, driver, "-O2");
    REQUIRE(built.output() == "");
    REQUIRE(built.is_open());
    std::set<std::string> needs = built.needs();
    needs.erase("memcpy"), needs.erase("memset");
    CHECK(needs == std::set<std::string>{});
    CHECK(difference(number, built, "number") < 1e-12);
    CHECK(difference(kind, built, "kind") < 1e-5);

    each([&](const auto& model, const std::string& name) {
        using P = std::remove_cvref_t<decltype(model)>;
        tn::save(model, folder / (name + ".tenon"));
        const P again = tn::load<P>(folder / (name + ".tenon"));
        CHECK(std::ranges::equal(again.model().parameters(), model.model().parameters()));
        CHECK(std::ranges::equal(again.model().constants(), model.model().constants()));
        CHECK(again(std::array{4.0, 5.0, 6.0}) == model(std::array{4.0, 5.0, 6.0}));
    });
}
