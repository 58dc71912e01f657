// expect: only_one_Model_per_pipeline
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto p = (tn::standardize() | tn::polynomial<2>() | tn::standardize() | tn::mlp<64, 32, 16>(tn::relu) |
              train() | tn::prune(tn::by_magnitude, 0.5) | tn::quantize<std::int8_t>()) |
             tn::ridge(1);
#else
    auto p = (tn::standardize() | tn::polynomial<2>() | tn::standardize() | tn::mlp<64, 32, 16>(tn::relu) |
              train() | tn::prune(tn::by_magnitude, 0.5) | tn::quantize<std::int8_t>());
#endif
}
