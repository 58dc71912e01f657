// expect: minimize_must_come_right_after_the_Model
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto p = tn::ridge(1) | tn::prune(tn::by_magnitude, 0.5) | train();
#else
    auto p = tn::ridge(1) | train() | tn::prune(tn::by_magnitude, 0.5);
#endif
}
