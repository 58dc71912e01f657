// expect: only_a_Pruner_or_Quantizer_can_compress
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = tn::ridge(1).fit(houses);
    auto s = tn::compress(m, houses, tn::standardize());
#else
    auto m = tn::ridge(1).fit(houses);
    auto s = tn::compress(m, houses, tn::prune(tn::by_magnitude, 0.5));
#endif
}
