// expect: behind_its_options_minimize_takes_a_Penalty_and_a_Metric
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto p =
        tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3), {}, tn::l1(1), tn::l2(1));
#else
    auto p =
        tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3), {}, tn::l2(1), tn::rmse());
#endif
}
