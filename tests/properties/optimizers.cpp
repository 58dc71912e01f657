// Steps of optimizers ask for no memory, whatever stands around them: it is asked for when a run begins.

#include "properties/allocations.hpp"
#include "support/catch.hpp"

#include <cstddef>
#include <span>
#include <tenon/optim.hpp>
#include <vector>

namespace tn = tenon;

namespace {

/// What 20 steps ask for, the first left out where `from` is 1.
template <class O>
std::size_t asked_for(const O& optimizer, int from = 0) {
    typename O::template state<float> state(37);
    std::vector<float> w(37, 1), g(37, 0.5F);
    auto steps = [&](int count) {
        for (int t = 0; t < count; ++t) {
            tn::detail::begin_epoch(optimizer, state, std::span<float>(w));
            optimizer.step(state, std::span<float>(w), std::span<const float>(g));
            tn::detail::after_step(optimizer, state, std::span<const float>(w));
            tn::detail::end_epoch(optimizer, state, std::span<float>(w));
            tn::detail::watch(optimizer, state, 1.0);
        }
    };
    steps(from);
    const auto asked = tenon_test::allocated_by([&] { steps(20); });
    CHECK(w[0] == w[0]);
    CHECK(w[0] != 1);
    return asked.count;
}

} // namespace

TEST_CASE("steps ask for no memory", "[allocation]") {
    CHECK(asked_for(tn::rmsprop(0.01)) == 0);
    CHECK(asked_for(tn::nadam(0.01)) == 0);
    CHECK(asked_for(tn::chain(tn::clip_by_norm(1), tn::weight_decay(0.1), tn::accumulate<3>(),
                              tn::average_iterates(),
                              tn::scheduled(tn::adam(0.01), tn::cosine(30), tn::per::step))) == 0);
    CHECK(asked_for(tn::scheduled(tn::chain(tn::clip_by_value(1), tn::amsgrad(0.01)), tn::on_plateau())) ==
          0);
    CHECK(asked_for(tn::lbfgs(), 1) == 0); // its memory comes with the first step
}
