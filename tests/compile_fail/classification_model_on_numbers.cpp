// expect: a_classification_Model_cannot_fit_real_targets
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::logistic_regression()).fit(houses);
#else
    auto m = (tn::standardize() | tn::logistic_regression()).fit(garden);
#endif
}
