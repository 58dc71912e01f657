// expect: the_left_operand_is_not_a_Stage
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto p = 5 | tn::standardize();
#else
    auto p = tn::standardize() | tn::standardize();
#endif
}
