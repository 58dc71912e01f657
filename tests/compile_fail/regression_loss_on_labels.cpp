// expect: a_regression_loss_cannot_fit_class_labels
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::mlp<8>(tn::relu) | train()).fit(garden);
#else
    auto m = (tn::standardize() | tn::mlp<8>(tn::relu) | train()).fit(houses);
#endif
}
