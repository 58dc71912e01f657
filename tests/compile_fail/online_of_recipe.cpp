// expect: the_first_argument_is_not_fitted__call_fit_first
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    tn::online learner(tn::ridge(1), train());
#else
    tn::online learner(tn::ridge(1).fit(houses), train());
#endif
    learner.partial_fit(houses);
}
