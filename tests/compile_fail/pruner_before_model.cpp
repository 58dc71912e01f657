// expect: a_Model_must_come_before_a_Pruner_or_Quantizer
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto p = tn::standardize() | tn::polynomial<2>() | tn::prune(tn::by_magnitude, 0.5);
#else
    auto p = tn::standardize() | tn::polynomial<2>() | tn::ridge(1) | tn::prune(tn::by_magnitude, 0.5);
#endif
}
