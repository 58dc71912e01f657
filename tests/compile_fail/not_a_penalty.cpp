// expect: behind_its_options_minimize_takes_a_Penalty_and_a_Metric
#include "support/data.hpp"

struct nothing_useful {};

void user() {
#ifdef MISTAKE
    auto p = tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3), {}, nothing_useful{});
#else
    auto p = tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3), {}, tn::l2(1));
#endif
}
