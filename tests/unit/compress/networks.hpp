#pragma once

// What the tests of quantization share: random networks, their scores, and the int8 rule written out.

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tenon/compress/quantize.hpp>
#include <tenon/core/random.hpp>
#include <tenon/model/linear_model.hpp>
#include <tenon/model/mlp.hpp>
#include <vector>

namespace tenon_test {

inline constexpr tenon::quantize_spec<std::int8_t> to_int8{};

template <class M>
using quantized = tenon::quantize_spec<std::int8_t>::result<M>;

template <class Act, class Kind, std::size_t W, std::size_t... Hidden>
using mlp = tenon::fitted_mlp<Act, Kind, float, double, W, Hidden...>;
template <class Kind, std::size_t W>
using linear = tenon::linear_model<Kind, double, W>;

/// Weights that keep the size of what goes through them.
template <class M>
M random_network(tenon::philox& random, tenon::model_shape shape) {
    M m(shape);
    for (std::size_t l = 0; l < M::layers; ++l) {
        const double spread = 1 / std::sqrt(static_cast<double>(m.layer(l).inputs));
        for (const auto& block : m.blocks()) {
            if (block.name.rfind("layer " + std::to_string(l), 0) != 0) continue;
            for (auto& p : m.parameters().subspan(block.offset, block.size()))
                p = static_cast<typename M::scalar>(random.normal() * spread);
        }
    }
    return m;
}

template <class T = float>
tenon::matrix<T> random_rows(tenon::philox& random, std::size_t rows, std::size_t columns) {
    tenon::matrix<T> x(rows, columns);
    for (std::size_t k = 0; k < rows * columns; ++k) x.data()[k] = static_cast<T>(random.normal());
    return x;
}

/// The scores of one row, whatever its scalar.
template <class M, class Row>
std::vector<double> scores_of(const M& m, const Row& x) {
    std::vector<typename M::scalar> row;
    for (const auto v : x) row.push_back(static_cast<typename M::scalar>(v));
    std::vector<double> z(m.width_out());
    m(tenon::row<M::in, typename M::scalar>(row.data(), row.size()),
      tenon::row_out<M::outputs, double>(z.data(), z.size()));
    return z;
}

/// The int8 rule in its usual form: signed activations, zero points taken off term by term, 64-bit sums.
template <class Network>
std::vector<double> by_the_rule(const Network& net, std::span<const float> x) {
    const tenon::int8_inputs how = net.input_bytes();
    std::vector<int> q;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double v = std::nearbyint(static_cast<double>(x[i]) / how.scale_of(i)) + how.zeros[i];
        q.push_back(
            static_cast<int>(std::isnan(v) ? std::clamp(how.zeros[i], 0, 255) : std::clamp(v, 0.0, 255.0)) -
            128);
    }
    std::vector<double> z;
    for (std::size_t l = 0; l < net.layers; ++l) {
        const tenon::int8_layer layer = net.layer(l);
        std::vector<int> next;
        for (std::size_t o = 0; o < layer.shape.outputs; ++o) {
            std::int64_t sum = layer.biases[o];
            for (std::size_t i = 0; i < q.size(); ++i)
                sum += (q[i] + 128) * layer.weights[layer.shape.index(i, o)];
            REQUIRE((sum >= INT32_MIN && sum <= INT32_MAX));
            if (l + 1 == net.layers) {
                z.push_back(layer.offsets[o] + layer.scales[o] * static_cast<double>(sum));
                continue;
            }
            const long double factor = std::ldexp(static_cast<long double>(layer.rescaling.multipliers[o]),
                                                  -layer.rescaling.right_shifts[o]);
            const auto y =
                static_cast<std::int64_t>(std::floor(static_cast<long double>(sum) * factor + 0.5L));
            auto byte = std::clamp<std::int64_t>(y + layer.rescaling.zero, layer.rescaling.low, 255);
            if (!layer.table.empty()) byte = layer.table[static_cast<std::size_t>(byte)];
            next.push_back(static_cast<int>(byte) - 128);
        }
        q = next;
    }
    return z;
}

/// Root of the mean squared difference between two models' scores, over that of the first from its mean.
template <class M, class Q>
double relative_error(const M& m, const Q& q, const tenon::matrix<float>& x) {
    double error = 0, spread = 0, mean = 0, n = 0;
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (const double v : scores_of(m, x.row(r))) mean += v, ++n;
    mean /= n;
    for (std::size_t r = 0; r < x.rows(); ++r) {
        const auto a = scores_of(m, x.row(r)), b = scores_of(q, x.row(r));
        for (std::size_t k = 0; k < a.size(); ++k) {
            error += (a[k] - b[k]) * (a[k] - b[k]);
            spread += (a[k] - mean) * (a[k] - mean);
        }
    }
    return std::sqrt(error / spread);
}

/// A field of a fitted type, by name.
template <class T, class Network>
std::span<T> field(Network& net, std::string_view name) {
    std::span<T> found;
    Network::fields(net, [&](std::string_view is, auto& values) {
        if (is != name) return;
        if constexpr (requires { values.data(); }) {
            if constexpr (std::is_same_v<T, std::remove_reference_t<decltype(*values.data())>>)
                found = {values.data(), values.size()};
        } else if constexpr (std::is_same_v<T, std::remove_reference_t<decltype(values)>>)
            found = {&values, 1};
    });
    REQUIRE_FALSE(found.empty());
    return found;
}

/// The bytes of all fields but the sizes, by name: what networks of different types can be compared by.
template <class Network>
std::map<std::string, std::string> numbers_of(const Network& net) {
    std::map<std::string, std::string> numbers;
    Network::fields(net, [&](const std::string& name, const auto& values) {
        if (name == "inputs" || name == "outputs") return;
        if constexpr (requires { values.data(); })
            numbers[name].assign(reinterpret_cast<const char*>(values.data()),
                                 values.size() * sizeof(*values.data()));
        else
            numbers[name].assign(reinterpret_cast<const char*>(&values), sizeof values);
    });
    return numbers;
}

} // namespace tenon_test
