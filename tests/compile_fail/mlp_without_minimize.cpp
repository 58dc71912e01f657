// expect: this_Model_needs_minimize
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::mlp<8>(tn::relu)).fit(houses);
#else
    auto m = (tn::standardize() | tn::mlp<8>(tn::relu) | train()).fit(houses);
#endif
}
