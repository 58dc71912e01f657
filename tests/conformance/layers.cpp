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
using tenon_test::worst;

/// Keras moves the running variance of batch_norm towards that of the batch, PyTorch and tenon towards the unbiased one.
std::vector<double> with_unbiased_variances(std::vector<double> constants, double rows) {
    for (std::size_t i = constants.size() / 2; i < constants.size(); ++i)
        constants[i] = 0.9 + (constants[i] - 0.9) * rows / (rows - 1);
    return constants;
}

enum class variances { unbiased, of_the_batch };

/// The largest error of a layer of static width In in values, gradients and statistics; it is run as a sequence, the way
/// networks run it.
template <std::size_t In, class... L>
std::pair<const char*, double> layer_error(const char* name, const tn::json_value& stored, variances running,
                                           L... layers) {
    const tn::json_value& expected = stored[name];
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
    double error = absolute_error({z, rows * out}, values(z_expected));

    std::vector<double> dx(rows * In), dp(parameters.size(), 7.0); // what dp held before does not count
    sequence::backward_rows(all, x.data(), rows, In, dz.data(), dx.data(), std::span<double>(dp), room);
    error =
        worst({error, absolute_error(dx, values(dx_expected)), absolute_error(dp, numbers(expected["dp"]))});

    // One row at a time, as networks predict.
    sequence::keep_statistics(std::span<double>(constants), In, room);
    const bool has_statistics = expected.find("constants") != nullptr;
    if (has_statistics) {
        const std::vector<double> given = numbers(expected["constants"]);
        const std::vector<double> kept = running == variances::unbiased
                                             ? given
                                             : with_unbiased_variances(given, static_cast<double>(rows));
        error = worst({error, absolute_error(constants, kept)});
        constants = given;
    }
    const tn::matrix<double> predicted = has_statistics ? table(expected["predicted"]) : z_expected;
    std::vector<double> one(rows * out);
    for (std::size_t r = 0; r < rows; ++r)
        sequence::template forward_from<0, In>(all, In, x.row(r).data(), one.data() + r * out);
    tn::philox* const untrained = nullptr;
    const double* const evaluated = sequence::forward_rows(all, x.data(), rows, In, room, untrained);
    return {name, worst({error, absolute_error(one, values(predicted)),
                         absolute_error({evaluated, rows * out}, values(predicted))})};
}

std::vector<std::pair<const char*, double>> layer_errors(const tn::json_value& all, variances running) {
    return {
        layer_error<5>("dense", all, running, tn::dense<3>),
        layer_error<4>("relu", all, running, tn::relu),
        layer_error<4>("tanh", all, running, tn::tanh),
        layer_error<4>("sigmoid", all, running, tn::sigmoid),
        layer_error<4>("leaky_relu", all, running, tn::leaky_relu(0.2)),
        layer_error<4>("elu", all, running, tn::elu(1.5)),
        layer_error<4>("gelu", all, running, tn::gelu),
        layer_error<4>("silu", all, running, tn::silu),
        layer_error<4>("softmax", all, running, tn::softmax),
        layer_error<5>("layer_norm", all, running, tn::layer_norm),
        layer_error<5>("batch_norm", all, running, tn::batch_norm),
        layer_error<4>("residual", all, running, tn::residual(tn::dense<6>, tn::tanh, tn::dense<4>)),
        layer_error<4>("together", all, running, tn::dense<6>, tn::layer_norm, tn::gelu, tn::dense<5>,
                       tn::residual(tn::dense<5>, tn::silu), tn::dense<2>),
    };
}

} // namespace

TEST_CASE("layers have PyTorch's values and gradients", "[network]") {
    for (const auto& [layer, error] : layer_errors(fixture("layers"), variances::unbiased)) {
        INFO(layer);
        CHECK(error < 1e-12);
    }
}

// Keras's own defaults are other ones: leaky_relu 0.2, epsilon 1e-3 beside the variance, and a batch norm that keeps 0.99.
TEST_CASE("layers have Keras's values and gradients", "[network]") {
    for (const auto& [layer, error] : layer_errors(fixture("keras")["layers"], variances::of_the_batch)) {
        INFO(layer);
        CHECK(error < 1e-12);
    }
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
