// expect: l2_sp_pulls_towards_a_trained_Model__use_it_in_fine_tune
#include "support/data.hpp"

void user() {
    auto how = tn::minimize(tn::squared_error(), tn::adam(1e-3), {}, tn::l2_sp(0.1));
#ifdef MISTAKE
    auto m = (tn::mlp<8>(tn::relu) | how).fit(houses);
#else
    auto t = tn::fine_tune((tn::mlp<8>(tn::relu) | train()).fit(houses), houses, how);
#endif
}
