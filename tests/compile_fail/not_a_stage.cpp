// expect: the_right_operand_is_not_a_Stage
#include "support/data.hpp"

struct nothing_useful {};

void user() {
#ifdef MISTAKE
    auto p = tn::standardize() | nothing_useful{};
#else
    auto p = tn::standardize() | tn::ridge(1);
#endif
}
