// expect: this_is_fitted__use_compress_instead_of_the_bar
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::ridge(1)).fit(houses) | tn::prune(tn::by_magnitude, 0.5);
#else
    auto m = tn::compress((tn::standardize() | tn::ridge(1)).fit(houses), houses,
                          tn::prune(tn::by_magnitude, 0.5));
#endif
}
