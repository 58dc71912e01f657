// Layers against PyTorch, in float64, forwards and backwards: 1e-12 absolute.
#include "support/catch.hpp"

#include "conformance/reference.hpp"
#include <tenon/model/dropout.hpp>
#include <tenon/model/network.hpp>
#include <tenon/model/normalization.hpp>
#include <tenon/model/residual.hpp>
#include <tenon/model/softmax.hpp>

namespace {

namespace tn = tenon;
using tenon_test::absolute_error;
using tenon_test::fixture;
using tenon_test::numbers;
using tenon_test::table;

/// A layer of static width In as a sequence, so that each runs the way networks run it.
template <std::size_t In, class... L>
void check_layers(const tn::json_value& expected, L... layers) {
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
    if (has_statistics) CHECK(absolute_error(constants, numbers(expected["constants"])) < 1e-12);
    const tn::matrix<double> predicted = has_statistics ? table(expected["predicted"]) : z_expected;
    std::vector<double> one(rows * out), many(rows * out);
    for (std::size_t r = 0; r < rows; ++r)
        sequence::template forward_from<0, In>(all, In, x.row(r).data(), one.data() + r * out);
    CHECK(absolute_error(one, values(predicted)) < 1e-12);
    tn::philox* const untrained = nullptr;
    const double* const evaluated = sequence::forward_rows(all, x.data(), rows, In, room, untrained);
    CHECK(absolute_error({evaluated, rows * out}, values(predicted)) < 1e-12);
}

} // namespace

TEST_CASE("layers have PyTorch's values and gradients", "[network]") {
    const tn::json_value all = fixture("layers");
    check_layers<5>(all["dense"], tn::dense<3>);
    check_layers<4>(all["relu"], tn::relu);
    check_layers<4>(all["tanh"], tn::tanh);
    check_layers<4>(all["sigmoid"], tn::sigmoid);
    check_layers<4>(all["leaky_relu"], tn::leaky_relu(0.2));
    check_layers<4>(all["elu"], tn::elu(1.5));
    check_layers<4>(all["gelu"], tn::gelu);
    check_layers<4>(all["silu"], tn::silu);
    check_layers<4>(all["softmax"], tn::softmax);
    check_layers<5>(all["layer_norm"], tn::layer_norm);
    check_layers<5>(all["batch_norm"], tn::batch_norm);
    check_layers<4>(all["residual"], tn::residual(tn::dense<6>, tn::tanh, tn::dense<4>));
    check_layers<4>(all["together"], tn::dense<6>, tn::layer_norm, tn::gelu, tn::dense<5>,
                    tn::residual(tn::dense<5>, tn::silu), tn::dense<2>);
}
