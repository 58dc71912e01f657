// Layers against PyTorch and Keras, in float64, forwards and backwards: 1e-12 absolute. A network after 50 steps: 1e-9.
#include "support/catch.hpp"

#include "conformance/reference.hpp"
#include <tenon/loss/huber.hpp>
#include <tenon/model/dropout.hpp>
#include <tenon/model/network.hpp>
#include <tenon/model/normalization.hpp>
#include <tenon/model/residual.hpp>
#include <tenon/model/softmax.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/optim/cosine.hpp>
#include <tenon/optim/scheduled.hpp>

namespace {

namespace tn = tenon;
using tenon_test::absolute_error;
using tenon_test::fixture;
using tenon_test::numbers;
using tenon_test::table;

/// Keras moves the running variance of batch_norm towards that of the batch, PyTorch and tenon towards the unbiased one.
std::vector<double> with_unbiased_variances(std::vector<double> constants, double rows) {
    for (std::size_t i = constants.size() / 2; i < constants.size(); ++i)
        constants[i] = 0.9 + (constants[i] - 0.9) * rows / (rows - 1);
    return constants;
}

enum class variances { unbiased, of_the_batch };

/// A layer of static width In as a sequence, so that each runs the way networks run it.
template <std::size_t In, class... L>
void check_layers(const tn::json_value& expected, variances running, L... layers) {
    using sequence = tn::detail::layer_sequence<tn::detail::layer_for<L>...>;
    const tn::matrix<double> x = table(expected["x"]), dz = table(expected["dz"]);
    const std::size_t rows = x.rows(), out = sequence::width_out(In);
    REQUIRE(x.columns() == In);
    std::vector<double> constants(sequence::constant_count(In)), start(sequence::parameter_count(In));
    tn::philox random(1);
    sequence::start(tn::detail::stage_list<tn::detail::layer_for<L>...>(tn::detail::as_layer(layers)...),
                    tn::layer_values<double>{start, constants}, In, false, random);
    const std::vector<double> parameters = numbers(expected["parameters"]);
    REQUIRE(parameters.size() == start.size());
    const tn::layer_values<const double> all{parameters, constants};

    typename sequence::template training<double> room;
    const double* const z = sequence::forward_rows(all, x.data(), rows, In, room, &random);
    const tn::matrix<double> z_expected = table(expected["z"]), dx_expected = table(expected["dx"]);
    const auto values = [](const tn::matrix<double>& m) {
        return std::vector<double>(m.data(), m.data() + m.rows() * m.columns());
    };
    CHECK(absolute_error({z, rows * out}, values(z_expected)) < 1e-12);

    std::vector<double> dx(rows * In), dp(parameters.size(), 7.0); // what dp held before does not count
    sequence::backward_rows(all, x.data(), rows, In, dz.data(), dx.data(), std::span<double>(dp), room);
    CHECK(absolute_error(dx, values(dx_expected)) < 1e-12);
    CHECK(absolute_error(dp, numbers(expected["dp"])) < 1e-12);

    // One row at a time, as networks predict.
    sequence::keep_statistics(std::span<double>(constants), In, room);
    const bool has_statistics = expected.find("constants") != nullptr;
    if (has_statistics) {
        const std::vector<double> given = numbers(expected["constants"]);
        CHECK(absolute_error(constants, running == variances::unbiased
                                            ? given
                                            : with_unbiased_variances(given, static_cast<double>(rows))) <
              1e-12);
        constants = given;
    }
    const tn::matrix<double> predicted = has_statistics ? table(expected["predicted"]) : z_expected;
    std::vector<double> one(rows * out), many(rows * out);
    for (std::size_t r = 0; r < rows; ++r)
        sequence::template forward_from<0, In>(all, In, x.row(r).data(), one.data() + r * out);
    CHECK(absolute_error(one, values(predicted)) < 1e-12);
    tn::philox* const untrained = nullptr;
    const double* const evaluated = sequence::forward_rows(all, x.data(), rows, In, room, untrained);
    CHECK(absolute_error({evaluated, rows * out}, values(predicted)) < 1e-12);
}

void check_all(const tn::json_value& all, variances running) {
    check_layers<5>(all["dense"], running, tn::dense<3>);
    check_layers<4>(all["relu"], running, tn::relu);
    check_layers<4>(all["tanh"], running, tn::tanh);
    check_layers<4>(all["sigmoid"], running, tn::sigmoid);
    check_layers<4>(all["leaky_relu"], running, tn::leaky_relu(0.2));
    check_layers<4>(all["elu"], running, tn::elu(1.5));
    check_layers<4>(all["gelu"], running, tn::gelu);
    check_layers<4>(all["silu"], running, tn::silu);
    check_layers<4>(all["softmax"], running, tn::softmax);
    check_layers<5>(all["layer_norm"], running, tn::layer_norm);
    check_layers<5>(all["batch_norm"], running, tn::batch_norm);
    check_layers<4>(all["residual"], running, tn::residual(tn::dense<6>, tn::tanh, tn::dense<4>));
    check_layers<4>(all["together"], running, tn::dense<6>, tn::layer_norm, tn::gelu, tn::dense<5>,
                    tn::residual(tn::dense<5>, tn::silu), tn::dense<2>);
}

} // namespace

TEST_CASE("layers have PyTorch's values and gradients", "[network]") {
    check_all(fixture("layers"), variances::unbiased);
}

// Keras's own defaults are other ones: leaky_relu 0.2, epsilon 1e-3 beside the variance, and a batch norm that keeps 0.99.
TEST_CASE("layers have Keras's values and gradients", "[network]") {
    check_all(fixture("keras")["layers"], variances::of_the_batch);
}

TEST_CASE("a network trained with weights goes where Keras's goes", "[network]") {
    const tn::json_value all = fixture("keras");
    const tn::json_value& expected = all["network"];
    const auto recipe = tn::network<double>(tn::batch_norm, tn::dense<6>, tn::tanh, tn::layer_norm,
                                            tn::dense<5>, tn::silu, tn::dense<1>);
    using model = std::remove_cvref_t<decltype(recipe.stage<0>())>::fitted<tn::columns<3>>;
    const tn::matrix<double> x = table(expected["x"]);
    const std::vector<double> y = numbers(expected["y"]), weights = numbers(expected["weights"]),
                              start = numbers(expected["start"]), losses = numbers(expected["losses"]);
    model m;
    REQUIRE(m.parameters().size() == start.size());
    std::copy(start.begin(), start.end(), m.parameters().begin());
    const auto optimizer = tn::scheduled(tn::adam(0.02, {.epsilon = 1e-30}), tn::cosine(50), tn::per::step);
    decltype(optimizer)::state<double> state(start.size());
    model::scratch room;
    std::vector<double> g(start.size()), seen;
    for (int step = 0; step < 50; ++step) {
        seen.push_back(m.gradient(tn::huber(0.8), x.view(), std::span<const double>(y), std::span<double>(g),
                                  room, std::span<const double>(weights)));
        optimizer.step(state, m.parameters(), std::span<const double>(g));
    }
    CHECK(absolute_error(seen, losses) < 1e-9);
    CHECK(absolute_error(m.parameters(), numbers(expected["end"])) < 1e-9);
}
