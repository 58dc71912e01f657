#include "support/catch.hpp"

#include <cmath>
#include <tenon/core/random.hpp>
#include <tenon/model/activation.hpp>
#include <tenon/model/small_gradient.hpp>
#include <vector>

namespace tn = tenon;

namespace {

/// Forwards and backwards unit by unit.
template <class Act, std::size_t In, std::size_t Hidden>
struct plainly {
    std::vector<double> z, gradient;

    plainly(const std::vector<double>& p, const std::vector<double>& x, const std::vector<double>& delta)
        : gradient(p.size()) {
        for (std::size_t r = 0; r < delta.size(); ++r) {
            z.push_back(p[(In + 2) * Hidden]);
            gradient[(In + 2) * Hidden] += delta[r];
            for (std::size_t h = 0; h < Hidden; ++h) {
                double unit = p[In * Hidden + h];
                for (std::size_t i = 0; i < In; ++i) unit += x[r * In + i] * p[i * Hidden + h];
                const double out = Act::apply(unit);
                z[r] += out * p[(In + 1) * Hidden + h];
                gradient[(In + 1) * Hidden + h] += out * delta[r];
                const double back = delta[r] * p[(In + 1) * Hidden + h] * Act::slope(out);
                gradient[In * Hidden + h] += back;
                for (std::size_t i = 0; i < In; ++i) gradient[i * Hidden + h] += x[r * In + i] * back;
            }
        }
    }
};

bool are_close(const std::vector<double>& a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!(std::abs(a[i] - b[i]) <= 1e-12 * (1 + std::abs(b[i])))) return false;
    return a.size() == b.size();
}

} // namespace

TEMPLATE_TEST_CASE_SIG(
    "small networks learn the same in registers as unit by unit", "[network]",
    ((class Act, std::size_t In, std::size_t Hidden, std::size_t Bytes), Act, In, Hidden, Bytes),
    (tn::relu_activation, 2, 64, 16), (tn::tanh_activation, 1, 7, 16),
    (tn::sigmoid_activation, 3, 13, 32), // 0 does not stay 0: the units filled up must not learn
    (tn::relu_activation, 8, 50, 32), (tn::relu_activation, 5, 9, 64), (tn::tanh_activation, 2, 100, 64)) {
    using small = tn::detail::small_gradient<Act, In, Hidden, double, Bytes>;
    tn::philox random(In * 100 + Hidden);
    tn::detail::small_room<double> room;
    for (const std::size_t rows : {1U, 33U, 5U}) {
        CAPTURE(rows);
        const auto numbers = [&](std::size_t count) {
            std::vector<double> all(count);
            for (double& v : all) v = random.normal();
            return all;
        };
        const std::vector<double> p = numbers((In + 2) * Hidden + 1), x = numbers(rows * In),
                                  delta = numbers(rows);
        const plainly<Act, In, Hidden> expected(p, x, delta);
        std::vector<double> z(rows), gradient(p.size());
        small::forward(p.data(), x.data(), rows, z.data(), room);
        CHECK(are_close(z, expected.z));
        small::backward(p.data(), x.data(), rows, delta.data(), gradient.data(), room);
        CHECK(are_close(gradient, expected.gradient));
    }
}
