// expect: the_last_layer_must_have_one_output_for_each_number_or_class_of_the_target
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::network(tn::dense<8>, tn::relu, tn::dense<2>) | train()).fit(houses);
#else
    auto m = (tn::standardize() | tn::network(tn::dense<8>, tn::relu, tn::dense<1>) | train()).fit(houses);
#endif
}
