// expect: a_quantized_Model_cannot_be_fine_tuned__fine_tune_the_dense_one
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::ridge(1) | tn::quantize<std::int8_t>()).fit(houses);
    auto t = tn::fine_tune(m, houses, train());
#else
    auto m = tn::ridge(1).fit(houses);
    auto t = tn::fine_tune(m, houses, train());
#endif
}
