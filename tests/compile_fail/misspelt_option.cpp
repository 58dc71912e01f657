// expect: minimize
// any: 1
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto p = tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3), {.epoch = 1});
#else
    auto p = tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3), {.epochs = 1});
#endif
}
