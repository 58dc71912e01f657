// expect: this_Metric_does_not_suit_the_target
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::ridge(1)).fit(houses);
    tn::evaluate(m, houses, tn::accuracy());
#else
    auto m = (tn::standardize() | tn::ridge(1)).fit(houses);
    tn::evaluate(m, houses, tn::rmse());
#endif
}
