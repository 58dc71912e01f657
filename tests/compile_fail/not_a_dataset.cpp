// expect: the_argument_is_not_a_Dataset
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::ridge(1)).fit(tn::matrix<double>(4, 12));
#else
    auto m = (tn::standardize() | tn::ridge(1)).fit(houses);
#endif
}
