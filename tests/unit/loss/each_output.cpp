#include "support/catch.hpp"
#include "support/errors.hpp"

#include <array>
#include <cmath>
#include <tenon/loss/absolute_error.hpp>
#include <tenon/loss/each_output.hpp>
#include <tenon/loss/huber.hpp>
#include <tenon/loss/poisson.hpp>
#include <tenon/loss/quantile.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/train/train_model.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

using three = std::array<double, 3>;

template <class L>
tn::each_output_loss<L, 3> on_three(const L& loss) {
    return {{loss, loss, loss}};
}

/// The larger error in units of its tolerance: 1e-14 of the mean of the three for the loss, 1e-8 for its slopes beside
/// differences.
template <class L>
double error_of(const L& loss) {
    const auto all = on_three(loss);
    const three y{0.5, 2, 0};
    three z{-1, 2.5, 0.3}, slopes{}, ignored{};
    const auto value = [&](const three& scores, three& gradient) {
        return all(std::span<const double>(scores), y, std::span<double>(gradient));
    };
    double mean = 0, slope = 0;
    for (std::size_t k = 0; k < 3; ++k)
        mean += loss(std::span<const double>(&z[k], 1), y[k], std::span<double>(&slope, 1)) / 3;
    double error = tenon_test::relative_error(value(z, slopes), mean) / 1e-14;
    for (std::size_t k = 0; k < 3; ++k) {
        three up = z, down = z;
        up[k] += 1e-5;
        down[k] -= 1e-5;
        const double difference = (value(up, ignored) - value(down, ignored)) / 2e-5;
        error = tenon_test::worst({error, std::abs(difference - slopes[k]) / 1e-8});
    }
    return error;
}

} // namespace

TEST_CASE("the loss of several outputs is the mean over them, with its slopes", "[each_output]") {
    CHECK(error_of(tn::squared_error()) <= 1);
    CHECK(error_of(tn::absolute_error()) <= 1);
    CHECK(error_of(tn::huber(0.7)) <= 1);
    CHECK(error_of(tn::quantile(0.9)) <= 1);
    CHECK(error_of(tn::poisson()) <= 1);
}

TEST_CASE("options and targets of every output are checked", "[each_output]") {
    const std::vector<three> y{{1, 2, 3}, {4, -5, 6}};
    const tn::vector_view<const three> seen{std::span<const three>(y)};
    CHECK_THROWS_WITH(on_three(tn::huber(-1)).check(seen, 3),
                      ContainsSubstring("huber: delta must be above 0"));
    CHECK_THROWS_WITH(on_three(tn::poisson()).check(seen, 3), ContainsSubstring("poisson: a target is -5"));
    CHECK_NOTHROW(on_three(tn::squared_error()).check(seen, 3));
}

TEST_CASE("a loss in units of the target takes those of each output", "[each_output]") {
    tn::detail::several_units<3> units;
    units.scale = {1, 10, 0.5};
    const auto scaled = tn::detail::loss_in(tn::detail::loss_of<double, three>(tn::huber(2)), units);
    CHECK(scaled.losses[0].delta == 2);
    CHECK(scaled.losses[1].delta == 0.2);
    CHECK(scaled.losses[2].delta == 4);
    const std::vector<three> y{{1, 20, 3}, {3, 20, 6}};
    const auto standard = tn::detail::standard_units(tn::vector_view<const three>{std::span<const three>(y)});
    CHECK(standard.shift == three{2, 20, 4.5});
    CHECK(standard.scale == three{1, 1, 1.5}); // the second is constant: only shifted
}
