// expect: this_penalty_takes_proximal_steps__the_Optimizer_needs_reach
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto how = tn::minimize(tn::squared_error(), tn::lbfgs(), {}, tn::l1(0.1));
#else
    auto how = tn::minimize(tn::squared_error(), tn::lbfgs(), {}, tn::l2(0.1));
#endif
    auto m = (tn::mlp<8>(tn::relu) | how).fit(houses);
}
