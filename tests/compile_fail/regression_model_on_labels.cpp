// expect: a_regression_Model_cannot_fit_class_labels
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::ridge(1)).fit(garden);
#else
    auto m = (tn::standardize() | tn::ridge(1)).fit(houses);
#endif
}
