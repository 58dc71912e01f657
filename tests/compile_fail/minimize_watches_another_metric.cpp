// expect: this_Metric_does_not_suit_the_target
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto p = tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3), {}, tn::accuracy());
    p.fit(houses);
#else
    auto p = tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3), {}, tn::rmse());
    p.fit(houses);
#endif
}
