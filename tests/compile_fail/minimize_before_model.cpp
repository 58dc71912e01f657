// expect: a_Model_must_come_before_minimize
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto p = tn::standardize() | train();
#else
    auto p = tn::standardize() | tn::mlp<8>(tn::relu) | train();
#endif
}
