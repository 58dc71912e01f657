// expect: the_first_argument_is_not_a_Loss
#include "support/data.hpp"

struct nothing_useful {};

void user() {
#ifdef MISTAKE
    auto p = tn::mlp<8>(tn::relu) | tn::minimize(nothing_useful{}, tn::adam(1e-3), {.epochs = 1});
#else
    auto p = tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3), {.epochs = 1});
#endif
}
