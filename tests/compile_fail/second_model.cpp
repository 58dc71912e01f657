// expect: only_one_Model_per_pipeline
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto p = tn::standardize() | tn::ridge(1) | tn::prune(tn::by_magnitude, 0.5) | tn::ridge(1);
#else
    auto p = tn::standardize() | tn::ridge(1) | tn::prune(tn::by_magnitude, 0.5);
#endif
}
