// expect: this_score_does_not_suit_the_target
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::k_best<2>(tn::f_classif) | tn::ridge(1)).fit(houses);
#else
    auto m = (tn::k_best<2>(tn::f_regression) | tn::ridge(1)).fit(houses);
#endif
}
