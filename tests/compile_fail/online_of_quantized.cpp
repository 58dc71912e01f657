// expect: a_quantized_Model_cannot_be_fine_tuned__fine_tune_the_dense_one
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    tn::online learner((tn::ridge(1) | tn::quantize<std::int8_t>()).fit(houses), train());
#else
    tn::online learner(tn::ridge(1).fit(houses), train());
#endif
}
