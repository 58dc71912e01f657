// expect: a_quantized_Model_cannot_be_changed__put_quantize_last
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto p = tn::ridge(1) | tn::quantize<std::int8_t>() | tn::prune(tn::by_magnitude, 0.5);
#else
    auto p = tn::ridge(1) | tn::prune(tn::by_magnitude, 0.5) | tn::quantize<std::int8_t>();
#endif
}
