// expect: the_second_argument_is_not_a_Schedule
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto o = tn::scheduled(tn::adam(1e-3), 0.9);
#else
    auto o = tn::scheduled(tn::adam(1e-3), tn::exponential(0.9));
#endif
}
