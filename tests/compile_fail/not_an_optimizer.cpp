// expect: the_second_argument_is_not_an_Optimizer
#include "support/data.hpp"

struct nothing_useful {};

void user() {
#ifdef MISTAKE
    auto p = tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), nothing_useful{});
#else
    auto p = tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3));
#endif
}
