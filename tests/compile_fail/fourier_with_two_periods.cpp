// expect: fourier_takes_one_period_or_one_for_each_column
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::one_hot() | tn::fourier<2>(24, 12) | tn::ridge(1)).fit(houses);
#else
    auto m = (tn::one_hot() | tn::fourier<2>(24) | tn::ridge(1)).fit(houses);
#endif
}
