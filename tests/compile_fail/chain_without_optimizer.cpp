// expect: the_last_argument_is_not_an_Optimizer
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto o = tn::chain(tn::adam(1e-3), tn::clip_by_norm(1));
#else
    auto o = tn::chain(tn::clip_by_norm(1), tn::adam(1e-3));
#endif
}
