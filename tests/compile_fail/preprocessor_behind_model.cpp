// expect: a_Preprocessor_must_come_before_the_Model
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto p = tn::ridge(1) | tn::standardize();
#else
    auto p = tn::standardize() | tn::ridge(1);
#endif
}
