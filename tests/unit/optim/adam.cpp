#include "support/catch.hpp"

#include "unit/optim/descent.hpp"
#include <cmath>
#include <cstddef>
#include <tenon/core/concepts.hpp>
#include <tenon/optim/adam.hpp>
#include <type_traits>
#include <vector>

using tenon_test::descent;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

static_assert(tenon::Optimizer<tenon::adam_optimizer>);
static_assert(std::is_trivially_copyable_v<tenon::adam_optimizer>);
static_assert(tenon::adam(1e-3).rate == 1e-3 && tenon::adam(1e-3).options.epsilon == 1e-8);
static_assert(tenon::adam(1e-3).options.beta1 == 0.9 && tenon::adam(1e-3).options.beta2 == 0.999);

namespace {

// torch 2.15, torch.optim.Adam in float64.
constexpr double with_defaults[6][3] = {{0.9000000006666666, -1.9000000003333333, 0.4000000000666667},
                                        {0.800625582959073, -1.8001027077505518, 0.30023906175139226},
                                        {0.7024566584913073, -1.7003815239578244, 0.200902869696286},
                                        {0.6062305979849076, -1.6009135317361514, 0.1021989353595095},
                                        {0.5128688644184829, -1.50177945708264, 0.004358168052900499},
                                        {0.42349272484314276, -1.4030636084131924, -0.09236377172465587}};
constexpr double with_options[6][3] = {{0.950033311125916, -1.9500166611129623, 0.45000333311112595},
                                       {0.9002446527223532, -1.9000711224405598, 0.4000863475852322},
                                       {0.8507687734409828, -1.8501888628454757, 0.3503049963445858},
                                       {0.8017531167390406, -1.8003952734769284, 0.3007167464699501},
                                       {0.753357783207222, -1.750715378360711, 0.25138005981148026},
                                       {0.7057553369035988, -1.701173576517759, 0.20235388703857732}};

} // namespace

TEST_CASE("adam steps as PyTorch's", "[optim]") {
    descent<tenon::adam_optimizer> plain{tenon::adam(0.1)};
    descent<tenon::adam_optimizer> tuned{tenon::adam(0.05, {.beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-3})};
    for (std::size_t t = 0; t < 6; ++t) {
        plain.step();
        tuned.step();
        for (std::size_t i = 0; i < 3; ++i) {
            CHECK_THAT(plain.w[i], WithinAbs(with_defaults[t][i], 1e-14));
            CHECK_THAT(tuned.w[i], WithinAbs(with_options[t][i], 1e-14));
        }
    }
}

TEST_CASE("adam in float follows the same path", "[optim]") {
    descent<tenon::adam_optimizer, float> run{tenon::adam(0.1)};
    for (std::size_t t = 0; t < 6; ++t) {
        run.step();
        for (std::size_t i = 0; i < 3; ++i) CHECK_THAT(run.w[i], WithinAbs(with_defaults[t][i], 1e-5));
    }
}

TEST_CASE("the first step of adam is the rate, whatever the size of the gradient", "[optim]") {
    for (double size : {1e-3, 1.0, 1e6}) {
        tenon::adam_optimizer::state<double> state(1);
        double w = 0;
        tenon::adam(0.01).step(state, std::span(&w, 1), std::span<const double>(&size, 1));
        CHECK_THAT(w, WithinRel(-0.01, 2e-5)); // epsilon beside 1e-3
    }
}

TEST_CASE("the bias correction advances once a step, however many parameters there are", "[optim]") {
    // A parameter steps alone as it steps among a thousand others.
    tenon::adam_optimizer::state<double> alone(1), among(1000);
    std::vector<double> one{1.0}, many(1000, 1.0);
    const std::vector<double> g(1000, 0.3);
    const auto optimizer = tenon::adam(0.1);
    for (int t = 1; t <= 5; ++t) {
        optimizer.step(alone, std::span(one), std::span(g).first(1));
        optimizer.step(among, std::span(many), std::span(g));
        CHECK_THAT(among.powers.first, WithinRel(std::pow(0.9, t), 1e-15));
        CHECK(many[0] == one[0]);
        CHECK(many[999] == one[0]);
    }
}

TEST_CASE("a copied state goes on alike and on its own", "[optim]") {
    descent<tenon::adam_optimizer> a{tenon::adam(0.1)};
    for (int t = 0; t < 3; ++t) a.step();
    descent<tenon::adam_optimizer> b = a;
    b.step();
    b.step();
    CHECK(a.w != b.w);
    a.step();
    a.step();
    CHECK(a.w == b.w);
}
